"""The sections of a terms file about what the vendor does, for whom, and what must come first.

Owns [[family]], [[package]], [[service]], [[matrix]], [[severity]],
[severity_rule], [versions], [[gate]], [[part]], [requests] and [[refusal]]. How
they must agree with one another is check.py; every key is described in
terms/README.md.
"""

from typing import Final

from pomost.rules.levels import LEVELS_BY_WORD, Level
from pomost.rules.terms.parts import (
    Cell,
    Channel,
    Family,
    Gate,
    GateKind,
    MatrixRow,
    Package,
    PartKind,
    Refusal,
    RequestPart,
    RequestRule,
    Service,
    Severity,
    SeverityRule,
    VersionRule,
)
from pomost.rules.terms.reading import kind_of, listed, nearest
from pomost.rules.terms.table import Table
from pomost.rules.terms.worded import worded

TASKS_MAX: Final = 20


def families(top: Table) -> tuple[Family, ...]:
    """Read [[family]]."""
    found = []
    for table in top.tables("family"):
        found.append(Family(id=table.own_id("family"), name=table.said("name", plain=True)))
        table.close()
    return tuple(found)


def packages(top: Table) -> tuple[Package, ...]:
    """Read [[package]]; a file needs at least one."""
    tables = top.tables("package")
    if not tables:
        top.problem("package", worded("packages-none"), worded("add-package"))
    found = []
    for table in tables:
        instead = table.optional_ref("if_not_shown", "package")
        found.append(
            Package(
                id=table.own_id("package"),
                name=table.said("name", plain=True),
                clause=table.ref("clause", "clause"),
                default=table.flag("default"),
                if_not_shown=instead,
                if_not_shown_clause=table.optional_ref(
                    "if_not_shown_clause", "clause", required=instead is not None
                ),
                assumed=table.assumed(),
            )
        )
        table.close()
    return tuple(found)


def services(top: Table) -> tuple[Service, ...]:
    """Read [[service]]; a file needs at least one."""
    tables = top.tables("service")
    if not tables:
        top.problem("service", worded("services-none"), worded("add-service"))
    found = []
    for table in tables:
        found.append(
            Service(
                id=table.own_id("service"),
                name=table.said("name"),
                clause=table.ref("clause", "clause"),
                channels=tuple(
                    Channel(word) for word in table.words("channels", list(Channel), required=True)
                ),
                level=level(table, "level", otherwise=Level.NONE),
                gates=table.refs("gates", "gate"),
                families=table.refs("families", "family"),
                booked_clause=table.optional_ref("booked_clause", "clause"),
                outdated_stays=table.flag("outdated_stays"),
                assumed=table.assumed(),
            )
        )
        table.close()
    return tuple(found)


def level(table: Table, key: str, otherwise: Level | None = None) -> Level:
    """Read a level of access; required when there is nothing to use `otherwise`."""
    word = table.word(
        key,
        list(LEVELS_BY_WORD),
        required=otherwise is None,
        otherwise=(Level.LOOK if otherwise is None else otherwise).word,
    )
    return LEVELS_BY_WORD[word]


def matrix(top: Table) -> tuple[MatrixRow, ...]:
    """Read [[matrix]]: one row a service, one cell a package."""
    found = []
    for table in top.tables("matrix"):
        row = MatrixRow(
            service=table.ref("service", "service"),
            clause=table.ref("clause", "clause"),
            cells={},
            assumed=table.assumed(),
        )
        cells = {}
        for package, value in table.keyed("cells", "package").items():
            if not isinstance(value, str):
                what: str = worded("this-is-not", found=kind_of(value), wanted=kind_of(""))
                do: str = worded("write-key", key=package, example='"yes"')
            elif value not in list(Cell):
                what, do = (
                    worded("cell-not", value=value),
                    nearest(value, list(Cell), worded("cells-are", words=listed(list(Cell)))),
                )
            else:
                cells[package] = Cell(value)
                continue
            table.table("cells").problem(package, what, do)
        found.append(MatrixRow(row.service, row.clause, cells, row.assumed))
        table.close()
    return tuple(found)


def severities(top: Table) -> tuple[Severity, ...]:
    """Read [[severity]], the mildest first."""
    found = []
    for table in top.tables("severity"):
        found.append(
            Severity(
                id=table.own_id("severity"),
                name=table.said("name"),
                definition=table.said("definition"),
                clause=table.ref("clause", "clause"),
            )
        )
        table.close()
    return tuple(found)


def severity_rule(top: Table) -> SeverityRule | None:
    """Read [severity_rule]."""
    table = top.section("severity_rule")
    if table is None:
        return None
    set_by = table.word("set_by", ("customer", "technician"))
    change = table.word("change", ("with-consent", "freely"))
    rule = SeverityRule(
        set_by="customer" if set_by == "customer" else "technician",
        change="with-consent" if change == "with-consent" else "freely",
        clause=table.ref("clause", "clause"),
    )
    table.close()
    return rule


def version_rule(top: Table) -> VersionRule | None:
    """Read [versions]."""
    table = top.section("versions")
    if table is None:
        return None
    table.word("outdated", ("known-solutions-only",))
    rule = VersionRule(clause=table.ref("clause", "clause"), assumed=table.assumed())
    table.close()
    return rule


def gates(top: Table) -> tuple[Gate, ...]:
    """Read [[gate]]."""
    found = []
    for table in top.tables("gate"):
        kind = GateKind(table.word("kind", list(GateKind)))
        gate = Gate(
            id=table.own_id("gate"),
            kind=kind,
            clause=table.ref("clause", "clause"),
            before=level(table, "before"),
            text=table.said("text", fields=("price",) if kind is GateKind.PRICE_ACCEPTED else ()),
            waivable=table.flag("waivable"),
            assumed=table.assumed(),
        )
        if gate.before is Level.NONE:
            table.problem("before", worded("gate-before-none"), worded("before-look-or-higher"))
        if kind is GateKind.PRICE_ACCEPTED:
            for language, text in gate.text.items():
                if text and "{price}" not in text:
                    table.table("text").problem(
                        language,
                        worded("price-unseen"),
                        worded("put-into-text", field="{price}"),
                    )
        found.append(gate)
        table.close()
    return tuple(found)


def request_parts(top: Table) -> tuple[RequestPart, ...]:
    """Read [[part]]: what a request must carry."""
    found = []
    for table in top.tables("part"):
        found.append(
            RequestPart(
                id=table.own_id("part"),
                kind=PartKind(table.word("kind", list(PartKind))),
                name=table.said("name"),
                ask=table.said("ask", fields=("price",)),
                services=table.refs("services", "service"),
                clause=table.ref("clause", "clause"),
            )
        )
        table.close()
    return tuple(found)


def request_rule(top: Table) -> RequestRule | None:
    """Read [requests]."""
    table = top.section("requests")
    if table is None:
        return None
    rule = RequestRule(tasks=table.whole("tasks", 1, TASKS_MAX), clause=table.ref("clause", "clause"))
    table.close()
    return rule


def refusals(top: Table) -> tuple[Refusal, ...]:
    """Read [[refusal]]: reasons that a person may refuse or end a service for."""
    found = []
    for table in top.tables("refusal"):
        effect = table.word("effect", ("may-refuse", "may-end"))
        found.append(
            Refusal(
                id=table.own_id("refusal"),
                name=table.said("name"),
                effect="may-end" if effect == "may-end" else "may-refuse",
                clause=table.ref("clause", "clause"),
            )
        )
        table.close()
    return tuple(found)
