"""Each part as HTML: what it shows, and what a screen reader is told."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.template import engines
from django.test import RequestFactory
from django.utils import translation

from pomost.ui.parts import (
    ClauseView,
    ClockView,
    DayView,
    EmptyView,
    FaceView,
    MeterView,
    PinView,
    PlaceView,
    PlankView,
    PostState,
    PostView,
    Presence,
    Risk,
    RungState,
    RungView,
    SeverityView,
    Shell,
    ShiftView,
)

# Samples of every part, as a page would hand them over.
CLAUSE = ClauseView(
    label="§ 5",
    title="Час работы",
    sentence="1300 ₽ за час, не меньше часа за сеанс. Дальше по минутам.",
    source="Прайс-лист от 01.01.2017 · версия 3",
    since=date(2017, 1, 1),
)
SHORT_CLAUSE = ClauseView(label="§ 2.7", sentence="Подключаемся и помогаем с настройкой.")

CLOCKS = (
    ClockView(Risk.ON_TIME, "2:28", "до 11:40", 38),
    ClockView(Risk.SOON, "0:18", "до 9:30", 70),
    ClockView(Risk.LATE, "+0:22", "чт 16:50", 100),
    ClockView(Risk.PAUSED, "Пауза", "с чт 14:10", 55),
    ClockView(Risk.NONE, "Не обещан"),
    ClockView(Risk.AGREED, "0:48", "выезд в 10:00"),
)
SEVERITIES = (SeverityView(1, "Низкая"), SeverityView(2, "Средняя"), SeverityView(3, "Критическая"))
CHAIN = (
    PostView("чт 16:30", "Получено", "circle-dot", detail="письмо"),
    PostView("чт 17:00", "Праздник 12.06, сб, вс", "moon", PostState.GAP, is_quiet=True),
    PostView(
        "пн 9:00", "Отсчёт продолжен, прошло 0:30", "sun", PostState.PAST, risk=Risk.SOON, is_quiet=True
    ),
    PostView(
        "пн 9:30",
        "Сообщение номера",
        "hourglass",
        PostState.OPEN,
        risk=Risk.SOON,
        is_next=True,
        clause=SHORT_CLAUSE,
    ),
    PostView(
        "нет срока",
        "Начало и решение не обещаны",
        "circle-dashed",
        PostState.PLAIN,
        risk=Risk.NONE,
        is_quiet=True,
    ),
)
LADDER = (
    RungView("look", RungState.GRANTED, "разрешено в 10:02"),
    RungView("point", RungState.GRANTED, "разрешено в 10:02", can_withdraw=True),
    RungView("act", RungState.ASKED, "ждёт согласия, ещё 0:41", can_ask=True),
    RungView("change-many", RungState.LOCKED, "условия не дают", SHORT_CLAUSE),
)
METERS = (
    MeterView(
        "200,00\N{NO-BREAK SPACE}zł",
        "0:37",
        (PlankView(100), PlankView(is_gate=True), PlankView(), PlankView()),
    ),
    MeterView(
        "2\N{NO-BREAK SPACE}058,33\N{NO-BREAK SPACE}₽",
        "1:35",
        (PlankView(100), PlankView(58)),
        "минимум час",
        CLAUSE,
    ),
)
EMPTY = EmptyView("Всё отвечено", "Следующий срок завтра в 9:10", "Открыть завтра", "/")
FACES = tuple(
    FaceView(name, place)
    for place, name in enumerate(("Лидия Выдумкина", "Igor Zmyślony", "Ada", "Pio O", "S M"))
)
DAY = DayView(
    "Сегодня, пн 15 июня",
    ("", "10", "11", "12", "13", "14", "15", "16", "17"),
    (
        PinView(Decimal(0), Risk.LATE, "Ц-2037 просрочено", "/a"),
        PinView(Decimal("6.25"), Risk.SOON, "Ц-2041 до 9:30", "/b"),
        PinView(Decimal("12.5"), Risk.AGREED, "Ц-2029 10:00", "/c"),
        PinView(Decimal("41.7"), Risk.ON_TIME, "Ц-2040 12:20", "/d"),
    ),
    "6 сроков и 1 просрочен",
    Decimal("2.5"),
    "9:12",
)
SHELL = Shell(
    vendor_name="Образец",
    vendor_mark="О",
    home_url="/x/console/",
    places=(
        PlaceView("board", "Доска", "/x/console/", "list-checks", 17),
        PlaceView("sessions", "Сеансы", "/x/console/sessions/", "monitor", 2),
        PlaceView("customers", "Клиенты", "/x/console/customers/", "building-2"),
        PlaceView("invoices", "Счета", "/x/console/invoices/", "receipt-text"),
    ),
    me=FACES[0],
    role="диспетчер",
    sign_out_url="/sign-out/",
    terms_url="/x/terms/",
    shift=(ShiftView(FACES[1], Presence.BUSY, "сеанс, 0:24"), ShiftView(FACES[2], Presence.FREE, "на связи")),
    shift_of=6,
)

SHEET = """{% extends base %}{% load pomost_ui %}
{% block page_title %}Parts{% endblock %}
{% block page %}
<div class="stack-4">
<h1>Parts</h1>
<section class="day" aria-label="Deck">{% day_deck day %}</section>
<section class="card-p"><div class="body stack-3">{% for view in clocks %}{% clock view %}{% endfor %}</div></section>
<section class="card-p"><div class="body row-x wrap">{% clause long %} {% clause short %} {% clause None %} {% for view in severities %}{% severity view %} {% endfor %}
{% for view in clocks %}{% risk view.risk %} {% endfor %}</div></section>
<section class="card-p"><div class="body stack-3">{% chain posts %}</div></section>
<section class="card-p"><div class="body stack-3">{% ladder steps %}{% ladder steps True %}<p>{% rungs "look" "act" %} {% rungs "none" "none" %} {% rungs "change-many" "change-many" %}</p></div></section>
<section class="card-p"><div class="body stack-3">{% for view in meters %}{% meter view %}{% endfor %}</div></section>
<section class="card-p"><div class="body row-x">{% for view in faces %}{% face view %}<span class="vh">{{ view.name }}</span>{% endfor %}</div></section>
<section class="card-p"><div class="body">{% empty nothing %}</div></section>
</div>
{% endblock %}"""

CONTEXT = {
    "clocks": CLOCKS,
    "severities": SEVERITIES,
    "long": CLAUSE,
    "short": SHORT_CLAUSE,
    "posts": CHAIN,
    "steps": LADDER,
    "meters": METERS,
    "nothing": EMPTY,
    "faces": FACES,
    "day": DAY,
    "shell": SHELL,
    "place": "board",
}


def draw(source: str, **context: object) -> str:
    """Render a template that has the parts at hand, in English."""
    with translation.override("en"):
        template = engines["django"].from_string("{% load pomost_ui %}" + source)
        return template.render(context, RequestFactory().get("/"))


def test_a_clock_says_its_risk_by_colour_shape_and_word() -> None:
    html = draw("{% clock view %}", view=ClockView(Risk.SOON, "0:18", "до 9:30", 70))

    assert 'class="clock r-soon"' in html
    assert "#hourglass" in html
    assert '<span class="vh">Soon</span>' in html
    assert '<svg width="70%">' in html


def test_the_name_of_a_clause_chip_holds_the_whole_sentence() -> None:
    html = draw("{% clause view %}", view=CLAUSE)

    name = re.search(r'aria-label="([^"]*)"', html)
    assert name is not None
    assert name[1] == f"§ 5 · from 1\N{NO-BREAK SPACE}Jan\N{NO-BREAK SPACE}2017. {CLAUSE.sentence}"


def test_a_chip_opens_its_own_sentence_even_when_the_clause_stands_twice() -> None:
    html = draw("{% clause view %}{% clause view %}", view=CLAUSE)

    targets, ids = re.findall(r'popovertarget="([^"]+)"', html), re.findall(r' id="([^"]+)"', html)
    assert targets == ids
    assert len(set(ids)) == 2


def test_a_verdict_without_a_clause_draws_no_chip() -> None:
    assert draw("{% clause view %}", view=None).strip() == ""


def test_words_from_outside_are_escaped() -> None:
    hostile = ClauseView(label='"><script>', sentence="<img src=x onerror=alert(1)>", since=date(2026, 1, 1))

    html = draw("{% clause view %}", view=hostile)

    assert "<script>" not in html
    assert "<img" not in html


def test_a_started_plank_is_full_and_a_gate_is_a_post() -> None:
    html = draw(
        "{% planks boards %}", boards=[PlankView(100), PlankView(is_gate=True), PlankView(58), PlankView()]
    )

    assert html.count('class="full"') == 1
    assert html.count('class="gate"') == 1
    assert '<svg width="58%">' in html


def test_the_small_ladder_shows_granted_free_and_locked_rungs() -> None:
    html = draw('{% rungs "look" "act" %}')

    assert re.findall(r'<i class="(\w*)">', html) == ["on", "", "", "off"]


def test_an_icon_that_the_sprite_does_not_hold_is_refused() -> None:
    with pytest.raises(ValueError, match=r"Add its line"):
        draw('{% icon "rocket" %}')


@pytest.mark.parametrize(
    ("name", "initials"), [("Лидия Выдумкина", "ЛВ"), ("Ada", "A"), ("  ", "?"), ("«Рога» и копыта", "И")]
)
def test_a_face_shows_the_first_letters(name: str, initials: str) -> None:
    assert FaceView(name, 1).initials == initials


@pytest.mark.parametrize("base", ["ui/console_base.html", "ui/portal_base.html"])
@pytest.mark.parametrize("language", ["ru", "pl", "en"])
def test_every_part_can_stand_on_a_page_of_either_audience(base: str, language: str) -> None:
    request = RequestFactory().get("/")
    with translation.override(language):
        html = engines["django"].from_string(SHEET).render({**CONTEXT, "base": base}, request)

    assert f'<html lang="{language}">' in html
    assert "style=" not in html


def test_the_chosen_theme_is_on_the_page_before_any_script_runs() -> None:
    request = RequestFactory().get("/")
    request.COOKIES["pomost_theme"] = "dark"

    html = engines["django"].from_string(SHEET).render({**CONTEXT, "base": "ui/portal_base.html"}, request)

    assert 'data-bs-theme="dark"' in html


def test_a_forged_theme_is_not_written_into_the_page() -> None:
    request = RequestFactory().get("/")
    request.COOKIES["pomost_theme"] = '"><script>'

    html = engines["django"].from_string(SHEET).render({**CONTEXT, "base": "ui/portal_base.html"}, request)

    assert "data-bs-theme" not in html
