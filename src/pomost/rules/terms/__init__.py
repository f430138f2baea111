"""The terms of a vendor's support: read from one file, checked, and kept as plain values.

Owns the format (terms/README.md), its parser and its checks. Does not own what
follows from terms in a given case: entitlement.py, consent.py, clocks.py,
tariff.py and explain.py do. Read next: model.py, then parse.py.
"""
