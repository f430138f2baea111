"""What staff type about the product: an error found, its words in the vendor's languages, a release, a version.

A form checks shape only; whether it may be done is the action's decision.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pomost.console.forms import DeskForm
from pomost.tickets.actions.known_errors import TEXT_CHARACTERS_MAX, TITLE_CHARACTERS_MAX
from pomost.tickets.actions.versions import REASON_CHARACTERS_MAX

LANGUAGE_NAMES: Final = {"en": "English", "pl": "polski", "ru": "русский"}
TEXTS: Final = ("title", "symptom", "workaround")


def _line(most: int) -> dict[str, Any]:
    return {"max_length": most, "widget": forms.TextInput(attrs={"class": "form-control"})}


def _lines(rows: int) -> dict[str, Any]:
    attrs = {"class": "form-control", "rows": str(rows)}
    return {"max_length": TEXT_CHARACTERS_MAX, "widget": forms.Textarea(attrs=attrs)}


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"class": "form-control", "type": "date"}, format="%Y-%m-%d")


class ReportForm(DeskForm):
    """An error found in a request, in the language of whoever writes it."""

    title = forms.CharField(
        label=_("The error in one line"),
        error_messages={"required": _("Name the error in one line.")},
        **_line(TITLE_CHARACTERS_MAX),
    )
    symptom = forms.CharField(label=_("How it shows"), required=False, **_lines(3))
    workaround = forms.CharField(
        label=_("How to live with it until it is mended"), required=False, **_lines(2)
    )
    found_in = forms.CharField(label=_("Found in version"), required=False, **_line(40))


class TextsForm(DeskForm):
    """The words of an error, one field a text and language: `title_pl`, `workaround_ru`."""

    LABELS: Final = {
        "title": _("The error in one line"),
        "symptom": _("How it shows"),
        "workaround": _("How to live with it until it is mended"),
    }

    def __init__(self, *args: Any, languages: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.languages = tuple(languages)
        for text in TEXTS:
            for language in languages:
                kind = _line(TITLE_CHARACTERS_MAX) if text == "title" else _lines(2)
                label = f"{self.LABELS[text]}, {LANGUAGE_NAMES[language]}"
                self.fields[f"{text}_{language}"] = forms.CharField(label=label, required=False, **kind)
        self.fields["found_in"] = forms.CharField(label=_("Found in version"), required=False, **_line(40))

    def texts(self, text: str) -> dict[str, str]:
        """Return what was written of a text, by language."""
        return {language: self.cleaned_data[f"{text}_{language}"] for language in self.languages}


class NotesForm(DeskForm):
    """What is new in a release, one field a language: `notes_pl`."""

    LABEL: Final = _("What is new")

    def __init__(self, *args: Any, languages: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.languages = tuple(languages)
        for language in languages:
            label = f"{self.LABEL}, {LANGUAGE_NAMES[language]}"
            self.fields[f"notes_{language}"] = forms.CharField(label=label, required=False, **_lines(2))

    def notes(self) -> dict[str, str]:
        """Return what was written, by language."""
        return {language: self.cleaned_data[f"notes_{language}"] for language in self.languages}


class ReleaseForm(DeskForm):
    """A release that is to come, or one that came out earlier."""

    family = forms.ChoiceField(
        label=_("Product"), required=False, widget=forms.Select(attrs={"class": "form-select"})
    )
    version = forms.CharField(
        label=pgettext_lazy("of a product", "Version"),
        error_messages={"required": _("Write the version, such as 3.16.2.")},
        **_line(40),
    )
    released_on = forms.DateField(
        label=_("Out since"),
        required=False,
        help_text=_("Only for a release that is out already; nobody is told of it."),
        widget=_day(),
    )
    planned_for = forms.DateField(label=_("Expected on"), required=False, widget=_day())

    def __init__(self, *args: Any, families: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["family"].choices = families  # type: ignore[attr-defined]
        if not families:
            del self.fields["family"]


class PublishForm(NotesForm):
    """The errors that a release mends, its day, what is new."""

    mends = forms.MultipleChoiceField(
        label=_("It mends"), required=False, widget=forms.CheckboxSelectMultiple
    )
    released_on = forms.DateField(label=_("Out on"), widget=_day())

    def __init__(self, *args: Any, errors: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mends"].choices = list(errors)  # type: ignore[attr-defined]


class OutdateForm(DeskForm):
    """From which day a release is outdated. Empty: it is kept alive."""

    outdated_from = forms.DateField(
        label=_("Outdated from"), required=False, help_text=_("Empty: it is kept alive."), widget=_day()
    )


class MendForm(DeskForm):
    """The release that mends an error, or is to."""

    release = forms.ChoiceField(
        label=_("Which version mends it"), required=False, widget=forms.Select(attrs={"class": "form-select"})
    )

    def __init__(self, *args: Any, releases: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["release"].choices = [("", _("not known yet")), *releases]  # type: ignore[attr-defined]


class VersionForm(DeskForm):
    """The version that the customer names."""

    version = forms.CharField(
        label=_("Version that the customer names"),
        error_messages={"required": _("Write the version, such as 3.16.2.")},
        **_line(40),
    )


class VersionDecisionForm(DeskForm):
    """Whether a version is outdated, decided by a person, and why."""

    outdated = forms.ChoiceField(
        label=_("Your decision"),
        choices=[("", ""), ("no", _("It is not outdated")), ("yes", _("It is outdated"))],
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"required": _("Choose whether the version is outdated.")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": "2"}),
        error_messages={"required": _("Say why: the reason is kept.")},
    )
