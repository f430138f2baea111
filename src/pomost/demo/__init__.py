"""The demo: sample data, a virtual customer's screen, a mailbox, and the command that starts them beside the desk.

Owns: everything that only a demo needs. Does not own: any table or rule; its data comes into being by the apps' actions alone.
Vendors, packages and prices stand in `data/*.toml`, never here. Read next: `run.py`.
"""
