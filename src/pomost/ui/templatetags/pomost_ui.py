"""Tags and filters that draw the parts of ui/parts.py and write money and time.

Owns the way from a dataclass to HTML. Decides nothing: a tag is given what to show. The drawings are
templates/ui/_*.html; look.md says how each must look and speak.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol

from django import template
from django.forms import BoundField
from django.template import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from pomost.people import formats
from pomost.rules.terms.model import said as said_in
from pomost.ui.assets import icon_names
from pomost.ui.importmap import import_map as import_map_json
from pomost.ui.parts import (
    LEVELS,
    ClauseView,
    ClockView,
    DayView,
    EmptyView,
    FaceView,
    KinView,
    MessageView,
    MeterView,
    PlankView,
    PostView,
    Risk,
    RungState,
    RungView,
    SeverityView,
    WhyView,
)
from pomost.ui.terms.values import anchor_of
from pomost.ui.theme import chosen_theme

register = template.Library()
ICON_NAMES = frozenset(icon_names())


class Amount(Protocol):
    """What `money` writes: an amount and its currency, as rules.money.Money has them."""

    @property
    def amount(self) -> Decimal: ...
    @property
    def currency(self) -> str: ...


# Icons, import map -------------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """Draw an icon of the sprite; `size` is `s` (14 px) or `l` (20 px), else 16 px.

    Raises:
        ValueError: the name is not in icons.txt, so the sprite does not hold it.
    """
    if name not in ICON_NAMES:
        raise ValueError(
            f"The icon {name!r} is not in ui/icons.txt. Add its line and run `python -m pomost.ui.assets`."
        )
    return format_html(
        '<svg class="i{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        f" i-{size}" if size else "",
        static("vendor/sprite.svg"),
        name,
    )


@register.simple_tag(takes_context=True)
def import_map(context: Context) -> SafeString:
    """Print the import map of our modules with the nonce of this answer, if it has one."""
    request = context.get("request")
    nonce = getattr(request, "csp_nonce", "")
    # The JSON is our own and already safe inside a script element.
    return format_html('<script type="importmap" nonce="{}">{}</script>', nonce, mark_safe(import_map_json()))  # noqa: S308


@register.simple_tag(takes_context=True)
def theme_attribute(context: Context) -> SafeString:
    """Write the theme that the person has chosen as an attribute of the page; nothing while the system decides."""
    theme = chosen_theme(context.get("request"))
    return format_html(' data-bs-theme="{}"', theme) if theme else SafeString("")


@register.simple_tag(takes_context=True)
def other_theme(context: Context) -> str:
    """Name the theme that the button changes to."""
    return "light" if chosen_theme(context.get("request")) == "dark" else "dark"


# Parts -------------------------------------------------------------------------------------------------


@register.inclusion_tag("ui/_clock.html")
def clock(view: ClockView) -> dict[str, Any]:
    """Draw shape, time left, moment due and the deck under them."""
    return {"view": view}


@register.inclusion_tag("ui/_clause.html")
def clause(view: ClauseView | None) -> dict[str, Any]:
    """Draw the chip of a clause; its accessible name holds the whole sentence. None draws nothing."""
    if view is None:
        return {"view": None}
    label = view.label
    if view.since is not None:
        label = gettext("%(clause)s · from %(day)s") % {
            "clause": view.label,
            "day": formats.date_figures(view.since),
        }
    # A random id: the same clause may stand on a page twice, and once more in a part that is loaded later.
    return {"view": view, "label": label, "part_id": f"clause-{secrets.token_hex(4)}"}


@register.inclusion_tag("ui/_why.html")
def why(view: WhyView) -> dict[str, Any]:
    """Draw a decision: its outcome and clause, and beneath, when opened, the sentence, the facts and the version."""
    return {"view": view}


@register.simple_tag
def clause_anchor(clause: str) -> str:
    """Write the name under which a clause can be linked to within the page of its terms."""
    return anchor_of(clause)


@register.inclusion_tag("ui/_kin.html")
def kin(views: Sequence[KinView]) -> dict[str, Any]:
    """Draw the requests that were one with this, or are now; none draws nothing."""
    return {"kin": views}


@register.inclusion_tag("ui/_chain.html")
def chain(posts: Sequence[PostView]) -> dict[str, Any]:
    """Draw the chain of clocks, one post for each event."""
    return {"posts": posts}


@register.inclusion_tag("ui/_severity.html")
def severity(view: SeverityView) -> dict[str, Any]:
    """Draw one, two or three bars and the word."""
    return {"view": view}


@register.inclusion_tag("ui/_risk.html")
def risk(value: Risk, word: str = "") -> dict[str, Any]:
    """Draw the tag of a risk: colour, shape and word."""
    return {"risk": value, "word": word or value.word}


@register.inclusion_tag("ui/_ladder.html")
def ladder(rungs: Sequence[RungView], tight: bool = False) -> dict[str, Any]:
    """Draw the ladder of consent, from look to change many."""
    return {"rungs": rungs, "tight": tight}


@register.inclusion_tag("ui/_rungs.html")
def rungs(granted: str, ceiling: str) -> dict[str, Any]:
    """Draw the small ladder; `granted` and `ceiling` are names of levels, `none` for no rung."""
    order = ("none", *LEVELS)
    reached, top = order.index(granted), order.index(ceiling)
    states = [
        RungState.GRANTED if place <= reached else RungState.FREE if place <= top else RungState.LOCKED
        for place in range(1, len(order))
    ]
    return {"states": [state.value for state in states]}


@register.inclusion_tag("ui/_meter.html")
def meter(view: MeterView) -> dict[str, Any]:
    """Draw money or quota with its planks."""
    return {"view": view}


@register.inclusion_tag("ui/_planks.html")
def planks(boards: Sequence[PlankView]) -> dict[str, Any]:
    """Draw counted units; a full board is counted, a black post is where the desk must ask."""
    return {"planks": boards}


@register.inclusion_tag("ui/_face.html")
def face(view: FaceView, size: str = "") -> dict[str, Any]:
    """Draw initials in a circle, `size` `s` or `l`; the name must stand beside it or in hidden text."""
    return {"view": view, "size": size}


@register.inclusion_tag("ui/_empty.html")
def empty(view: EmptyView) -> dict[str, Any]:
    """Draw the little bridge with one sentence and the next useful thing."""
    return {"view": view}


@register.inclusion_tag("ui/_day.html")
def day_deck(view: DayView) -> dict[str, Any]:
    """Draw one working day as a deck with a pin for each promise."""
    return {"view": view}


@register.inclusion_tag("ui/_message.html")
def message(view: MessageView) -> dict[str, Any]:
    """Draw one entry of the timeline: what somebody wrote, or a fact."""
    return {"view": view}


@register.inclusion_tag("ui/_field.html")
def field(bound: BoundField, hint: str = "") -> dict[str, Any]:
    """Draw a form's field: label, hint, control, error. The control is told which texts describe it."""
    optional = not bound.field.required
    hint = hint or str(bound.help_text)
    describing = [f"{bound.auto_id}-hint"] * bool(hint) + [f"{bound.auto_id}-error"] * bool(bound.errors)
    attributes: dict[str, str | bool] = {"aria-describedby": " ".join(describing)} if describing else {}
    if bound.errors:
        attributes["aria-invalid"] = "true"
    return {"bound": bound, "hint": hint, "optional": optional, "control": bound.as_widget(attrs=attributes)}


@register.inclusion_tag("ui/_errors.html")
def field_errors(bound: BoundField) -> dict[str, Any]:
    """Draw what is wrong with a field, with a shape; nothing when it is right."""
    return {"errors": list(bound.errors), "error_id": f"{bound.auto_id}-error"}


# Figures -----------------------------------------------------------------------------------------------


@register.filter
def money(value: Amount) -> str:
    """Write an amount with its currency."""
    return formats.money(value.amount, value.currency)


@register.filter
def amount(value: Decimal, currency: str) -> str:
    """Write an amount that a row keeps beside its currency."""
    return formats.money(value, currency)


@register.filter
def number(value: Decimal | int) -> str:
    """Write a number with the language's comma or point."""
    return formats.number(value)


@register.filter
def said(text: Mapping[str, str], language: str) -> str:
    """Write a text of the terms in a language, in English where they do not speak it."""
    return said_in(text, language)


@register.filter
def moment(at: datetime, now: datetime) -> str:
    """Write an instant as short as it stays clear."""
    return formats.moment(at, now)


@register.filter
def by(at: datetime, now: datetime) -> str:
    """Write when something falls due."""
    return formats.by(at, now)


@register.filter
def hours(length: timedelta) -> str:
    """Write a length as hours and minutes."""
    return formats.hours(length)


@register.filter
def clock_time(at: datetime) -> str:
    """Write the time of day."""
    return formats.clock_time(at)


@register.filter
def day(when: datetime | date, now: datetime) -> str:
    """Write a day with its weekday."""
    return formats.day(when, now)


@register.filter
def date_figures(when: datetime | date) -> str:
    """Write a date in figures."""
    return formats.date_figures(when)


@register.filter
def date_words(when: datetime | date) -> str:
    """Write a date in full, for documents."""
    return formats.date_words(when)
