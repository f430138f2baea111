"""Shapes that several operations answer with: clauses, verdicts, bills, and how a page of a list is cut.

Owns how a row or a rule's result becomes one of them; nothing is decided and nothing is queried here.
"""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BaseModel, Field

from pomost.api.values import Amount, Day, Number, Told
from pomost.rules.entitlement import Verdict
from pomost.rules.tariff import Bill
from pomost.rules.terms.model import Terms, said

PAGE_MAX = 100


class ClauseTold(Told):
    """A clause of the terms."""

    key: str
    text: str = Field(description="Its sentence, in the language of the answer.")
    version: str = Field(description="Version of the terms that it is taken from.")
    valid_from: Day


class VerdictTold(Told):
    """A decision: what holds, by which clause, because of which facts, by which version of the terms."""

    outcome: str = Field(
        description="included, from-quota, paid, unstated (a person decides), sold-separately, known-solutions-only or refused.",
        examples=["paid"],
    )
    service: str
    package: str | None = Field(description="Package that the request is served as.")
    level: str = Field(description="How far a session may go: none, look, point, act, change-many.")
    clause: ClauseTold
    facts: list[str] = Field(description="What it rests on besides the matrix.", examples=[["not-shown"]])
    version: str


class BillLineTold(Told):
    """A line of a bill."""

    kind: str = Field(description="`work`, or the key of a fee.")
    clause: ClauseTold
    net: Amount
    billed_seconds: int | None = Field(description="Time that is charged; null for a fee.")


class BillTold(Told):
    """What some work costs."""

    lines: list[BillLineTold]
    net: Amount
    vat: Amount
    vat_percent: Number | None = Field(description="Null: no VAT.")
    gross: Amount
    currency: str
    is_sample: bool = Field(description="The vendor has published no rate; this one is an example.")


class Paged(BaseModel):
    """Which part of a list."""

    limit: Annotated[int, Field(ge=1, le=PAGE_MAX)] = Field(50, description="Things a page.")
    after: Annotated[str, Field(max_length=18, pattern=r"^[0-9]{0,18}$")] = Field(
        "", description="The `next` of the page before; left out: the first page."
    )

    @property
    def begins_after(self) -> int | None:
        """The place after which the page begins; None: at the beginning."""
        return int(self.after) if self.after else None


def cut(rows: Sequence[Any], limit: int) -> tuple[Sequence[Any], bool]:
    """Return a page of rows of which one more than `limit` was asked for, and whether there are more."""
    return rows[:limit], len(rows) > limit


def clause_told(terms: Terms, key: str, language: str) -> ClauseTold:
    """Return a clause in a language."""
    clause = terms.clause(key)
    return ClauseTold(
        key=clause.id,
        text=said(clause.sentence, language),
        version=terms.version,
        valid_from=terms.in_force_from,
    )


def verdict_told(terms: Terms, verdict: Verdict, language: str) -> VerdictTold:
    """Return a verdict with the words of its clause."""
    return VerdictTold(
        outcome=verdict.outcome.value,
        service=verdict.service,
        package=verdict.package,
        level=verdict.level.word,
        clause=clause_told(terms, verdict.clause, language),
        facts=[fact.value for fact in verdict.facts],
        version=verdict.version,
    )


def bill_told(terms: Terms, bill: Bill, language: str) -> BillTold:
    """Return a bill line by line."""
    rates = {line.vat.percent for line in bill.lines}
    return BillTold(
        lines=[
            BillLineTold(
                kind=line.kind,
                clause=clause_told(terms, line.clause, language),
                net=line.net.amount,
                billed_seconds=line.billed_seconds,
            )
            for line in bill.lines
        ],
        net=bill.net.amount,
        vat=bill.vat.amount,
        vat_percent=next(iter(rates)) if len(rates) == 1 else None,
        gross=bill.gross.amount,
        currency=bill.currency,
        is_sample=any(prices.sample for prices in terms.price_lists),
    )
