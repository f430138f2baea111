"""What the owner and the bookkeeper do in the console, a program does too: drafts and trials, quotas, tasks, complaints, corrections."""

from datetime import date, datetime, timedelta

import pytest

from access.scene import NOW, Scene, make_scene
from api.calling import Program, program, told
from people import Cast, ask, by, desk_of, with_package
from pomost.billing.models import Payment
from pomost.contracts.models import TermsDraft, TermsVersion
from pomost.journal.models import Fact
from pomost.tickets.actions import number_told
from pomost.worklog.actions import enter_call
from tickets.desk_of_quotas import included

CRITICAL = 'extended = { low = "8h", medium = "4h", critical = "1h" }'


@pytest.fixture
def scene(db: None) -> Scene:
    return make_scene(with_session=False)


@pytest.fixture
def crm(scene: Scene) -> Program:
    return program(scene.cast.owen, NOW)


@pytest.fixture
def centaur(db: None) -> Cast:
    made = desk_of("centaur")
    with_package(made.acme, "extended")
    return made


def begun(desk: Program) -> dict[str, object]:
    body = {"based_on": "1", "version": "2", "first_day": "2026-07-01"}
    made: dict[str, object] = told(desk.post("/terms/draft", body), 201)
    return made


def test_a_draft_is_begun_changed_checked_tried_and_published(centaur: Cast) -> None:
    at = datetime(2026, 6, 8, 10, tzinfo=NOW.tzinfo)
    late = ask(centaur.ada, "error-diagnosis", at, severity="critical")
    told_at = at + timedelta(minutes=45)
    number_told(late, how="phone", at_told=told_at, by=by(centaur.dora), at=told_at)
    desk = program(centaur.owen, NOW)
    draft = begun(desk)
    assert (draft["version"], draft["first_day"], draft["edition"]) == ("2", "2026-07-01", 1)

    text = str(draft["text"]).replace(CRITICAL, CRITICAL.replace("1h", "30m"))
    checked = told(desk.post("/terms/check", {"text": text}))
    assert (checked["is_right"], checked["against"], len(checked["changes"])) == (True, "1", 1)
    saved = told(desk.post("/terms/draft/text", {"text": text, "edition": 1}))
    assert saved["edition"] == 2
    facts = Fact.objects.count()
    trial = told(desk.post("/terms/draft/trial", {"month": "2026-06"}))
    assert Fact.objects.count() == facts
    body = {"edition": 2, "version": "2", "first_day": "2026-07-15"}
    published = told(desk.post("/terms/draft/publication", body), 201)

    assert (trial["newly_missed"], trial["no_longer_missed"], trial["more_net"]) == (1, 0, "0.00")
    assert trial["words"] == "1 promise would have been missed, the work would have cost the same."
    (item,) = trial["items"]
    (promise,) = item["promises"]
    assert (item["number"], promise["key"]) == (late.number, "reaction")
    assert (promise["before"]["met"], promise["after"]["met"]) == (True, False)
    assert (promise["before"]["clause"], promise["after"]["clause"]) == ("4.1", "4.1")
    assert (published["version"], published["valid_from"]) == ("2", "2026-07-15")
    assert desk.get("/terms/draft").status_code == 404
    assert TermsVersion.objects.get(vendor=centaur.vendor, version="2").valid_from == date(2026, 7, 15)


def test_of_two_programs_that_keep_a_draft_the_second_is_told(centaur: Cast) -> None:
    desk = program(centaur.owen, NOW)
    text = begun(desk)["text"]

    first = desk.post("/terms/draft/text", {"text": f"{text}\n# one", "edition": 1})
    second = desk.post("/terms/draft/text", {"text": f"{text}\n# two", "edition": 1})
    thrown = desk.post("/terms/draft/discard", {"edition": 1})

    assert (first.status_code, second.status_code, thrown.status_code) == (200, 409, 409)
    assert TermsDraft.objects.get().text.endswith("# one")
    assert desk.post("/terms/draft/discard", {"edition": 2}).status_code == 200


def test_mistakes_come_back_with_their_lines_and_nothing_is_tried_or_published(centaur: Cast) -> None:
    desk = program(centaur.owen, NOW)
    text = str(begun(desk)["text"]).replace('zone = "Europe/Moscow"', 'zone = "Europe/Moskva"')
    told(desk.post("/terms/draft/text", {"text": text, "edition": 1}))
    line = text.split("\n").index('zone = "Europe/Moskva"') + 1

    checked = told(desk.post("/terms/check", {"text": text}))
    tried = told(desk.post("/terms/draft/trial", {"month": "2026-06"}), 422)
    body = {"edition": 2, "version": "2", "first_day": "2026-07-15"}
    published = told(desk.post("/terms/draft/publication", body), 422)

    assert [each["line"] for each in checked["problems"]] == [line]
    assert {each["field"] for answer in (tried, published) for each in answer["errors"]} == {f"text:{line}"}
    assert not TermsVersion.objects.filter(version="2").exists()
    wrong = told(desk.post("/terms/draft/trial", {"month": "2020-01"}), 422)
    assert [(each["field"], each["code"]) for each in wrong["errors"]] == [("month", "unknown")]


def test_what_a_contract_gives_is_noted_and_its_use_is_read(db: None) -> None:
    desk = desk_of("kryzhik")
    contract = with_package(desk.acme, "nadezhny")
    crm = program(desk.owen, NOW)
    path = f"/customers/{desk.acme.pk}/contracts/{contract.pk}"
    given = {"unit": "hours", "amount": "2.5", "period": "month", "carry": "one", "valid_from": "2026-06-01"}

    (made,) = told(crm.post(f"{path}/allowances", given))["items"]
    again = told(crm.post(f"{path}/allowances", given))["items"]
    wrong = told(crm.post(f"{path}/allowances", given | {"amount": "2.3"}), 422)
    other = crm.post(f"{path}/allowances", given | {"valid_from": "2026-06-02"})

    assert (made["granted"], made["left"], made["carry"], made["beyond"]) == ("2.5", "2.5", "one", "ask")
    assert (made["first_day"], made["last_day"], made["draws"]) == ("2026-06-01", "2026-06-30", [])
    assert again == [made]
    assert [(each["field"], each["code"]) for each in wrong["errors"]] == [("amount", "quarter")]
    assert other.status_code == 409
    ticket = included(desk, NOW)
    later = NOW + timedelta(hours=1)
    enter_call(ticket, technician=desk.tess, worked_seconds=2400, started_at=NOW, by=by(desk.tess), at=later)
    (used,) = told(crm.get(f"{path}/quotas"))["items"]
    assert (used["used"], used["left"]) == ("1", "1.5")  # 40 minutes are two started half hours
    assert [(each["ticket"], each["amount"]) for each in used["draws"]] == [(ticket.number, "1")]
    assert told(crm.get(f"{path}/quotas", on="2025-06-01"))["items"] == []
    assert told(crm.get(f"{path}/quotas", on="2026-07-01"))["items"][0]["carried"] == "1.5"


def test_a_second_task_is_split_off_and_what_was_told_twice_is_merged(scene: Scene, crm: Program) -> None:
    body = {
        "contact": scene.cast.ada.pk,
        "channel": "phone",
        "subject": "Two things",
        "text": "The list is empty. And the printer is silent.",
        "service": "remote-help",
        "family": "subiekt",
    }
    number = told(crm.post("/tickets", body), 201)["number"]
    (message,) = told(crm.get(f"/tickets/{number}/sentences"))["items"]
    assert message["sentences"] == ["The list is empty.", "And the printer is silent."]

    picked = {"message": message["message"], "sentences": [1], "subject": "The printer"}
    second = told(crm.post(f"/tickets/{number}/split", picked, key="split-1"), 201)
    same = told(crm.post(f"/tickets/{number}/split", picked, key="split-1"), 201)
    all_of_it = crm.post(f"/tickets/{number}/split", picked | {"sentences": [0, 1]})
    strange = told(crm.post(f"/tickets/{number}/split", picked | {"message": 999_999}), 422)
    earlier = told(crm.post(f"/tickets/{second['number']}/merge", {"into": number}))
    backwards = crm.post(f"/tickets/{number}/merge", {"into": second["number"]})

    assert (second["subject"], second["received_at"]) == ("The printer", earlier["received_at"])
    assert same["number"] == second["number"]
    assert (all_of_it.status_code, backwards.status_code) == (409, 409)
    assert [each["field"] for each in strange["errors"]] == ["message"]
    assert (earlier["number"], earlier["state"]) == (number, "open")
    assert told(crm.get(f"/tickets/{second['number']}"))["state"] == "closed"


def test_a_complaint_is_looked_at_rejected_by_a_clause_and_appealed_against_once(
    scene: Scene, crm: Program
) -> None:
    path = f"/complaints/{scene.complaint.pk}"
    about = told(crm.get(path))["ticket"]

    looked_at = told(crm.post(f"{path}/examination"))
    rejection = {"reason": "Another fault.", "clause": "6", "technician": scene.cast.tess.pk}
    unknown = told(crm.post(f"{path}/rejection", rejection | {"clause": "99"}), 422)
    rejected = told(crm.post(f"{path}/rejection", rejection))
    appealed = told(crm.post(f"{path}/appeal", {"text": "It is the same one."}))
    twice = crm.post(f"{path}/appeal", {"text": "It is the same one."})

    assert looked_at["follow_up"] is not None
    assert [each["field"] for each in unknown["errors"]] == ["clause"]
    assert (rejected["state"], rejected["decision_clause"]) == ("rejected", "6")
    assert (appealed["appeal"], twice.status_code) == ("It is the same one.", 409)
    later = told(crm.post(f"/tickets/{about}/complaints", {"text": "Now another one."}), 201)
    accepted = told(crm.post(f"/complaints/{later['id']}/acceptance", {"reason": "Goodwill."}))
    assert (accepted["state"], accepted["goodwill"]) == ("accepted", True)
    assert len(told(crm.get(f"/tickets/{about}/complaints"))["items"]) == 2


def test_a_correction_that_names_a_line_twice_is_refused(scene: Scene, crm: Program) -> None:
    lines = [{"position": 1, "net": "50.00"}, {"position": 1, "net": "40.00"}]
    answer = crm.post(f"/invoices/{scene.invoice.pk}/corrections", {"lines": lines, "reason": "Which?"})

    (error,) = told(answer, 422)["errors"]
    assert (error["field"], error["code"]) == ("lines.1.position", "repeated")
    assert scene.invoice.corrections.count() == 1


def test_an_invoice_is_corrected_and_paid_and_a_payment_sent_twice_is_noted_once(
    scene: Scene, crm: Program
) -> None:
    path = f"/invoices/{scene.invoice.pk}"
    before = told(crm.get(f"{path}/payments"))
    assert (before["gross_left"], before["paid"]) == ("123.00", "0.00")  # 100.00 are left of 200.00

    correction = {"lines": [{"position": 1, "net": "50.00"}], "reason": "Half of it."}
    made = told(crm.post(f"{path}/corrections", correction), 201)
    higher = crm.post(f"{path}/corrections", {"lines": [{"position": 1, "net": "90.00"}], "reason": "No."})
    payment = {"amount": "61.50", "received_on": "2026-06-12"}
    paid = told(crm.post(f"{path}/payments", payment, key="bank-77"), 201)
    again = told(crm.post(f"{path}/payments", payment, key="bank-77"), 201)
    too_much_back = crm.post(f"{path}/payments", payment | {"amount": "-61.51"})
    tomorrow = crm.post(f"{path}/payments", payment | {"received_on": "2026-06-16"})

    assert (made["net"], made["gross"], made["lines"]) == (
        "-50.00",
        "-61.50",
        [{"position": 1, "net": "-50.00"}],
    )
    assert (higher.status_code, too_much_back.status_code, tomorrow.status_code) == (409, 409, 409)
    assert (paid["paid"], paid["to_pay"]) == ("61.50", "0.00")
    assert again == paid
    assert Payment.objects.count() == 1
    assert [each["net"] for each in told(crm.get(f"{path}/corrections"))["items"]] == ["-100.00", "-50.00"]
    pdf = crm.get(f"/corrections/{scene.correction.pk}/pdf")
    assert (pdf.status_code, pdf["Content-Type"]) == (200, "application/pdf")
