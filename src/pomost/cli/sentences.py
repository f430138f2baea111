"""English sentences for the statements of an explanation.

Owns one sentence for each message of rules/explain.py, and how values look in a
terminal. Names from the terms come in the language that was asked for; the
sentence around them is English, as all of the command. The pages have their own
sentences, through gettext.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from pomost.rules.clocks import CLOCK_PREFIX, EVENTS
from pomost.rules.explain import Statement, Value
from pomost.rules.money import Money
from pomost.rules.terms.model import Terms, said

SENTENCES: Final[Mapping[str, str]] = {
    "entitlement.included": "{service}: included in “{package}”.",
    "entitlement.from-quota": "{service}: taken from the quota of “{package}”.",
    "entitlement.paid": "{service}: paid, by the price list (“{package}”).",
    "entitlement.unstated": "{service}: the terms do not say. A person decides, and the reason is kept.",
    "entitlement.sold-separately": "{service}: in no package, sold separately.",
    "entitlement.known-solutions-only": "{service}: only known solutions and the advice to update, for an outdated version.",
    "entitlement.refused": "{service}: not part of “{package}”, refused.",
    "fact.not-shown": "“{package}” could not be shown.",
    "fact.not-shown-unstated": "“{package}” could not be shown, and the terms do not say what serves then.",
    "fact.no-package": "No package was named, and the terms have none for that.",
    "fact.family-unstated": "The terms do not give this service for {family}.",
    "fact.rate-unstated": "The terms give no rate for it.",
    "access.none": "No connection to the customer's machine.",
    "access.up-to": "A session may go up to “{level}”, each step by the customer's click.",
    "access.if-agreed": "If a person agrees, a session may go up to “{level}”.",
    "request.booked": "It is booked for an agreed time.",
    "request.part": "The request must carry: {part}.",
    "request.tasks": "Tasks in one request: {tasks}.",
    "request.visit-cities-unstated": "The cities for visits are not known. A person decides.",
    "request.visit-cities": "Cities for visits: {cities}.",
    "gate.customer": "Before “{level}” the customer agrees: {text}",
    "gate.noted": "Before “{level}” it is noted: {text}",
    "clock.due": "{promise}: within {amount}, by {due}.",
    "clock.unconfirmed": "{promise}: within {amount}. The moment cannot be told: {why}",
    "clock.later": "{promise}: within {amount}, counted from this event: {event}.",
    "clock.after-agree-paid-work": "When the time of “{promise}” is over: {service}, once its price is agreed.",
    "clock.after-ask-person": "When the time of “{promise}” is over, a person decides how to go on.",
    "clock.none": "No time is promised.",
    "price.nothing": "Nothing to pay.",
    "price.rate": "{tariff}.",
    "price.sample": "The rate is an example: the vendor published none.",
    "price.fee": "Also {fee}.",
    "price.vat": "VAT of {percent} % is added.",
    "price.no-vat": "No VAT is added.",
    "price.depends": "The price depends on the product: name it with --family.",
    "estimate.demanded": "Work beyond {budget} needs an estimate that the customer accepts.",
    "estimate.declined-nothing": "If it is declined, nothing at all is to pay.",
    "estimate.declined-worked": "If it is declined, the time worked so far is to pay.",
    "use.requests": "Use of the package is counted in requests, by {multiple}.",
    "use.hours": "Use of the package is counted in hours, by {multiple}.",
    "invoice.after": "An invoice can be made after this event: {event}.",
    "confirmation.silence": "Without an answer a solution counts as confirmed after {days} working days.",
    "warranty.guarantee": "The guarantee on the work lasts {days} days.",
    "warranty.complaint": "A complaint is in time for {days} working days, and until the next ordered service.",
}


def sentence(statement: Statement, language: str) -> str:
    """Return the English sentence of a statement; names from the terms are in `language`."""
    values = {key: _shown(key, value, language) for key, value in statement.values.items()}
    text = SENTENCES[statement.message]
    for key, value in values.items():
        text = text.replace(f"{{{key}}}", value)
    # A price in words has a place for its amount, which is a value of the same statement.
    return text.replace("{rate}", values.get("rate", "")).replace("{amount}", values.get("amount", ""))


def _shown(key: str, value: Value, language: str) -> str:
    if key == "event" and isinstance(value, str):
        return EVENTS.get(value) or f"the clock “{value.removeprefix(CLOCK_PREFIX)}” stopped"
    if isinstance(value, Mapping):
        return said(value, language).replace("{price}", "(the price below)")
    if isinstance(value, datetime):
        return value.strftime("%a %Y-%m-%d %H:%M")
    if isinstance(value, timedelta):
        return _duration(value)
    if isinstance(value, Money):
        return f"{value.amount:.2f} {value.currency}"
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _duration(amount: timedelta) -> str:
    minutes, seconds = divmod(int(amount.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return " ".join(f"{n} {unit}" for n, unit in ((hours, "h"), (minutes, "min"), (seconds, "s")) if n)


def clause_line(terms: Terms, key: str, language: str) -> str:
    """Return a clause with its sentence, source and day, and the mark of what the vendor never said."""
    clause = terms.clause(key)
    assumed = f"; assumed, {clause.assumed}" if clause.assumed else ""
    source = f"{clause.source_file}, {clause.source_at}"
    return f"{clause.label} {said(clause.sentence, language)} ({source}; in force from {terms.in_force_from}{assumed})"
