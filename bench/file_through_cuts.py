"""A file of gigabytes through five cuts, two of them a killed desk, and back; prints JSON.

    python bench/file_through_cuts.py --bytes 2000000000

The desk is the application that `pomost serve` runs, in a process of its own on loopback; the sender is one that sends all
that is left as one body, in Python. `peak_kb` is the most memory that each of the desk's processes had. The plain copy is
of the same file to the same disk, with fsync.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from files.cutting import Desk, sha256_of

CUTS = (0.15, 0.35, 0.5, 0.75, 0.9)
KILLED = (2, 4)
BLOCK_BYTES = 1 << 24


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--bytes", type=int, default=2_000_000_000)
    size: int = parser.parse_args().bytes
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(measured(Path(folder), size)))


def measured(folder: Path, size: int) -> dict[str, object]:
    content = folder / "base.zip"
    with content.open("wb") as file:
        for at in range(0, size, BLOCK_BYTES):
            file.write(os.urandom(min(BLOCK_BYTES, size - at)))
    began = time.monotonic()
    with content.open("rb") as source, (folder / "copy").open("wb") as copy:
        shutil.copyfileobj(source, copy, BLOCK_BYTES)
        os.fsync(copy.fileno())
    plain_s = time.monotonic() - began
    (folder / "copy").unlink()
    with content.open("rb") as file, Desk(folder / "data") as desk:
        digest = sha256_of(file)
        kept, sent_s, sent_again = 0, 0.0, 0
        address = desk.begin(size, digest)
        for cut, part in enumerate((*CUTS, 1.0), start=1):
            stop_at = int(size * part)
            began = time.monotonic()
            while not desk.send(address, file, kept, size, stop_at=stop_at) and stop_at == size:
                kept = desk.offset(address)
            sent_s += time.monotonic() - began
            if cut in KILLED:
                desk.kill()
                desk.start()
            if stop_at < size:
                kept = desk.offset(address)
                sent_again += stop_at - kept
        desk.kill()
        desk.start()
        began = time.monotonic()
        is_same = desk.gives(file)
        fetched_s = time.monotonic() - began
        desk.kill()
        return {
            "figure": "a file through five cuts and back",
            "bytes": size,
            "identical": is_same and desk.said["sha256"] == digest,
            "sent_again_bytes": sent_again,
            "peak_kb": desk.peak_kb,
            "sent_mb_s": round(size / sent_s / 1e6, 1),
            "fetched_mb_s": round(size / fetched_s / 1e6, 1),
            "plain_copy_mb_s": round(size / plain_s / 1e6, 1),
        }


if __name__ == "__main__":
    main()
