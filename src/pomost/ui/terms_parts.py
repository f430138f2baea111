"""Changes between two versions of terms as pages show them: the words of ui/terms/ with the clauses as parts."""

from dataclasses import dataclass

from pomost.people import formats
from pomost.rules.terms.model import Terms
from pomost.ui.parts import ClauseView
from pomost.ui.terms.changes import changes_said
from pomost.ui.ticket_parts import clause_view


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One change between two versions."""

    what: str
    before: str
    after: str
    since: str
    clause_before: ClauseView | None
    clause_after: ClauseView | None
    kind: str
    """`new`, `gone`, `clause` (only the clause is another one) or `changed`."""


def change_views(before: Terms, after: Terms, language: str) -> list[ChangeView]:
    """Return what `after` changes for whom, in the order of the terms."""
    views = []
    for each in changes_said(before, after, language):
        old, new = (
            clause_view(of, key, language=language, with_date=False) if key else None
            for of, key in ((before, each.clause_before), (after, each.clause_after))
        )
        same_words = each.before == each.after
        kind = "new" if each.is_new else "gone" if each.is_gone else "clause" if same_words else "changed"
        views.append(
            ChangeView(
                what=each.what,
                before=each.before,
                after=each.after,
                since=formats.date_words(each.holds_from),
                clause_before=old if old is None or new is None or old.label != new.label else None,
                clause_after=new,
                kind=kind,
            )
        )
    return views
