"""A further year of public holidays as the owner looks through it, and what the catalogue says otherwise by now.

Owns the form of a year: the proposed days, each of which can be left out, and days that the catalogue does not know. What a
year may hold is `contracts.holiday_actions`; who may come here, opening_hours.py.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pomost.console.forms import DeskForm
from pomost.contracts.calendar_years import Suggestion
from pomost.contracts.holiday_actions import NAME_CHARACTERS_MAX
from pomost.contracts.holiday_years import Differs
from pomost.contracts.public_holidays import ProposedYear
from pomost.rules.terms.values import hours_text

ADDED_MAX: Final = 8
"""Days that can be added by hand: more than any decree moved in a year so far."""
OFF: Final = "off"
WORKS: Final = "works"

HOW_WORDS: Final = {
    Differs.NEW: _("a public holiday now"),
    Differs.GONE: _("no public holiday any more"),
    Differs.WORKS: _("a working day by transfer now"),
    Differs.RESTS: _("no working day any more"),
}


class YearForm(DeskForm):
    """The public holidays of a year: which of the proposed days hold, and further ones."""

    off = forms.MultipleChoiceField(required=False)
    works = forms.MultipleChoiceField(required=False)

    def __init__(self, year: int, proposed: ProposedYear, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.year = year
        self.days_off: Mapping[str, str] = {
            day.isoformat(): name for day, name in sorted(proposed.holidays.days_off.items())
        }
        self.working_days = [day.isoformat() for day in sorted(proposed.holidays.working_days)]
        self.fields["off"].choices = list(self.days_off.items())  # type: ignore[attr-defined]
        self.fields["works"].choices = [(day, day) for day in self.working_days]  # type: ignore[attr-defined]
        for number in range(1, ADDED_MAX + 1):
            self.fields[f"day_{number}"] = forms.DateField(
                label=_("Day"),
                required=False,
                widget=forms.DateInput(
                    attrs={
                        "class": "form-control",
                        "type": "date",
                        "min": f"{year}-01-01",
                        "max": f"{year}-12-31",
                    }
                ),
            )
            self.fields[f"name_{number}"] = forms.CharField(
                label=_("Which holiday"),
                required=False,
                max_length=NAME_CHARACTERS_MAX,
                widget=forms.TextInput(
                    attrs={"class": "form-control", "autocomplete": "off", "placeholder": _("Which holiday")}
                ),
            )
            self.fields[f"kind_{number}"] = forms.ChoiceField(
                label=_("What it is"),
                required=False,
                choices=[(OFF, _("day off")), (WORKS, _("working day by transfer"))],
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    @property
    def proposed_days(self) -> list[tuple[str, date, str, bool, str]]:
        """The proposed days in order: ISO text, day, name, whether it is chosen, and the name of its field."""
        chosen = self.data.getlist if self.is_bound else None  # type: ignore[attr-defined]
        off = set(chosen("off")) if chosen else set(self.days_off)
        works = set(chosen("works")) if chosen else set(self.working_days)
        rows = [(day, date.fromisoformat(day), name, day in off, OFF) for day, name in self.days_off.items()]
        rows += [
            (day, date.fromisoformat(day), gettext("working day by transfer"), day in works, WORKS)
            for day in self.working_days
        ]
        return sorted(rows)

    @property
    def added(self) -> list[tuple[BoundField, BoundField, BoundField]]:
        """The rows for further days."""
        return [
            (self[f"day_{number}"], self[f"name_{number}"], self[f"kind_{number}"])
            for number in range(1, ADDED_MAX + 1)
        ]

    @property
    def has_added(self) -> bool:
        """Was a further day typed?"""
        return any(bound.value() for row in self.added for bound in row[:2])

    def clean(self) -> dict[str, Any]:
        """Put what was chosen and what was added together: days off by name, and working days."""
        given: dict[str, Any] = super().clean() or {}
        days_off = {date.fromisoformat(day): self.days_off[day] for day in given.get("off", ())}
        working = {date.fromisoformat(day) for day in given.get("works", ())}
        for number in range(1, ADDED_MAX + 1):
            day, name = given.get(f"day_{number}"), given.get(f"name_{number}", "")
            if day is None:
                if name and f"day_{number}" not in self.errors:
                    self.add_error(f"day_{number}", gettext("Give the day as well."))
            elif given.get(f"kind_{number}") == WORKS:
                working.add(day)
            elif not name:
                self.add_error(f"name_{number}", gettext("Say which holiday it is."))
            elif day in days_off:
                self.add_error(f"day_{number}", gettext("This day stands in the list already."))
            else:
                days_off[day] = name
        return {"days_off": days_off, "working_days": working}


@dataclass(frozen=True, slots=True)
class SuggestionView:
    """A day of which the catalogue says something else by now."""

    day: date
    words: str
    hours: str
    """As they are typed; empty: closed."""
    note: str


def suggestion_views(found: Sequence[Suggestion]) -> Iterator[SuggestionView]:
    """Yield what the catalogue says otherwise, in words, with what an exception would say."""
    for each in found:
        name = each.difference.name
        words = str(HOW_WORDS[each.difference.how])
        yield SuggestionView(
            each.difference.day,
            f"{words} ({name})" if name else words,
            hours_text(each.hours),
            name if each.difference.how == Differs.NEW else words,
        )
