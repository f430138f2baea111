"""What changes between two versions of terms, in words: what, for whom, old and new, both clauses, and from which day.

Owns a subject for each kind of point (rules/terms/points.py) and the joining of changes that are the same for several
packages, services or products. What has changed is rules/terms/diff.py's to say.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pomost.people import formats
from pomost.rules.terms.diff import Change, diff
from pomost.rules.terms.model import Terms, Unknown
from pomost.rules.terms.point import About, Price, Value, Whom
from pomost.ui.terms.values import Wording, counted_words, days, week_words, working_days

DAYS_NAMED: Final = 12
"""So many single days of a calendar are named; of more, their number."""

SUBJECTS: Final[Mapping[About, LazyText]] = {
    About.TITLE: gettext_lazy("Title of the terms"),
    About.UNTIL: gettext_lazy("Last day of the terms"),
    About.VENDOR: gettext_lazy("The vendor (%(name)s)"),
    About.NUMBERING: gettext_lazy("Numbering (%(name)s)"),
    About.PACKAGE: gettext_lazy("Package “%(name)s”"),
    About.PACKAGE_DEFAULT: gettext_lazy("Serves whoever has no other package"),
    About.PACKAGE_IF_NOT_SHOWN: gettext_lazy("Serves who cannot show the package"),
    About.FAMILY: gettext_lazy("Product “%(name)s”"),
    About.SERVICE: gettext_lazy("Service “%(name)s”"),
    About.SERVICE_CHANNELS: gettext_lazy("How the service is given"),
    About.SERVICE_LEVEL: gettext_lazy("Highest level of access"),
    About.SERVICE_GATES: gettext_lazy("What must come first"),
    About.SERVICE_FAMILIES: gettext_lazy("Products that the service is for"),
    About.SERVICE_BOOKED: gettext_lazy("By an agreed time"),
    About.SERVICE_OUTDATED_STAYS: gettext_lazy("In full for outdated versions"),
    About.CELL: gettext_lazy("Is it included?"),
    About.OUTDATED: gettext_lazy("Outdated versions get known solutions only"),
    About.SEVERITY: gettext_lazy("Severity “%(name)s”"),
    About.SEVERITY_DEFINITION: gettext_lazy("Definition of the severity"),
    About.SEVERITY_ORDER: gettext_lazy("Severities, the mildest first"),
    About.SEVERITY_SET_BY: gettext_lazy("Who sets the severity"),
    About.SEVERITY_CHANGE: gettext_lazy("How a severity may be changed"),
    About.TASKS: gettext_lazy("Tasks in one request"),
    About.REFUSAL: gettext_lazy("Reason to refuse or end a service: %(name)s"),
    About.REFUSAL_EFFECT: gettext_lazy("Effect of “%(name)s”"),
    About.PART: gettext_lazy("A request must carry: %(name)s"),
    About.PART_KIND: gettext_lazy("Kind of what a request must carry: %(name)s"),
    About.PART_ASK: gettext_lazy("How it is asked for: %(name)s"),
    About.PART_SERVICES: gettext_lazy("For which services it is asked: %(name)s"),
    About.GATE: gettext_lazy("Text of a condition (%(name)s)"),
    About.GATE_KIND: gettext_lazy("Kind of a condition (%(name)s)"),
    About.GATE_BEFORE: gettext_lazy("The first level that waits for: %(name)s"),
    About.GATE_WAIVABLE: gettext_lazy("The customer may go on without: %(name)s"),
    About.CALENDAR: gettext_lazy("Hours “%(name)s”"),
    About.CALENDAR_NAME: gettext_lazy("Name of the hours “%(name)s”"),
    About.CALENDAR_ZONE: gettext_lazy("Time zone of the hours “%(name)s”"),
    About.CALENDAR_HOLIDAYS: gettext_lazy("Closed on public holidays: hours “%(name)s”"),
    About.CALENDAR_DAY: gettext_lazy("Single days of the hours “%(name)s”"),
    About.PROMISE: gettext_lazy("Promise “%(name)s”"),
    About.PROMISE_STARTS: gettext_lazy("What starts the clock of “%(name)s”"),
    About.PROMISE_STOPS: gettext_lazy("What stops the clock of “%(name)s”"),
    About.PROMISE_PAUSES: gettext_lazy("What pauses the clock of “%(name)s”"),
    About.PROMISE_RESUMES: gettext_lazy("What lets the clock of “%(name)s” run on"),
    About.PROMISE_REOPENS: gettext_lazy("What reopens the clock of “%(name)s”"),
    About.PROMISE_TIME: gettext_lazy("Which time counts for “%(name)s”"),
    About.PROMISE_CALENDAR: gettext_lazy("By which hours “%(name)s” counts"),
    About.PROMISE_ALERTS: gettext_lazy("Whom of the staff the desk tells about “%(name)s”, and when"),
    About.AFTERWARDS: gettext_lazy("When the time of “%(name)s” is over"),
    About.PRICE: gettext_lazy("Price"),
    About.FEE: gettext_lazy("One-off fee “%(name)s”"),
    About.TRAVEL: gettext_lazy("Travel “%(name)s”"),
    About.VAT: gettext_lazy("VAT"),
    About.SAMPLE: gettext_lazy("The rates are examples"),
    About.QUOTA: gettext_lazy("How use is counted"),
    About.ESTIMATE: gettext_lazy("Work without an accepted estimate"),
    About.BEYOND: gettext_lazy("Work beyond an accepted sum"),
    About.DECLINED: gettext_lazy("After a declined estimate"),
    About.INVOICE: gettext_lazy("An invoice can be made after"),
    About.GUARANTEE: gettext_lazy("Guarantee on the work"),
    About.COMPLAINT: gettext_lazy("Time for a complaint"),
    About.LIABILITY: gettext_lazy("Clauses on liability"),
    About.LIABILITY_CAP: gettext_lazy("Clause that limits the liability"),
    About.SILENCE: gettext_lazy("An unanswered solution counts as confirmed after"),
    About.SLOT: gettext_lazy("Length of an agreed time"),
    About.LEAD: gettext_lazy("An agreed time may be asked for and changed until so long before"),
    About.SLOT_CALENDAR: gettext_lazy("Hours of agreed times"),
    About.VISIT_CITIES: gettext_lazy("Cities for visits"),
    About.VISIT_CALENDAR: gettext_lazy("Hours of visits"),
    About.VISIT_ELSEWHERE: gettext_lazy("Visits to other places"),
    About.CLAUSE: gettext_lazy("Sentence of § %(name)s"),
    About.CLAUSE_SOURCE: gettext_lazy("Source of § %(name)s"),
    About.ASSUMPTION: gettext_lazy("Assumption %(name)s"),
    About.ASSUMED: gettext_lazy("Assumed, not said by the vendor (%(name)s)"),
}
"""What a change is about; the names of whom it concerns are put behind it. An amount has the name of its promise."""

NOTHING: Final[Mapping[About, LazyText]] = {
    About.AMOUNT: gettext_lazy("nothing promised"),
    About.ESTIMATE: gettext_lazy("no estimate needed"),
    About.QUOTA: gettext_lazy("not counted"),
    About.PACKAGE_IF_NOT_SHOWN: gettext_lazy("not stated: a person decides"),
    About.ASSUMED: gettext_lazy("said by the vendor"),
}
"""What silence means, where it means more than that there is nothing."""

YES_WHERE_PRESENT: Final = frozenset(
    {About.PACKAGE_DEFAULT, About.SERVICE_BOOKED, About.OUTDATED, About.CALENDAR_HOLIDAYS, About.SAMPLE}
)
"""Points that are there or not: their absence is a no."""


@dataclass(frozen=True, slots=True)
class ChangeSaid:
    """One change in words."""

    what: str
    """What changes, and for whom."""
    before: str
    after: str
    clause_before: str
    """Id of the clause in the older version; empty where it gives none."""
    clause_after: str
    holds_from: date
    is_new: bool
    is_gone: bool


Names = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Joined:
    """A change with everybody whom it concerns; an empty tuple is everybody."""

    change: Change
    packages: Names
    services: Names
    families: Names
    severities: Names
    keys: Names


_NAMES: Final = ("families", "severities", "services", "packages", "keys")


def changes_said(before: Terms, after: Terms, language: str) -> list[ChangeSaid]:
    """Return what `after` says otherwise than `before`, in words of the active language."""
    old, new = Wording(before, language), Wording(after, language)
    return [_said(each, old, new) for each in _join([_alone(change) for change in diff(before, after)])]


def _alone(change: Change) -> _Joined:
    whom = change.whom
    names = ((key,) if key else () for key in (whom.package, whom.service, whom.family, whom.severity))
    package, service, family, severity = names
    return _Joined(change, package, service, family, severity, (change.key,))


def _join(found: list[_Joined]) -> list[_Joined]:
    """Join what is the same for several products, then severities, services, packages, and days of a calendar."""
    for field in _NAMES[:-1]:
        found = _join_by(found, field)
    single_days = [each for each in found if each.change.about is About.CALENDAR_DAY]
    rest = [each for each in found if each.change.about is not About.CALENDAR_DAY]
    return [*rest, *_join_by([_of_calendar(each) for each in single_days], "keys")]


def _of_calendar(day: _Joined) -> _Joined:
    """Put the calendar's id where a change has its key, and the date where keys are joined."""
    calendar, _space, date_text = day.change.key.partition(" ")
    return replace(day, change=replace(day.change, key=calendar), keys=(date_text,))


def _join_by(found: list[_Joined], field: str) -> list[_Joined]:
    groups: dict[str, _Joined] = {}
    for each in found:
        nobody = replace(each.change, whom=Whom())
        same = repr([nobody, *(getattr(each, name) for name in _NAMES if name != field)])
        if same in groups:
            joined = groups[same]
            groups[same] = _with_names(joined, field, (*getattr(joined, field), *getattr(each, field)))
        else:
            groups[same] = each
    return list(groups.values())


def _with_names(joined: _Joined, field: str, names: Names) -> _Joined:
    kept = {name: getattr(joined, name) for name in _NAMES} | {field: tuple(dict.fromkeys(names))}
    return _Joined(change=joined.change, **kept)


def _said(joined: _Joined, old: Wording, new: Wording) -> ChangeSaid:
    change = joined.change
    before = _value(change.about, change.key, change.before, old, change.holds_from)
    after = _value(change.about, change.key, change.after, new, change.holds_from)
    if before == after and isinstance(change.before, Price) and isinstance(change.after, Price):
        before, after = counted_words(change.before), counted_words(change.after)
    return ChangeSaid(
        what=_subject(joined, old, new),
        before=before,
        after=after,
        clause_before=change.clause_before or "",
        clause_after=change.clause_after or "",
        holds_from=change.holds_from,
        is_new=change.before is None and not _has_a_no(change.about),
        is_gone=change.after is None and not _has_a_no(change.about),
    )


def _has_a_no(about: About) -> bool:
    return about in NOTHING or about in YES_WHERE_PRESENT


def _subject(joined: _Joined, old: Wording, new: Wording) -> str:
    change = joined.change
    name = _name(change, old, new)
    subject = name if change.about is About.AMOUNT else str(SUBJECTS[change.about]) % {"name": name}
    whom = [*_whom(joined, old, new)]
    if change.about is About.CALENDAR_DAY:
        whom.append(_single_days(joined.keys))
    return f"{subject}: {'; '.join(whom)}" if whom else subject


def _whom(joined: _Joined, old: Wording, new: Wording) -> Iterator[str]:
    for names, find in (
        (joined.services, "service"),
        (joined.families, "family"),
        (joined.packages, "package"),
        (joined.severities, "severity"),
    ):
        if names:
            yield ", ".join(_found(find, name, old, new) for name in names)


def _found(kind: str, key: str, old: Wording, new: Wording) -> str:
    """Return a name by its id, from the newer version if it knows it."""
    for wording in (new, old):
        try:
            name: str = getattr(wording, kind)(key)
        except Unknown:
            continue
        return name
    return key


def _name(change: Change, old: Wording, new: Wording) -> str:
    """Return the name of the thing that a change is about, or its id where it has none."""
    if change.about.thing in ("package", "service", "family", "severity"):
        return _found(change.about.thing, change.key, old, new)
    if change.about.thing == "promise":
        known = any(each.id == change.key for each in new.terms.promises)
        return (new if known else old).promise(change.key)
    for wording in (new, old):
        terms = wording.terms
        names = {("part", each.id): each.name for each in terms.parts}
        names |= {("refusal", refusal.id): refusal.name for refusal in terms.refusals}
        names |= {
            ("travel", way.travel.key): way.name for prices in terms.price_lists for way in prices.travels
        }
        names |= {("fee", fee.fee.key): fee.name for prices in terms.price_lists for fee in prices.fees}
        names |= {
            (thing, each.id): each.name for each in terms.hours for thing in ("calendar", "calendar-day")
        }
        if found := names.get((change.about.thing, change.key)):
            return wording.named(found)
    return change.key


def _single_days(texts: Iterable[str]) -> str:
    named = [formats.date_figures(date.fromisoformat(each)) for each in texts]
    if len(named) <= DAYS_NAMED:
        return ", ".join(named)
    return _("%(days)s and %(more)d more") % {
        "days": ", ".join(named[:DAYS_NAMED]),
        "more": len(named) - DAYS_NAMED,
    }


def _value(about: About, key: str, value: Value | None, wording: Wording, day: date) -> str:
    """Write one side of a change; empty where nothing is said and that means no more than silence."""
    if value is None:
        if about in YES_WHERE_PRESENT:
            return wording.value(False, day)
        return str(NOTHING[about]) if about in NOTHING else ""
    if about in (About.CALENDAR, About.CALENDAR_DAY) and isinstance(value, tuple):
        return week_words(tuple(each for each in value if not isinstance(each, str)))
    if about in (About.PROMISE_STARTS, About.PROMISE_STOPS, About.PROMISE_PAUSES, About.PROMISE_RESUMES):
        return _events(value, wording)
    if about in (About.PROMISE_REOPENS, About.INVOICE):
        return _events((value,) if isinstance(value, str) else value, wording)
    if about is About.PROMISE_ALERTS and isinstance(value, tuple):
        return "; ".join(str(each) for each in value) or "–"
    if isinstance(value, int) and not isinstance(value, bool):
        if about is About.GUARANTEE:
            return days(value)
        if about in (About.COMPLAINT, About.SILENCE):
            return working_days(value)
    if isinstance(value, str):
        return _word(about, key, value, wording, day)
    if isinstance(value, tuple):
        return _names(about, [str(each) for each in value], wording, day)
    return wording.value(value, day)


def _events(value: Value, wording: Wording) -> str:
    names = [wording.event(str(each)) for each in value] if isinstance(value, tuple) else []
    return ", ".join(names) or "–"


def _word(about: About, key: str, value: str, wording: Wording, day: date) -> str:
    if about is About.PACKAGE_IF_NOT_SHOWN:
        return wording.package(value)
    if about is About.ASSUMED:
        return wording.named(wording.terms.assumption(value).says)
    if about in (About.PROMISE_CALENDAR, About.SLOT_CALENDAR, About.VISIT_CALENDAR) or key == "calendar":
        return wording.named(wording.terms.hours_called(value).name)
    if about in (About.VENDOR, About.NUMBERING, About.CLAUSE_SOURCE):
        return value
    return wording.value(value, day)


def _names(about: About, keys: list[str], wording: Wording, day: date) -> str:
    if not keys and about in (About.SERVICE_FAMILIES, About.PART_SERVICES):
        return _("all")
    if about is About.SERVICE_FAMILIES:
        found = [wording.family(key) for key in keys]
    elif about is About.PART_SERVICES:
        found = [wording.service(key) for key in keys]
    elif about is About.SEVERITY_ORDER:
        found = [wording.severity(key) for key in keys]
    elif about is About.SERVICE_GATES:
        found = [wording.value(wording.terms.gate(key).kind.value, day) for key in keys]
    elif about in (About.LIABILITY, About.LIABILITY_CAP):
        found = [f"§ {key}" for key in keys]
    elif about is About.SERVICE_CHANNELS:
        found = [wording.value(key, day) for key in keys]
    else:
        found = keys
    return ", ".join(found) or "–"
