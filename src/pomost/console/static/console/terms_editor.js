// @ts-check
/**
 * The editor of the terms: numbers beside the lines, marks where the check found something, and the check while one types.
 *
 * Tab leaves the text, as it does everywhere. Without this module the same form keeps, checks and publishes.
 */

const SETTLE_MS = 400; // after the last change, before the desk is asked

const form = document.getElementById("draft");
const area = form?.querySelector("textarea");
const told = document.getElementById("check");

/**
 * @param {HTMLFormElement} draft
 * @param {HTMLTextAreaElement} text
 * @param {HTMLElement} check
 */
function begin(draft, text, check) {
  const gutter = document.createElement("div");
  gutter.className = "gutter";
  gutter.setAttribute("aria-hidden", "true");
  text.before(gutter);
  const kept = text.value;
  let isSending = false;
  let asked = 0;
  /** @type {number | undefined} */
  let timer;

  function number() {
    const count = text.value.split("\n").length;
    while (gutter.childElementCount > count) gutter.lastElementChild?.remove();
    for (let line = gutter.childElementCount + 1; line <= count; line += 1) {
      const mark = document.createElement("span");
      mark.textContent = String(line);
      gutter.append(mark);
    }
    gutter.scrollTop = text.scrollTop;
  }

  function mark() {
    for (const bad of gutter.querySelectorAll(".is-bad")) bad.classList.remove("is-bad");
    for (const problem of check.querySelectorAll("[data-line]")) {
      if (problem instanceof HTMLElement) gutter.children[Number(problem.dataset.line) - 1]?.classList.add("is-bad");
    }
  }

  /** @param {number} line */
  function goTo(line) {
    const lines = text.value.split("\n");
    const start = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
    text.focus();
    text.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
    const height = Number.parseFloat(getComputedStyle(text).lineHeight);
    text.scrollTop = Math.max(0, (line - 1) * height - text.clientHeight / 3);
    text.scrollLeft = 0;
  }

  function goToFirst() {
    const first = check.querySelector("[data-line]");
    if (first instanceof HTMLElement) goTo(Number(first.dataset.line));
  }

  async function ask() {
    clearTimeout(timer);
    asked += 1;
    const mine = asked;
    check.classList.add("is-old");
    try {
      const answer = await fetch(draft.dataset.check ?? "", { method: "POST", body: new FormData(draft), redirect: "manual" });
      if (!answer.ok || mine !== asked) return; // a later question is on its way
      const part = document.createElement("template");
      part.innerHTML = await answer.text();
      if (mine !== asked) return;
      check.replaceChildren(part.content);
      check.classList.remove("is-old");
      mark();
    } catch {
      // No link: what is shown stays faded, so that nobody takes it for new.
    }
  }

  number();
  mark();
  text.addEventListener("scroll", () => {
    gutter.scrollTop = text.scrollTop;
  });
  draft.addEventListener("input", () => {
    number();
    clearTimeout(timer);
    timer = setTimeout(ask, SETTLE_MS);
  });
  check.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    const problem = link?.closest("[data-line]");
    if (!(problem instanceof HTMLElement) || !link?.hash.startsWith("#L")) return;
    event.preventDefault();
    goTo(Number(problem.dataset.line));
  });
  draft.addEventListener("keydown", async (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    if (event.key === "Enter") {
      event.preventDefault();
      await ask();
      goToFirst();
    } else if (event.key.toLowerCase() === "s") {
      event.preventDefault();
      draft.requestSubmit();
    }
  });
  draft.addEventListener("submit", (event) => {
    isSending = event.submitter?.getAttribute("formtarget") !== "_blank";
  });
  window.addEventListener("beforeunload", (event) => {
    if (!isSending && text.value !== kept) event.preventDefault();
  });
  const hint = draft.querySelector(".keys-hint");
  if (hint instanceof HTMLElement) hint.hidden = false;
}

if (form instanceof HTMLFormElement && area && told) begin(form, area, told);
