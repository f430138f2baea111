"""What the technician is told in the picture itself where Windows lets no ordinary program through.

It owns two drawings, each with a sentence in the three languages of the app, since the technician's may not be the customer's. The card stands
instead of black while Windows covers the screen with a desktop of its own (the question for the administrator, the lock). The strip lies on a window that
runs as administrator: it can be seen, and no input reaches it. Both are right so; only the customer can answer there.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

from PIL import Image, ImageDraw, ImageFont

from pomost.agent.texts import OURS, translator

_GROUND, _INK = "#181f26", "#e9e6df"
_FONTS = ("segoeui.ttf", "tahoma.ttf", "DejaVuSans.ttf")
_CARD_PX, _STRIP_PX = 22, 14
_STRIP_WIDTH_MIN_PX = 240
_Font: TypeAlias = ImageFont.FreeTypeFont | ImageFont.ImageFont


def covered() -> list[str]:
    """Why nothing can be seen."""
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


def out_of_reach() -> list[str]:
    """Why a window does not answer."""
    found = []
    for language in OURS:
        _ = translator(language)
        found.append(
            _(
                "This program runs as administrator. Windows lets you see it, but not use it: ask the person at the computer."
            )
        )
    return found


@lru_cache(maxsize=1)
def card(width: int, height: int) -> Image.Image:
    """A picture of the screen's size, in place of the screen."""
    image = Image.new("RGB", (width, height), _GROUND)
    image.paste(_written(covered(), width, _CARD_PX))
    return image


@lru_cache(maxsize=4)
def strip(width: int) -> Image.Image:
    """A strip of about this width for the upper edge of a window that takes no input."""
    return _written(out_of_reach(), max(width, _STRIP_WIDTH_MIN_PX), _STRIP_PX)


def _written(sentences: list[str], width: int, size_px: int) -> Image.Image:
    """The sentences below each other, wrapped; as high as they need."""
    font = _font(size_px)
    drawing = ImageDraw.Draw(Image.new("RGB", (1, 1)))
    text = "\n".join(_wrapped(drawing, sentence, font, width - 2 * size_px) for sentence in sentences)
    bottom = drawing.multiline_textbbox((size_px, size_px), text, font=font, spacing=size_px / 2)[3]
    image = Image.new("RGB", (width, int(bottom) + size_px), _GROUND)
    ImageDraw.Draw(image).multiline_text((size_px, size_px), text, fill=_INK, font=font, spacing=size_px / 2)
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


def _font(size_px: int) -> _Font:
    for name in _FONTS:
        try:
            return ImageFont.truetype(name, size_px)
        except OSError:
            continue
    return ImageFont.load_default(size_px)
