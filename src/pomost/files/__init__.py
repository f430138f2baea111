"""What customers send and vendors send back: uploads that survive any break, versions in a chain of hashes, encrypted at rest.

Owns the content, its SHA-256, who gave it when, how long it is kept, and the addresses below /files/ by which it comes and
goes. Does not own what a file is about: `subject` is a plain word like the journal's ("ticket:7"), and whoever makes a
permit has decided before that its holder may. Read next: docs/decisions/0015-files-are-kept-in-sealed-pieces.md.
"""
