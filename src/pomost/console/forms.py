"""What staff type into the console's forms. A form checks shape only; whether it may be done is the action's decision."""

from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

TEXT_MAX: Final = 20_000
"""Letters in a message; a longer text belongs into a file."""
HOURS_MAX: Final = Decimal(200)
MINUTES_MAX: Final = 24 * 60
"""Of one entry by hand; longer work is entered day by day."""


def _control(rows: int | None = None, **attrs: str) -> dict[str, str]:
    return {"class": "form-control", **({"rows": str(rows)} if rows else {}), **attrs}


class DeskForm(forms.Form):
    """A form that shares its page with others: its fields' ids carry its name, so that each label finds its own field."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{type(self).__name__.removesuffix('Form').lower()}-%s")
        super().__init__(*args, **kwargs)


class WordsForm(DeskForm):
    """A reply, a note or what was said on the phone."""

    text = forms.CharField(
        label=_("Text"),
        max_length=TEXT_MAX,
        widget=forms.Textarea(attrs={"rows": "3"}),
        error_messages={"required": _("Write something first.")},
    )


class ToldForm(DeskForm):
    """When the customer was told the number by phone, in the vendor's zone. Empty: this moment."""

    told_at = forms.DateTimeField(
        label=_("Told earlier, at"),
        required=False,
        widget=forms.DateTimeInput(attrs=_control(type="datetime-local"), format="%Y-%m-%dT%H:%M"),
    )


class DecisionForm(DeskForm):
    """What a person decides where the terms are silent, and why."""

    outcome = forms.ChoiceField(
        label=_("Your decision"),
        choices=[
            ("", ""),
            ("included", _("It is included")),
            ("paid", _("It is paid for")),
            ("refused", _("It is not given")),
        ],
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"required": _("Choose whether it is included, paid for, or not given.")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs=_control(2)),
        error_messages={"required": _("Say why: the reason is kept.")},
    )


class CloseForm(DeskForm):
    """Why a request ends without a solution."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=200,
        widget=forms.TextInput(attrs=_control()),
        error_messages={"required": _("Say why: the customer reads it.")},
    )


class SeverityForm(DeskForm):
    """A severity that staff proposes."""

    severity = forms.ChoiceField(label=_("Severity"), widget=forms.Select(attrs={"class": "form-select"}))

    def __init__(self, *args: Any, severities: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["severity"].choices = severities  # type: ignore[attr-defined]


class SeverityAnswerForm(DeskForm):
    """What the customer said on the phone about the proposed severity: who, when and which of the two."""

    who = forms.ChoiceField(
        label=_("Who said it"),
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"required": _("Choose who said it.")},
    )
    said_at = forms.DateTimeField(
        label=_("Said earlier, at"),
        required=False,
        widget=forms.DateTimeInput(attrs=_control(type="datetime-local"), format="%Y-%m-%dT%H:%M"),
    )
    agreed = forms.ChoiceField(
        choices=[("yes", "yes"), ("no", "no")],
        error_messages={
            "required": _("Choose whether the customer agrees."),
            "invalid_choice": _("Choose whether the customer agrees."),
        },
    )

    def __init__(self, *args: Any, contacts: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].choices = contacts  # type: ignore[attr-defined]


class OverrunForm(DeskForm):
    """How to go on when the promised time is over and the terms do not say, and why."""

    way = forms.ChoiceField(
        label=_("How to go on"),
        choices=[
            ("", ""),
            ("go-on", _("As before, in the package")),
            ("paid", _("For a price, once it is accepted")),
            ("close", _("Not at all: close the request")),
        ],
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"required": _("Choose how to go on: as before, for a price, or not at all.")},
    )
    service = forms.ChoiceField(
        label=_("Paid service"), required=False, widget=forms.Select(attrs={"class": "form-select"})
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs=_control(2)),
        error_messages={"required": _("Say why: the reason is kept.")},
    )

    def __init__(self, *args: Any, services: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"].choices = [("", ""), *services]  # type: ignore[attr-defined]


class EstimateForm(DeskForm):
    """How much more work there is and what will be done in it."""

    more_hours = forms.DecimalField(
        label=_("Hours more"),
        min_value=Decimal("0.25"),
        max_value=HOURS_MAX,
        max_digits=6,
        decimal_places=2,
        widget=forms.NumberInput(attrs=_control(step="0.25")),
    )
    quoted_net = forms.DecimalField(
        label=_("Fixed sum, net"),
        help_text=_("where the terms give no rate"),
        required=False,
        min_value=Decimal("0.01"),
        max_digits=12,
        decimal_places=2,
        widget=forms.NumberInput(attrs=_control(step="0.01")),
    )
    reason = forms.CharField(
        label=_("What will be done"), max_length=1000, widget=forms.Textarea(attrs=_control(3))
    )


class WorkForm(DeskForm):
    """Time worked without a session: on the phone or on the customer's data."""

    source = forms.ChoiceField(
        label=_("Kind of work"),
        choices=[("call", _("On the phone")), ("data", _("On the customer's data"))],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    minutes = forms.IntegerField(
        label=_("Minutes"), min_value=1, max_value=MINUTES_MAX, widget=forms.NumberInput(attrs=_control())
    )
    note = forms.CharField(label=_("What was done"), max_length=200, widget=forms.TextInput(attrs=_control()))


class BookForm(DeskForm):
    """A slot of a technician, in the vendor's zone."""

    technician = forms.ChoiceField(label=_("Who"), widget=forms.Select(attrs={"class": "form-select"}))
    starts_at = forms.DateTimeField(
        label=_("When"),
        widget=forms.DateTimeInput(attrs=_control(type="datetime-local"), format="%Y-%m-%dT%H:%M"),
    )
    minutes = forms.IntegerField(
        label=_("Minutes"),
        min_value=5,
        max_value=24 * 60,
        initial=60,
        widget=forms.NumberInput(attrs=_control()),
    )

    def __init__(self, *args: Any, technicians: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["technician"].choices = technicians  # type: ignore[attr-defined]
