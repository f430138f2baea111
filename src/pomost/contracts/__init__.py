"""Terms in force, packages, contracts.

Owns: which version of the terms holds on a day, and what a customer has agreed to. Does not own: what the terms mean (rules).
Written only by: `contracts.actions`. Read next: terms/README.md.
"""
