"""Append-only facts, one a change: audit trail, timeline and outbox in one.

Owns: `Fact`, the chain of hashes over it, `record`. Does not own: what a fact means; the other apps know.
Written only by: the actions of the other apps, through `journal.actions.record`, inside their transaction.
Speaks of things by plain words ("ticket:7"), never by foreign keys, so that it can stand lowest and outlive them.
"""
