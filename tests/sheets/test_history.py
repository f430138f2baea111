"""Tables as people save them, read by the terms; each bad row is named and spoils nothing else."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pomost.rules.audit.history import Column
from pomost.sheets import history
from pomost.sheets.example import columns_for, example_csv
from pomost.sheets.history import Sheet, read_history, read_text
from pomost.sheets.problems import CELL_PROBLEMS, SHEET_PROBLEMS, SheetUnusable
from pomost.sheets.safe import csv_line, safe_cell
from vendors import SLUGS, shipped

POLISH = """Nr zgłoszenia;Klient;Usługa;Program;Wpłynęło;Rozwiązano;Czas pracy;Wycena;Kwota netto
Z-1;Zażółć sp. z o.o.;Pomoc zdalna;Subiekt;06.05.2026 11:00;06.05.2026 13:00;1:20;przyjęta;
Z-2;Gęśla;Pomoc zdalna;Gestor;06.05.2026 11:00;06.05.2026 13:00;40 min;;200,00 zł
"""
RUSSIAN = """Номер;Клиент;Услуга;Пакет;Получено;Решено;Отработано;Сумма
Б-1;ООО «Выдумка»;Прямое подключение;Лицензия действует;11.06.2026 16:30;11.06.2026 18:30;1 ч 35 мин;2058,33
Б-2;Ёлкин;Прямое подключение;Лицензия действует;11.06.2026 16:30;11.06.2026 18:30;20 мин;
"""


def polish(text: str = POLISH) -> Sheet:
    return read_text(text, shipped("satisoft"))


def problems(sheet: Sheet) -> list[tuple[int, str, str]]:
    return [(each.row, each.column, each.problem) for each in sheet.bad]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "windows-1250", "iso-8859-2"]
)
def test_a_polish_table_is_read_in_every_encoding(encoding: str) -> None:
    sheet = read_history(POLISH.encode(encoding), shipped("satisoft"))

    assert [case.customer for case in sheet.history.cases] == ["Zażółć sp. z o.o.", "Gęśla"]
    assert sheet.bad == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "windows-1251", "koi8-r"])
def test_a_russian_table_is_read_in_every_encoding(encoding: str) -> None:
    data = (
        RUSSIAN if encoding != "koi8-r" else RUSSIAN.replace("«", '"').replace("»", '"').replace(";ООО ", ";")
    )
    sheet = read_history(data.encode(encoding), shipped("bonus"))

    assert [case.customer for case in sheet.history.cases][1] == "Ёлкин"
    assert sheet.history.cases[0].work[0].seconds == 95 * 60


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_any_separator_will_do(separator: str) -> None:
    text = POLISH.replace(";", separator).replace("200,00 zł", '"200,00 zł"')

    assert polish(text).history == polish().history


def test_windows_and_old_line_ends_will_do() -> None:
    assert polish(POLISH.replace("\n", "\r\n")).history == polish().history
    assert polish(POLISH.replace("\n", "\r")).history == polish().history
    assert polish("sep=;\n" + POLISH).history.cases[0].row == 3


def test_columns_may_come_in_any_order_case_and_language() -> None:
    text = "KWOTA NETTO;услуга;Product;received at;time (min);RESOLVED\n200;remote-help;gestor;2026-05-06 11:00;40;2026-05-06 13:00"

    (case,) = polish(text).history.cases

    assert (case.service, case.family, case.work[0].seconds) == ("remote-help", "gestor", 2400)
    assert case.day == date(2026, 5, 6)


def test_rows_of_one_ticket_are_one_case() -> None:
    text = "number;product;received;date;worked;billed net\n7;Subiekt;2026-05-06 11:00;;30 min;100\n7;;;2026-05-07;50 min;300\n"

    (case,) = polish(text).history.cases

    assert (case.rows, case.worked_seconds, str(case.billed_net)) == ((2, 3), 4800, "400 PLN")
    assert [part.day for part in case.work] == [date(2026, 5, 6), date(2026, 5, 7)]
    assert {part.family for part in case.work} == {"subiekt"}


def test_a_bad_row_is_named_and_the_others_are_read() -> None:
    text = (
        POLISH
        + "Z-3;Fikcja;Pomoc zdalnaa;Subiekt;06.05.2026 11:00;kiedyś;40 min;;\n"
        + POLISH.splitlines()[2].replace("Z-2", "Z-4")
    )

    sheet = polish(text)

    assert problems(sheet) == [(4, "Rozwiązano", "moment"), (4, "Usługa", "choice-near")]
    assert sheet.bad[1].values["near"] == "Pomoc zdalna"
    assert [case.number for case in sheet.history.cases] == ["Z-1", "Z-2", "Z-4"]


def test_half_a_ticket_is_left_out_whole() -> None:
    text = "number;product;received;worked\n7;Subiekt;2026-05-06 11:00;30 min\n7;Subiekt;2026-05-06 11:00;half a day\n"

    sheet = polish(text)

    assert problems(sheet) == [(2, "", "same-ticket"), (3, "worked", "duration")]
    assert (sheet.history.cases, sheet.rows_left_out) == ((), 2)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("1;Fikcja;Pomoc zdalna;Subiekt;06.05.2026 11:00;06.05.2026 10:00;40;;", "before"),
        ("1;Fikcja;Pomoc zdalna;Subiekt;06.05.2026 11:00;;40;;1,50;extra", "cells"),
        ("1;Fikcja;Pomoc zdalna;Subiekt;06.05.2026 11:00;;40;;200 EUR", "currency"),
        ("1;Fikcja;Pomoc zdalna;Subiekt;;;40;;", "no-day"),
        ('1;"Fikcja;Pomoc zdalna;Subiekt;06.05.2026 11:00;;40;;', "quote"),
        ("1;Fik\0cja;Pomoc zdalna;Subiekt;06.05.2026 11:00;;40;;", "control"),
        ("1;Fik\x1b[31mcja;Pomoc zdalna;Subiekt;06.05.2026 11:00;;40;;", "control"),
        (f"1;{'x' * 3000};Pomoc zdalna;Subiekt;06.05.2026 11:00;;40;;", "long"),
        ("1;Fikcja;Pomoc zdalna;Subiekt;06.05.2026 11:00;;40;perhaps;", "estimate"),
        ("1;Fikcja;Pomoc zdalna;Łańcuch górski;06.05.2026 11:00;;40;;", "choice"),
    ],
)
def test_hostile_and_wrong_rows_are_named(row: str, problem: str) -> None:
    sheet = polish(POLISH + row + "\n")

    assert problem in [each.problem for each in sheet.bad]
    assert len(sheet.history.cases) == 2


def test_a_lone_quote_does_not_swallow_the_rest() -> None:
    rows = POLISH.splitlines()
    text = "\n".join([*rows[:2], 'Z-9;"Fikcja;Pomoc zdalna;Subiekt;06.05.2026 11:00;;40;;', *rows[2:]])

    sheet = polish(text)

    assert [case.number for case in sheet.history.cases] == ["Z-1", "Z-2"]


def test_quoted_cells_may_hold_separators_quotes_and_line_breaks() -> None:
    text = 'number;customer;product;received;worked\n"1";"Fikcja; ""Sp. k.""\nOddział";subiekt;2026-05-06 11:00;40\n2;B;subiekt;2026-05-06 11:00;40'

    first, second = polish(text).history.cases

    assert (first.customer, second.row) == ('Fikcja; "Sp. k." Oddział', 4)


def test_how_the_table_was_understood_is_said() -> None:
    text = (
        "number;reciever;kwota;product;registered;colour;worked;billed\n1;x;200;subiekt;2026-05-06;red;40;1"
    )

    notes = {each.note: dict(each.values) for each in polish(text).notes}

    assert notes["ignored"] == {"names": "colour"}
    assert notes["doubled"] == {"one": "kwota", "other": "billed"}
    assert notes["taken-net"] == {"name": "kwota"}
    assert notes["days-only"] == {"rows": 1}
    assert notes["minutes"] == {"name": "worked"}


def test_only_terms_that_count_from_the_other_moment_hear_of_the_stand_in() -> None:
    text = "number;received;worked\n1;2026-06-11 10:00;40"

    assert "only-received" in [each.note for each in read_text(text, shipped("kryzhik")).notes]
    assert "only-received" not in [each.note for each in read_text(text, shipped("satisoft")).notes]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "empty"),
        (b" \n \n", "empty"),
        (b"PK\x03\x04\x14\x00\xff\xfe\x00", "not-text"),
        (b"\xff\xfe\x00", "not-text"),
        ("жёлтый;зелёный\n1;2".encode(), "no-header"),
        (b"number;customer\n1;2", "nothing-to-judge"),
        (b"number;" * 200, "too-many-columns"),
        (b"number;received\n" + b"1;2026-06-11\n" * 20_002, "too-many-rows"),
        (b"x" * (history.BYTES_MAX + 1), "too-large"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_a_reason(data: bytes, problem: str) -> None:
    with pytest.raises(SheetUnusable) as refused:
        read_history(data, shipped("satisoft"))
    assert refused.value.problem == problem
    assert set(SHEET_PROBLEMS[problem]) <= refused.value.values.keys()


def test_a_row_of_a_million_cells_is_cut_and_named() -> None:
    sheet = polish(POLISH + ";" * 1_000_000 + "x\n" + "a;" * 1_000_000)

    assert [each.problem for each in sheet.bad if each.row == 4] != []
    assert len(sheet.history.cases) == 2


def test_endless_lone_quotes_end() -> None:
    sheet = polish(POLISH + 'x;"y\n' * 10_001)

    assert len(sheet.history.cases) == 2


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for prefix in (b"", POLISH.encode(), b"\xff\xfe", b"number;received;worked\n"):
        read = tried(prefix + data)
        if isinstance(read, SheetUnusable):
            assert set(SHEET_PROBLEMS[read.problem]) <= read.values.keys()
        else:
            assert read.rows_left_out + sum(len(case.rows) for case in read.history.cases) == read.rows


def tried(data: bytes) -> Sheet | SheetUnusable:
    try:
        return read_history(data, shipped("satisoft"))
    except SheetUnusable as refused:
        return refused


@given(st.lists(st.lists(st.text(max_size=12), max_size=9), max_size=6))
def test_any_cells_are_read_or_named(rows: list[list[str]]) -> None:
    text = POLISH + "\n".join(";".join(row) for row in rows)

    sheet = polish(text)

    assert {each.problem for each in sheet.bad} <= CELL_PROBLEMS.keys()
    assert [case.number for case in sheet.history.cases][:2] == ["Z-1", "Z-2"] or sheet.bad


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("language", ["ru", "pl", "en"])
def test_the_sample_of_every_vendor_reads_back_without_a_fault(slug: str, language: str) -> None:
    terms = shipped(slug)

    sheet = read_text(example_csv(terms, language), terms)

    assert (sheet.bad, len(sheet.history.cases)) == ((), 4)
    assert set(columns_for(terms)) <= sheet.history.columns
    assert Column.BILLED in sheet.history.columns


@pytest.mark.parametrize("sign", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "＝1"])
def test_what_we_write_is_never_run_by_a_spreadsheet(sign: str) -> None:
    assert safe_cell(sign).startswith("'")
    assert csv_line([sign, "a;b", 'c"d']).endswith(';"a;b";"c""d"')
