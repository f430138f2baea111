"""The tags that draw the parts of ui/parts.py."""
