"""Where the translations of pages and letters lie."""

from pathlib import Path
from typing import Final

CATALOGUES: Final = Path(__file__).resolve().parent / "locale"
