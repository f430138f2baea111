import base64
import json
import stat
from pathlib import Path
from typing import Any

import pytest

from pomost.agent.pinned import BadConfig, Memory, OtherDesk, Remembered, config_folder, parsed_config
from pomost.wire.control import Language

KEY, OTHER = (base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2))
DESK = "https://help.example:8443/acme/"


def config(**changes: Any) -> bytes:
    value = {
        "vendor": "acme",
        "name": "Acme",
        "mark": "A",
        "desk_key": KEY,
        "languages": ["pl", "xx"],
        "version": "1",
    }
    return json.dumps(value | changes).encode()


def test_the_first_key_is_remembered_and_then_expected(tmp_path: Path) -> None:
    Memory(DESK, tmp_path).check(parsed_config(config()), "Ada")
    memory = Memory(DESK, tmp_path)
    memory.check(parsed_config(config()), "somebody")
    assert memory.recall() == Remembered("acme", KEY, "Ada")
    assert stat.S_IMODE(memory.file.stat().st_mode) == 0o600


def test_another_key_is_refused_and_the_known_one_kept(tmp_path: Path) -> None:
    memory = Memory(DESK, tmp_path)
    memory.check(parsed_config(config()), "Ada")
    with pytest.raises(OtherDesk):
        memory.check(parsed_config(config(desk_key=OTHER)), "Ada")
    assert memory.recall() == Remembered("acme", KEY, "Ada")


def test_another_vendor_behind_the_same_address_is_refused(tmp_path: Path) -> None:
    memory = Memory(DESK, tmp_path)
    memory.check(parsed_config(config()), "Ada")
    with pytest.raises(OtherDesk):
        memory.check(parsed_config(config(vendor="evil")), "Ada")


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"vendor": "acme"}'])
def test_a_damaged_memory_is_not_taken_for_none(tmp_path: Path, damage: str) -> None:
    memory = Memory(DESK, tmp_path)
    memory.file.write_text(damage)
    with pytest.raises(OtherDesk):
        memory.check(parsed_config(config()), "Ada")


def test_two_desks_do_not_share_a_memory(tmp_path: Path) -> None:
    assert Memory(DESK, tmp_path).file != Memory("https://help.example:8443/other/", tmp_path).file
    assert Memory("https://x/../../etc/", tmp_path).file.parent == tmp_path


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<html>",
        b"[1]",
        b"{}",
        config(desk_key="!"),
        config(desk_key=base64.b64encode(b"short").decode()),
        config(vendor=""),
        config(languages=3),
        config(desk_key=None),
    ],
)
def test_an_unreadable_agent_json_is_refused_with_a_sentence(raw: bytes) -> None:
    with pytest.raises(BadConfig, match="The desk’s"):
        parsed_config(raw)


def test_languages_we_do_not_speak_are_passed_over() -> None:
    assert parsed_config(config()).languages == (Language.PL,)


def test_files_lie_where_the_desktop_keeps_its_settings() -> None:
    assert config_folder({"XDG_CONFIG_HOME": "/c"}) == Path("/c/pomost/agent")
    assert config_folder({"HOME": "/home/ada"}) == Path("/home/ada/.config/pomost/agent")
