"""Settings, addresses, the ASGI application: the only place that knows every part and wires them together.

Owns: `settings`, `urls`, `asgi`, `clock`, `loops`. Does not own: any rule, any page, any table.
Read next: docs/decisions/0002-one-process.md.
"""
