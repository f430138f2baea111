"""What an owner types into the editor of the terms. Lines end as the published files' do, whatever the browser sends."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pomost.console.forms import DeskForm
from pomost.people import formats
from pomost.rules.terms.head import VERSION_CHARACTERS_MAX, head_of, with_head
from pomost.rules.terms.problems import BadValue


class EditionForm(DeskForm):
    """The edition of the draft that somebody has before them."""

    edition = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)


class DraftForm(EditionForm):
    """The whole text, what it will be called and from when it holds, and the edition it was made from."""

    text = forms.CharField(
        label=_("The terms file"),
        strip=False,
        widget=forms.Textarea(
            attrs={
                "class": "code",
                "rows": "28",
                "wrap": "off",
                "spellcheck": "false",
                "autocapitalize": "off",
                "autocomplete": "off",
            }
        ),
        error_messages={"required": _("The text is empty. Throw the draft away instead.")},
    )
    version = forms.CharField(
        label=_("Name of the version"),
        max_length=VERSION_CHARACTERS_MAX,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )
    first_day = forms.DateField(
        label=_("Holds from"),
        widget=forms.DateInput(attrs={"class": "form-control", "type": "date"}, format="%Y-%m-%d"),
    )

    def clean_text(self) -> str:
        """Return the text with one sign at each line's end."""
        typed: str = self.cleaned_data["text"]
        return typed.replace("\r\n", "\n").replace("\r", "\n")

    def typed(self) -> str:
        """Return the text with the name and the day of the fields in it; without them where they, or it, do not fit."""
        if self.is_valid():
            fields = self.cleaned_data
            try:
                return with_head(fields["text"], version=fields["version"], first_day=fields["first_day"])
            except BadValue:
                pass
        return str(self.cleaned_data.get("text", ""))


class MonthForm(DeskForm):
    """Which month."""

    month = forms.ChoiceField(
        label=_("Month"),
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"invalid_choice": _("Choose one of the months.")},
    )

    def __init__(self, *args: Any, months: list[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].choices = [  # type: ignore[attr-defined]
            (f"{each:%Y-%m}", formats.month_words(each)) for each in months
        ]
        self.fields["month"].initial = f"{months[1]:%Y-%m}"

    def chosen(self) -> date:
        """Return the first day of the month, once the form is valid."""
        return date.fromisoformat(f"{self.cleaned_data['month']}-01")


def form_of(text: str, edition: int) -> DraftForm:
    """Return the form filled with a draft."""
    version, first_day = head_of(text)
    return DraftForm(initial={"text": text, "version": version, "first_day": first_day, "edition": edition})


def next_name(names: list[str]) -> str:
    """Return a name for the version after these: the number after the highest, where they are numbers."""
    numbers = [int(name) for name in names if name.isascii() and name.isdigit()]
    number = max(numbers, default=len(names)) + 1
    while str(number) in names:
        number += 1
    return str(number)


def next_month(day: date) -> date:
    """Return the first day of the month after a day."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
