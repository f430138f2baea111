"""Where the terms files that come with the product lie.

Owns that one place. The files themselves stand in the folder terms/ of the
repository; `pomost/terms_data` is a link to it, and in a wheel the files. Refuses
to read them: rules/terms/parse.py does. Read next: terms/README.md.
"""

from pathlib import Path
from typing import Final

SHIPPED_TERMS: Final = Path(__file__).resolve().parent.parent / "terms_data"
"""The folder with one TOML file for each vendor."""

SHIPPED_SAMPLES: Final = SHIPPED_TERMS / "samples"
"""Invented months for some of those vendors, as `SLUG-YYYY-MM.csv`: what an audit shows to a stranger."""
