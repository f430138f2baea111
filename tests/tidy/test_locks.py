"""Who locks a row joins it only to rows that it keeps for life.

On PostgreSQL a statement that has waited for a lock reads the locked row anew, but what is joined to it stays as it was: a
relation that somebody else has just set comes back as None. So nothing nullable is joined under a lock.
"""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Model

SRC = Path(__file__).parents[2] / "src"
CALL = r"\((?:[^()]|\([^()]*\))*\)"
LOCKED = re.compile(
    rf"(?P<model>\w+)\.objects\s*\.select_for_update{CALL}\s*(?:\.\w+{CALL}\s*)*?\.select_related(?P<paths>{CALL})"
)
MODELS: dict[str, type[Model]] = {model.__name__: model for model in apps.get_models()}


def joined(text: str) -> list[tuple[str, str]]:
    """Return model and path of each relation that is joined under a lock."""
    return [
        (found["model"], path)
        for found in LOCKED.finditer(text)
        for path in re.findall(r'"(\w+)"', found["paths"])
    ]


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
    bad = [
        f"{path.relative_to(SRC)}: {model}.{relation}"
        for path in sorted(SRC.rglob("*.py"))
        for model, relation in joined(path.read_text(encoding="utf-8"))
        if may_be_empty(MODELS[model], relation)
    ]

    assert bad == []


@pytest.mark.parametrize(("model", "path"), [("Ticket", "assigned_to__person"), ("KnownError", "release")])
def test_the_check_finds_what_it_looks_for(model: str, path: str) -> None:
    text = f'{model}.objects.select_for_update(of=("self",), no_key=True)\n    .select_related("vendor", "{path}")'

    assert joined(text) == [(model, "vendor"), (model, path)]
    assert may_be_empty(MODELS[model], path)
    assert not may_be_empty(MODELS[model], "vendor")
