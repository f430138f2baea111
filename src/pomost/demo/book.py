"""The documents of the accounting-like program: invented sales invoices and their sums, in memory only.

Owns: the documents and what may be done with them. Refuses: unknown languages and numbers.
Its texts and figures are `data/ledger.toml`. Read next: `ledger.py`, the windows over it.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any, Final

DATA: Final = Path(__file__).with_name("data") / "ledger.toml"
CENT: Final = Decimal("0.01")
DOCUMENTS_A_DAY: Final = 3


@dataclass(frozen=True, slots=True)
class Document:
    """One sales invoice. Sums are in the book's currency; `state` is "paid", "waiting", "mismatch" or "draft"."""

    number: str
    day: date
    contractor: str
    net: Decimal
    vat: Decimal
    gross: Decimal
    state: str
    note: str = ""


def texts(language: str) -> Mapping[str, Any]:
    """Return the program's texts in `language`.

    Raises:
        ValueError: there are none in this language.
    """
    every = tomllib.loads(DATA.read_text(encoding="utf-8"))
    if language not in every:
        raise ValueError(f"The sample program speaks {', '.join(every)}, not {language!r}.")
    known: Mapping[str, Any] = every[language]
    return known


def money(amount: Decimal, currency: str) -> str:
    """Write an amount as Poles and Russians do: groups of three, comma, currency behind."""
    return f"{amount:,.2f}".replace(",", "\u00a0").replace(".", ",").replace("-", "−") + f"\u00a0{currency}"


class Book:
    """All documents, newest first, one of them with a sum that does not match until it is recalculated."""

    def __init__(self, language: str, today: date) -> None:
        self.texts = texts(language)
        self.today = today
        self.changed: dict[str, Document] = {}
        self._vat_part = Decimal(self.texts["vat_percent"]) / 100
        self._documents = {
            document.number: document for document in map(self._sample, range(self.texts["count"], 0, -1))
        }

    def _number(self, n: int) -> str:
        return f"{self.texts['prefix']} {n}/{self.today.year}"

    def _vat(self, net: Decimal) -> Decimal:
        return (net * self._vat_part).quantize(CENT, ROUND_HALF_UP)

    def _sample(self, n: int) -> Document:
        """Return the n-th invented invoice; the same n gives the same sums every time."""
        age = self.texts["count"] - n
        net = Decimal(20_000 + (n * n * 7_919 + n * 31_337) % 210_007) / 100
        vat = self._vat(net)
        is_mistaken = n == self.texts["mistaken"]
        state = "mismatch" if is_mistaken else "waiting" if n % 7 in (0, 6) and age < 60 else "paid"
        names = self.texts["contractors"]
        gross = net + vat + (Decimal(self.texts["mistake"]) if is_mistaken else 0)
        day = self.today - timedelta(days=1 + age // DOCUMENTS_A_DAY)
        return Document(self._number(n), day, names[age % len(names)], net, vat, gross, state)

    def shown(self, leaf: str) -> list[Document]:
        """Return what a leaf of the tree lists: "all", a state, or nothing for the parts a trial version leaves empty."""
        return [document for document in self._documents.values() if leaf in ("all", document.state)]

    def document(self, number: str) -> Document:
        """Return one document.

        Raises:
            KeyError: no document has this number.
        """
        return self._documents[number]

    def total_gross(self) -> Decimal:
        """Return the gross sum of all documents."""
        return sum((document.gross for document in self._documents.values()), Decimal(0))

    def mistake(self) -> Decimal:
        """Return by how much the documents' gross sums differ from net plus VAT."""
        return sum((d.gross - d.net - d.vat for d in self._documents.values()), Decimal(0))

    def add(self) -> Document:
        """Put a new, empty document at the top."""
        last = max(int(number.split()[1].split("/")[0]) for number in self._documents)
        new = Document(self._number(last + 1), self.today, "", Decimal(0), Decimal(0), Decimal(0), "draft")
        self._documents = {new.number: new} | self._documents
        self.changed[new.number] = new
        return new

    def write(self, number: str, *, contractor: str, note: str) -> Document:
        """Keep what was typed into a document's fields."""
        return self._keep(replace(self.document(number), contractor=contractor, note=note))

    def recalculate(self, number: str) -> Document:
        """Take the gross sum from net and VAT anew, so that the document matches the register."""
        old = self.document(number)
        vat = self._vat(old.net)
        return self._keep(
            replace(
                old, vat=vat, gross=old.net + vat, state="waiting" if old.state == "mismatch" else old.state
            )
        )

    def delete(self, number: str) -> None:
        """Take a document off the list until the program starts again."""
        del self._documents[number]
        self.changed.pop(number, None)

    def _keep(self, document: Document) -> Document:
        self._documents[document.number] = self.changed[document.number] = document
        return document
