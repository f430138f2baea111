"""Names of columns in three languages, with what people call them.

Owns the one list: each column's name in the sample (the first), its other names, and the unit that a name gives to bare
numbers. A name in the file is compared folded, whole, then without what stands in brackets.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from pomost.rules.audit.history import Column
from pomost.sheets.fold import fold

HOUR, MINUTE = 3600, 60


@dataclass(frozen=True, slots=True)
class Known:
    """A column as a first line may name it."""

    column: Column
    unit_seconds: int | None = None
    """What a bare number means, where the name says it."""


NAMES: Final[Mapping[Column, Mapping[str, str]]] = {
    Column.NUMBER: {
        "en": "number|no|nr|id|ticket|ticket no|ticket number|ticket id|request|request number|case|case number|key",
        "pl": "numer|nr|nr zgłoszenia|numer zgłoszenia|zgłoszenie|id zgłoszenia|sprawa|nr sprawy",
        "ru": "номер|№|номер обращения|номер заявки|обращение|заявка|тикет|номер тикета|код",
    },
    Column.CUSTOMER: {
        "en": "customer|client|company|account|organisation|organization|customer name",
        "pl": "klient|firma|kontrahent|nazwa klienta|zamawiający|odbiorca",
        "ru": "клиент|заказчик|организация|компания|контрагент|название клиента",
    },
    Column.SUBJECT: {
        "en": "subject|title|description|summary|note|notes|comment",
        "pl": "temat|tytuł|opis|uwagi|komentarz|treść",
        "ru": "тема|описание|суть|комментарий|примечание|вопрос",
    },
    Column.PACKAGE: {
        "en": "package|plan|support package|contract|tier|sla",
        "pl": "pakiet|umowa|taryfa|abonament|plan|rodzaj umowy",
        "ru": "пакет|тариф|договор|вид договора|план",
    },
    Column.SHOWN: {
        "en": "package shown|shown|proof|package proved",
        "pl": "pakiet wykazany|wykazany|potwierdzony pakiet",
        "ru": "пакет подтверждён|подтверждён|пакет показан",
    },
    Column.SERVICE: {
        "en": "service|kind of service|service name|type of service",
        "pl": "usługa|rodzaj usługi|nazwa usługi",
        "ru": "услуга|вид услуги|название услуги|сервис",
    },
    Column.FAMILY: {
        "en": "product|program|software|family|application|product family",
        "pl": "program|produkt|aplikacja|system",
        "ru": "программа|продукт|приложение|конфигурация",
    },
    Column.SEVERITY: {
        "en": "severity|priority|urgency|criticality",
        "pl": "waga|priorytet|pilność|ważność|krytyczność",
        "ru": "критичность|приоритет|срочность|важность",
    },
    Column.VERSION: {
        "en": "outdated|outdated version|version outdated",
        "pl": "nieaktualna wersja|wersja nieaktualna|stara wersja",
        "ru": "устаревшая версия|версия устарела|устарела",
    },
    Column.DATE: {
        "en": "date|day|work date|date of work",
        "pl": "data|dzień|data pracy|data wykonania|data usługi",
        "ru": "дата|день|дата работы|дата работ|дата оказания",
    },
    Column.RECEIVED: {
        "en": "received|received at|arrived|date received|reported|reported at|opened",
        "pl": "wpłynęło|otrzymano|data wpływu|data otrzymania|przyjęto|data przyjęcia|wpływ|odebrano",
        "ru": "получено|поступило|дата получения|дата поступления|время получения|принято|пришло",
    },
    Column.REGISTERED: {
        "en": "registered|registered at|created|created at|date created|logged",
        "pl": "zarejestrowano|data rejestracji|rejestracja|utworzono|data utworzenia|data zgłoszenia|założono",
        "ru": "зарегистрировано|дата регистрации|регистрация|создано|дата создания|дата обращения|дата заявки",
    },
    Column.COMPLETED: {
        "en": "complete|complete at|all parts received",
        "pl": "komplet|komplet danych|uzupełniono",
        "ru": "комплект|все данные получены|дополнено",
    },
    Column.TOLD: {
        "en": "told|notified|told at|notified at|acknowledged|acknowledged at|first response|number told|reaction",
        "pl": "powiadomiono|podano numer|potwierdzono|data powiadomienia|pierwsza odpowiedź|reakcja|czas reakcji od",
        "ru": "сообщено|номер сообщён|уведомлено|дата уведомления|первый ответ|реакция|клиент уведомлён",
    },
    Column.BEGAN: {
        "en": "began|started|began at|started at|work began|work started|taken",
        "pl": "rozpoczęto|początek pracy|rozpoczęcie|data rozpoczęcia|start|podjęto",
        "ru": "начато|начало работы|начало|дата начала|взято в работу|в работе с",
    },
    Column.ANSWERED: {
        "en": "answered|answered at|answer proposed|replied with answer",
        "pl": "odpowiedziano|propozycja odpowiedzi|data odpowiedzi|odpowiedź",
        "ru": "отвечено|вариант ответа|дата ответа|ответ предложен|ответ",
    },
    Column.ASKED: {
        "en": "customer asked|waiting since|waiting from|on hold from|paused",
        "pl": "zapytano klienta|oczekiwanie od|wstrzymano|pauza od",
        "ru": "запрошено у клиента|ожидание с|ожидание клиента с|приостановлено",
    },
    Column.REPLIED: {
        "en": "customer answered|waiting until|on hold until|resumed",
        "pl": "klient odpowiedział|oczekiwanie do|wznowiono|pauza do",
        "ru": "клиент ответил|ожидание до|ожидание клиента до|возобновлено",
    },
    Column.SOLVED: {
        "en": "solved|resolved|solved at|resolved at|fixed|done|finished",
        "pl": "rozwiązano|data rozwiązania|zakończono|zrealizowano|wykonano",
        "ru": "решено|дата решения|выполнено|исполнено|завершено",
    },
    Column.CONFIRMED: {
        "en": "confirmed|confirmed at|accepted by customer",
        "pl": "potwierdzono rozwiązanie|klient potwierdził|odebrano pracę",
        "ru": "подтверждено|решение подтверждено|клиент подтвердил",
    },
    Column.CLOSED: {
        "en": "closed|closed at|date closed",
        "pl": "zamknięto|data zamknięcia",
        "ru": "закрыто|дата закрытия",
    },
    Column.KIND: {
        "en": "kind|type|kind of work|channel",
        "pl": "rodzaj|typ|rodzaj pracy|kanał",
        "ru": "вид|тип|вид работы|канал",
    },
    Column.WORKED: {
        "en": "worked|time worked|time|duration|time spent|effort|work time",
        "pl": "przepracowano|czas|czas pracy|czas trwania|przepracowany czas",
        "ru": "отработано|время|время работы|длительность|затрачено|трудозатраты|продолжительность",
    },
    Column.CONSENT: {
        "en": "consent|price accepted|consent to pay|agreed to pay",
        "pl": "zgoda|zgoda na koszt|cena zaakceptowana|akceptacja ceny",
        "ru": "согласие|согласие на оплату|цена согласована|согласие с ценой",
    },
    Column.ESTIMATE: {
        "en": "estimate|estimate answer|quote answer",
        "pl": "wycena|odpowiedź na wycenę|akceptacja wyceny",
        "ru": "оценка|ответ на оценку|смета|согласование оценки",
    },
    Column.QUOTED: {
        "en": "quoted|quoted net|fixed price|agreed price",
        "pl": "kwota wyceny|uzgodniona kwota|cena stała|kwota stała",
        "ru": "сумма оценки|согласованная сумма|твёрдая цена|сумма по смете",
    },
    Column.BILLED: {
        "en": "billed net|billed|invoiced|invoiced net|amount|amount net|net|charged",
        "pl": "zafakturowano netto|zafakturowano|faktura netto|kwota|kwota netto|netto|wartość netto|faktura",
        "ru": "выставлено без НДС|выставлено|счёт|сумма|сумма без НДС|начислено|оплата|к оплате",
    },
    Column.BILLED_GROSS: {
        "en": "billed gross|invoiced gross|amount gross|gross",
        "pl": "zafakturowano brutto|faktura brutto|kwota brutto|brutto|wartość brutto",
        "ru": "выставлено с НДС|сумма с НДС|с НДС|итого с НДС",
    },
    Column.BILLED_TIME: {
        "en": "billed time|billable time|time billed",
        "pl": "zafakturowany czas|czas fakturowany|czas do faktury",
        "ru": "выставленное время|время к оплате|оплачиваемое время",
    },
    Column.FEE_PAID: {
        "en": "fee paid before|one-off fee paid|fee paid",
        "pl": "opłata już uiszczona|opłata jednorazowa zapłacona|opłata zapłacona",
        "ru": "подключение оплачено раньше|разовая плата внесена|подключение оплачено",
    },
    Column.QUOTA: {
        "en": "quota|contract quota|quota a month|monthly quota",
        "pl": "limit|limit w umowie|limit miesięczny|pula",
        "ru": "лимит|лимит по договору|лимит в месяц|включено в договор",
    },
    Column.TASKS: {
        "en": "tasks|number of tasks",
        "pl": "zadania|liczba zadań",
        "ru": "задачи|число задач|количество задач",
    },
}
"""Names separated by strokes; the first is the one that the sample uses."""

TIMED: Final = {
    HOUR: {
        Column.WORKED: "hours|hours worked|worked hours|h|godziny|godz|liczba godzin|часы|часов|количество часов",
        Column.BILLED_TIME: "billed hours|billable hours|hours billed|zafakturowane godziny|godziny do faktury|часы к оплате|оплачиваемые часы",
    },
    MINUTE: {
        Column.WORKED: "minutes|minutes worked|worked minutes|min|minuty|liczba minut|минуты|минут|мин|количество минут",
        Column.BILLED_TIME: "billed minutes|zafakturowane minuty|минуты к оплате",
    },
}
"""Names that give a bare number its unit."""

LANGUAGES: Final = ("en", "pl", "ru")

_BRACKETS = re.compile(r"[(\[{].*?[)\]}]")
_UNIT_IN_BRACKETS = re.compile(r"[(\[{]\s*(\w+)\.?\s*[)\]}]")
_UNITS: Final = {
    "h": HOUR, "hours": HOUR, "godz": HOUR, "godziny": HOUR, "g": HOUR, "ч": HOUR, "час": HOUR, "часы": HOUR, "часов": HOUR,
    "min": MINUTE, "minutes": MINUTE, "minuty": MINUTE, "мин": MINUTE, "минут": MINUTE, "минуты": MINUTE,
}  # fmt: skip


def name_of(column: Column, language: str) -> str:
    """Return a column's name in a language, as the sample has it."""
    return NAMES[column][language].split("|", 1)[0]


def other_names(column: Column, language: str) -> list[str]:
    """Return the other names that are understood in a language."""
    return NAMES[column][language].split("|")[1:]


@cache
def known_names() -> Mapping[str, Known]:
    """Return every folded name with the column it means.

    Raises:
        ValueError: two columns share a name (a mistake in this list).
    """
    found: dict[str, Known] = {}

    def add(name: str, known: Known) -> None:
        if found.setdefault(fold(name), known) != known:
            raise ValueError(f"{name!r} names both {found[fold(name)].column} and {known.column}.")

    for column, by_language in NAMES.items():
        add(column.value, Known(column))
        for names in by_language.values():
            for name in names.split("|"):
                add(name, Known(column))
    for unit, columns in TIMED.items():
        for column, names in columns.items():
            for name in names.split("|"):
                add(name, Known(column, unit))
    return found


def column_named(name: str) -> Known | None:
    """Return what a name in a first line means, or None."""
    names = known_names()
    if whole := names.get(fold(name)):
        return whole
    bare = names.get(fold(_BRACKETS.sub(" ", name)))
    unit = _UNIT_IN_BRACKETS.search(name)
    if bare is not None and unit is not None and bare.column in (Column.WORKED, Column.BILLED_TIME):
        return Known(bare.column, _UNITS.get(fold(unit[1]), bare.unit_seconds))
    return bare
