"""Shapes that several operations answer with: clauses, verdicts, bills, and how a page of a list is cut.

Owns how a row or a rule's result becomes one of them; nothing is decided and nothing is queried here.
"""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BaseModel, Field

from pomost.api.values import Amount, Day, Number, Told
from pomost.rules.decision import Decision
from pomost.rules.tariff import Bill
from pomost.rules.terms.model import Terms, said
from pomost.ui.decision_parts import OUTCOME_WORDS

PAGE_MAX = 100


class ClauseTold(Told):
    """A clause of the terms."""

    key: str
    text: str = Field(description="Its sentence, in the language of the answer.")
    version: str = Field(description="Version of the terms that it is taken from.")
    valid_from: Day


class FactTold(Told):
    """One thing that a decision rests on."""

    name: str = Field(examples=["package-claimed"])
    kind: str = Field(
        description="What the value is: package, amount, instant, seconds …", examples=["package"]
    )
    value: str = Field(description="Typed text: a key of the terms, `1300.00 RUB`, an instant, a decimal.")
    clause: str = Field(description="The clause that makes it matter, where that is another one; else empty.")


class DecisionTold(Told):
    """What holds, by which clause, because of which facts, by which version of the terms."""

    subject: str = Field(examples=["entitlement"])
    outcome: str = Field(
        description="Of an entitlement: included, from-quota, paid, unstated (a person decides), sold-separately, "
        "known-solutions-only or refused.",
        examples=["paid"],
    )
    words: str = Field(description="The outcome in the language of the answer.")
    clause: ClauseTold | None = Field(description="Null only where the terms are silent.")
    facts: list[FactTold]
    version: str = Field(description="Version of the terms that it was judged by.")


class BillLineTold(Told):
    """A line of a bill."""

    kind: str = Field(description="`work`, or the key of a fee.")
    clause: ClauseTold
    net: Amount
    billed_seconds: int | None = Field(description="Time that is charged; null for a fee.")


class VatSumTold(Told):
    """What falls under one rate of VAT."""

    percent: Number | None = Field(description="Null: no VAT, or exempt from it.")
    exempt: bool
    net: Amount
    vat: Amount


class BillTold(Told):
    """What some work costs."""

    lines: list[BillLineTold]
    net: Amount
    vat: Amount
    vat_rates: list[VatSumTold]
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


def decision_told(terms: Terms, decision: Decision, language: str) -> DecisionTold:
    """Return a decision with its words. `terms` are those that it was judged by; the language must be active."""
    _risk, words = OUTCOME_WORDS[decision.subject, decision.outcome]
    return DecisionTold(
        subject=decision.subject.value,
        outcome=decision.outcome,
        words=str(words),
        clause=clause_told(terms, decision.clause, language) if decision.clause else None,
        facts=[
            FactTold(name=each.name, kind=each.kind.value, value=each.value, clause=each.clause)
            for each in decision.facts
        ],
        version=decision.version,
    )


def bill_told(terms: Terms, bill: Bill, language: str) -> BillTold:
    """Return a bill line by line."""
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
        vat_rates=[
            VatSumTold(
                percent=each.rate.percent,
                exempt=each.rate.exempt,
                net=each.net.amount,
                vat=each.vat.amount,
            )
            for each in bill.vat_sums
        ],
        gross=bill.gross.amount,
        currency=bill.currency,
        is_sample=any(prices.sample for prices in terms.price_lists),
    )
