"""The realtime server: brings a technician's page and a customer's app together and keeps time.

Owns: sockets, rooms, presence, the relay of sealed frames, the grace after a lost link.
Does not own: keys (it never holds one), money, rights, stored state. Those it asks of the desk
through gateway.py; the desk speaks to it through hub.py. It knows no Django.
What it can and cannot enforce: rooms.py. Read next: docs/reference/protocol.md.
"""
