"""The draft of a vendor's next terms: what is kept, who is told, and from which day it may hold."""

from datetime import UTC, date, datetime

import pytest

from people import BEFORE, Cast, ask, by, desk_of, with_package
from pomost.contracts import drafts
from pomost.contracts.errors import DraftMoved, TermsRefused
from pomost.contracts.models import TermsDraft, TermsVersion
from pomost.contracts.queries import terms_in_force
from pomost.journal.models import Fact

NOW = datetime(2026, 6, 15, 6, tzinfo=UTC)
FIRST = date(2026, 7, 1)


@pytest.fixture
def desk(db: None) -> Cast:
    """A desk whose wall clock is three hours ahead of UTC."""
    return desk_of("centaur")


@pytest.fixture
def draft(desk: Cast) -> TermsDraft:
    return start(desk)


def start(desk: Cast) -> TermsDraft:
    return drafts.start_draft(
        TermsVersion.objects.get(vendor=desk.vendor), version="2", first_day=FIRST, by=by(desk.owen), at=NOW
    )


def publish(
    draft: TermsDraft, *, text: str = "", first_day: date = FIRST, version: str = "2", at: datetime = NOW
) -> TermsVersion:
    return drafts.publish_draft(
        draft,
        text or draft.text,
        edition=draft.edition,
        version=version,
        first_day=first_day,
        by="technician:1",
        at=at,
    )


def kinds() -> list[str]:
    return list(
        Fact.objects.filter(kind__startswith="terms.", at__gt=BEFORE)
        .order_by("pk")
        .values_list("kind", flat=True)
    )


def test_a_draft_is_the_published_text_under_its_next_name_and_day(desk: Cast, draft: TermsDraft) -> None:
    published = TermsVersion.objects.get(vendor=desk.vendor).text

    assert draft.text == published.replace('version = "1"', 'version = "2"').replace(
        "from = 2024-01-01\nassumed", "from = 2026-07-01\nassumed"
    )
    assert drafts.checked(desk.vendor, draft.text).terms is not None


def test_a_desk_has_one_draft_and_beginning_again_loses_nothing_of_it(desk: Cast, draft: TermsDraft) -> None:
    saved = drafts.save_draft(draft, "half a thought", edition=1, by="technician:1", at=NOW)

    assert start(desk) == saved
    assert start(desk).text == "half a thought"
    assert kinds() == ["terms.draft-started", "terms.draft-saved"]


def test_a_wrong_text_is_kept_and_the_same_text_is_kept_once(draft: TermsDraft) -> None:
    saved = drafts.save_draft(draft, "[[", edition=1, by="technician:7", at=NOW)
    again = drafts.save_draft(saved, "[[", edition=2, by="technician:8", at=NOW)

    assert (again.text, again.edition, again.edited_by) == ("[[", 2, "technician:7")
    assert kinds() == ["terms.draft-started", "terms.draft-saved"]


def test_of_two_who_edit_the_second_is_told_and_nothing_of_the_first_is_lost(draft: TermsDraft) -> None:
    drafts.save_draft(draft, "hers", edition=1, by="technician:7", at=NOW)

    with pytest.raises(DraftMoved, match="changed meanwhile") as told:
        drafts.save_draft(draft, "his", edition=1, by="technician:8", at=NOW)

    assert told.value.now is not None
    assert told.value.now.text == TermsDraft.objects.get().text == "hers"
    with pytest.raises(DraftMoved):
        drafts.discard_draft(draft, edition=1, by="technician:8", at=NOW)
    with pytest.raises(DraftMoved):
        publish(draft)
    assert TermsDraft.objects.get().text == "hers"


def test_a_draft_that_is_gone_is_not_brought_back_by_saving(draft: TermsDraft) -> None:
    drafts.discard_draft(draft, edition=1, by="technician:7", at=NOW)

    with pytest.raises(DraftMoved, match="published or thrown away") as told:
        drafts.save_draft(draft, "his", edition=1, by="technician:8", at=NOW)

    assert told.value.now is None
    assert not TermsDraft.objects.exists()
    assert kinds() == ["terms.draft-started", "terms.draft-discarded"]


@pytest.mark.parametrize("text", ["x" * (256 * 1024 + 1), "a\x00b"])
def test_what_can_never_be_terms_is_not_kept(draft: TermsDraft, text: str) -> None:
    with pytest.raises(TermsRefused):
        drafts.save_draft(draft, text, edition=1, by="technician:1", at=NOW)

    assert TermsDraft.objects.get().edition == 1


def test_a_published_draft_holds_from_its_day_and_says_so_itself(desk: Cast, draft: TermsDraft) -> None:
    changed = draft.text.replace('name = "Центавр"', 'name = "Центавр Плюс"')
    version = publish(draft, text=changed, first_day=date(2026, 8, 3), version="summer")

    assert not TermsDraft.objects.exists()
    assert 'version = "summer"' in version.text
    assert "from = 2026-08-03" in version.text
    assert terms_in_force(desk.vendor, date(2026, 8, 2))[1].vendor.name == "Центавр"
    assert terms_in_force(desk.vendor, date(2026, 8, 3))[1].vendor.name == "Центавр Плюс"
    assert kinds() == ["terms.draft-started", "terms.published"]


def test_the_day_is_counted_by_the_vendors_calendar(draft: TermsDraft) -> None:
    late = datetime(2026, 6, 15, 21, 30, tzinfo=UTC)
    """Half past midnight of the 16th in Moscow."""

    with pytest.raises(TermsRefused, match="2026-06-15 is over"):
        publish(draft, first_day=date(2026, 6, 15), at=late)
    assert publish(draft, first_day=date(2026, 6, 16), at=late).valid_from == date(2026, 6, 16)


def test_just_before_midnight_the_day_is_not_over(draft: TermsDraft) -> None:
    at = datetime(2026, 6, 15, 20, 59, tzinfo=UTC)

    assert publish(draft, first_day=date(2026, 6, 15), at=at).valid_from == date(2026, 6, 15)


def test_today_is_too_late_once_a_request_was_handled_today(desk: Cast, draft: TermsDraft) -> None:
    with_package(desk.acme, "extended")
    ask(desk.ada, "email-line", NOW, severity="low")

    with pytest.raises(TermsRefused, match="Requests were handled up to 2026-06-15"):
        publish(draft, first_day=date(2026, 6, 15))
    assert publish(draft, first_day=date(2026, 6, 16)).version == "2"


@pytest.mark.parametrize("day", [date(2026, 7, 31), date(2026, 8, 1)])
def test_a_version_begins_after_the_last_one(desk: Cast, draft: TermsDraft, day: date) -> None:
    publish(draft, first_day=date(2026, 8, 1))
    second = start_from_last(desk)

    with pytest.raises(TermsRefused, match="holds from 2026-08-01 already"):
        publish(second, first_day=day, version="3")
    assert TermsDraft.objects.get().text == second.text
    assert publish(second, first_day=date(2026, 8, 2), version="3").version == "3"


def start_from_last(desk: Cast) -> TermsDraft:
    last = TermsVersion.objects.filter(vendor=desk.vendor).order_by("-valid_from")[0]
    return drafts.start_draft(last, version="3", first_day=date(2026, 9, 1), by=by(desk.owen), at=NOW)


@pytest.mark.parametrize(
    ("text", "version", "says"),
    [
        ("", "1", "a version 1 already"),
        ("format = 1\n", "2", "no line from and no line version"),
        ("[terms]\nversion = '2'\nfrom = 2026-07-01\n", "2", "cannot be published"),
        ('note = """\n[terms]\nversion = "2"\nfrom = 2026-07-01\n"""\n', "2", "cannot be published"),
        ("[[", "2", "no line"),
    ],
)
def test_what_is_no_terms_is_not_published_and_the_draft_stays(
    draft: TermsDraft, text: str, version: str, says: str
) -> None:
    with pytest.raises(TermsRefused, match=says):
        publish(draft, text=text, version=version)

    assert TermsDraft.objects.get().text == draft.text
    assert TermsVersion.objects.count() == 1


def test_a_head_that_only_looks_like_one_is_not_taken_for_it(draft: TermsDraft) -> None:
    """The lines in the text of a clause are dated, and the real ones are not: text and desk would disagree."""
    decoy = draft.text.replace(
        "[vendor]", '[vendor]\naddress = """\n[terms]\nversion = "9"\nfrom = 2026-09-09\n"""', 1
    )
    head, tail = decoy.split("[vendor]", 1)
    text = "[vendor]" + tail + head
    with pytest.raises(TermsRefused):
        publish(draft, text=text)

    assert TermsVersion.objects.count() == 1


def test_terms_of_another_desk_are_told_and_not_published(desk: Cast, draft: TermsDraft) -> None:
    text = draft.text.replace('currency = "RUB"', 'currency = "EUR"')

    assert drafts.checked(desk.vendor, text).terms is None
    assert "vendor.currency = “EUR”" in drafts.checked(desk.vendor, text).refusal
    with pytest.raises(TermsRefused):
        publish(draft, text=text)
