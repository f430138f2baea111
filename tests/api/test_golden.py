"""The golden cases that need no screen, lived through the API over HTTP by the vendors' own terms."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from api.calling import Program, program, told
from people import BEFORE, Cast, desk_of
from pomost.tickets.actions import sweep

MOSCOW = ZoneInfo("Europe/Moscow")
WARSAW = ZoneInfo("Europe/Warsaw")
YEAR = {"valid_from": date(2026, 1, 1).isoformat(), "valid_until": date(2026, 12, 31).isoformat()}


def moscow(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=MOSCOW)


def warsaw(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=WARSAW)


class Desk:
    """A vendor's desk, its cast, and a program that works at it."""

    def __init__(self, slug: str) -> None:
        self.cast: Cast = desk_of(slug)
        self.program: Program = program(self.cast.owen, BEFORE)
        self.tess = self.cast.tess.pk

    def contract(self, package: str, *, shown: bool = True) -> None:
        path = f"/customers/{self.cast.acme.pk}/contracts"
        told(self.program.post(path, {"number": "K-1", "package": package, "shown": shown, **YEAR}), 201)

    def allowed(self, unit: str, amount: str) -> str:
        """Let the one contract give so much a month; return where its quotas are read."""
        contract = self.cast.acme.contracts.get()
        path = f"/customers/{self.cast.acme.pk}/contracts/{contract.pk}"
        given = {"unit": unit, "amount": amount, "period": "month", "valid_from": "2026-06-01"}
        told(self.program.post(f"{path}/allowances", given))
        return f"{path}/quotas"

    def ask(self, at: datetime, service: str, **more: object) -> Any:
        self.program.clock.at = at
        body = {
            "contact": self.cast.ada.pk,
            "channel": "phone",
            "subject": "It does not work",
            "text": "I pressed the button and nothing came.",
            "service": service,
            **more,
        }
        return told(self.program.post("/tickets", body), 201)

    def do(self, at: datetime, ticket: Any, verb: str, status: int = 200, **body: object) -> Any:
        self.program.clock.at = at
        return told(self.program.post(f"/tickets/{ticket['number']}/{verb}", body), status)

    def worked(self, ticket: Any, began: datetime, minutes: int) -> None:
        """Enter work on the phone, at the moment it ended."""
        seconds = minutes * 60
        at = began + timedelta(minutes=minutes)
        body = {"source": "call", "technician": self.tess, "started_at": began.isoformat()}
        self.do(at, ticket, "entries", 201, worked_seconds=seconds, **body)

    def estimate(self, ticket: Any, at: datetime, more_minutes: int) -> Any:
        return self.do(
            at, ticket, "estimates", 201, technician=self.tess, more_seconds=more_minutes * 60, reason="Slow."
        )

    def answer(self, estimate: Any, at: datetime, *, accepted: bool) -> Any:
        self.program.clock.at = at
        body = {"accepted": accepted, "text_sha256": estimate["text_sha256"]}
        return told(self.program.post(f"/estimates/{estimate['id']}/answer", body))

    def solved(self, ticket: Any, at: datetime) -> None:
        self.do(at, ticket, "solution", technician=self.tess, text="Done.")
        self.do(at, ticket, "solution/confirmation")

    def invoice(self, at: datetime, *tickets: Any, status: int = 201) -> Any:
        self.program.clock.at = at
        numbers = [each["number"] for each in tickets]
        return told(self.program.post("/invoices", {"tickets": numbers}), status)


def clock(ticket: Any, key: str = "reaction") -> Any:
    return next(each for each in ticket["clocks"] if each["key"] == key)


def nets(invoice: Any) -> list[tuple[str, str]]:
    return [(line["kind"], line["net"]) for line in invoice["lines"]]


@pytest.fixture
def centaur(db: None) -> Desk:
    return Desk("centaur")


@pytest.mark.parametrize(("minute", "met"), [(30, True), (31, False)], ids=["at 9:30", "at 9:31"])
def test_c1_the_reaction_is_met_by_the_call_and_not_by_the_registration(
    centaur: Desk, minute: int, met: bool
) -> None:
    centaur.contract("extended")
    ticket = centaur.ask(moscow(6, 11, 16, 30), "remote-connection", severity="critical")

    assert ticket["due_at"] == "2026-06-15T09:30:00+03:00"
    assert (clock(ticket)["clause"]["key"], clock(ticket)["met"]) == ("4.1", None)

    ticket = centaur.do(moscow(6, 15, 9, minute), ticket, "told")

    assert (clock(ticket)["met"], ticket["due_at"]) == (met, None)


def test_c2_who_cannot_show_extended_is_served_as_basic(centaur: Desk) -> None:
    centaur.contract("extended", shown=False)
    ticket = centaur.ask(moscow(6, 8, 9), "remote-connection", severity="low")

    assert (ticket["package"], ticket["due_at"]) == ("basic", "2026-06-10T17:00:00+03:00")
    decision = ticket["decisions"][0]
    assert (decision["subject"], decision["outcome"], decision["clause"]["key"]) == (
        "entitlement",
        "refused",
        "2.7",
    )
    assert "not-shown" in {fact["name"] for fact in decision["facts"]}
    assert (ticket["outcome"], ticket["level"]) == ("refused", "none")


def test_c2_the_same_is_said_before_anything_is_registered(centaur: Desk) -> None:
    centaur.contract("extended", shown=False)
    centaur.program.clock.at = moscow(6, 8, 9)
    asked = {"service": "remote-connection", "customer": centaur.cast.acme.pk, "severity": "low"}

    said = told(centaur.program.post("/decisions", asked))

    assert (said["decision"]["outcome"], said["decision"]["clause"]["key"]) == ("refused", "2.7")
    (due,) = (each for each in said["statements"] if each["message"] == "clock.due")
    assert due["values"]["amount"] == 24 * 3600
    assert due["values"]["due"] == "2026-06-10T17:00:00+03:00"
    assert told(centaur.program.get("/tickets"))["items"] == []


def test_c3_a_proposal_changes_nothing_until_the_customer_agrees(centaur: Desk) -> None:
    centaur.contract("extended")
    ticket = centaur.ask(moscow(6, 11, 16, 30), "remote-connection", severity="critical")

    ticket = centaur.do(moscow(6, 15, 9, 4), ticket, "severity", severity="medium")

    assert (ticket["severity"], ticket["severity_proposed"]) == ("critical", "medium")
    assert ticket["due_at"] == "2026-06-15T09:30:00+03:00"

    ticket = centaur.do(moscow(6, 15, 9, 10), ticket, "severity/answer", agreed=True)

    assert (ticket["severity"], ticket["severity_proposed"]) == ("medium", "")
    assert ticket["due_at"] == "2026-06-15T12:30:00+03:00"
    assert clock(ticket)["started_at"] == "2026-06-11T16:30:00+03:00"
    story = told(centaur.program.get(f"/tickets/{ticket['number']}"))
    told_of = [each["kind"] for each in story["timeline"] if "severity" in each["kind"]]
    assert told_of == ["ticket.severity-proposed", "ticket.severity-changed"]
    assert {each["who"] for each in story["timeline"] if "severity" in each["kind"]} == {"CRM"}


@pytest.mark.django_db
def test_s1_two_started_hours_after_an_accepted_estimate_cost_400_net() -> None:
    desk, began = Desk("satisoft"), warsaw(6, 16, 10, 2)
    ticket = desk.ask(began, "remote-help", family="subiekt")
    desk.worked(ticket, began, 55)
    estimate = desk.estimate(ticket, began + timedelta(minutes=55), 25)
    assert (estimate["net_if_accepted"], estimate["net_if_declined"]) == ("400.00", "0.00")
    desk.answer(estimate, began + timedelta(minutes=56), accepted=True)
    desk.worked(ticket, began + timedelta(minutes=57), 25)
    desk.solved(ticket, began + timedelta(minutes=83))

    invoice = desk.invoice(began + timedelta(minutes=90), ticket)

    assert nets(invoice) == [("work", "400.00")]
    assert (invoice["net"], invoice["vat"], invoice["gross"]) == ("400.00", "92.00", "492.00")
    assert (invoice["lines"][0]["vat_percent"], invoice["currency"]) == ("23", "PLN")


@pytest.mark.django_db
def test_s1_database_repair_is_priced_by_time() -> None:
    desk, began = Desk("satisoft"), warsaw(6, 12, 13, 10)
    ticket = desk.ask(began, "database-repair", family="database-repair")
    desk.worked(ticket, began, 50)
    estimate = desk.estimate(ticket, began + timedelta(minutes=50), 30)
    desk.answer(estimate, began + timedelta(minutes=51), accepted=True)
    desk.worked(ticket, began + timedelta(minutes=52), 30)
    desk.solved(ticket, began + timedelta(minutes=83))

    invoice = desk.invoice(began + timedelta(minutes=90), ticket)

    assert (invoice["net"], invoice["gross"]) == ("533.33", "656.00")


@pytest.mark.django_db
def test_s2_after_a_no_nothing_is_to_pay_and_no_invoice_can_be_made() -> None:
    desk, began = Desk("satisoft"), warsaw(6, 16, 10, 2)
    ticket = desk.ask(began, "remote-help", family="subiekt")
    desk.worked(ticket, began, 55)
    estimate = desk.estimate(ticket, began + timedelta(minutes=55), 180)

    answered = desk.answer(estimate, began + timedelta(minutes=56), accepted=False)

    assert answered["state"] == "declined"
    assert told(desk.program.get(f"/tickets/{ticket['number']}"))["state"] == "closed"
    assert told(desk.program.get("/billable"))["items"] == []
    refused = desk.invoice(began + timedelta(hours=2), ticket, status=409)
    assert refused["type"].endswith("#refused")
    assert "leave nothing to pay" in refused["detail"]
    assert told(desk.program.get("/invoices"))["items"] == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("package", "billed_seconds"), [("sla", 3 * 1800), ("none", 2 * 3600)], ids=["with an SLA", "without"]
)
def test_d1_the_contract_decides_the_unit(package: str, billed_seconds: int) -> None:
    desk = Desk("damal")
    desk.program.clock.at = warsaw(6, 16, 10)
    asked = {"service": "remote-consultation", "package": package, "worked_seconds": 61 * 60}

    bill = told(desk.program.post("/prices", asked))

    assert [line["billed_seconds"] for line in bill["lines"]] == [billed_seconds]
    assert bill["is_sample"] is True


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("package", "units", "unit_seconds"),
    [("sla", "3", 1800), ("", "2", 3600)],
    ids=["with an SLA", "without"],
)
def test_d1_the_invoice_counts_the_units_of_the_contract(package: str, units: str, unit_seconds: int) -> None:
    desk, began = Desk("damal"), warsaw(6, 16, 10)
    if package:
        desk.contract(package)
    ticket = desk.ask(began, "remote-consultation")
    desk.worked(ticket, began, 61)
    desk.solved(ticket, began + timedelta(minutes=62))

    (line,) = desk.invoice(began + timedelta(hours=2), ticket)["lines"]

    assert (Decimal(line["quantity"]), line["unit_seconds"]) == (Decimal(units), unit_seconds)
    assert line["worked_seconds"] == 61 * 60


@pytest.mark.django_db
def test_b1_what_is_missing_is_named_and_35_minutes_cost_an_hour() -> None:
    desk, began = Desk("bonus"), moscow(6, 8, 10)
    desk.contract("licence")
    ticket = desk.ask(began, "backup-by-mail", parts=["backup-file"])
    assert (ticket["state"], ticket["missing"]) == ("incomplete", ["consent-to-pay"])
    desk.do(began, ticket, "work/begin", 409)

    agreed = {"kind": "consent-to-pay", "accepted": True, "text": "I agree: 1300.00 RUB.", "language": "ru"}
    at = began + timedelta(minutes=5)
    ticket = desk.do(at, ticket, "completion", channel="phone", consents=[agreed])
    assert (ticket["state"], ticket["missing"]) == ("open", [])
    desk.worked(ticket, began + timedelta(minutes=10), 35)
    desk.solved(ticket, began + timedelta(hours=1))

    invoice = desk.invoice(began + timedelta(hours=2), ticket)

    assert (nets(invoice), invoice["gross"]) == ([("work", "1300.00")], "1300.00")


@pytest.mark.django_db
def test_b2_the_connection_is_charged_with_the_first_work_only() -> None:
    desk = Desk("bonus")
    desk.contract("licence")
    first_at, second_at = moscow(11, 19, 10), moscow(11, 20, 10)
    first, second = (desk.ask(at, "direct-connection") for at in (first_at, second_at))
    for ticket, at, minutes in ((first, first_at, 95), (second, second_at, 20)):
        desk.worked(ticket, at, minutes)
        desk.solved(ticket, at + timedelta(hours=2))

    invoice = desk.invoice(second_at + timedelta(hours=3), first)
    later = desk.invoice(second_at + timedelta(hours=4), second)

    assert nets(invoice) == [("connection", "4000.00"), ("work", "2058.33")]
    assert nets(later) == [("work", "1300.00")]
    assert (invoice["gross"], invoice["lines"][0]["vat_percent"]) == ("6058.33", None)


@pytest.mark.django_db
def test_k1_when_its_time_has_passed_work_stops_and_a_price_is_due() -> None:
    desk = Desk("kryzhik")
    desk.contract("start")
    ticket = desk.ask(moscow(6, 8, 10), "consultation")
    assert clock(ticket, "begin")["due_at"] == "2026-06-08T10:30:00+03:00"
    desk.do(moscow(6, 8, 10, 10), ticket, "told")
    ticket = desk.do(moscow(6, 8, 10, 20), ticket, "work/begin")
    assert (clock(ticket, "begin")["met"], ticket["due_at"]) == (True, "2026-06-08T10:50:00+03:00")
    ticket = desk.do(moscow(6, 8, 10, 45), ticket, "answer", technician=desk.tess, text="Try this.")
    assert (clock(ticket, "answer")["met"], ticket["due_at"]) == (True, "2026-06-08T14:20:00+03:00")

    desk.program.clock.at = moscow(6, 8, 14, 20) + timedelta(seconds=1)
    sweep(desk.program.clock.at)

    story = told(desk.program.get(f"/tickets/{ticket['number']}"))
    assert (story["began_at"], story["next_step"]) == (None, "agree-price")
    assert (clock(story, "solve")["met"], clock(story, "solve")["clause"]["key"]) == (False, "3.3")
    last = [each["kind"] for each in story["timeline"]][-2:]
    assert last == ["ticket.work-stopped", "ticket.promise-escalated"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("next_at", "complained", "outcome"),
    [
        (warsaw(5, 5, 10), warsaw(5, 5, 9, 59), "in-time"),
        (warsaw(5, 5, 10), warsaw(5, 5, 10), "under-guarantee"),
        (warsaw(6, 2, 10), warsaw(5, 6, 23, 59), "in-time"),
        (warsaw(6, 2, 10), warsaw(5, 7, 0), "under-guarantee"),
        (warsaw(6, 2, 10), warsaw(5, 14, 23, 59), "under-guarantee"),
        (warsaw(6, 2, 10), warsaw(5, 15, 0), "late"),
    ],
)
def test_d2_a_complaint_is_in_time_until_the_third_working_day_or_the_next_service(
    next_at: datetime, complained: datetime, outcome: str
) -> None:
    desk = Desk("damal")
    desk.contract("sla")
    ticket = desk.ask(warsaw(4, 30, 9), "remote-consultation")
    desk.worked(ticket, warsaw(4, 30, 10), 61)
    desk.solved(ticket, warsaw(4, 30, 11, 57))
    following = desk.ask(warsaw(5, 4, 9), "remote-consultation")
    ends = (next_at + timedelta(hours=1)).isoformat()
    starts = next_at.isoformat()
    desk.do(warsaw(5, 4, 9, 5), following, "booking", technician=desk.tess, starts_at=starts, ends_at=ends)

    complaint = desk.do(complained, ticket, "complaints", 201, text="It prints nothing again.")

    assert (complaint["outcome"], complaint["clause"]) == (outcome, "1")


@pytest.mark.django_db
def test_k1_one_request_is_used_however_it_goes_on() -> None:
    desk = Desk("kryzhik")
    desk.contract("start")
    quota = desk.allowed("requests", "5")
    ticket = desk.ask(moscow(6, 8, 10), "consultation")
    desk.do(moscow(6, 8, 10, 5), ticket, "decision", outcome="included", reason="It is in the column.")
    desk.do(moscow(6, 8, 10, 20), ticket, "work/begin")
    desk.do(moscow(6, 8, 10, 45), ticket, "answer", technician=desk.tess, text="Try this.")
    sweep(moscow(6, 8, 14, 20) + timedelta(seconds=1))
    desk.program.clock.at = moscow(6, 8, 14, 21)

    (held,) = told(desk.program.get(quota))["items"]

    assert (Decimal(held["used"]), Decimal(held["left"])) == (Decimal(1), Decimal(4))


@pytest.mark.django_db
def test_k2_forty_minutes_of_solving_use_an_hour() -> None:
    desk, at = Desk("kryzhik"), moscow(6, 15, 10)
    desk.contract("nadezhny")
    quota = desk.allowed("hours", "5")
    ticket = desk.ask(at, "solving")
    desk.do(at, ticket, "decision", outcome="included", reason="It is in the column.")
    desk.worked(ticket, at, 40)

    story = told(desk.program.get(f"/tickets/{ticket['number']}"))

    (drawn,) = (each for each in story["decisions"] if each["subject"] == "quota")
    facts = {fact["name"]: fact["value"] for fact in drawn["facts"]}
    assert (drawn["outcome"], drawn["clause"]["key"]) == ("drawn", "4.2")
    assert (facts["quota-needed"], facts["quota-left"]) == ("1 hours", "4 hours")
    (held,) = told(desk.program.get(quota))["items"]
    assert (Decimal(held["used"]), Decimal(held["left"])) == (Decimal(1), Decimal(4))


@pytest.mark.django_db
def test_k2_two_tasks_become_two_requests() -> None:
    desk, at = Desk("kryzhik"), moscow(6, 15, 10)
    desk.contract("nadezhny")
    ticket = desk.ask(at, "solving", text="The report is empty. Please install the signature.")
    (said,) = told(desk.program.get(f"/tickets/{ticket['number']}/sentences"))["items"]
    assert said["sentences"] == ["The report is empty.", "Please install the signature."]

    picked = {"message": said["message"], "sentences": [1], "subject": "The signature"}
    new = desk.do(at, ticket, "split", 201, service="signature-installation", **picked)

    assert new["number"] != ticket["number"]
    assert new["received_at"] == ticket["received_at"]
    assert len(told(desk.program.get("/tickets", customer=desk.cast.acme.pk))["items"]) == 2


@pytest.mark.django_db
def test_s5_time_by_hand_beyond_the_free_minutes_is_a_problem_with_its_figures_until_one_says_how_to_go_on() -> (
    None
):
    desk, began = Desk("satisoft"), warsaw(6, 12, 13, 10)
    ticket = desk.ask(began, "remote-help", family="subiekt")
    at = began + timedelta(minutes=80)
    body = {
        "source": "data",
        "technician": desk.tess,
        "started_at": began.isoformat(),
        "worked_seconds": 80 * 60,
    }

    problem = desk.do(at, ticket, "entries", 409, **body)

    assert problem["type"].endswith("#estimate-needed")
    assert (problem["clause"], problem["left_seconds"], problem["beyond_seconds"]) == ("5.1", 3600, 1200)
    assert desk.do(at, ticket, "entries", 201, **body, go_on="fitting")["worked_seconds"] == 3600
    assert desk.do(at, ticket, "entries", 409, **body, go_on="fitting")["type"].endswith("#refused")
    assert desk.do(at, ticket, "entries", 201, **body, go_on="uncharged")["worked_seconds"] == 80 * 60
