"""Each fact that concerns a ticket is told in its timeline, or left out on purpose."""

import ast
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

import pomost
from people import ask, desk_of
from pomost.contracts.queries import terms_of
from pomost.tickets.queries.sentences import SENTENCES, level_words, sentence
from pomost.tickets.queries.timeline import FOR_STAFF, SHOWN_OTHERWISE

SOURCES = Path(next(iter(pomost.__path__)))
RECORDERS = {"record", "fact", "_fact"}
BY_STATE = {
    "billing/actions/complaints.py": {"complaint.accepted", "complaint.rejected"},
    "files/actions.py": {"file.upload-damaged", "file.upload-cancelled", "file.upload-expired"},
    "tickets/actions/restricting.py": {"restriction.lifted", "restriction.lapsed"},
    "billing/actions/estimates.py": {"estimate.accepted", "estimate.declined"},
}
"""Kinds that are made of a row's state."""
NOT_ABOUT_A_TICKET = {
    "calendar.overridden",
    "calendar.override-withdrawn",
    "calendar.recomputed",
    "calendar.year-confirmed",
    "contract.added",
    "contract.allowance-set",
    "contract.shown",
    "contract.visits-set",
    "contact.added",
    "contact.phone-set",
    "customer.added",
    "known-error.confirmed",
    "known-error.mended-in",
    "known-error.reported",
    "known-error.reworded",
    "person.added",
    "person.password-set",
    "release.outdated-set",
    "release.planned",
    "release.published",
    "session.declined",  # a call is tied to a request only by its answer
    "session.missed",
    "session.rung",
    "technician.absence-noted",
    "technician.absence-withdrawn",
    "technician.added",
    "technician.calendar-address-made",
    "technician.calendar-address-revoked",
    "technician.presence",
    "terms.draft-discarded",
    "terms.draft-saved",
    "terms.draft-started",
    "terms.published",
    "token.issued",
    "token.revoked",
    "vendor.added",
    "webhook.added",
    "webhook.gave-up",
    "webhook.pinged",
    "webhook.removed",
    "webhook.secret-renewed",
    "webhook.sent-again",
    "webhook.switched-off",
    "webhook.switched-on",
}
"""Their subject is another one, so no ticket's timeline reads them."""


class Module:
    """One source file and the calls in it."""

    def __init__(self, path: Path) -> None:
        self.path = path.relative_to(SOURCES).as_posix()
        self.tree = ast.parse(path.read_text(encoding="utf-8"))
        self.functions = {
            node.name: node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef)
        }

    def calls(self, names: set[str]) -> Iterator[tuple[ast.FunctionDef, ast.Call]]:
        for function in self.functions.values():
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and _called(node) in names:
                    yield function, node


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


MODULES = [Module(path) for path in sorted(SOURCES.rglob("*.py")) if "engine" not in path.parts]


def words(node: ast.expr, function: ast.FunctionDef, module: Module) -> set[str]:
    """Return what an argument can be: a constant, a choice of them, or what the callers of its function pass."""
    if isinstance(node, ast.Constant):
        return {str(node.value)}
    if isinstance(node, ast.IfExp):
        return words(node.body, function, module) | words(node.orelse, function, module)
    if isinstance(node, ast.JoinedStr):
        made = {""}
        for part in node.values:
            inner = part.value if isinstance(part, ast.FormattedValue) else part
            made = {head + tail for head in made for tail in words(inner, function, module)}
        return made
    arguments = [*function.args.posonlyargs, *function.args.args]
    places = [
        place for place, each in enumerate(arguments) if isinstance(node, ast.Name) and each.arg == node.id
    ]
    if not places:
        return {f"<{ast.unparse(node)}>"}
    # `fact` of tickets/actions is called from other modules too; a private helper only from its own.
    where = MODULES if not function.name.startswith("_") else [module]
    found: set[str] = set()
    for other in where:
        for caller, call in other.calls({function.name}):
            if len(call.args) > places[0]:
                found |= words(call.args[places[0]], caller, other)
    return found


def kinds() -> set[str]:
    """Return every kind of fact that the sources record."""
    found: set[str] = set()
    for module in MODULES:
        for function, call in module.calls({"record"}):
            if not call.args or module.path.startswith(("demo/", "agent/", "journal/")):
                continue
            named = words(call.args[0], function, module)
            found |= {kind for kind in named if "." in kind and "<" not in kind}
            if any("<" in kind for kind in named):
                found |= BY_STATE[module.path]
    return found


def test_the_walk_finds_facts_of_every_shape() -> None:
    assert {"ticket.registered", "ticket.work-stopped", "session.granted", "session.missed"} <= kinds()
    assert {"ticket.assigned", "ticket.taken", "estimate.proposed", "invoice.issued"} <= kinds()


def test_every_fact_about_a_ticket_has_its_sentence_or_is_left_out_on_purpose() -> None:
    silent = kinds() - set(SENTENCES) - set(SHOWN_OTHERWISE) - NOT_ABOUT_A_TICKET

    assert sorted(silent) == []


def test_no_sentence_is_kept_for_a_fact_that_nobody_records() -> None:
    assert sorted((set(SENTENCES) | set(FOR_STAFF) | NOT_ABOUT_A_TICKET) - kinds()) == []


@pytest.mark.django_db
@pytest.mark.parametrize("level", ["none", "look", "point", "act", "change-many"])
@pytest.mark.parametrize("language", ["en", "ru", "pl"])
def test_what_a_session_was_allowed_is_said_in_words(level: str, language: str) -> None:
    desk = desk_of("centaur")
    ticket = ask(desk.ada, "settings-advice", datetime(2026, 6, 15, 9, tzinfo=UTC), severity="low")

    for kind in ("session.granted", "session.withdrawn"):
        told = sentence(kind, {"level": level}, ticket, terms_of(ticket.terms), {}, language)
        assert told is not None
        assert told.text.endswith(".")
        assert "change-many" not in told.text
    assert level_words(level)
