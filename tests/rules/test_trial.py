"""A draft tried on real requests: a month counted by hand, and what holds for every month and every change."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pomost.rules.clocks import EVENTS, Event
from pomost.rules.entitlement import Outcome
from pomost.rules.terms.model import Terms
from pomost.rules.terms.parse import parse_terms
from pomost.rules.trial.compare import Tried, try_terms
from pomost.rules.trial.facts import Answered, Decided, Request, Stretch, Way
from pomost.rules.trial.side import Lacks, Side, side_of
from vendors import ODD, SLUGS, no_holidays, odd, shipped

DAY = date(2026, 6, 15)
TEN = datetime(2026, 6, 15, 9, tzinfo=UTC)
"""Ten o'clock in Lisbon, a Monday."""


def request(number: str = "R1", /, **facts: object) -> Request:
    """Return a request of a gold customer for a repair of a press, on fire, on which nothing happened yet."""
    plain = Request(
        number=number,
        customer=1,
        day=DAY,
        service="repair",
        family="press",
        package_claimed="gold",
        package_shown=True,
        outdated=False,
        severity="fire",
        decided=None,
        events=(),
        until=TEN + timedelta(days=30),
        work=(),
        ways=(),
        answered=Answered(),
        counted_seconds=0,
        began=False,
        is_charged=True,
    )
    return replace(plain, **facts)  # type: ignore[arg-type]


def happened(**minutes: int) -> tuple[Event, ...]:
    """Return events by their names and the minutes after ten; the request itself came at ten."""
    told = {"request_received": 0, **minutes}
    return tuple(
        Event(name.replace("_", "."), TEN + timedelta(minutes=after)) for name, after in told.items()
    )


def worked(minutes: int, family: str = "press", service: str = "repair") -> tuple[Stretch, ...]:
    return (Stretch(service, family, "by-hand", minutes * 60, DAY),)


def odd_with(*edits: tuple[str, str]) -> Terms:
    text = ODD.read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new, 1)
    return parse_terms(text, "odd.toml", no_holidays)


SMALL_MONTH = (
    request("R1", events=happened(work_began=15, solution_proposed=20), work=worked(40)),
    request(
        "R2",
        family="loom",
        package_claimed="silver",
        severity="calm",
        events=happened(work_began=660),
        work=worked(20, "loom"),
    ),
    request(
        "R3",
        service="advice",
        family="",
        severity="calm",
        events=happened(work_began=25),
        work=worked(10, "", "advice"),
        counted_seconds=600,
        began=True,
    ),
    request(
        "R4",
        events=happened(work_began=5, solution_proposed=70),
        work=worked(60),
        answered=Answered("declined"),
    ),
    request(
        "R5",
        service="advice",
        family="",
        package_claimed="silver",
        severity="calm",
        events=happened(work_began=60),
    ),
    request("R6", package_claimed="bronze"),
)
DRAFT = (
    ('version = "3-odd"', 'version = "4"'),
    ('gold = "20m"', 'gold = "12m"'),
    ('calm = "12h"', 'calm = "10h"'),
    ('rate_per_hour = "96.00"', 'rate_per_hour = "84.00"'),
    ('rate_per_hour = "33.33"', 'rate_per_hour = "36.00"'),
    ('multiple = "0.25"', 'multiple = "0.5"'),
    ('silver = "no", gold = "quota"', 'silver = "yes", gold = "quota"'),
)


def test_a_small_month_comes_out_as_it_was_counted_by_hand() -> None:
    """R1: called back after 15 minutes; 20 were promised, then 12. 40 minutes are 3 quarters: 3 x 24.00, then 3 x 21.00.

    R2: called back after 11 hours; 12 were promised, then 10. 20 minutes at 33.33 are 11.11, at 36.00 they are 12.00.
    R3: called back after 25 minutes, late either way; 10 minutes take 0.25 h from the quota, then 0.5 h.
    R4: the estimate was declined, so 45 of the 60 minutes are paid: again 3 quarters. R5: refused, then included.
    R6: nobody knows the package.
    """
    trial = try_terms(SMALL_MONTH, odd(), odd_with(*DRAFT))
    totals = trial.totals

    assert (totals.requests, totals.not_judged, totals.otherwise) == (6, 1, 5)
    assert (totals.missed_before, totals.missed_after) == (1, 3)
    assert (totals.newly_missed, totals.no_longer_missed) == (2, 0)
    assert (str(totals.net_before), str(totals.net_after), str(totals.more)) == (
        "155.11 EUR",  # 72.00 + 11.11 + 72.00
        "138.00 EUR",  # 63.00 + 12.00 + 63.00
        "-17.11 EUR",
    )
    assert totals.otherwise_decided == 1
    assert (totals.used_before, totals.used_after) == ({"hours": Decimal("0.25")}, {"hours": Decimal("0.5")})
    assert [(each.request.number, str(each.more)) for each in trial.differing] == [
        ("R1", "-9.00 EUR"),
        ("R2", "0.89 EUR"),
        ("R3", "0.00 EUR"),
        ("R4", "-9.00 EUR"),
        ("R5", "0.00 EUR"),
    ]
    assert [(each.key, each.is_newly_missed) for each in trial.tried[0].promises] == [("call-back", True)]


def test_each_side_names_its_own_clause() -> None:
    moved = odd_with(('id = "call-back"', 'id = "call-back"'), *DRAFT)
    moved = replace(moved, promises=tuple(replace(each, clause="II") for each in moved.promises))

    (tried,) = try_terms(SMALL_MONTH[:1], odd(), moved).tried

    (promise,) = tried.promises
    assert promise.before is not None
    assert promise.after is not None
    assert (promise.before.clause, promise.after.clause) == ("I.a", "II")
    assert tried.both is not None
    assert [[line.clause for line in side.lines] for side in tried.both] == [["I.b"], ["I.b"]]


def test_what_a_person_decided_stands_as_long_as_the_terms_say_the_same() -> None:
    decided = Decided(Outcome.PAID, Outcome.INCLUDED)
    given_away = request(work=worked(40), decided=decided)
    refusing = odd_with(('silver = "paid", gold = "paid"', 'silver = "paid", gold = "no"'))

    (tried,) = try_terms([given_away], odd(), refusing).tried

    assert tried.both is not None
    assert [side.outcome for side in tried.both] == [Outcome.INCLUDED, Outcome.REFUSED]
    assert [str(side.net) for side in tried.both] == ["0.00 EUR", "0.00 EUR"]


def test_prices_that_are_still_to_come_are_tried_as_of_their_first_day() -> None:
    later = odd_with(
        ("from = 2025-03-01", "from = 2026-12-01"), ('rate_per_hour = "96.00"', 'rate_per_hour = "100.00"')
    )

    (tried,) = try_terms([request(work=worked(15))], odd(), later).tried

    assert str(tried.more) == "1.00 EUR"


def test_nothing_is_paid_for_what_was_closed_without_a_solution_or_looks_into_a_complaint() -> None:
    way = Way("road", Decimal(10), DAY, None)
    facts = {"work": worked(60), "ways": (way,)}

    def net(**more: object) -> str:
        side = side_of(odd(), request(**facts, **more))
        assert isinstance(side, Side)
        return str(side.net)

    assert net() == "83.50 EUR"  # 45 minutes without an estimate, 3 x 24.00, and 10 km at 1.15
    assert net(is_charged=False) == "0.00 EUR"
    assert net(complaint="free") == "0.00 EUR"
    assert net(complaint="rejected") == "11.50 EUR"


def test_a_fee_is_due_once_a_customer_on_each_side() -> None:
    bonus = shipped("bonus")
    fee = bonus.fees(date(2026, 6, 15), "direct-connection")[0].fee
    asked = request(
        service="direct-connection",
        family="",
        package_claimed=next(each.id for each in bonus.packages),
        severity="",
        work=(Stretch("direct-connection", "", "s", 3600, DAY),),
        decided=None,
    )

    trial = try_terms([asked, replace(asked, number="R2")], bonus, bonus)
    later = try_terms([asked], bonus, bonus, {1: frozenset({fee.key})})

    sums = [each.both[0].net.amount for each in trial.tried if each.both]
    assert sums[0] - sums[1] == fee.amount.amount
    assert [each.both[0].net.amount for each in later.tried if each.both] == [sums[1]]


@pytest.mark.parametrize(
    ("facts", "lacks"),
    [
        ({"package_claimed": "bronze"}, Lacks("package", "bronze")),
        ({"service": "dance"}, Lacks("service", "dance")),
        ({"family": "kiln"}, Lacks("family", "kiln")),
        ({"severity": "mild", "package_claimed": "silver"}, Lacks("severity", "mild")),
        ({"work": (Stretch("dance", "", "s", 60, DAY),)}, Lacks("service", "dance")),
    ],
)
def test_a_name_that_a_version_does_not_know_is_told_and_judged_by_nobody(
    facts: dict[str, object], lacks: Lacks
) -> None:
    asked = request(events=happened(), **facts)

    assert side_of(odd(), asked) == lacks
    trial = try_terms([asked], odd(), odd())
    assert (trial.totals.not_judged, trial.totals.otherwise) == (1, 0)


TERMS = [*(shipped(slug) for slug in SLUGS), odd()]


@st.composite
def months(draw: st.DrawFn) -> tuple[Terms, list[Request]]:
    """A version of terms, and requests that fit it or nearly so."""
    terms = TERMS[draw(st.integers(0, len(TERMS) - 1))]
    services = [each.id for each in terms.services]
    packages = [each.id for each in terms.packages]

    def one(number: int) -> Request:
        service = draw(st.sampled_from(services))
        families = [*terms.service(service).families, ""]
        moments = draw(
            st.lists(st.tuples(st.sampled_from(sorted(EVENTS)), st.integers(0, 12_000)), max_size=8)
        )
        return request(
            f"R{number}",
            customer=draw(st.integers(1, 2)),
            service=service,
            family=draw(st.sampled_from(families)),
            package_claimed=draw(st.sampled_from(["", *packages])),
            package_shown=draw(st.booleans()),
            outdated=draw(st.booleans()),
            severity=draw(st.sampled_from([each.id for each in terms.severities] or [""])),
            events=tuple(Event(name, TEN + timedelta(minutes=after)) for name, after in moments),
            until=TEN + timedelta(minutes=draw(st.integers(0, 20_000))),
            work=tuple(
                Stretch(
                    service,
                    draw(st.sampled_from(families)),
                    draw(st.sampled_from(["by-hand", "s1"])),
                    seconds,
                    DAY,
                )
                for seconds in draw(st.lists(st.integers(0, 20_000), max_size=3))
            ),
            ways=tuple(
                Way(key, Decimal(2), DAY, draw(st.none() | st.integers(0, 500).map(Decimal)))
                for key in draw(st.lists(st.sampled_from(["road", "travel"]), max_size=1))
            ),
            answered=draw(
                st.builds(
                    Answered,
                    st.sampled_from(["none", "proposed", "accepted", "declined"]),
                    st.none() | st.integers(1, 900).map(Decimal),
                    st.none() | st.integers(0, 20_000),
                )
            ),
            counted_seconds=draw(st.integers(0, 20_000)),
            began=draw(st.booleans()),
            is_charged=draw(st.booleans()),
        )

    return terms, [one(number) for number in range(draw(st.integers(1, 4)))]


@settings(max_examples=40)
@given(months())
def test_the_same_terms_differ_in_nothing(month: tuple[Terms, list[Request]]) -> None:
    terms, requests = month

    trial = try_terms(requests, terms, terms)

    assert trial.differing == ()
    assert trial.totals.more.amount == 0
    assert trial.totals.missed_before == trial.totals.missed_after
    assert trial.totals.newly_missed == trial.totals.no_longer_missed == trial.totals.unpriced_seconds == 0


def shortened(terms: Terms, share: int) -> Terms:
    """Return terms with a share of every promised time, in percent."""
    return replace(
        terms,
        promises=tuple(
            replace(
                each,
                amounts={
                    whom: None if amount is None else amount * share / 100
                    for whom, amount in each.amounts.items()
                },
            )
            for each in terms.promises
        ),
    )


@settings(max_examples=40)
@given(months(), st.integers(1, 99))
def test_shorter_promises_never_have_fewer_misses(month: tuple[Terms, list[Request]], share: int) -> None:
    terms, requests = month

    trial = try_terms(requests, terms, shortened(terms, share))

    assert trial.totals.missed_after >= trial.totals.missed_before
    assert trial.totals.no_longer_missed == 0
    assert all(each.both[0].missed <= each.both[1].missed for each in trial.tried if each.both)
    assert trial.totals.more.amount == 0


def raised(terms: Terms, by_hundredths: int) -> Terms:
    """Return terms in which every rate and fee is higher by so many percent."""
    factor = Decimal(100 + by_hundredths) / 100

    return replace(
        terms,
        price_lists=tuple(
            replace(
                prices,
                tariffs=tuple(
                    replace(
                        each,
                        tariff=replace(
                            each.tariff,
                            rate_per_hour=each.tariff.rate_per_hour and each.tariff.rate_per_hour * factor,
                        ),
                    )
                    for each in prices.tariffs
                ),
                fees=tuple(
                    replace(each, fee=replace(each.fee, amount=each.fee.amount * factor))
                    for each in prices.fees
                ),
                travels=tuple(
                    replace(
                        each,
                        travel=replace(each.travel, rate=each.travel.rate and each.travel.rate * factor),
                    )
                    for each in prices.travels
                ),
            )
            for prices in terms.price_lists
        ),
    )


@settings(max_examples=40)
@given(months(), st.integers(0, 300))
def test_prices_raised_on_every_line_never_cost_less(
    month: tuple[Terms, list[Request]], percent: int
) -> None:
    terms, requests = month

    trial = try_terms(requests, terms, raised(terms, percent))

    assert all(each.more.amount >= 0 for each in trial.tried if each.more is not None)
    assert trial.totals.more.amount >= 0
    assert trial.totals.newly_missed == trial.totals.no_longer_missed == 0


@settings(max_examples=30)
@given(months(), st.integers(1, 99), st.integers(0, 300))
def test_the_totals_are_the_sums_of_the_rows(
    month: tuple[Terms, list[Request]], share: int, percent: int
) -> None:
    terms, requests = month

    def summed(count: Callable[[Tried], int]) -> int:
        return sum(count(each) for each in trial.tried)

    trial = try_terms(requests, terms, shortened(raised(terms, percent), share))

    totals = trial.totals
    assert totals.missed_after - totals.missed_before == totals.newly_missed - totals.no_longer_missed
    assert totals.more.amount == sum((each.more.amount for each in trial.tried if each.more), Decimal(0))
    assert totals.newly_missed == summed(lambda each: sum(one.is_newly_missed for one in each.promises))
    assert totals.otherwise == len(trial.differing)


def test_the_laws_are_no_empty_ones() -> None:
    """The negative control: misses, sums and verdicts do differ where promises, prices and cells do."""
    trial = try_terms(SMALL_MONTH, odd(), raised(shortened(odd(), 10), 100))

    assert trial.totals.newly_missed >= 2
    assert trial.totals.more.amount == trial.totals.net_before.amount
