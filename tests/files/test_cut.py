"""A file through five cuts, two of them a killed desk: whole, byte by byte, and nothing that was told kept is sent again."""

import os
from pathlib import Path

from files.cutting import Desk, sha256_of

SIZE = 12_000_000
LOOKS_MAX = 100
"""How often a desk is asked whether it keeps something before it is killed; it need not."""


def test_a_file_survives_five_cuts_and_two_killed_desks(tmp_path: Path) -> None:
    content = tmp_path / "base.zip"
    content.write_bytes(os.urandom(SIZE))
    with content.open("rb") as file, Desk(tmp_path / "data") as desk:
        digest = sha256_of(file)
        address = desk.begin(SIZE, digest)
        kept = 0

        def kill_when_a_piece_is_kept() -> None:
            for _look in range(LOOKS_MAX):
                if desk.offset(address) > kept:
                    break
            desk.kill()

        for cut, stop_at in enumerate((1_000_000, 6_000_000, 6_500_000, 11_000_000, 11_999_999), start=1):
            is_killed = cut in (2, 4)
            desk.send(
                address,
                file,
                kept,
                SIZE,
                stop_at=stop_at,
                before_the_cut=kill_when_a_piece_is_kept if is_killed else lambda: None,
            )
            if is_killed:
                desk.kill()
                desk.start()
                assert desk.begin(SIZE, digest) == address  # a page that was loaded again finds its upload
            told = desk.offset(address)
            assert kept <= told <= stop_at
            kept = told
        while not desk.send(address, file, kept, SIZE, stop_at=SIZE):
            kept = desk.offset(address)
        desk.kill()
        desk.start()

        assert desk.said["sha256"] == digest
        assert desk.gives(file)
