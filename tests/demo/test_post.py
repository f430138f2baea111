"""The demo's mail server, spoken to as the desk speaks to it."""

import asyncio
import smtplib
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest

from pomost.demo.post import Answer, Box, serve, special_answers

LATER = Answer("later@example.org", "450 4.2.0 Busy", times=2)
NEVER = Answer("never@example.org", "550 5.1.1 No such mailbox")


def with_server(box: Box, work: Callable[[smtplib.SMTP], None]) -> None:
    """Run `work` against a server that keeps mail in `box`."""

    async def story() -> None:
        server = await serve(box, 0, (LATER, NEVER))
        port = server.sockets[0].getsockname()[1]

        def speak() -> None:
            with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
                work(client)

        try:
            await asyncio.to_thread(speak)
        finally:
            server.close()
            await server.wait_closed()

    asyncio.run(story())


def mail(to: str, text: str = "Zażółć, ёж\n") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "desk@example.org"
    message["To"] = to
    message["Subject"] = "Ц-2041 принято"
    message.set_content(text)
    return message


def send_one(client: smtplib.SMTP) -> None:
    client.send_message(mail("marta@example.org"))


def test_a_mail_comes_out_as_it_went_in_also_after_a_restart(tmp_path: Path) -> None:
    box = Box(tmp_path)

    with_server(box, send_one)

    for reader in (box, Box(tmp_path)):
        kept = reader.mail(1)
        assert kept is not None
        assert kept.to == ("marta@example.org",)
        assert kept.message["Subject"] == "Ц-2041 принято"
        assert kept.message.get_content().splitlines() == ["Zażółć, ёж"]


def test_the_newest_mail_stands_first(tmp_path: Path) -> None:
    box = Box(tmp_path)

    def two(client: smtplib.SMTP) -> None:
        client.send_message(mail("first@example.org"))
        client.send_message(mail("second@example.org"))

    with_server(box, two)

    assert [kept.to[0] for kept in box.newest_first()] == ["second@example.org", "first@example.org"]
    assert [kept.number for kept in box.newest_first()] == [2, 1]


def test_a_busy_address_answers_450_for_a_while_and_then_takes_the_mail(tmp_path: Path) -> None:
    box = Box(tmp_path)

    def thrice(client: smtplib.SMTP) -> None:
        for _ in range(2):
            with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
                client.send_message(mail("Later@example.org"))
            assert refused.value.recipients == {"Later@example.org": (450, b"4.2.0 Busy")}
        client.send_message(mail("Later@example.org"))

    with_server(box, thrice)

    assert box.count() == 1


def test_an_unknown_address_answers_550_always_and_nothing_is_kept(tmp_path: Path) -> None:
    box = Box(tmp_path)

    def often(client: smtplib.SMTP) -> None:
        for _ in range(4):
            with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
                client.send_message(mail("never@example.org"))
            assert refused.value.recipients["never@example.org"][0] == 550

    with_server(box, often)

    assert box.count() == 0
    assert list(tmp_path.iterdir()) == []


def test_of_two_recipients_only_the_taken_one_is_named(tmp_path: Path) -> None:
    box = Box(tmp_path)

    def both(client: smtplib.SMTP) -> None:
        refused = client.sendmail(
            "desk@example.org", ["a@example.org", "never@example.org"], "Subject: x\r\n\r\ny"
        )
        assert list(refused) == ["never@example.org"]

    with_server(box, both)

    assert [kept.to for kept in box.newest_first()] == [("a@example.org",)]


def test_the_special_addresses_of_the_demo_are_well_formed() -> None:
    answers = special_answers()

    assert {answer.answer[:3] for answer in answers} == {"450", "550"}
    assert all(answer.address.endswith("@example.org") for answer in answers)
    assert all((answer.times is None) == answer.answer.startswith("550") for answer in answers)
