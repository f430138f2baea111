"""The `pomost` command.

Owns reading arguments and files and printing answers. Does not own any rule: it
calls what a page would call. Subcommands are modules of their own, listed in
main.py; those about terms need no Django and no database. Read next: main.py.
"""
