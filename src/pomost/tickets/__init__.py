"""Requests: messages, clocks, severity, bookings, consents, solution and its confirmation.

Owns: what was asked, promised, agreed and solved. Does not own: sessions (remote), time (worklog), money (billing).
Written only by: `tickets.actions`. Sends nothing: facts in the journal tell `notices` what to send.
"""
