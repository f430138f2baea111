"""The owner's terms: the list of versions, and the draft from its first line to its day."""

import re
from datetime import date

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from console.scene import HOME, page, post
from people import Cast, newer_terms
from pomost.contracts.models import TermsDraft, TermsVersion

DRAFT = "terms/draft/"


def version(desk: Cast, name: str = "1") -> TermsVersion:
    return TermsVersion.objects.get(vendor=desk.vendor, version=name)


def begin(desk: Cast, browser: Client) -> TermsDraft:
    post(browser, f"terms/{version(desk).pk}/start/")
    return TermsDraft.objects.get(vendor=desk.vendor)


def typed(draft: TermsDraft, *edits: tuple[str, str], **fields: object) -> dict[str, object]:
    """Return what the form sends: lines end as browsers end them."""
    text = draft.text
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    found: dict[str, object] = {
        "text": text.replace("\n", "\r\n"),
        "version": "2",
        "first_day": "2026-07-01",
        "edition": draft.edition,
    }
    return found | fields


def test_an_owner_changes_one_number_and_publishes_it_from_a_day(desk: Cast, owen: Client) -> None:
    draft = begin(desk, owen)
    assert "Begin a draft" not in page(owen, "terms/")
    edit = ('name = "Центавр"', 'name = "Центавр Плюс"')

    post(owen, DRAFT, 302, **typed(draft, edit))
    draft.refresh_from_db()
    html = page(owen, DRAFT)
    post(owen, f"{DRAFT}publish/", 302, **typed(draft, first_day="2026-07-15"))

    assert "Центавр Плюс" in html
    assert "\r" not in draft.text
    published = version(desk, "2")
    assert published.valid_from == date(2026, 7, 15)
    assert "from = 2026-07-15" in published.text
    assert "to come" in page(owen, "terms/")
    public = owen.get("/centaur/terms/2026-07-15/")
    assert "will hold from" in public.content.decode()


def test_the_list_says_what_held_holds_and_will_hold(desk: Cast, owen: Client) -> None:
    newer_terms(desk.vendor, "2026-06-01", version="2")
    newer_terms(desk.vendor, "2026-09-01", version="3")

    html = page(owen, "terms/")

    stands = re.findall(r">(in force|to come|past)<", html)
    assert stands == ["to come", "in force", "past"]
    assert html.count("what changed") == 2
    links = re.findall(r'href="(/centaur/(?:console/)?terms/\d[^"]*|/centaur/console/terms/\d+/file/)"', html)
    assert len(links) == 8
    assert {owen.get(link).status_code for link in links} == {200}


def test_a_version_is_handed_out_byte_for_byte(desk: Cast, owen: Client) -> None:
    held = version(desk)

    answer = owen.get(f"{HOME}terms/{held.pk}/file/")

    assert answer.content.decode() == held.text
    assert answer["Content-Disposition"] == 'attachment; filename="centaur-2024-01-01.toml"'


def test_another_desks_version_is_not_found(desk: Cast, owen: Client) -> None:
    foreign = TermsVersion.objects.create(
        vendor=desk.neighbour,
        version="1",
        valid_from=date(2024, 1, 1),
        text="secret",
        sha256="0" * 64,
        published_at=version(desk).published_at,
    )

    page(owen, f"terms/{foreign.pk}/file/", status=404)
    post(owen, f"terms/{foreign.pk}/start/", status=404)
    assert not TermsDraft.objects.exists()


def test_every_mistake_is_told_at_its_line(desk: Cast, owen: Client) -> None:
    draft = begin(desk, owen)
    wrong = typed(
        draft, ('zone = "Europe/Moscow"', 'zone = "Europe/Moskva"'), ("first = 2001", 'first = "many"')
    )
    lines = str(wrong["text"]).split("\r\n")

    html = post(owen, f"{DRAFT}check/", 200, **wrong)

    for text in ('zone = "Europe/Moskva"', 'first = "many"'):
        assert f'data-line="{lines.index(text) + 1}"' in html
    assert html.count("<li") == 2
    draft.refresh_from_db()
    assert draft.edition == 1


def test_a_text_without_mistakes_is_told_as_what_it_changes_for_whom(desk: Cast, owen: Client) -> None:
    draft = begin(desk, owen)

    assert "Nothing changes for anybody" in post(owen, f"{DRAFT}check/", 200, **typed(draft))
    html = post(
        owen, f"{DRAFT}check/", 200, **typed(draft, ('tax_id = "0000000000"', 'tax_id = "1111111111"'))
    )
    assert "No mistake" in html


def test_what_changes_is_told_from_the_day_in_the_form(desk: Cast, owen: Client) -> None:
    draft = begin(desk, owen)
    amount = re.search(r'= "(\d+)h"', draft.text)
    assert amount is not None
    edit = (amount[0], f'= "{int(amount[1]) + 1}h"')

    html = post(owen, f"{DRAFT}check/", 200, **typed(draft, edit, first_day="2026-12-24"))

    assert "from 24\xa0December\xa02026" in html
    assert "<del>" in html


def test_of_two_owners_the_second_is_told_and_both_texts_stand_on_the_page(desk: Cast, owen: Client) -> None:
    draft = begin(desk, owen)
    post(owen, DRAFT, 302, **typed(draft, ('mark = "Ц"', 'mark = "A"')))

    html = post(owen, DRAFT, 409, **typed(draft, ('mark = "Ц"', 'mark = "B"')))

    assert "The draft was changed meanwhile." in html
    assert "-mark = &quot;A&quot;" in html
    assert "+mark = &quot;B&quot;" in html
    draft.refresh_from_db()
    assert 'mark = "A"' in draft.text
    assert 'name="edition" value="2"' in html
    post(owen, DRAFT, 302, **(typed(draft, ('mark = "A"', 'mark = "B"'))))
    assert 'mark = "B"' in TermsDraft.objects.get().text


def test_a_text_typed_for_a_draft_that_is_gone_stays_on_the_page(desk: Cast, owen: Client) -> None:
    draft = begin(desk, owen)
    post(owen, f"{DRAFT}discard/", edition=1)

    html = post(owen, DRAFT, 409, **typed(draft, ('mark = "Ц"', 'mark = "Я"')))

    assert "published or thrown away meanwhile" in html
    assert "mark = &quot;Я&quot;" in html
    assert not TermsDraft.objects.exists()


def test_a_draft_that_somebody_changed_is_not_thrown_away_unseen(desk: Cast, owen: Client) -> None:
    draft = begin(desk, owen)
    post(owen, DRAFT, 302, **typed(draft, ('mark = "Ц"', 'mark = "A"')))

    html = post(owen, f"{DRAFT}discard/", 409, edition=1)

    assert "mark = &quot;A&quot;" in html
    assert TermsDraft.objects.exists()


@pytest.mark.parametrize(
    ("fields", "status", "says"),
    [
        ({"first_day": "2026-06-14"}, 409, "2026-06-14 is over"),
        ({"first_day": "2024-01-01"}, 409, "is over"),
        ({"version": "1"}, 409, "a version 1 already"),
        ({"version": ""}, 422, "required"),
        ({"first_day": "soon"}, 422, "valid date"),
        ({"text": ""}, 422, "The text is empty"),
        ({"text": "[["}, 409, "cannot be published"),
    ],
)
def test_what_cannot_be_published_stays_a_draft(
    desk: Cast, owen: Client, fields: dict[str, object], status: int, says: str
) -> None:
    draft = begin(desk, owen)

    html = post(owen, f"{DRAFT}publish/", status, **typed(draft, **fields))

    assert says in html
    assert TermsVersion.objects.filter(vendor=desk.vendor).count() == 1
    assert TermsDraft.objects.get().text == draft.text


def test_the_preview_is_the_public_page_of_what_stands_in_the_editor(desk: Cast, owen: Client) -> None:
    draft = begin(desk, owen)
    edit = ("Техническая поддержка платформы", "Поддержка платформы")

    html = post(owen, f"{DRAFT}preview/", 200, **typed(draft, edit, ("Technical support of", "Help with")))

    assert "<h1>Help with the Centaur platform</h1>" in html
    assert "Only owners of the desk see it" in html
    assert "no preview" in post(owen, f"{DRAFT}preview/", 422, **typed(draft, text="[["))
    assert TermsDraft.objects.get().edition == 1


HOSTILE = {
    "endless brackets": "a = " + "[" * 5000,
    "endless keys": ".".join("a" * 3000) + " = 1",
    "a long line": "a = '" + "x" * 100_000 + "'",
    "many lines": "[[x]]\n" * 20_000,
    "too large": "# x\n" * 70_000,
    "markup": '</textarea><script>alert(1)</script>\n[terms]\nversion = "<b>"\n',
    "signs of other lines": "a = 1\u2028b = 2\x0bc = 3\x85",
    "half a sign": "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("address", ["check/", "publish/"])
def test_hostile_texts_are_told_as_mistakes_and_never_run(
    desk: Cast, owen: Client, text: str, address: str
) -> None:
    draft = begin(desk, owen)

    html = post(owen, DRAFT + address, 200 if address == "check/" else 409, **typed(draft, text=text))

    assert "<script>alert" not in html
    assert "to mend" in html
    assert TermsVersion.objects.filter(vendor=desk.vendor).count() == 1


def test_the_letter_nul_and_bytes_that_are_no_text_change_nothing(desk: Cast, owen: Client) -> None:
    draft = begin(desk, owen)
    fields = "version=2&first_day=2026-07-01&edition=1"

    assert (
        owen.post(f"{HOME}{DRAFT}", f"text=a%00&{fields}", "application/x-www-form-urlencoded").status_code
        == 400
    )
    answer = owen.post(
        f"{HOME}{DRAFT}check/", f"text=%ff%fe%c3&{fields}", "application/x-www-form-urlencoded"
    )
    assert answer.status_code == 200
    assert "to mend" in answer.content.decode()
    assert TermsDraft.objects.get() == draft


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2199-12-31", "2200-01-01", "9999-12-31"])
@pytest.mark.parametrize("where", ["form", "text"])
def test_a_day_that_no_calendar_knows_breaks_nothing(desk: Cast, owen: Client, day: str, where: str) -> None:
    draft = begin(desk, owen)
    edits = [("from = 2026-07-01", f"from = {day}")] if where == "text" else []
    fields = {"first_day": day} if where == "form" else {"version": ""}

    for address in ("check/", "preview/", "publish/", ""):
        answer = owen.post(f"{HOME}{DRAFT}{address}", typed(draft, *edits, **fields))
        assert answer.status_code in {200, 302, 409, 422}, address
        for place in ("terms/", DRAFT):
            assert owen.get(HOME + place).status_code in {200, 302}, address


def test_only_the_owner_has_the_place(desk: Cast, owen: Client, tess: Client) -> None:
    assert f'href="{HOME}terms/"' in page(owen)
    assert f'href="{HOME}terms/"' not in page(tess)
    page(tess, "terms/", status=403)


def test_the_pages_ask_the_same_however_many_versions_there_are(
    desk: Cast, owen: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(2, 8):
        newer_terms(desk.vendor, f"2026-0{number}-01", version=str(number))
    begin(desk, owen)
    for address in ("terms/", DRAFT):
        page(owen, address)
        with django_assert_max_num_queries(16):
            page(owen, address)


def test_mistakes_are_told_in_the_owners_language(desk: Cast, owen: Client) -> None:
    draft = begin(desk, owen)
    desk.owen.person.language = "pl"
    desk.owen.person.save(update_fields=["language"])

    html = post(owen, f"{DRAFT}check/", 200, **typed(draft, ("first = 2001", 'first = "many"')))

    assert "Tu jest tekst, a potrzeba: liczba całkowita." in html
    assert 'lang="en"' not in html
