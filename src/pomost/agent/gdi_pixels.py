"""What GDI hands over, in the picture's terms: where two pictures differ, and pointers made of masks.

It owns arithmetic on images only and calls nothing of Windows, so it can be tried anywhere; `screen_windows` takes the pictures.
"""

from __future__ import annotations

from PIL import Image, ImageChops

from pomost.agent.picture import Rect

BAND_PX = 64
"""Changes are looked for in bands of so many rows."""


def differing(before: Image.Image, now: Image.Image) -> list[Rect]:
    """Where two pictures of one size differ: at most one rectangle for each band of rows."""
    box = ImageChops.difference(before, now).getbbox()
    if box is None:
        return []
    found = []
    for top in range(box[1], box[3], BAND_PX):
        bottom = min(top + BAND_PX, box[3])
        band = (box[0], top, box[2], bottom)
        inner = ImageChops.difference(before.crop(band), now.crop(band)).getbbox()
        if inner is not None:
            found.append(Rect(box[0] + inner[0], top + inner[1], inner[2] - inner[0], inner[3] - inner[1]))
    return found


def with_colour(colour: Image.Image, mask: Image.Image) -> Image.Image:
    """A coloured pointer: its own alpha, or the mask's where it has none (old pointers say 0 everywhere)."""
    if colour.getchannel("A").getextrema() == (0, 0):
        colour.putalpha(ImageChops.invert(mask.convert("L")))
    return colour


def from_masks(masks: Image.Image) -> Image.Image:
    """A pointer of two masks, one above the other: what stays (AND) and what turns (XOR); what inverts is drawn black."""
    width, half = masks.width, masks.height // 2
    stays = masks.crop((0, 0, width, half)).convert("L")
    turns = masks.crop((0, half, width, 2 * half)).convert("L")
    shown = ImageChops.lighter(ImageChops.invert(stays), turns)
    light = ImageChops.multiply(ImageChops.invert(stays), turns)
    return Image.merge("RGBA", (light, light, light, shown))
