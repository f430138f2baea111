"""What a technician does at their pages, in the words of a story. Pages are found by what their buttons do, in any language."""

import json
import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from e2e.desk import Desk
from e2e.screen import SOON_S

WAIT_UNTIL_EXACT = """(ms) => new Promise((done, failed) => {
  const observer = new MutationObserver(look);
  const late = setTimeout(() => { observer.disconnect(); failed(new Error(`the picture was not exact within ${ms} ms`)); }, ms);
  function look() {
    if (!document.querySelector("[data-exact='yes']")) return;
    observer.disconnect();
    clearTimeout(late);
    done();
  }
  observer.observe(document.body, { subtree: true, childList: true, attributes: true });
  look();
})"""


class AtTheDesk:
    """A technician in front of the console."""

    def __init__(self, desk: Desk, page: Page) -> None:
        self.desk, self.page = desk, page
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def see_board(self) -> None:
        self.page.goto(self.desk.url("console/"))

    def open_ticket(self, number: str) -> None:
        self.page.goto(self.desk.url(f"console/tickets/{number}/"))

    def do(self, verb: str, **fields: str) -> None:
        """Fill in the form whose address ends in `verb` and send it; of a list, the value is the place in it."""
        form = self.page.locator(f"form[action$='/{verb}/']").first
        tab = self.page.locator(f"[role=tab][id='tab-{verb}']")
        if tab.count():
            tab.click()
        form.evaluate("(form) => { const box = form.closest('details'); if (box) box.open = true; }")
        for name, value in fields.items():
            field = form.locator(f"[name={name}]")
            if field.evaluate("(element) => element.tagName") == "SELECT":
                field.select_option(index=int(value))
            else:
                field.fill(value)
        form.locator("button[type=submit], button:not([type])").last.click()
        self.page.wait_for_load_state()

    def note_call(
        self, service: str, subject: str, *, package: str = "", severity: str = "", told: bool = True
    ) -> str:
        """Register what the only customer says on the phone; return the number. `told`: on the same call."""
        self.page.goto(self.desk.url("console/calls/new/"))
        self.page.locator("select[name=contact]").select_option(index=0)
        self.page.locator("[name=subject]").fill(subject)
        self.page.locator(f"input[name=service][value='{service}']").check()
        if severity:
            self.page.locator(f"input[name=severity][value='{severity}']").check()
        if package:
            self.page.locator("select[name=package]").select_option(package)
        self.page.locator("input[name=told]").set_checked(told)
        self.page.locator("#call aside button[type=submit]").click()
        self.page.wait_for_url(re.compile(r"/console/tickets/"))
        return self.page.locator(".thead .num").first.inner_text()

    def csrf(self) -> str:
        """Return the token that a form of the page carries, for requests that no form would send."""
        return self.page.locator("input[name=csrfmiddlewaretoken]").first.input_value()

    def answer_call(self, number: str) -> None:
        """Take the ringing call for a ticket; what staff must have noted is ticked."""
        self.page.locator(".ringing a.btn-primary").click()
        self.page.locator(f"input[name=ticket][value='{number}'][type=radio]").check()
        answer = self.page.locator("form[action$='/answer/']")
        expect(answer).to_be_visible()
        for box in answer.locator("input[name=noted]").all():
            box.check()
        answer.locator("button[type=submit]").click()
        self.page.wait_for_url(re.compile(r"/sessions/[0-9a-f-]{36}/"))

    # In the session.

    def text(self, name: str) -> str:
        """Return one of the session page's own texts, in its language."""
        texts: dict[str, str] = json.loads(self.page.locator("#texts").text_content() or "{}")
        return texts[name]

    def is_told(self, name: str) -> None:
        """Wait until one of the page's texts stands in the list of what happened."""
        expect(self.page.locator("[data-events]")).to_contain_text(self.text(name))

    def meter_is_held(self) -> None:
        """Wait until the desk counts no time, because a question is open."""
        expect(self.page.locator("[data-time-note]")).to_have_text(self.text("held"))

    def meter_runs(self) -> None:
        """Wait until the desk counts time."""
        expect(self.page.locator("[data-time-note]")).to_have_text(self.text("both"))

    def words(self) -> str:
        four = self.page.locator("[data-four]")
        expect(four).to_have_text(re.compile(r"^\s*\S+\s+\S+\s+\S+\s+\S+\s*$"))
        return " ".join(four.inner_text().split())

    def words_are_the_same(self) -> None:
        self.page.locator("[data-words-same]").click()

    def words_differ(self) -> None:
        self.page.locator("[data-words-differ]").click()

    def ask(self, level: str) -> None:
        self.page.locator(f"[data-ask={level}]").click()

    def level_is(self, level: str) -> None:
        """Wait until the ladder shows this as the highest level granted."""
        expect(self.page.locator(f".ladder [data-level={level}]")).to_have_class(re.compile(r"\bon\b"))
        above = {"look": "point", "point": "act", "act": "change-many"}.get(level)
        if above:
            expect(self.page.locator(f".ladder [data-level={above}]")).not_to_have_class(
                re.compile(r"\bon\b")
            )

    def level_is_nothing(self) -> None:
        """Wait until nothing is granted."""
        expect(self.page.locator(".ladder [data-level=look]")).not_to_have_class(re.compile(r"\bon\b"))

    @property
    def picture(self) -> Locator:
        return self.page.locator("[data-picture]")

    def picture_is_exact(self) -> None:
        """Wait until the page has proved the picture; watched for in the page, since the clock on the bar makes it a matter of moments."""
        self.page.evaluate(WAIT_UNTIL_EXACT, SOON_S * 1000)

    def click_on_screen(self, x: int, y: int) -> None:
        """Click on a point of the customer's screen, in its own pixels."""
        size: dict[str, Any] = self.picture.evaluate("(canvas) => ({ w: canvas.width, h: canvas.height })")
        box = self.picture.bounding_box()
        assert box is not None
        self.page.mouse.click(
            box["x"] + x * box["width"] / size["w"], box["y"] + y * box["height"] / size["h"]
        )

    def type_on_screen(self, text: str) -> None:
        self.page.keyboard.type(text, delay=15)

    def meter_shows(self, time: str) -> None:
        """Wait until the desk has stored this reading; `time` is its beginning, such as `0:50`."""
        expect(self.page.locator("[data-time]")).to_have_text(re.compile(rf"^{time}"))

    def send_estimate(self, more_hours: str, reason: str) -> None:
        box = self.page.locator("details.est-box")
        if box.get_attribute("open") is None:
            box.locator("summary").click()
        self.page.locator("#estimate [name=more_hours]").fill(more_hours)
        self.page.locator("#estimate [name=reason]").fill(reason)
        self.page.locator("#estimate button[type=submit]").click()
        expect(self.page.locator("#estimate [data-estimate-state]")).to_be_visible()
        self.meter_is_held()

    def end(self) -> None:
        self.page.locator("[data-end]").click()

    def session_is_over(self) -> None:
        expect(self.page.locator("[data-over]")).to_be_visible()
