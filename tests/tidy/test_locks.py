"""Who locks a row joins it only to rows that it keeps for life.

On PostgreSQL a statement that has waited for a lock reads the locked row anew, but what is joined to it stays as it was: a
relation that somebody else has just set comes back as None. So nothing nullable is joined under a lock.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Model

SRC = Path(__file__).parents[2] / "src"
LOCK, JOIN = "select_for_update", "select_related"
MODELS: dict[str, type[Model]] = {model.__name__: model for model in apps.get_models()}

Call = tuple[str, ast.Call]
"""A call in a chain, by the name of the method."""


def chains(text: str) -> Iterator[tuple[ast.expr, list[Call]]]:
    """Return each chain of calls that locks, whole: what it begins with, and its calls in their order."""
    inner: set[ast.AST] = set()
    for node in ast.walk(ast.parse(text)):  # outer nodes come before the inner ones
        if node in inner or not isinstance(node, ast.Call):
            continue
        begins: ast.expr = node
        calls: list[Call] = []
        while isinstance(begins, ast.Call) and isinstance(begins.func, ast.Attribute):
            inner.add(begins)
            calls.insert(0, (begins.func.attr, begins))
            begins = begins.func.value
        if LOCK in (name for name, _call in calls):
            yield begins, calls


def models_of(begins: ast.expr) -> set[type[Model]]:
    """Return the models whose rows a chain may read: of `Model.objects` that one, of `row.manager` all with such a manager."""
    if not isinstance(begins, ast.Attribute):
        return set()
    if isinstance(begins.value, ast.Name) and begins.value.id in MODELS:
        return {MODELS[begins.value.id]}
    return {
        relation.related_model
        for model in MODELS.values()
        for relation in model._meta.related_objects
        if relation.get_accessor_name() == begins.attr and isinstance(relation.related_model, type)
    }


def joined(text: str) -> list[tuple[str, str]]:
    """Return model and path of each relation that is joined under a lock, whichever of the two is said first."""
    found = []
    for begins, calls in chains(text):
        paths = [argument for name, call in calls if name == JOIN for argument in call.args]
        for path in paths:
            assert isinstance(path, ast.Constant), f"Name what is joined under the lock: {ast.unparse(path)}"
            found += [(model.__name__, str(path.value)) for model in models_of(begins)]
    return found


def may_be_empty(model: type[Model], path: str) -> bool:
    """Say whether a relation on the way of a path may be NULL."""
    for name in path.split("__"):
        field = model._meta.get_field(name)
        if getattr(field, "null", True):
            return True
        assert isinstance(field.related_model, type)
        model = field.related_model
    return False


def test_nothing_that_may_be_empty_is_joined_under_a_lock() -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in sorted(SRC.rglob("*.py"))}
    joins = [
        (path.relative_to(SRC), model, name) for path, text in texts.items() for model, name in joined(text)
    ]

    bad = [f"{path}: {model}.{name}" for path, model, name in joins if may_be_empty(MODELS[model], name)]

    assert bad == []
    assert {"Ticket", "Technician", "RemoteSession"} <= {model for _path, model, _name in joins}


def test_every_lock_is_looked_at() -> None:
    texts = [path.read_text(encoding="utf-8") for path in SRC.rglob("*.py")]
    locks = sum(text.count(f".{LOCK}(") for text in texts)
    seen = [begins for text in texts for begins, _calls in chains(text)]

    assert 0 < locks == len(seen)
    assert [ast.unparse(begins) for begins in seen if not models_of(begins)] == []


LOCKED = f'.{LOCK}(of=("self",), no_key=True)'


@pytest.mark.parametrize(("model", "path"), [("Ticket", "assigned_to__person"), ("KnownError", "release")])
@pytest.mark.parametrize(
    "order",
    [
        "{lock}{join}.get(pk=1)",
        "{join}{lock}.get(pk=1)",
        '{lock}.filter(pk__in=(1, 2)){join}.order_by("pk")',
        "{join}.filter(pk__in=rows((1, 2))){lock}.first()",
    ],
)
def test_the_check_finds_what_it_looks_for(model: str, path: str, order: str) -> None:
    join = f'\n    .{JOIN}("vendor", "{path}")\n    '

    assert joined(f"(\n{model}.objects{order.format(lock=LOCKED, join=join)})") == [
        (model, "vendor"),
        (model, path),
    ]
    assert may_be_empty(MODELS[model], path)
    assert not may_be_empty(MODELS[model], "vendor")


@pytest.mark.parametrize("order", [f'{LOCKED}.{JOIN}("technician")', f'.{JOIN}("technician"){LOCKED}'])
def test_the_check_knows_the_rows_of_a_related_manager(order: str) -> None:
    assert joined(f"ticket.visits.filter(pk=1){order}.first()") == [("Visit", "technician")]
    assert may_be_empty(MODELS["Visit"], "technician")


def test_the_check_finds_a_lock_within_another_call() -> None:
    assert joined(f'rows = list(of(Visit.objects{LOCKED}.{JOIN}("consent")))') == [("Visit", "consent")]


def test_what_is_joined_without_a_lock_is_nobodys_business() -> None:
    assert joined(f'Ticket.objects.{JOIN}("assigned_to").get(pk=Visit.objects{LOCKED}.get().ticket_id)') == []
