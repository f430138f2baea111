"""Terms in words: a whole version as a document, and what changes between two, in the reader's language.

Owns the sentences around what terms say; the sentences of clauses are the terms' own. Read by pages (portal, console),
and by the command, so nothing here touches a table or a request. Read next: values.py, then document.py, changes.py.
"""
