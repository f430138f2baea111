"""A file that cannot be decided is not published, and the error names the two clauses that disagree."""

from dataclasses import dataclass
from functools import cache

import pytest

from pomost.contracts.shipped_terms import SHIPPED_TERMS
from pomost.rules.terms.parse import parse_terms
from pomost.rules.terms.problems import Problem, TermsInvalid
from vendors import ODD, no_holidays


@dataclass(frozen=True, slots=True)
class Clashing:
    """One edit of a good file, and the two clauses that then disagree."""

    id: str
    file: str
    old: str
    new: str
    key: str
    one: str
    other: str
    says: str


CASES = [
    Clashing("two tariffs for the same work", "odd", 'families = ["loom"]\npackages', 'families = ["press"]\npackages', "tariff[loom]", "I.b", "I.b", "prices the same work as “press”"),
    Clashing("two price lists of the same day", "odd", "until = 2025-12-31", "until = 2026-01-01", "price_list[new-year].from", "I.b", "I.b", "overlap"),
    Clashing("a price of what is included", "damal", 'cells = { sla = "paid", none = "paid" }', 'cells = { sla = "yes", none = "paid" }', "tariff[with-sla]", "5", "0.5", "never to pay"),
    Clashing("a fee with what is included", "bonus", 'clause = "3.3"\ncells = { licence = "paid", no-licence = "unstated" }', 'clause = "3.3"\ncells = { licence = "yes", no-licence = "no" }', "fee[connection]", "3.3.1", "3.3", "never to pay"),
    Clashing("an estimate of what is included", "odd", 'services = ["repair"]\n\n[invoice]', 'services = ["advice"]\n\n[invoice]', "estimate.services", "I.b", "I.a", "never to pay"),
    Clashing("a quota that nothing draws", "odd", 'gold = "quota" }', 'gold = "yes" }', "quota[#1].packages", "I.b", "I.a", "no service is taken from it"),
    Clashing("paid work after a promise on what is included", "kryzhik", 'service = "data-analysis"\nclause = "2.1"\nassumed = "K1"\ncells = { start = "unstated"', 'service = "data-analysis"\nclause = "2.1"\nassumed = "K1"\ncells = { start = "yes"', "then.service", "3.4", "2.1", "is included"),
    Clashing("what follows a promise that is not made", "odd", 'gold = { calm = "none", fire = "4h" }\n', 'gold = { calm = "none", fire = "4h" }\n\n[[promise.then]]\npackages = "silver"\nremedy = "ask-person"\nclause = "I.b"\n', "then.packages", "I.b", "I.a", "nothing is promised"),
    Clashing("two promises between the same events", "odd", 'starts = "clock:call-back"\nstops = ["solution.proposed"]', 'starts = "request.received"\nstops = ["work.began"]', "promise[mend]", "I.a", "I.a", "between the same events"),
    Clashing("a gate above the service's level", "odd", 'level = "change-many"', 'level = "act"', "service[repair].gates", "I.a", "I.a", "reaches “act” at most"),
    Clashing("a consent to pay that comes after paid work began", "satisoft", 'kind = "price-accepted"\nclause = "4.5"\nbefore = "look"', 'kind = "price-accepted"\nclause = "4.5"\nbefore = "act"', "service[remote-help].gates", "4.5", "1.1", "after the first look"),
    Clashing("a consent to pay that may be left out", "satisoft", 'kind = "price-accepted"\nclause = "4.5"\nbefore = "look"', 'kind = "price-accepted"\nclause = "4.5"\nbefore = "look"\nwaivable = true', "service[remote-help].gates", "4.5", "1.1", "may be left out"),
    Clashing("a promise that its hours can never hold", "kryzhik", 'hours = { mon-fri = ["09:00-18:00"] }', "hours = { mon-fri = [] }", "promise[", "3.1", "3.6", "does not pass within ten years"),
    Clashing("a complaint counted in days that never work", "damal", '[warranty]\nguarantee_days = 14\ncomplaint_working_days = 3\ncalendar = "working-days"', '[[calendar]]\nid = "never"\nclause = "1"\nhours = { mon-fri = [] }\n\n[warranty]\nguarantee_days = 14\ncomplaint_working_days = 3\ncalendar = "never"', "warranty.calendar", "1", "1", "never open"),
    Clashing("an invoice after a no that costs nothing", "satisoft", 'after = "solution.confirmed"', 'after = "estimate.declined"', "invoice.after", "6", "5.2", "nothing to pay"),
    Clashing("packages that stand in for each other", "odd", 'name = "Silver"\nclause = "I.a"', 'name = "Silver"\nclause = "I.a"\nif_not_shown = "gold"\nif_not_shown_clause = "I.b"', "package[silver].if_not_shown", "I.b", "I.a", "stand in for each other"),
    Clashing("a price by product for a service that asks for none", "satisoft", 'gates = ["phone-call", "price"]\nfamilies = ["programming"]', 'gates = ["phone-call", "price"]', "matrix[programming].cells.price-list", "4.4", "4.1", "asks for none"),
    Clashing("visits that no service makes", "odd", "[confirmation]", '[visits]\ncities = "unstated"\ncalendar = "night"\nelsewhere = "no"\nclause = "I.b"\nelsewhere_clause = "I.b"\n\n[confirmation]', "visits", "I.b", "I.a", "where a technician travels"),
    Clashing("a service that stays where nothing goes", "odd", 'channels = ["phone", "session"]\nlevel = "look"', 'channels = ["phone", "session"]\nlevel = "look"\noutdated_stays = true', "service[advice].outdated_stays", "I.a", "I.a", "no rule takes anything"),
]  # fmt: skip


@cache
def text_of(file: str) -> str:
    path = ODD if file == "odd" else SHIPPED_TERMS / f"{file}.toml"
    return path.read_text(encoding="utf-8")


def problems_of(text: str) -> tuple[Problem, ...]:
    with pytest.raises(TermsInvalid) as refused:
        parse_terms(text, "clash.toml", no_holidays)
    return refused.value.problems


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_clauses_that_disagree_are_both_named(case: Clashing) -> None:
    text = text_of(case.file)
    assert case.old in text

    found = problems_of(text.replace(case.old, case.new, 1))

    hits = [each for each in found if case.key in each.key and case.says in each.what]
    assert hits, "\n".join(map(str, found))
    named = f"§ {case.one}" if case.one == case.other else f"§ {case.one} against § {case.other}"
    assert named in hits[0].what, hits[0].what
    assert hits[0].line is not None
    assert hits[0].do


def test_a_file_without_such_an_edit_is_accepted() -> None:
    for file in {case.file for case in CASES}:
        assert parse_terms(text_of(file), file, no_holidays).clauses
