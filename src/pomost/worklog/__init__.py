"""Worked time: from sessions, calls, data analysis.

Owns: `Entry`. Does not own: its price (billing), the session it came from (remote).
Written only by: `worklog.actions`.
"""
