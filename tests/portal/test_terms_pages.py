"""The public pages of the terms: whole, dated, in three languages, with a calculator that decides as the desk does."""

import re
from datetime import datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from moments import june
from people import Cast, ask, desk_of, newer_terms
from pomost.contracts.models import TermsVersion
from pomost.journal.models import Fact
from pomost.rules.terms.model import said
from pomost.tickets.models import Ticket
from portal.scene import WARSAW, browser_of, page, queries_of, stranger, words
from vendors import SLUGS, shipped

JUNE = datetime(2026, 6, 10, 12, tzinfo=WARSAW)


def reader(language: str = "en") -> Client:
    return stranger(JUNE, language)


def answer(slug: str, language: str = "en", /, **asked: object) -> str:
    """Return what the calculator answers, as words."""
    return words(page(reader(language), f"/{slug}/terms/price/?{urlencode(asked)}"))


# The text ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("language", ["ru", "pl", "en"])
def test_anybody_reads_every_clause_in_three_languages(db: None, slug: str, language: str) -> None:
    desk_of(slug)

    html = page(reader(language), f"/{slug}/terms/")
    seen, terms = words(html), shipped(slug)

    for clause in terms.clauses:
        assert " ".join(said(clause.sentence, language).split()) in seen
        assert f'id="c-{clause.id}"' in html
    for target in set(re.findall(r'href="#([^"]+)"', html)):
        assert f'id="{target}"' in html, target


def test_without_a_choice_the_page_speaks_the_vendors_language(centaur: Cast) -> None:
    assert "Техническая поддержка платформы" in page(stranger(JUNE, ""), "/centaur/terms/")


def test_old_versions_stay_and_the_next_one_is_announced(centaur: Cast) -> None:
    newer_terms(centaur.vendor, "2026-07-01", ('critical = "1h"', 'critical = "30m"'))

    now = words(page(reader(), "/centaur/terms/"))
    then = words(page(stranger(datetime(2026, 7, 2, tzinfo=WARSAW)), "/centaur/terms/"))
    kept = words(page(stranger(datetime(2026, 7, 2, tzinfo=WARSAW)), "/centaur/terms/2024-01-01/"))

    assert "Version 2, will hold from 1 July 2026" in now
    assert "Version 1, from 1 January 2024 to 30 June 2026" in then
    assert "Critical 4 hours 30 minutes" in then
    assert "Critical 4 hours 1 hour" in kept
    assert "This version is not the one in force." in kept


def test_what_a_version_changes_is_told_with_its_day_and_clause(centaur: Cast) -> None:
    newer_terms(centaur.vendor, "2026-07-01", ('critical = "1h"', 'critical = "30m"'))

    seen = words(page(reader("ru"), "/centaur/terms/2026-07-01/changes/"))

    assert "Сообщение номера: Расширенный; Критическая 1 час → 30 минут § 4.1" in seen
    assert seen.count("→") == 1


@pytest.mark.parametrize("address", ["2025-01-01/", "2024-13-01/", "2024-01-01/changes/", "x/"])
def test_a_version_that_is_not_there_is_not_found(centaur: Cast, address: str) -> None:
    assert reader().get(f"/centaur/terms/{address}").status_code == 404


def test_a_vendor_without_terms_has_no_such_page(centaur: Cast) -> None:
    assert reader().get("/neighbour/terms/").status_code == 404


def test_the_page_is_linked_from_the_sign_in_and_from_the_portal(centaur: Cast) -> None:
    assert 'href="/centaur/terms/"' in page(reader(), "/sign-in/?next=/centaur/")
    assert 'href="/centaur/terms/"' in page(browser_of(centaur.ada), "/centaur/")
    assert 'href="/centaur/terms/"' in page(browser_of(centaur.tess), "/centaur/console/")


def test_a_clause_leads_to_its_place_in_the_version_that_was_decided_by(centaur: Cast) -> None:
    ticket = ask(centaur.ada, "error-diagnosis", june(15, 9), severity="low")
    newer_terms(centaur.vendor, "2026-06-20")

    html = page(browser_of(centaur.ada), f"/centaur/requests/{ticket.number}/")

    assert 'href="/centaur/terms/2024-01-01/#c-2.5"' in html
    assert "/centaur/terms/2026-06-20/" not in html


def test_reading_writes_nothing_and_costs_the_same_however_much_there_is(centaur: Cast) -> None:
    browser, address = reader(), "/centaur/terms/?service=error-diagnosis"
    page(browser, address)
    facts, few = Fact.objects.count(), queries_of(browser, address)
    for month in range(1, 9):
        newer_terms(centaur.vendor, f"2027-{month:02}-01", version=f"v{month}")
        ask(centaur.ada, "error-diagnosis", june(15, 9), severity="low")
    published = Fact.objects.count()

    assert queries_of(browser, address) == few <= 4
    assert (facts < published, Fact.objects.count()) == (True, published)
    assert queries_of(browser, "/centaur/terms/price/") <= 4


# The calculator ----------------------------------------------------------------------------------


def test_c1_a_critical_request_before_a_holiday_is_due_on_monday_at_half_past_nine(db: None) -> None:
    desk_of("centaur")

    seen = answer(
        "centaur", package="extended", service="error-diagnosis", severity="critical", at="2026-06-11T16:30"
    )

    assert "Included in the package Package: Extended. Version 1 of the terms." in seen
    assert "Notice of the number § 4.1 · from 1 Jan 2024 by Mon 9:30 Promised: 1 hour" in seen


def test_c2_who_cannot_show_the_package_is_served_by_the_base_one(db: None) -> None:
    desk_of("centaur")
    asked = {"package": "extended", "not_shown": 1, "severity": "low", "at": "2026-06-08T09:00"}

    refused = answer("centaur", service="remote-connection", **asked)
    diagnosis = answer("centaur", service="error-diagnosis", **asked)

    assert "The package cannot be shown, so it serves: Basic." in diagnosis
    assert "by 17:00 Promised: 24 hours" in diagnosis
    assert "Not included Package: Basic." in refused
    assert "§ 2.7" in refused


def test_s1_eighty_minutes_are_two_started_hours_and_the_repair_goes_by_time(db: None) -> None:
    desk_of("satisoft")

    help_ = answer("satisoft", "pl", service="remote-help", family="subiekt", minutes=80)
    repair = answer("satisoft", "pl", service="database-repair", minutes=80)

    assert "Netto 400,00 zł VAT, 23 % 92,00 zł Brutto 492,00 zł" in help_
    assert "Netto 533,33 zł VAT, 23 % 122,67 zł Brutto 656,00 zł" in repair
    assert "rozmowa telefoniczna, przed poziomem: Patrzeć § 3.2" in help_
    assert "zgoda na cenę, przed poziomem: Patrzeć § 4.5" in help_


def test_b2_the_first_direct_session_has_its_one_off_fee(db: None) -> None:
    desk_of("bonus")

    seen = answer("bonus", "ru", package="licence", service="direct-connection", minutes=95)

    assert "4 000,00 ₽" in seen
    assert "2 058,33 ₽" in seen
    assert "без НДС" in seen
    assert "6 058,33 ₽" in seen


@pytest.mark.parametrize(("package", "counted"), [("sla", "1 hour 30 minutes"), ("none", "2 hours")])
def test_d1_started_units_depend_on_the_contract(db: None, package: str, counted: str) -> None:
    desk_of("damal")

    assert f"{counted}: each started" in answer(
        "damal", package=package, service="remote-consultation", minutes=61
    )


def test_what_the_terms_do_not_say_is_asked_of_a_person_and_has_no_price(db: None) -> None:
    desk_of("satisoft")

    seen = answer("satisoft", service="remote-help", family="navireo")

    assert "The terms do not say: a person decides" in seen
    assert "Gross" not in seen


def test_a_day_of_a_later_version_is_judged_by_that_version(centaur: Cast) -> None:
    newer_terms(centaur.vendor, "2026-07-01", ('critical = "1h"', 'critical = "30m"'))
    asked = {"package": "extended", "service": "error-diagnosis", "severity": "critical"}

    assert "Promised: 1 hour" in answer("centaur", at="2026-06-30T10:00", **asked)
    assert "Promised: 30 minutes" in answer("centaur", at="2026-07-01T10:00", **asked)
    assert "Version 2 of the terms" in answer("centaur", at="2026-07-01T10:00", **asked)


def test_past_the_official_calendar_no_moment_is_promised(db: None) -> None:
    desk_of("centaur")

    seen = answer(
        "centaur", package="extended", service="error-diagnosis", severity="low", at="2040-06-08T09:00"
    )

    assert "The official calendar of that time is not known yet" in seen


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"at": "yesterday"}, "Write day and time like 2026-06-11 16:30."),
        ({"minutes": "-5"}, "Write minutes of work as a whole number from 0 to 60000."),
        ({"minutes": "٣"}, "Write minutes of work as a whole number from 0 to 60000."),
        ({"at": "2020-01-01T10:00"}, "has no terms in force on 2020-01-01"),
    ],
)
def test_what_cannot_be_counted_is_said(centaur: Cast, asked: dict[str, str], says: str) -> None:
    assert says in answer("centaur", **asked)


def test_the_whole_page_answers_a_sent_form_without_a_script(db: None) -> None:
    desk_of("satisoft")

    html = page(reader(), "/satisoft/terms/?service=database-repair&minutes=80")

    assert "533.33" in html
    assert re.search(r'<option value="database-repair" selected>', html)


class Hostile(TestCase):
    """Whatever the address holds, the calculator answers with a sentence."""

    @settings(max_examples=60, deadline=None)
    @given(
        st.sampled_from(["centaur", "kryzhik"]),
        st.dictionaries(
            st.sampled_from(
                ["package", "service", "family", "severity", "at", "minutes", "not_shown", "outdated"]
            ),
            st.one_of(
                st.text(max_size=30),
                st.sampled_from(
                    [
                        "0001-01-01T00:00",
                        "3000-01-01T00:00",
                        "9999-12-31T23:59",
                        "2026-03-29T02:30",
                        "99999999",
                        "basic",
                    ]
                ),
            ),
        ),
    )
    def test_no_address_breaks_the_calculator(self, slug: str, asked: dict[str, str]) -> None:
        if not TermsVersion.objects.filter(vendor__slug=slug).exists():
            desk_of(slug)

        got = reader().get(f"/{slug}/terms/price/?{urlencode(asked)}")

        # The letter NUL is refused everywhere alike (config/middleware.py).
        assert got.status_code == (400 if any("\x00" in each for each in asked.values()) else 200)
        assert Ticket.objects.count() == 0


def test_the_calculator_speaks_of_the_vendors_zone(db: None) -> None:
    desk_of("centaur")

    assert "time zone: Europe/Moscow" in words(page(reader(), "/centaur/terms/"))
    assert ZoneInfo("Europe/Moscow") is not WARSAW
