"""Pages of the customer: what is promised, what is asked, what was agreed, what is to be paid.

Owns: the portal under /{vendor}/. Does not own: any decision; a view asks queries, forms check shape, actions decide.
Shows only what belongs to the contact's own customer (portal/guard.py, tickets/access.py).
"""
