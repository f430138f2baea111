"""Outgoing mail: reads facts after the commit, sends, and tells the tickets whether it was accepted.

Owns: `Mail`, the sender. Does not own: the number it tells, the clock it stops.
"""
