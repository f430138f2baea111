"""What each vendor's own file says, against what product.md demands of it (its ids stand beside each test)."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import pytest

from pomost.rules.levels import Level
from pomost.rules.money import Money
from pomost.rules.terms.model import Terms, said
from pomost.rules.terms.parts import Cell, Channel, GateKind, PartKind, Remedy
from vendors import SLUGS, shipped

HOUR = timedelta(hours=1)

SOURCE_OF = {"bonus": "000", "damal": "001", "centaur": "002", "satisoft": "003", "kryzhik": "004"}


def cells(terms: Terms, package: str) -> dict[str, Cell]:
    return {row.service: row.cells[package] for row in terms.matrix}


# Every file


@pytest.mark.parametrize("slug", SLUGS)
def test_every_clause_names_the_published_document_it_comes_from(slug: str) -> None:
    terms = shipped(slug)

    assert {clause.source_file for clause in terms.clauses} == {SOURCE_OF[slug]}
    assert all(clause.source_at for clause in terms.clauses)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_clause_that_no_document_has_is_marked_as_assumed(slug: str) -> None:
    own = [c for c in shipped(slug).clauses if c.source_at in ("нет в источнике", "brak w źródle")]

    assert own
    assert all(clause.assumed for clause in own)


@pytest.mark.parametrize("slug", SLUGS)
def test_every_text_is_there_in_russian_polish_and_english(slug: str) -> None:
    terms = shipped(slug)

    assert set(terms.vendor.languages) == {"ru", "pl", "en"}
    for clause in terms.clauses:
        texts = [said(clause.sentence, language) for language in ("ru", "pl", "en")]
        assert all(texts), clause.id
        assert len(set(texts)) == 3, clause.id


@pytest.mark.parametrize("slug", SLUGS)
def test_contact_data_are_invented(slug: str) -> None:
    vendor = shipped(slug).vendor

    assert vendor.email.endswith(".example.org")
    assert set(vendor.tax_id) == {"0"}
    assert " 000" in vendor.phone or " 00 000" in vendor.phone


@pytest.mark.parametrize("slug", SLUGS)
def test_a_sentence_is_short_enough_to_be_read(slug: str) -> None:
    for clause in shipped(slug).clauses:
        for text in clause.sentence.values():
            assert len(text) <= 200, clause.id
            assert "!" not in text


@pytest.mark.parametrize(
    ("slug", "ids"),
    [
        ("bonus", {"A1", "A7", "A9", "A12", "A20", "B1", "B7", "B9"}),
        ("damal", {"A3", "A7", "A9", "A12", "A13", "A20", "D10"}),
        ("centaur", {"A2", "A11", "A12", "A13", "A15"}),
        ("satisoft", {"A5", "A7", "A9", "A12", "A13", "S7"}),
        ("kryzhik", {"A1", "A4", "A8", "A12", "A13", "K1", "K4"}),
    ],
)
def test_what_the_vendor_never_said_is_listed(slug: str, ids: set[str]) -> None:
    assert {assumption.id for assumption in shipped(slug).assumptions} == ids


@pytest.mark.parametrize(("slug", "day"), [("bonus", date(2017, 1, 1)), ("centaur", date(2024, 1, 1))])
def test_a_version_is_in_force_from_its_first_day(slug: str, day: date) -> None:  # A13
    terms = shipped(slug)

    assert terms.in_force_from == day
    assert terms.is_in_force(day)
    assert not terms.is_in_force(day - timedelta(days=1))


def test_only_the_oldest_version_knows_its_date() -> None:  # A13
    assert {slug: shipped(slug).assumed for slug in SLUGS} == {
        "bonus": None,
        "centaur": "A13",
        "damal": "A13",
        "kryzhik": "A13",
        "satisoft": "A13",
    }


@pytest.mark.parametrize(
    ("slug", "n", "number"),
    [
        ("centaur", 2041, "Ц-2041"),
        ("satisoft", 512, "Z-0512"),
        ("kryzhik", 318, "К-0318"),
        ("damal", 147, "D-0147"),
    ],
)
def test_requests_are_numbered_by_the_vendors_pattern(slug: str, n: int, number: str) -> None:
    assert shipped(slug).ticket_number(n, date(2026, 6, 16)) == number


def test_invoices_are_numbered_by_month() -> None:
    assert shipped("satisoft").invoice_number(31, date(2026, 6, 16)) == "FS/2026/06/0031"


# 000


def test_bonus_gives_the_phone_line_while_the_licence_runs() -> None:  # B1
    terms = shipped("bonus")

    assert terms.cell("licence", "phone-line") is Cell.YES
    assert terms.cell("no-licence", "phone-line") is Cell.NO
    assert terms.row("phone-line").assumed == "B1"


def test_bonus_books_paid_help_ahead() -> None:  # B2
    booked = {service.id: service.booked_clause for service in shipped("bonus").services}

    assert booked == {"phone-line": None, "backup-by-mail": "3.1", "direct-connection": "3.1"}


def test_bonus_wants_four_things_with_a_backup() -> None:  # B3
    terms = shipped("bonus")
    parts = terms.parts_for("backup-by-mail")

    assert [part.kind for part in parts] == [PartKind.FILE, PartKind.TEXT, PartKind.PHONE, PartKind.CONSENT]
    assert [said(part.name, "ru") for part in parts] == [
        "файл резервной копии",
        "подробное описание",
        "телефон для связи",
        "согласие на оплату",
    ]
    assert terms.parts_for("direct-connection") == ()


def test_bonus_gives_full_access_in_a_direct_connection() -> None:  # B5
    assert shipped("bonus").service("direct-connection").level is Level.CHANGE_MANY


def test_bonus_holds_control_back_until_there_is_a_backup() -> None:  # B7
    gate = shipped("bonus").gate("backup")

    assert gate.kind is GateKind.BACKUP_ATTESTED
    assert gate.before is Level.ACT
    assert not gate.waivable
    assert gate.assumed == "B7"


@pytest.mark.parametrize("service", ["backup-by-mail", "direct-connection"])
def test_bonus_takes_1300_an_hour_and_an_hour_at_least(service: str) -> None:  # B8
    (found,) = shipped("bonus").tariffs(date(2026, 1, 1), service=service)
    tariff = found.tariff

    assert tariff.rate_per_hour == Money.of("1300.00", "RUB")
    assert (tariff.minimum_seconds, tariff.step_seconds, tariff.scope) == (3600, 60, "session")


def test_bonus_takes_4000_once_for_joining() -> None:  # B9
    terms = shipped("bonus")
    (fee,) = terms.fees(date(2026, 1, 1), "direct-connection")

    assert fee.fee.amount == Money.of("4000.00", "RUB")
    assert fee.fee.per == "customer"
    assert fee.assumed == "B9"
    assert terms.fees(date(2026, 1, 1), "backup-by-mail") == ()
    assert "readiness" in terms.service("direct-connection").gates


def test_bonus_had_no_prices_before_2017() -> None:
    assert shipped("bonus").price_list(date(2016, 12, 31)) is None


# 001


def test_damal_counts_half_hours_with_a_contract_and_hours_without() -> None:  # D10
    terms = shipped("damal")
    units = {
        package: terms.tariffs(date(2026, 1, 1), service="remote-consultation", package=package)[
            0
        ].tariff.unit_seconds
        for package in ("sla", "none")
    }

    assert units == {"sla": 1800, "none": 3600}


def test_damals_rate_says_that_it_is_a_sample() -> None:  # D10
    (prices,) = shipped("damal").price_lists

    assert prices.sample
    assert prices.assumed == "D10"


def test_damal_asks_for_a_declaration_before_anything_is_seen() -> None:  # D5
    terms = shipped("damal")

    for service in terms.services:
        (gate,) = [terms.gate(key) for key in service.gates]
        assert gate.kind is GateKind.DECLARATION
        assert gate.before is Level.LOOK


def test_damal_guarantees_14_days_and_takes_complaints_for_3() -> None:  # D6, D7, D8, D9
    warranty = shipped("damal").warranty

    assert warranty is not None
    assert (warranty.guarantee_days, warranty.complaint_working_days) == (14, 3)
    assert warranty.liability_clauses == ("1.1", "2", "3", "4")


# 002


def test_centaurs_matrix_is_the_published_one() -> None:  # C1, C2
    terms = shipped("centaur")
    basic = cells(terms, "basic")
    extended = cells(terms, "extended")

    assert len(terms.matrix) == 12
    assert {service for service, cell in basic.items() if cell is Cell.YES} == {
        "email-line",
        "phone-line",
        "installation-advice",
        "settings-advice",
        "updates-self-install",
        "error-diagnosis",
    }
    assert {service for service, cell in basic.items() if cell is Cell.NO} == {
        "remote-connection",
        "fine-tuning",
        "remote-update",
        "personal-specialist",
        "visit",
    }
    assert Counter(extended.values()) == {Cell.YES: 11, Cell.SOLD_SEPARATELY: 1}
    assert basic["first-installation"] is extended["first-installation"] is Cell.SOLD_SEPARATELY


def test_centaurs_matrix_rows_have_the_numbers_of_the_published_rows() -> None:
    assert [row.clause for row in shipped("centaur").matrix] == [f"2.{n}" for n in range(1, 13)]


def test_centaur_only_points_when_it_advises_on_fine_tuning() -> None:  # C1
    assert shipped("centaur").service("fine-tuning").level is Level.POINT
    assert shipped("centaur").service("remote-connection").level is Level.ACT


@pytest.mark.parametrize(
    ("package", "severity", "hours"),
    [
        ("basic", "critical", 4),
        ("basic", "medium", 8),
        ("basic", "low", 24),
        ("extended", "critical", 1),
        ("extended", "medium", 4),
        ("extended", "low", 8),
    ],
)
def test_centaur_reacts_within_the_published_working_hours(
    package: str, severity: str, hours: int
) -> None:  # C4
    (running,) = shipped("centaur").promises_for(package, severity)

    assert running.promise.amount == hours * HOUR
    assert running.promise.time == "working"
    assert running.promise.starts == ("request.received",)
    assert running.promise.stops == ("notice.accepted",)
    assert running.promise.reopens == ("notice.bounced",)


def test_centaurs_severity_is_the_customers_to_set() -> None:  # C3
    rule = shipped("centaur").severity_rule

    assert rule is not None
    assert (rule.set_by, rule.change) == ("customer", "with-consent")


def test_centaurs_office_keeps_russias_calendar() -> None:  # A2
    calendar = shipped("centaur").calendar("office")
    open_hours = [(span.start.hour, span.end.hour) for span in calendar.hours_on(date(2026, 6, 11))]

    assert open_hours == [(9, 17)]  # a day before a holiday is not shorter
    assert not calendar.is_working_day(date(2026, 6, 12))
    assert not calendar.is_working_day(date(2026, 1, 9))  # a transferred day off
    assert calendar.is_working_day(date(2025, 11, 1))  # a working Saturday
    assert [(s.start.hour, s.end.hour) for s in calendar.hours_on(date(2025, 11, 1))] == [(9, 17)]
    assert calendar.is_working_day(date(2026, 11, 6))  # Tatarstan's day off is not switched on


def test_centaurs_cities_are_not_known() -> None:  # C10
    visits = shipped("centaur").visits

    assert visits is not None
    assert visits.cities is None
    assert visits.elsewhere == "after-approval"


def test_centaur_may_refuse_or_end_for_two_reasons() -> None:  # C7, C8
    assert {each.id: each.effect for each in shipped("centaur").refusals} == {
        "against-the-manual": "may-refuse",
        "conduct": "may-end",
    }


# 003


@pytest.mark.parametrize(
    ("family", "kind", "rate"),
    [
        ("subiekt", "started-unit", "200.00"),
        ("gestor", "started-unit", "200.00"),
        ("rachmistrz", "started-unit", "250.00"),
        ("rewizor", "started-unit", "250.00"),
        ("gratyfikant", "started-unit", "250.00"),
        ("database-repair", "plain", "400.00"),
        ("programming", "quoted", "250.00"),
    ],
)
def test_satisofts_rates_are_the_published_ones(family: str, kind: str, rate: str) -> None:  # S4
    (found,) = shipped("satisoft").tariffs(date(2026, 1, 1), family=family)

    assert found.tariff.kind == kind
    assert found.tariff.rate_per_hour == Money.of(rate, "PLN")
    assert found.tariff.scope == "ticket-family"


def test_satisoft_names_no_rate_for_navireo() -> None:  # S7
    (found,) = shipped("satisoft").tariffs(date(2026, 1, 1), family="navireo")

    assert found.tariff.rate_per_hour is None


def test_satisoft_quotes_before_a_second_hour_and_a_no_costs_nothing() -> None:  # S5, S6
    terms = shipped("satisoft")

    assert terms.estimate is not None
    assert terms.estimate.rule.budget_seconds == 3600
    assert terms.estimate.rule.declined_leaves == "nothing"
    assert terms.invoice is not None
    assert terms.invoice.after == "solution.confirmed"


def test_satisoft_adds_vat_of_23_percent() -> None:
    prices = shipped("satisoft").price_list(date(2026, 1, 1))

    assert prices is not None
    assert prices.vat.percent == Decimal(23)


def test_satisoft_calls_before_it_connects() -> None:  # S7
    terms = shipped("satisoft")

    for service in terms.services:
        assert terms.gate(service.gates[0]).kind is GateKind.PHONE_NOTED
        assert service.channels == (Channel.PHONE, Channel.SESSION)


def test_satisoft_promises_no_times() -> None:
    assert shipped("satisoft").promises_for("price-list") == ()


# 004


def test_no_cell_of_kryzhik_is_invented() -> None:  # K1
    terms = shipped("kryzhik")

    assert len(terms.matrix) == 11
    assert {cell for row in terms.matrix for cell in row.cells.values()} == {Cell.UNSTATED}
    assert all(row.assumed == "K1" for row in terms.matrix)


@pytest.mark.parametrize(
    ("package", "promised"),
    [
        ("start", {"begin": 30, "answer": 30, "solve": 240}),
        ("kryzhik-base", {"begin": 30, "answer": 30, "solve": 240}),
        ("kryzhik", {"begin": 30, "solve": 120}),
        ("nadezhny", {"begin": 30, "solve": 60}),
        ("nadezhny-upravlencheskiy", {"begin": 30, "solve": 60}),
    ],
)
def test_kryzhiks_clocks_are_the_published_ones(package: str, promised: dict[str, int]) -> None:  # K2, K3
    running = shipped("kryzhik").promises_for(package)

    assert {each.promise.key: each.promise.amount // timedelta(minutes=1) for each in running} == promised


def test_kryzhik_offers_paid_analysis_in_the_first_column_only() -> None:  # K4
    terms = shipped("kryzhik")
    after = {package.id: terms.aftermath_of("solve", package.id) for package in terms.packages}
    remedies = {package: each.remedy for package, each in after.items() if each}

    assert remedies == {
        "start": Remedy.AGREE_PAID_WORK,
        "kryzhik-base": Remedy.AGREE_PAID_WORK,
        "kryzhik": Remedy.ASK_PERSON,
        "nadezhny": Remedy.ASK_PERSON,
        "nadezhny-upravlencheskiy": Remedy.ASK_PERSON,
    }


def test_kryzhik_counts_requests_or_half_hours() -> None:  # K5, A8
    terms = shipped("kryzhik")
    quotas = {package.id: terms.quota(package.id) for package in terms.packages}

    assert {package: (quota.counts, str(quota.multiple)) for package, quota in quotas.items() if quota} == {
        "start": ("requests", "1"),
        "kryzhik-base": ("requests", "1"),
        "kryzhik": ("requests", "1"),
        "nadezhny": ("hours", "0.5"),
        "nadezhny-upravlencheskiy": ("hours", "0.5"),
    }


def test_kryzhik_takes_one_task_in_a_request() -> None:  # K6
    rule = shipped("kryzhik").request_rule

    assert rule is not None
    assert rule.tasks == 1


@pytest.mark.parametrize(
    ("service", "level"),
    [("consultation", Level.LOOK), ("solving", Level.ACT), ("mass-correction", Level.CHANGE_MANY)],
)
def test_kryzhiks_three_services_are_three_levels(service: str, level: Level) -> None:  # K7
    assert shipped("kryzhik").service(service).level is level


def test_kryzhiks_hours_are_assumed() -> None:  # A4
    (office,) = shipped("kryzhik").hours

    assert office.assumed == "A4"
    assert [(s.start.hour, s.end.hour) for s in office.calendar.hours_on(date(2026, 3, 11))] == [(9, 18)]
