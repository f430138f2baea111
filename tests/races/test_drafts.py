"""Two owners keep different texts of one draft at the same moment."""

from datetime import date
from functools import partial

import pytest
from django.db import DatabaseError, transaction

from people import Cast, by, desk_of
from pomost.contracts import drafts
from pomost.contracts.errors import DraftMoved
from pomost.contracts.models import TermsDraft, TermsVersion
from pomost.journal.models import Fact
from races.crossing import Crossing, of_kind, remove_locks
from tickets.desk_of_quotas import june

only_postgresql = pytest.mark.parametrize("both_own_databases", ["postgresql"], indirect=True)


@pytest.fixture
def draft(both_own_databases: str) -> TermsDraft:
    with transaction.atomic():
        desk: Cast = desk_of("kryzhik")
        return drafts.start_draft(
            TermsVersion.objects.get(vendor=desk.vendor),
            version="2",
            first_day=date(2026, 7, 1),
            by=by(desk.owen),
            at=june(9),
        )


def save_at_once(draft: TermsDraft, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Keep two texts at once; each stops when it has seen that the draft is what its writer had."""
    crossing = Crossing()
    monkeypatch.setattr(drafts, "_held", crossing.after(drafts._held))
    return crossing.run(
        *(
            partial(drafts.save_draft, draft, text, edition=1, by=f"technician:{number}", at=june(10))
            for number, text in enumerate(("hers", "his"))
        )
    )


def test_of_two_who_keep_at_once_one_is_told(draft: TermsDraft, monkeypatch: pytest.MonkeyPatch) -> None:
    ends = save_at_once(draft, monkeypatch)

    kept, told = of_kind(ends, TermsDraft), of_kind(ends, DraftMoved)
    assert (len(kept), len(told)) == (1, 1), ends
    assert told[0].now.text == kept[0].text == TermsDraft.objects.get().text
    assert Fact.objects.filter(kind="terms.draft-saved").count() == 1


@only_postgresql
def test_without_the_lock_one_text_would_be_lost_and_nobody_told(
    draft: TermsDraft, monkeypatch: pytest.MonkeyPatch
) -> None:
    remove_locks(monkeypatch)

    ends = save_at_once(draft, monkeypatch)

    assert len(of_kind(ends, TermsDraft)) == 2, ends
    assert Fact.objects.filter(kind="terms.draft-saved").count() == 2
    assert not of_kind(ends, DatabaseError)
    assert TermsDraft.objects.get().edition == 2
