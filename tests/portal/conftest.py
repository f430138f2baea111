"""Desks of the vendors whose terms the portal shows."""

import pytest

from people import Cast, desk_of, with_package


@pytest.fixture
def centaur(db: None) -> Cast:
    """Support by packages, with severities and a promised reaction."""
    made = desk_of("centaur")
    with_package(made.acme, "extended")
    return made


@pytest.fixture
def kryzhik(db: None) -> Cast:
    """Support by tariffs, counted in hours."""
    made = desk_of("kryzhik")
    with_package(made.acme, "nadezhny")
    return made


@pytest.fixture
def satisoft(db: None) -> Cast:
    """Help by price list, with an estimate after an hour."""
    return desk_of("satisoft")


@pytest.fixture
def bonus(db: None) -> Cast:
    """Help that is ordered ahead, and demands with a request."""
    made = desk_of("bonus")
    with_package(made.acme, "licence")
    return made


@pytest.fixture
def damal(db: None) -> Cast:
    """Consultations with a guarantee."""
    made = desk_of("damal")
    with_package(made.acme, "sla")
    return made
