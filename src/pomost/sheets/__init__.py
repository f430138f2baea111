"""Tables that were kept elsewhere, read forgivingly: encodings, separators, names of columns, dates, durations, sums.

Owns the way from the bytes of a file to plain values, and the naming of every row that cannot be read. Refuses to
guess between two readings: such a cell is named with both. Knows no Django and no words of a page: a problem is an id
with values. Read next: history.py.
"""
