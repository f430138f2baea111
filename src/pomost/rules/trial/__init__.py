"""A draft of the terms tried on what really happened: which promises, prices and verdicts it would have made otherwise.

Owns the comparison of two versions of terms over the facts of real requests. Refuses to invent behaviour: everybody is
taken to have done the same things at the same moments. facts.py is what is given, side.py what one version makes of it,
compare.py the entry. Read on: docs/explain/trials.md.
"""
