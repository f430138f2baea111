"""What last month would have been by the terms: promises missed, work never billed, sums without a clause.

Owns the judgement of a history that was kept elsewhere: history.py is its shape, audit.py the entry, findings.py what
comes out. Refuses to guess: what the file or the terms leave open is a finding of its own. Where a history is read
from a table is `sheets`. Read on: docs/explain/audit.md.
"""
