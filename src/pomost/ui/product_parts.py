"""Known errors and the advice to update, as pages of every audience show them. No query is made."""

from dataclasses import dataclass

from pomost.rules.terms.model import Terms, Unknown, said
from pomost.tickets.models import KnownError
from pomost.tickets.queries import Advice, in_language, language_of


@dataclass(frozen=True, slots=True)
class ErrorView:
    """A known error in one reader's language."""

    number: int
    title: str
    language: str
    """Of the title, where that is not there in the reader's; else empty."""
    symptom: str
    workaround: str
    found_in: str
    version: str
    """The release that mends it, or is to; empty: none is known."""
    is_mended: bool
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class AdviceView:
    """What whoever uses an outdated version gets."""

    version: str
    newest: str
    solutions: tuple[ErrorView, ...]


def family_name(terms: Terms, key: str, language: str) -> str:
    """Return the name of a product; its key where today's terms know it no longer, empty for none."""
    if not key:
        return ""
    try:
        return said(terms.family(key).name, language)
    except Unknown:
        return key


def error_view(error: KnownError, language: str) -> ErrorView:
    """Return a known error for a reader; its release must be loaded with it."""
    written_in = language_of(error.title, language)
    return ErrorView(
        number=error.sequence,
        title=in_language(error.title, language),
        language="" if written_in == language else written_in,
        symptom=in_language(error.symptom, language),
        workaround=in_language(error.workaround, language),
        found_in=error.found_in,
        version=error.release.version if error.release else "",
        is_mended=error.state == KnownError.State.MENDED,
        is_confirmed=error.state != KnownError.State.FOUND,
    )


def advice_view(advice: Advice | None, language: str) -> AdviceView | None:
    """Return the advice for a reader; None where there is none."""
    if advice is None:
        return None
    return AdviceView(
        advice.version,
        advice.newest.version if advice.newest else "",
        tuple(error_view(each, language) for each in advice.solutions),
    )
