"""What time alone does to files: uploads run out, content that was kept long enough goes, and so do leftovers of a killed process."""

from datetime import datetime, timedelta
from typing import Final

from pomost.files.actions import end_upload, erase
from pomost.files.models import Piece, Upload, Version
from pomost.files.store import the_store

BATCH: Final = 50
"""Uploads and versions of each kind in one pass; the next one goes on."""
STRAYS_EVERY: Final = timedelta(hours=6)
STRAY_AFTER: Final = timedelta(days=1)
"""A piece may lie without its row only between two statements; a day is beyond any doubt."""
KEYS_AT_ONCE: Final = 500


class Sweeper:
    """Sweeps again and again, and looks through the whole folder now and then. One a loop."""

    def __init__(self) -> None:
        self._looked_at: datetime | None = None

    def run_once(self, now: datetime) -> int:
        """Do what has fallen due by `now`; return how many uploads, versions and stray pieces ended."""
        strays = 0
        if self._looked_at is None or now - self._looked_at >= STRAYS_EVERY:
            self._looked_at = now
            strays = drop_strays(now)
        return sweep(now) + strays


def sweep(now: datetime) -> int:
    """End uploads whose time is over and erase content that was kept long enough; return how many there were."""
    late = Upload.objects.filter(state=Upload.State.RUNNING, expires_at__lte=now).order_by("expires_at")
    uploads = list(late.values_list("pk", flat=True)[:BATCH])
    for upload_id in uploads:
        end_upload(upload_id, Upload.State.EXPIRED, by="desk", at=now)
    kept = Version.objects.filter(erased_at=None, keep_until__lte=now).order_by("keep_until")
    versions = list(kept[:BATCH])
    for version in versions:
        erase(version, by="desk", at=now)
    return len(uploads) + len(versions)


def drop_strays(now: datetime) -> int:
    """Delete pieces that no row names; return how many there were."""
    store = the_store()
    keys = list(store.older_than(now - STRAY_AFTER))
    known: set[str] = set()
    for start in range(0, len(keys), KEYS_AT_ONCE):
        some = keys[start : start + KEYS_AT_ONCE]
        known |= set(Piece.objects.filter(key__in=some).values_list("key", flat=True))
    strays = [key for key in keys if key not in known]
    store.drop(strays)
    return len(strays)
