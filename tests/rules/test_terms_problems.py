"""Every problem that the checker knows can occur, and is told with its line, its key and what to do.

One broken file a problem: the odd terms with one thing changed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from pomost.rules.terms.parse import parse_terms
from pomost.rules.terms.parts import PublicHolidays
from pomost.rules.terms.problems import Problem, TermsInvalid
from vendors import ODD, no_holidays

GOOD = ODD.read_text(encoding="utf-8")


@dataclass(frozen=True)
class Broken:
    """The odd terms with `old` replaced by `new`, and the one problem that must be told."""

    name: str
    old: str
    new: str
    key: str
    what: str
    do: str
    line_of: str | None = None
    """Text on the line that the problem must name; None: the line of `new`."""


SECOND_CLAUSE = 'id = "I.b"\nsource'
ADVICE_ROW = '[[matrix]]\nservice = "advice"\nclause = "I.a"\ncells = { silver = "no", gold = "quota" }\n'

BROKEN = [
    # The head
    Broken("a format of the future", "format = 1", "format = 2", "format", "not known", "format = 1"),
    Broken("no format", "format = 1\n", "", "format", "missing", "Add format", line_of=""),
    Broken("no version", 'version = "3-odd"\n', "", "terms.version", "missing", 'version = "1"', line_of="[terms]"),
    Broken("a first day in quotes", "from = 2025-03-01\ntitle", 'from = "2025-03-01"\ntitle', "terms.from", "This is text, not a date", "2024-01-01"),
    Broken("terms that end in a year of no calendar", "from = 2025-03-01\ntitle", "from = 2025-03-01\nuntil = 9999-12-31\ntitle", "terms.until", "knows the year 9999", "1900 to 2199", line_of="until = 9999-12-31"),
    Broken("a first day with a time", "from = 2025-03-01\ntitle", "from = 2025-03-01T00:00:00\ntitle", "terms.from", "a date with a time", "2024-01-01"),
    Broken("dates of the terms reversed", "from = 2025-03-01\ntitle", "from = 2025-03-01\nuntil = 2025-02-28\ntitle", "terms.until", "before they begin", "in order", line_of="until = 2025-02-28"),
    Broken("a misspelt key", 'mark = "OW"', 'makr = "OW"', "vendor.makr", "means nothing", "“mark”"),
    Broken("a misspelt section", "[invoice]", "[invoise]", "invoise", "means nothing", "“invoice”"),
    Broken("an address that cannot be one", 'slug = "odd-works"', 'slug = "Odd Works"', "vendor.slug", "cannot stand in an address", "small Latin"),
    Broken("an empty name", 'name = "Odd Works"', 'name = "  "', "vendor.name", "empty", "Write it"),
    Broken("a mark too long for its place", 'mark = "OW"', 'mark = "ODD"', "vendor.mark", "3 characters", "within 2"),
    Broken("a language we do not have", 'languages = ["en", "pl"]', 'languages = ["en", "pl", "cs"]', "vendor.languages", "“cs” is not known", "ru, pl, en"),
    Broken("a zone that does not exist", '"Europe/Lisbon"', '"Europe/Lisboa"', "vendor.zone", "not a time zone", "Europe/Lisbon"),
    Broken("a zone that climbs out of its folder", '"Europe/Lisbon"', '"../../etc/passwd"', "vendor.zone", "not a time zone", "Europe/Warsaw"),
    Broken("a currency in small letters", '"EUR"', '"eur"', "vendor.currency", "not a currency", "three letters"),
    # Numbers of requests
    Broken("a number without a number", 'ticket = "OW/{year}/{n}"', 'ticket = "OW/{year}"', "numbering.ticket", "must hold the number", "{n}"),
    Broken("a number that reaches for attributes", 'ticket = "OW/{year}/{n}"', 'ticket = "{n.__class__}{n}"', "numbering.ticket", "means nothing", "{n:04}"),
    Broken("a number of endless width", 'ticket = "OW/{year}/{n}"', 'ticket = "{n:09999999999}"', "numbering.ticket", "means nothing", "{n:04}"),
    Broken("a first number of zero", "first = 7", "first = 0", "numbering.first", "out of bounds", "from 1"),
    Broken("a first number that is true", "first = 7", "first = true", "numbering.first", "This is true or false, not a whole number", "first = 1"),
    Broken("no vendor", "[vendor]", "[sender]", "vendor", "[vendor] is missing", "who gives the support", line_of=""),
    Broken("a vendor without English", 'languages = ["en", "pl"]', 'languages = ["pl"]', "vendor.languages", "English is missing", "stands in"),
    Broken("a name over several lines", 'address = "1 Nowhere Street"', 'address = "1 Nowhere Street\\nNowhere"', "vendor.address", "several lines", "Write it in one"),
    # Clauses and assumptions
    Broken("an unknown clause", 'name = "Silver"\nclause = "I.a"', 'name = "Silver"\nclause = "I.c"', "package[silver].clause", "no clause “I.c”", "Did you mean", line_of='clause = "I.c"'),
    Broken("two clauses of one id", SECOND_CLAUSE, 'id = "I.a"\nsource', "clause[I.a].id", "more than one clause", "id of its own", line_of='id = "I.a"'),
    Broken("an id that is a sentence", SECOND_CLAUSE, 'id = "I b"\nsource', "clause[I b].id", "cannot be an id", "4.1"),
    Broken("a clause without a source", 'source = { file = "odd", at = "II" }\n', "", "clause[II].source", "missing", "file", line_of='[[clause]]\nid = "II"'),
    Broken("a clause without one language", ', pl = "Pomagamy dniem i nocą." }', " }", "clause[I.a].sentence.pl", "missing in this language", "Add pl", line_of="We help day and night"),
    Broken("a text in a language nobody reads", 'pl = "Pomagamy dniem i nocą." }', 'pl = "Pomagamy dniem i nocą.", ru = "Помогаем." }', "clause[I.a].sentence.ru", "does not use this language", "vendor.languages"),
    Broken("a text that hides characters", "We help day and night.", "We help \\u202eday.", "clause[I.a].sentence.en", "U+202E", "Take it out"),
    Broken("a text with a NUL in it", "We help day and night.", "We help \\u0000day.", "clause[I.a].sentence.en", "U+0000", "Take it out"),
    Broken("a text that nobody reads to the end", "We help day and night.", "We help. " * 200, "clause[I.a].sentence.en", "1800 characters", "within 1500", line_of="We help. We help."),
    Broken("a text that is a number", 'sentence = { en = "We help day and night.", pl', "sentence = { en = 7, pl", "clause[I.a].sentence.en", "a whole number, not text", 'en = "…"'),
    Broken("an assumption nobody wrote down", 'assumed = "Q1"\nsentence', 'assumed = "Q2"\nsentence', "clause[II].assumed", "no assumption “Q2”", "use one of: Q1", line_of='assumed = "Q2"'),
    # Packages and services
    Broken("two defaults", 'name = "Silver"\n', 'name = "Silver"\ndefault = true\n', "package[gold].default", "the default already", "Only one", line_of='name = "Gold"\ndefault'),
    Broken("a package that stands in for itself", 'if_not_shown = "silver"', 'if_not_shown = "gold"', "package[gold].if_not_shown", "stands in for itself", "who cannot show"),
    Broken("a stand-in that does not exist", 'if_not_shown = "silver"', 'if_not_shown = "bronze"', "package[gold].if_not_shown", "no package “bronze”", "[[package]]"),
    Broken("a stand-in without a clause", 'if_not_shown_clause = "I.a"\n', "", "package[gold].if_not_shown_clause", "missing", "Add", line_of='[[package]]\nid = "gold"'),
    Broken("a level that does not exist", 'level = "look"\n', 'level = "touch"\n', "service[advice].level", "“touch” is not known", "none, look, point, act, change-many"),
    Broken("a channel that does not exist", '["phone", "session"]', '["phone", "pigeon"]', "service[advice].channels", "“pigeon” is not known", "mail"),
    Broken("a gate named twice", 'gates = ["agreed", "copy"]', 'gates = ["agreed", "agreed"]', "service[repair].gates", "stands here twice", "Take one out"),
    Broken("a service without a channel", 'channels = ["phone", "session"]', "channels = []", "service[advice].channels", "empty", "at least one"),
    Broken("an unknown product", 'families = ["press", "loom"]', 'families = ["press", "lom"]', "service[repair].families", "“lom” is not known", "“loom”"),
    # The matrix
    Broken("a matrix without a row", ADVICE_ROW, "", "matrix[advice]", "no row for this service", "unstated", line_of='[[service]]\nid = "advice"'),
    Broken("a row that stands twice", ADVICE_ROW, ADVICE_ROW + ADVICE_ROW, "matrix[advice]", "a row for this service already", "Keep one", line_of='[[matrix]]\nservice = "advice"'),
    Broken("a missing cell", 'cells = { silver = "no", gold = "quota" }', 'cells = { gold = "quota" }', "matrix[advice].cells.silver", "“silver” is missing", "Add silver"),
    Broken("a cell of an unknown package", 'cells = { silver = "no", gold', 'cells = { bronze = "no", silver = "no", gold', "matrix[advice].cells.bronze", "means nothing", "gold, silver"),
    Broken("a cell that says perhaps", 'cells = { silver = "no"', 'cells = { silver = "perhaps"', "matrix[advice].cells.silver", "“perhaps” is not a cell", "unstated"),
    Broken("a cell that is true", 'cells = { silver = "no"', "cells = { silver = true", "matrix[advice].cells.silver", "true or false, not text", '"yes"'),
    Broken("a row of an unknown service", '[[matrix]]\nservice = "advice"', '[[matrix]]\nservice = "advise"', "matrix[advise].service", "no service “advise”", "“advice”", line_of='service = "advise"'),
    Broken("a quota that the package does not have", 'cells = { silver = "no", gold', 'cells = { silver = "quota", gold', "matrix[advice].cells.silver", "a quota that the package does not have", "[[quota]]"),
    Broken("two quotas for a package", "[severity_rule]", '[[quota]]\npackages = "gold"\ncounts = "requests"\nmultiple = "1"\nclause = "I.a"\n\n[severity_rule]', "quota[#2].packages", "a quota already", "one way", line_of='packages = "gold"\ncounts = "requests"'),
    Broken("a multiple of zero", 'multiple = "0.25"', 'multiple = "0"', "quota[#1].multiple", "not a number above zero", "0.5"),
    # Severity
    Broken("severities without a rule", '[severity_rule]\nset_by = "technician"\nchange = "freely"\nclause = "I.a"\n', "", "severity_rule", "nothing says who sets them", "with-consent", line_of=""),
    Broken("a rule without severities", '[[severity]]\nid = "calm"', '[[severities]]\nid = "calm"', "severities", "means nothing", "“severity”"),
    # Calendars
    Broken("a calendar without hours", 'zone = "Atlantic/Azores"\nhours = { mon-thu = ["22:00-24:00", "00:00-06:00"], fri = ["00:00-06:00"], sun = "22:00-24:00" }', "hours = {}", "calendar[night].hours", "has no hours", "09:00-17:00"),
    Broken("hours that overlap", '["22:00-24:00", "00:00-06:00"]', '["22:00-24:00", "00:00-22:01"]', "calendar[night].hours.mon-thu", "overlap", "the one before has ended"),
    Broken("a day that has hours twice", 'sun = "22:00-24:00"', 'sun = "22:00-24:00", thu-fri = "10:00-11:00"', "calendar[night].hours.thu-fri", "has hours already", "once"),
    Broken("hours that run backward", 'sun = "22:00-24:00"', 'sun = "22:00-06:00"', "calendar[night].hours.sun", "ends before it starts", "two intervals"),
    Broken("an hour that no clock shows", 'sun = "22:00-24:00"', 'sun = "22:00-25:00"', "calendar[night].hours.sun", "no clock shows", "24:00"),
    Broken("hours in words", 'sun = "22:00-24:00"', 'sun = "from ten"', "calendar[night].hours.sun", "not an interval", "09:00-17:00"),
    Broken("a day of the week that does not exist", 'sun = "22:00-24:00"', 'domingo = "22:00-24:00"', "calendar[night].hours.domingo", "names no day", "mon, tue"),
    Broken("days that run backward", 'sun = "22:00-24:00"', 'sun-sat = "22:00-24:00"', "calendar[night].hours.sun-sat", "run backward", "Split"),
    Broken("a country nobody knows", 'zone = "Atlantic/Azores"', 'zone = "Atlantic/Azores"\npublic_holidays = "XX"', "calendar[night].public_holidays", "No public holidays are known for “XX”", "PL", line_of='public_holidays = "XX"'),
    Broken("a subdivision of nowhere", 'zone = "Atlantic/Azores"', 'zone = "Atlantic/Azores"\nsubdivision = "30"', "calendar[night].subdivision", "needs its country", "public_holidays", line_of='subdivision = "30"'),
    Broken("an override without hours", 'hours = ["00:00-02:00"]\n', "", "calendar[night].override[#1].hours", "missing", "days off", line_of="[[calendar.override]]"),
    Broken("an override that is a number", '[[calendar.override]]\nnote = "Short nights"\ndays = [2026-12-24, 2026-12-31]\nhours = ["00:00-02:00"]\nin_use = true\n', "override = [1]\n", "calendar[night].override[#1]", "a whole number, not a table", "[[override]]", line_of="override = [1]"),
    Broken("an override in a year of no calendar", "[2026-12-24, 2026-12-31]", "[2026-12-24, 2200-01-01]", "calendar[night].override[#1].days", "knows the year 2200", "1900 to 2199"),
    Broken("an override that is no date", "[2026-12-24, 2026-12-31]", '["Christmas"]', "calendar[night].override[#1].days", "not a date", "2026-05-02"),
    Broken("a day with two overrides", "[2026-12-24, 2026-12-31]", "[2026-12-24, 2026-12-24]", "calendar[night].override[#1].days", "an override already", "once"),
    # Clocks
    Broken("a clock that nothing stops", 'stops = ["solution.proposed"]\n', "", "promise[mend].stops", "no event that stops it", "Add stops", line_of='[[promise]]\nid = "mend"'),
    Broken("a clock that nothing starts", 'starts = "request.received"\n', "", "promise[call-back].starts", "no event that starts it", "Add starts", line_of='[[promise]]\nid = "call-back"'),
    Broken("an event nobody knows", 'stops = "work.began"', 'stops = "work.begun"', "promise[call-back].stops", "“work.begun” is not known", "“work.began”"),
    Broken("an event that starts and stops", 'stops = "work.began"', 'stops = ["work.began", "request.received"]', "promise[call-back].stops", "starts the clock and stops it", "Take it out"),
    Broken("a pause without an end", 'resumes = ["customer.answered"]\n', "", "promise[mend].resumes", "nothing lets it run on", "Add resumes", line_of='[[promise]]\nid = "mend"'),
    Broken("an end without a pause", 'pauses = ["customer.asked"]\n', "", "promise[mend].pauses", "nothing pauses it", "Add pauses", line_of='[[promise]]\nid = "mend"'),
    Broken("a pause of metered time", 'time = "working"\ncalendar = "night"\n', 'time = "metered"\n', "promise[mend].pauses", "stands still by itself", "Take pauses", line_of='pauses = ["customer.asked"]'),
    Broken("a chain to a clock that does not exist", '"clock:call-back"', '"clock:callback"', "promise[mend].starts", "“clock:callback” is not known", "“clock:call-back”"),
    Broken("a clock that waits for itself", '"clock:call-back"', '"clock:mend"', "promise[mend].starts", "waits for itself", "by an event"),
    Broken("a chain to what is not promised", 'gold = "20m"', 'gold = "none"', "promise[mend].starts", "“call-back” (gold, fire), and that is not promised", "Promise both", line_of="clock:call-back"),
    Broken("a promise to an unknown package", 'gold = "20m"', 'gold = "20m"\nbronze = "1h"', "promise[call-back].amounts.bronze", "means nothing", "gold, silver", line_of='bronze = "1h"'),
    Broken("a package without an amount", 'gold = "20m"\n', "", "promise[call-back].amounts.gold", "“gold” is missing", "Add gold", line_of="[promise.amounts]"),
    Broken("a severity without an amount", 'silver = { calm = "12h", fire = "1h30m" }', 'silver = { calm = "12h" }', "promise[call-back].amounts.silver.fire", "“fire” is missing", "Add fire"),
    Broken("an amount in words", 'gold = "20m"', 'gold = "20 минут"', "promise[call-back].amounts.gold", "not a duration", 'Write "20m"'),
    Broken("an amount of nothing", 'gold = "20m"', 'gold = "0m"', "promise[call-back].amounts.gold", "no time at all", "30m"),
    Broken("an amount that is a number", 'gold = "20m"', "gold = 20", "promise[call-back].amounts.gold", "a whole number, not text", '"4h"'),
    Broken("working time without a calendar", 'time = "working"\ncalendar = "night"\n', 'time = "working"\n', "promise[mend].calendar", "missing", "Add calendar", line_of='[[promise]]\nid = "mend"'),
    Broken("elapsed time with a calendar", 'time = "elapsed"', 'time = "elapsed"\ncalendar = "night"', "promise[call-back].calendar", "has no calendar", "Take the key out", line_of='calendar = "night"'),
    Broken("a remedy said twice", "[[gate]]\nid = \"agreed\"", '[[promise.then]]\npackages = ["gold"]\nremedy = "ask-person"\nclause = "I.a"\n\n[[promise.then]]\npackages = ["gold"]\nremedy = "ask-person"\nclause = "I.a"\n\n[[gate]]\nid = "agreed"', "promise[mend].then[#2].packages", "said already", "once", line_of="packages = [\"gold\"]"),
    # Gates
    Broken("a gate without a text", 'text = { en = "I have a copy.", pl = "Mam kopię." }\n', "", "gate[copy].text", "missing", "Add text", line_of='[[gate]]\nid = "copy"'),
    Broken("a gate before nothing", 'before = "look"', 'before = "none"', "gate[agreed].before", "holds nothing back", '"look"'),
    Broken("a price accepted unseen", 'en = "I agree to {price}."', 'en = "I agree."', "gate[agreed].text.en", "without seeing it", "{price}"),
    Broken("a place that nothing fills", 'en = "I have a copy."', 'en = "I have {a} copy."', "gate[copy].text.en", "Nothing is known of {a}", "Fields here: none"),
    # Prices
    Broken("a negative rate", 'rate_per_hour = "80.00"', 'rate_per_hour = "-80.00"', "price_list[spring].tariff[quarters].rate_per_hour", "negative", "zero or more"),
    Broken("a rate that is a binary fraction", 'rate_per_hour = "80.00"', "rate_per_hour = 80.00", "price_list[spring].tariff[quarters].rate_per_hour", "a number with a point, not text", '"80.0"'),
    Broken("a rate with a comma", 'rate_per_hour = "80.00"', 'rate_per_hour = "80,00"', "price_list[spring].tariff[quarters].rate_per_hour", "not an amount", "1300.00"),
    Broken("a tariff without its unit", 'unit = "15m"\nscope = "session"\nname = { en = "Quarters"', 'scope = "session"\nname = { en = "Quarters"', "price_list[spring].tariff[quarters].unit", "missing", "60m", line_of='[[price_list.tariff]]\nid = "quarters"'),
    Broken("a unit where there are none", 'kind = "plain"', 'kind = "plain"\nunit = "15m"', "price_list[new-year].tariff[loom].unit", "has no unit", "Take the key out", line_of='kind = "plain"\nunit'),
    Broken("a price in words without the price", 'en = "{rate} an hour", pl', 'en = "cheap", pl', "price_list[new-year].tariff[loom].says.en", "does not name the amount", "{rate}"),
    Broken("a rate in words that is not there", 'rate_per_hour = "33.33"', 'rate_per_hour = "unstated"', "price_list[new-year].tariff[loom].says.en", "a rate that is not stated", "agreed instead", line_of='en = "{rate} an hour", pl'),
    Broken("VAT of more than everything", 'until = 2025-12-31\nvat = "23"', 'until = 2025-12-31\nvat = "123"', "price_list[spring].vat", "not a VAT rate", "none", line_of='vat = "123"'),
    Broken("price lists that overlap", "until = 2025-12-31", "until = 2026-01-01", "price_list[new-year].from", "overlap with the list “spring”", "begin after", line_of="from = 2026-01-01"),
    Broken("price lists of one day", "from = 2026-01-01", "from = 2025-03-01", "price_list[new-year].from", "overlap with the list “spring”", "begin after", line_of='id = "new-year"\nfrom'),
    Broken("prices that end before they begin", "until = 2025-12-31", "until = 2025-02-28", "price_list[spring].until", "before they begin", "in order"),
    Broken("prices that begin after the terms", "from = 2025-03-01\nuntil", "from = 2025-03-02\nuntil", "matrix[repair]", "no prices hold on 2025-03-01", "[[price_list]]", line_of='[[matrix]]\nservice = "repair"'),
    Broken("two tariffs for the same work", 'families = ["loom"]\npackages', 'families = ["press"]\npackages', "price_list[new-year].tariff[loom]", "same work as “press”: repair, silver, press", "Tell them apart", line_of='[[price_list.tariff]]\nid = "loom"'),
    Broken("two prices of one id", 'id = "loom"\nclause', 'id = "press"\nclause', "price_list[new-year]", "has the id “press”", "id of its own", line_of='[[price_list]]\nid = "new-year"'),
    Broken("a paid service without a tariff", 'families = ["loom"]\npackages = ["silver", "gold"]', 'families = ["loom"]\npackages = ["silver"]', "matrix[repair].cells.gold", "no tariff for it (gold, loom)", "unstated", line_of='cells = { silver = "paid"'),
    Broken("a paid service without consent", 'gates = ["agreed", "copy"]', 'gates = ["copy"]', "matrix[repair]", "nothing asks for consent", "price-accepted", line_of='[[matrix]]\nservice = "repair"'),
    Broken("paid work after a promise without consent", "[[gate]]\nid = \"agreed\"", '[[promise.then]]\npackages = ["gold"]\nremedy = "agree-paid-work"\nservice = "advice"\nclause = "I.a"\n\n[[gate]]\nid = "agreed"', "promise[mend].then.service", "nothing asks for consent", "price-accepted", line_of='service = "advice"\nclause = "I.a"\n\n[[gate]]'),
    # Afterwards
    Broken("an invoice after an event nobody knows", 'after = "request.closed"', 'after = "request.close"', "invoice.after", "“request.close” is not known", "“request.closed”"),
    Broken("silence of no days", "silence_working_days = 5", "silence_working_days = 0", "confirmation.silence_working_days", "out of bounds", "from 1"),
    Broken("a calendar that does not exist", 'silence_working_days = 5\ncalendar = "night"', 'silence_working_days = 5\ncalendar = "day"', "confirmation.calendar", "no calendar “day”", "night", line_of='calendar = "day"'),
    Broken("no city for visits", "[invoice]", '[visits]\ncities = []\ncalendar = "night"\nclause = "I.a"\nelsewhere = "no"\nelsewhere_clause = "I.a"\n\n[invoice]', "visits.cities", "no city", "unstated", line_of="cities = []"),
    Broken("cities in numbers", "[invoice]", '[visits]\ncities = [1, 2]\ncalendar = "night"\nclause = "I.a"\nelsewhere = "no"\nelsewhere_clause = "I.a"\n\n[invoice]', "visits.cities", "not text", '["…", "…"]', line_of="cities = [1, 2]"),
    Broken("a section that should be a table", "[invoice]\nafter = \"request.closed\"\nclause = \"I.b\"\n", "", "invoice", "This is text, not a table", "{ … }", line_of='invoice = "monthly"'),
]  # fmt: skip


def problems_of(text: str) -> tuple[Problem, ...]:
    def holidays(country: str, subdivision: str | None, years: Sequence[int]) -> PublicHolidays:
        if country == "XX":
            raise LookupError("No public holidays are known for “XX”.")
        return no_holidays(country, subdivision, years)

    with pytest.raises(TermsInvalid) as refused:
        parse_terms(text, "odd.toml", holidays)
    return refused.value.problems


def broken_text(broken: Broken) -> str:
    assert broken.old in GOOD
    text = GOOD.replace(broken.old, broken.new, 1)
    if broken.name == "two defaults":
        text = text.replace('name = "Gold"\n', 'name = "Gold"\ndefault = true\n')
    if broken.name == "a section that should be a table":
        text = text.replace("format = 1", 'format = 1\ninvoice = "monthly"')
    return text


def lines_of(text: str, part: str) -> set[int]:
    """The lines over which `part` stands, everywhere in `text`."""
    return {
        text[: found.start()].count("\n") + 1 + more
        for found in re.finditer(re.escape(part), text)
        for more in range(part.rstrip("\n").count("\n") + 1)
    }


def test_severity_is_neither_set_nor_priced_where_there_is_none() -> None:
    a, b = GOOD.index('[[severity]]\nid = "calm"'), GOOD.index("[[calendar]]")

    problems = {problem.key: problem.what for problem in problems_of(GOOD[:a] + GOOD[b:])}

    assert problems["severity_rule"] == "There is no severity to set."
    assert problems["promise[call-back].amounts.silver"] == "The file defines no severity."


def test_all_problems_of_a_file_are_told_in_the_order_of_its_lines() -> None:
    text = (
        GOOD.replace('"EUR"', '"euro"')
        .replace('gold = "20m"', 'gold = "soon"')
        .replace('vat = "23"', 'vat = "x"')
    )

    problems = problems_of(text)

    lines = [problem.line or 0 for problem in problems]
    assert [problem.key for problem in problems] == [
        "vendor.currency",
        "promise[call-back].amounts.gold",
        "price_list[spring].vat",
        "price_list[new-year].vat",
    ]
    assert lines == sorted(lines)


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.name)
def test_a_broken_file_is_refused_with_what_is_wrong_and_what_to_do(broken: Broken) -> None:
    text = broken_text(broken)

    problems = [problem for problem in problems_of(text) if problem.key == broken.key]

    assert problems, [str(problem) for problem in problems_of(text)]
    assert broken.what in problems[0].what
    assert broken.do in problems[0].do
    if broken.line_of == "":
        assert problems[0].line is None
    else:
        assert problems[0].line in lines_of(text, broken.line_of or broken.new)
