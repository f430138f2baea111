"""“What did last month cost you?”: the page and the report for a vendor who does not have Pomost yet.

Owns the words of an audit in three languages, the page /audit/ and the printed report. Refuses to keep anything: what is
uploaded is read, shown and forgotten; nothing of it is stored or logged. The judgement is rules/audit, the reading of
tables sheets. Read on: docs/guide/audit.md.
"""
