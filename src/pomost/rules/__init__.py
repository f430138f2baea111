"""Pure decisions: terms, calendars, clocks, entitlement, tariffs, estimates, warranty, money, words.

Owns what follows from given facts. Does not own tables, pages, mail, files or the time of day: standard library
only, and `now` is always an argument. Written only by people who change what a contract means.
Read next: docs/explain/clocks.md and docs/explain/pricing.md.
"""
