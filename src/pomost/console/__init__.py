"""The pages of technicians, dispatchers, bookkeepers and owners.

Owns: what these people see and press. Does not own: any decision or any write; a view reads through queries and
calls one action. Nobody else's pages import it.
Read next: urls.py, guard.py, one module a page (board.py, ticket.py, …).
"""
