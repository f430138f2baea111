"""Why a file is not taken or not given. `str(error)` is a translated sentence for the person who sends or fetches it."""

from pomost.people.errors import Refused


class FileRefused(Refused):
    """What was sent does not fit what was announced or allowed. Nothing was kept of it."""


class TooLarge(FileRefused):
    """One file, or one request's worth of it, is larger than the desk takes."""


class NoRoom(FileRefused):
    """The customer's or the vendor's share is used up, or the disk is full."""


class WrongOffset(FileRefused):
    """The piece does not begin where the kept content ends; ask where that is and go on from there."""


class Damaged(FileRefused):
    """The content is not what its SHA-256 says."""


class Over(FileRefused):
    """The upload was ended, ran out of time, or its content was erased."""


class PermitRefused(FileRefused):
    """The link or permit is forged, has expired, or its holder was switched off."""
