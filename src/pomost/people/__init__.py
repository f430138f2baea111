"""Vendors (tenants), customers, contacts, technicians, sign-in.

Owns: who somebody is and for whom they work. Does not own: what was agreed with a customer (contracts).
Written only by: `people.actions`. Read through: `people.access`. Read next: docs/glossary.md.
"""
