"""The direction of imports, where import-linter cannot see it: foreign keys name tables of lower folders only."""

import tomllib
from pathlib import Path

from django.apps import apps
from django.db.models import Model

ROOT = Path(__file__).resolve().parents[2]


def layers() -> list[set[str]]:
    """Return the folders of each layer, highest first, as the contract in pyproject.toml gives them."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contract = next(c for c in config["tool"]["importlinter"]["contracts"] if c["id"] == "layers")
    return [{name.strip().strip("()") for name in row.split("|")} for row in contract["layers"]]


def height(folder: str, rows: list[set[str]]) -> int:
    """Return how high `folder` stands; 0 is the lowest."""
    return len(rows) - next(n for n, row in enumerate(rows) if folder in row)


def uphill(models: list[type[Model]], rows: list[set[str]]) -> list[str]:
    """Return a sentence for each field that points from a lower to a higher (or a sibling) folder."""
    faults = []
    for model in models:
        for field in model._meta.get_fields():
            target = field.related_model if field.concrete else None
            if not isinstance(target, type) or not target.__module__.startswith("pomost."):
                continue
            mine, theirs = (m.__module__.split(".")[1] for m in (model, target))
            if mine != theirs and height(theirs, rows) >= height(mine, rows):
                faults.append(
                    f"{model.__name__}.{field.name} ({mine}) points up to {target.__name__} ({theirs})"
                )
    return faults


def ours() -> list[type[Model]]:
    return [m for m in apps.get_models(include_auto_created=True) if m.__module__.startswith("pomost.")]


def test_no_table_points_to_a_higher_folder() -> None:
    assert uphill(ours(), layers()) == []


def test_the_walk_would_see_a_key_that_points_up() -> None:
    upside_down = list(reversed(layers()))

    assert uphill(ours(), upside_down) != []


def test_every_folder_has_a_place() -> None:
    folders = {p.parent.name for p in (ROOT / "src" / "pomost").glob("*/__init__.py")}

    assert folders <= set().union(*layers())
