"""Facts told to programs of the vendor over HTTP, signed, until they answer.

Owns: subscriptions, deliveries, the signature, which addresses may be called. Does not own: the facts; the journal does.
Written only by: `webhooks.actions` and `webhooks.sender`. Stands below the console, which manages subscriptions, and
reads the journal after the commit as `notices` does. Read next: docs/reference/api.md, "Webhooks".
"""
