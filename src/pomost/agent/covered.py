"""What the technician is shown instead of black while Windows covers the screen with a desktop of its own.

It owns the card: a sentence in the three languages of the app, drawn by Pillow. Windows asks for an administrator's consent, and locks, on a desktop
that no ordinary program can see or reach; that is right so, and only the customer can answer there.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

from PIL import Image, ImageDraw, ImageFont

from pomost.agent.texts import OURS, translator

_GROUND, _INK = "#181f26", "#e9e6df"
_FONTS = ("segoeui.ttf", "tahoma.ttf", "DejaVuSans.ttf")
_MARGIN_PX, _SIZE_PX = 48, 22
_Font: TypeAlias = ImageFont.FreeTypeFont | ImageFont.ImageFont


def sentences() -> list[str]:
    """Why nothing can be seen, once in each language of the app: the technician's may not be the customer's."""
    found = []
    for language in OURS:
        _ = translator(language)
        found.append(
            _(
                "Windows shows its own secured screen now: a question for the administrator, or the lock. "
                "Only the person at the computer can see and answer it."
            )
        )
    return found


@lru_cache(maxsize=1)
def card(width: int, height: int) -> Image.Image:
    """A picture of the screen's size that says so."""
    image = Image.new("RGB", (width, height), _GROUND)
    drawing = ImageDraw.Draw(image)
    font = _font()
    top = _MARGIN_PX
    for sentence in sentences():
        text = _wrapped(drawing, sentence, font, width - 2 * _MARGIN_PX)
        drawing.multiline_text((_MARGIN_PX, top), text, fill=_INK, font=font, spacing=6)
        top += int(drawing.multiline_textbbox((0, 0), text, font=font, spacing=6)[3]) + _SIZE_PX
    return image


def _wrapped(drawing: ImageDraw.ImageDraw, text: str, font: _Font, width_px: int) -> str:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if drawing.textlength(longer, font=font) <= width_px:
            lines[-1] = longer
        else:
            lines.append(word)
    return "\n".join(line for line in lines if line)


def _font() -> _Font:
    for name in _FONTS:
        try:
            return ImageFont.truetype(name, _SIZE_PX)
        except OSError:
            continue
    return ImageFont.load_default(_SIZE_PX)
