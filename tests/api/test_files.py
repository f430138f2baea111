"""Files through the API: what there is, with its chain, and the way to the content."""

from datetime import datetime, timedelta

import pytest

from api.calling import Program, program, told
from files.sending import on_record
from people import Cast, ask, by, desk_of
from pomost.files.actions import erase
from pomost.files.chain import GENESIS, Content, link
from pomost.files.permits import FETCHING_HOLDS, read_fetching
from pomost.journal.models import Fact
from portal.scene import NOW


@pytest.fixture
def bonus(db: None) -> Cast:
    return desk_of("bonus")


@pytest.fixture
def crm(bonus: Cast) -> Program:
    return program(bonus.owen, NOW)


def test_a_program_reads_the_chain_and_can_check_it_by_itself(bonus: Cast, crm: Program) -> None:
    ticket = ask(bonus.ada, "backup-by-mail", NOW - timedelta(hours=1))
    on_record(ticket, bonus.ada, at=NOW)

    (file,) = told(crm.get(f"/tickets/{ticket.number}/files"))["items"]

    (version,) = file["versions"]
    assert (file["kind"], file["broken_at"], version["receipt"]) == ("backup", None, None)
    said = {name: version[name] for name in Content._fields} | {"at": datetime.fromisoformat(version["at"])}
    assert version["link"] == link(GENESIS, Content(**said))
    assert version["by"] == by(bonus.ada)


def test_the_way_to_the_content_holds_for_minutes_and_is_noted(bonus: Cast, crm: Program) -> None:
    ticket = ask(bonus.ada, "backup-by-mail", NOW - timedelta(hours=1))
    version = on_record(ticket, bonus.ada, at=NOW)
    path = f"/tickets/{ticket.number}/files/{version.pk}/content"

    way = told(crm.get(path))

    assert read_fetching(way["address"].removeprefix("/files/fetch/"), NOW) == version
    assert datetime.fromisoformat(way["until"]) == NOW + FETCHING_HOLDS
    assert (way["size"], way["sha256"]) == (version.size, version.sha256)
    assert Fact.objects.get(kind="file.taken").by.startswith("token:")

    erase(version, by="desk", at=NOW)
    assert crm.get(path).status_code == 409


def test_a_file_of_another_request_is_not_there(bonus: Cast, crm: Program) -> None:
    ticket, other = (ask(bonus.ada, "backup-by-mail", NOW - timedelta(hours=1)) for _each in range(2))
    version = on_record(other, bonus.ada, at=NOW)

    assert crm.get(f"/tickets/{ticket.number}/files/{version.pk}/content").status_code == 404
    assert told(crm.get(f"/tickets/{ticket.number}/files"))["items"] == []
