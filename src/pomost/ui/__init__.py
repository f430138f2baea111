"""What all pages share: the look, its parts, the formats of money and time, the modules of the browser.

Owns: base templates, style sheets, icons, the parts of look.md (clock, clause, ladder, meter) as plain
dataclasses with one template each, and the words of all Django apps (locale/).
Does not own: pages, tables, decisions. A part is told what to show; it never looks anything up.
Read next: parts.py (what a page hands over), templatetags/pomost_ui.py (how a page shows it).
"""
