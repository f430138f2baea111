"""Tiles as a technician's page reads them."""

import io

from PIL import Image

from pomost.wire import peer


def decoded(tile: peer.Tile, picture: Image.Image) -> Image.Image:
    """Return the pixels of a tile, given the picture as it was before it."""
    size = (tile.width, tile.height)
    match tile.codec:
        case peer.Codec.SOLID:
            red, green, blue = tile.data
            return Image.new("RGB", size, (red, green, blue))
        case peer.Codec.RAW:
            return Image.frombytes("RGB", size, tile.data)
        case peer.Codec.COPY:
            (x, y), kept = peer.copied(tile)
            piece = picture.crop((x, y, x + tile.width, y + tile.height))
            for left, top, width, height in kept:
                stays = picture.crop((left, top, left + width, top + height))
                piece.paste(stays, (left - tile.x, top - tile.y))
            return piece
        case peer.Codec.VIDEO:
            return Image.new(
                "RGB", size, "magenta"
            )  # nearly right is as good as wrong: what is exact must follow
        case _:
            return Image.open(io.BytesIO(tile.data)).convert("RGB")
