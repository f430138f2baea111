"""Files made to break the reader: each is refused with a sentence, none with a crash."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pomost.rules.terms.model import Terms
from pomost.rules.terms.parse import BYTES_MAX, read_terms
from pomost.rules.terms.problems import Problem, TermsInvalid
from pomost.rules.terms.reading import PROBLEMS_MAX
from vendors import ODD, no_holidays

GOOD = ODD.read_bytes()
LINES = GOOD.decode().splitlines()


def problems_of(data: bytes) -> tuple[Problem, ...]:
    with pytest.raises(TermsInvalid) as refused:
        read_terms(data, "hostile.toml", no_holidays)
    return refused.value.problems


@pytest.mark.parametrize(
    ("data", "line", "says"),
    [
        pytest.param(b"", None, "missing", id="nothing at all"),
        pytest.param(b"\xff\xfe\x00", 1, "not UTF-8", id="another encoding"),
        pytest.param(
            b'title = "ok"\nname = "\xcf\xf0"\n', 2, "not UTF-8", id="windows-1251 on the second line"
        ),
        pytest.param(b"a = 1\nb = \x00\n", 2, "NUL", id="a NUL"),
        pytest.param(b"a = 'x'\n" * BYTES_MAX, None, "at most", id="a huge file"),
        pytest.param(b"a = " + b"1" * 10_000, 1, "characters", id="an endless number"),
        pytest.param(b"a = " + b"[" * 3_000, None, "deep", id="brackets without end on a line"),
        pytest.param(b"a = " + b"[\n" * 3_000, None, "deep", id="brackets without end over many lines"),
        pytest.param(b"a = " + b"{b=" * 500, None, "deep", id="tables within tables"),
        pytest.param(b".".join([b"a"] * 500) + b" = 1", None, "endless parts", id="a key of endless parts"),
        pytest.param(
            b"[" + b".".join([b"'a'"] * 500) + b"]", None, "endless parts", id="a header of endless parts"
        ),
        pytest.param(b"a = 1\na = 2\n", 2, "not TOML", id="a key twice"),
        pytest.param(b"a = 2026-13-45\n", 1, "not TOML", id="a date that no calendar has"),
        pytest.param(b'a = "unfinished\n', 1, "not TOML", id="a text without an end"),
        pytest.param(b'a = "\\ud800"\n', 1, "not TOML", id="half a character"),
        pytest.param(b"<?xml version='1.0'?>", 1, "not TOML", id="another format"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(
    data: bytes, line: int | None, says: str
) -> None:
    problems = problems_of(data)

    assert any(says in problem.what for problem in problems)
    assert line is None or problems[0].line == line
    assert all(problem.do for problem in problems)


def test_a_byte_order_mark_does_no_harm() -> None:
    assert isinstance(read_terms(b"\xef\xbb\xbf" + GOOD, "bom.toml", no_holidays), Terms)


def test_windows_line_ends_do_no_harm() -> None:
    assert isinstance(read_terms(GOOD.replace(b"\n", b"\r\n"), "crlf.toml", no_holidays), Terms)


def test_a_flood_of_problems_is_cut() -> None:
    flood = GOOD + b"".join(b"[x%d]\n" % number for number in range(5_000))

    problems = problems_of(flood)

    assert len(problems) == PROBLEMS_MAX + 1
    assert any("more than" in problem.what for problem in problems)


def test_a_flood_of_tables_is_not_read() -> None:
    flood = GOOD + b"".join(b'[[family]]\nid = "f%d"\nname = "F"\n' % number for number in range(5_000))

    assert any(problem.what == "There are 5002 of these." for problem in problems_of(flood))


def test_a_flood_of_prices_is_not_compared() -> None:
    many = range(60)
    families = ", ".join(f'"f{n}"' for n in many)
    flood = GOOD.decode().replace('families = ["press", "loom"]', f"families = [{families}]")
    flood = flood.replace(
        '[[family]]\nid = "press"\nname = "Press"\n\n[[family]]\nid = "loom"\nname = "Loom"\n', ""
    )
    flood = flood.replace('families = ["press"]', 'families = ["f0"]').replace(
        'families = ["loom"]', 'families = ["f1"]'
    )
    flood += "".join(f'[[family]]\nid = "f{n}"\nname = "F"\n' for n in many)
    tariff = flood[flood.index("[[price_list.tariff]]\n") : flood.index('[[price_list]]\nid = "new-year"')]
    copies = "".join(tariff.replace('"quarters"', f'"q{n}"') for n in many[:50])
    flood = flood.replace('[[price_list]]\nid = "new-year"', copies + '[[price_list]]\nid = "new-year"')

    assert any("too many prices" in problem.what for problem in problems_of(flood.encode()))


def terms_or_sentences(data: bytes) -> None:
    """Whatever the bytes are, there are terms or sentences."""
    try:
        read_terms(data, "fuzz.toml", no_holidays)
    except TermsInvalid as refused:
        problems = refused.problems
    else:
        return
    assert problems
    for problem in problems:
        assert problem.what.endswith((".", "…"))
        assert problem.do
        assert str(problem).startswith("fuzz.toml")


@given(st.binary(max_size=200))
def test_any_bytes_are_terms_or_refused(data: bytes) -> None:
    terms_or_sentences(data)


@settings(max_examples=60, deadline=None)
@given(
    st.sets(st.integers(1, len(LINES) - 1), min_size=1, max_size=4),
    st.sampled_from(["cut", "twice", "swap"]),
)
def test_a_file_with_lines_torn_out_or_doubled_is_terms_or_refused(where: set[int], how: str) -> None:
    lines = list(LINES)
    for at in sorted(where, reverse=True):
        if how == "cut":
            del lines[at]
        elif how == "twice":
            lines.insert(at, lines[at])
        else:
            lines[at], lines[at - 1] = lines[at - 1], lines[at]

    terms_or_sentences("\n".join(lines).encode())


VALUES = st.sampled_from(
    [
        "true",
        "-1",
        "0",
        "1e400",
        "nan",
        "[]",
        "{}",
        "[[]]",
        '""',
        '"\\u0007"',
        "2026-02-28",
        "07:30:00",
        '"none"',
        "[1, 'a']",
    ]
) | st.text("abc-.:{}[]\\ '\u202e", max_size=12).map(lambda text: "'" + text.replace("'", "") + "'")


@settings(max_examples=120, deadline=None)
@given(
    st.sampled_from([n for n, line in enumerate(LINES) if " = " in line and not line.startswith("#")]), VALUES
)
def test_a_file_with_any_value_in_any_place_is_terms_or_refused(at: int, value: str) -> None:
    lines = list(LINES)
    lines[at] = f"{lines[at].split(' = ')[0]} = {value}"

    terms_or_sentences("\n".join(lines).encode())
