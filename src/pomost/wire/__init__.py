"""What the two ends of a remote session and the desk say to each other, and the machines that check it.

Owns: the messages, their limits, the end-to-end keys, the offer's signature, the life of a
session and its meter. No sockets, no tasks and no stored state live here: bytes and times go in,
bytes and values come out.
Does not own: who may do what by the terms (rules), the sockets (engine, agent), the pictures (agent).
Read next: docs/reference/protocol.md (generated from this folder), docs/explain/session-keys.md.
"""
