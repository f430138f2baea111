"""The SHA-256 of uploads that are under way, so that the last piece does not wait for all to be read again.

Nothing is kept on the disk: after a restart an upload's content is read once more, from its pieces. Of many uploads at
once only the latest are remembered; the rest are read again as well.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final
from uuid import UUID

if TYPE_CHECKING:
    from hashlib import _Hash

REMEMBERED_MAX: Final = 64


class RunningHashes:
    """Hash states by upload. Safe to use from several threads; one per process is enough."""

    def __init__(self) -> None:
        self._states: OrderedDict[UUID, tuple[int, _Hash]] = OrderedDict()
        self._lock = threading.Lock()

    def took(self, upload: UUID, offset: int, content: bytes) -> None:
        """Go on with a piece that was kept; one that does not follow what is remembered is left for `whole`."""
        position, state = self._taken_out(upload)
        if position == offset:
            state.update(content)
            self._put_back(upload, offset + len(content), state)

    def whole(self, upload: UUID, size: int, read_from: Callable[[int], Iterable[bytes]]) -> str:
        """Return the SHA-256 of all `size` bytes in hex; what is not remembered is read by `read_from(offset)`."""
        position, state = self._taken_out(upload)
        if position < size:
            for content in read_from(position):
                state.update(content)
        return state.hexdigest()

    def _taken_out(self, upload: UUID) -> "tuple[int, _Hash]":
        with self._lock:
            return self._states.pop(upload, None) or (0, hashlib.sha256())

    def _put_back(self, upload: UUID, position: int, state: "_Hash") -> None:
        with self._lock:
            self._states[upload] = (position, state)
            while len(self._states) > REMEMBERED_MAX:
                self._states.popitem(last=False)
