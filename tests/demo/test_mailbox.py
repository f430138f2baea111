"""The mailbox page: what mails may do to its reader, namely nothing."""

from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from pomost.demo.loopback import refusal
from pomost.demo.mailbox import make_app, with_links
from pomost.demo.post import Box

from .pages import Reader

HERE = "http://127.0.0.1:8011"


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return Box(tmp_path)


@pytest.fixture
def reader(box: Box) -> Reader:
    return Reader(make_app(box), HERE, "en")


def keep(
    box: Box, *, subject: str = "Hello", text: str = "Hello\n", html: str = "", to: str = "a@example.org"
) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "desk@example.org", to, subject
    message["Date"] = "Mon, 15 Jun 2026 09:12:00 +0300"
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    box.keep((to,), bytes(message))


def test_an_empty_box_says_what_will_fill_it(reader: Reader) -> None:
    page = reader.get("/").text

    assert "Nothing has come yet" in page
    assert "not part of the product" in page


def test_mails_are_listed_newest_first(reader: Reader, box: Box) -> None:
    keep(box, subject="The first")
    keep(box, subject="The second")

    page = reader.get("/").text

    assert page.index("The second") < page.index("The first")
    assert "Mails: 2" in page


def test_text_is_shown_as_text_and_its_addresses_are_links(reader: Reader, box: Box) -> None:
    keep(
        box, subject="<b>7</b>", text="<script>alert(1)</script> see http://127.0.0.1:8000/damal/?a=1&b=2.\n"
    )

    page = reader.get("/mails/1").text

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert '<a href="http://127.0.0.1:8000/damal/?a=1&amp;b=2" target="_blank" rel="noreferrer">' in page
    assert "<b>7</b>" not in page


def test_formatted_mail_runs_in_a_frame_that_may_do_nothing_but_open_links(reader: Reader, box: Box) -> None:
    keep(box, html="<script>alert(1)</script><p>Hi</p>")

    page = reader.get("/mails/1").text
    frame = reader.get("/mails/1/formatted")

    assert '<iframe sandbox="allow-popups allow-popups-to-escape-sandbox"' in page
    policy = frame.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "sandbox allow-popups" in policy
    assert "script-src" not in policy


def test_a_script_address_never_becomes_a_link() -> None:
    assert with_links("javascript:alert(1) data:text/html,x") == "javascript:alert(1) data:text/html,x"


@given(st.text())
def test_no_text_of_a_mail_opens_a_tag_of_its_own(text: str) -> None:
    shown = with_links(text)

    assert shown.count("<") == 2 * shown.count('<a href="http')


def test_an_attachment_is_handed_over_as_a_file_and_never_shown(reader: Reader, box: Box) -> None:
    message = EmailMessage()
    message["To"] = "a@example.org"
    message.set_content("see")
    message.add_attachment(b"<script>", maintype="text", subtype="html", filename="счёт.html")
    box.keep(("a@example.org",), bytes(message))

    page = reader.get("/mails/1").text
    file = reader.get("/mails/1/attachments/0")

    assert "счёт.html" in page
    assert file.content == b"<script>"
    assert file.headers["content-type"] == "application/octet-stream"
    assert file.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
    assert reader.get("/mails/1/attachments/1").status_code == 404


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff\xfe no header at all",
        b"Content-Type: text/plain; charset=nonsense\r\n\r\n\xd0\xbf\r\n",
        b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!\r\n",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n--x\r\n",
        b"Date: the day after never\r\nSubject: =?utf-8?q?=ff?=\r\n\r\nx",
    ],
    ids=["nothing", "no mail", "unknown charset", "broken base64", "empty parts", "broken headers"],
)
def test_a_broken_mail_is_shown_as_far_as_it_goes(reader: Reader, box: Box, content: bytes) -> None:
    box.keep(("a@example.org",), content)

    assert reader.get("/").status_code == 200
    assert reader.get("/mails/1").status_code == 200
    assert reader.get("/mails/1/formatted").status_code == 200


def test_a_mail_that_is_not_there_is_said_so(reader: Reader) -> None:
    answer = reader.get("/mails/7")

    assert answer.status_code == 404
    assert "There is no such mail." in answer.text


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "192.0.2.7:8011"])
def test_only_this_machines_names_are_answered(reader: Reader, host: str) -> None:
    answer = reader.get("/", headers={"host": host})

    assert answer.status_code == 403
    assert "127.0.0.1 and localhost only" in answer.text


@pytest.mark.parametrize(
    "broken", [{"host": "[::1"}, {"host": "127.0.0.1", "origin": "http://[::1"}], ids=["host", "origin"]
)
def test_broken_names_are_refused_like_foreign_ones(broken: dict[str, str]) -> None:
    assert refusal(Headers(broken), needs_origin=False) is not None


def test_another_sites_page_is_refused(reader: Reader) -> None:
    answer = reader.get("/", headers={"origin": "https://evil.example"})

    assert answer.status_code == 403
    assert "Another site" in answer.text


@pytest.mark.parametrize(
    ("language", "title"), [("pl", "Skrzynka próbna"), ("ru", "Пробный ящик"), ("en", "Demo mailbox")]
)
def test_the_page_speaks_the_language_that_was_picked(reader: Reader, language: str, title: str) -> None:
    page = reader.get(f"/language/{language}").text

    assert f"<h1>{title}</h1>" in page
    assert reader.get("/language/xx").status_code == 404
