"""The desk for machines: everything the actions do, over HTTP, with a token.

Owns: addresses below /{vendor}/api/v1/, the shapes that go in and out, problems (RFC 9457), kept answers to idempotency keys.
Does not own: any decision; the apps below decide, and what they refuse is answered with their own sentence.
Written only by: `api.once`. Read next: docs/reference/api.md, docs/decisions/0009-an-api-of-actions.md.
"""
