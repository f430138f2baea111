"""Estimates, settlements, invoices, numbering.

Owns: what a customer is asked to pay, and the proof that it may be asked. Does not own: tariffs (terms, rules).
Written only by: `billing.actions`; keys and triggers in the migrations hold what must never happen.
"""
