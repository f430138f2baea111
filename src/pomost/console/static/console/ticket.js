// @ts-check
/**
 * The ticket's page: tabs of the composer; what of typed minutes the customer agreed to; news of the ticket reload the
 * page's parts, never what is being typed.
 */

import { fetchPart, onNews } from "#console/live.js";

/** @param {Element} root */
function tabs(root) {
  const buttons = [...root.querySelectorAll('[role="tab"]')];
  /** @param {Element} chosen */
  const choose = (chosen) => {
    for (const button of buttons) {
      const pane = document.getElementById(button.getAttribute("aria-controls") ?? "");
      const isChosen = button === chosen;
      button.setAttribute("aria-selected", String(isChosen));
      button.setAttribute("tabindex", isChosen ? "0" : "-1");
      if (pane) pane.hidden = !isChosen;
    }
  };
  const wrong = buttons.find((button) =>
    document.getElementById(button.getAttribute("aria-controls") ?? "")?.querySelector('[aria-invalid="true"]'),
  );
  const kept = buttons.find((button) => button.getAttribute("aria-selected") === "true");
  const first = wrong ?? kept ?? buttons[0];
  if (first) choose(first);
  root.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest('[role="tab"]') : null;
    if (button) choose(button);
  });
  root.addEventListener("keydown", (event) => {
    const { key } = /** @type {KeyboardEvent} */ (event);
    const step = key === "ArrowRight" ? 1 : key === "ArrowLeft" ? -1 : 0;
    const now = buttons.findIndex((button) => button === event.target);
    if (!step || now < 0) return;
    const next = buttons[(now + step + buttons.length) % buttons.length];
    if (!(next instanceof HTMLElement)) return;
    choose(next);
    next.focus();
  });
}

for (const root of document.querySelectorAll("[data-tabs]")) tabs(root);

const SETTLE_MS = 250; // after the last key, before the desk is asked
/** @type {number | undefined} */
let settling;

document.addEventListener("input", ({ target }) => {
  if (!(target instanceof HTMLInputElement) || target.name !== "minutes") return;
  const form = target.closest("[data-fit]");
  const said = form?.querySelector("[data-fit-said]");
  if (!(form instanceof HTMLFormElement) || !said) return;
  clearTimeout(settling);
  settling = setTimeout(async () => {
    const minutes = target.value;
    const part = await fetchPart(`${form.dataset.fit}?${new URLSearchParams({ minutes })}`);
    if (part && minutes === target.value) said.replaceChildren(part);
  }, SETTLE_MS);
});

/**
 * Whether something in a part of the page was typed or ticked and not sent yet.
 *
 * @param {Element} part
 */
function isTouched(part) {
  return [...part.querySelectorAll("input")].some(
    (field) => field.value !== field.defaultValue || field.checked !== field.defaultChecked,
  );
}

onNews("board", async () => {
  const page = await fetchPart(location.href);
  if (!page) return;
  for (const name of [".thread", ".todo", ".rail"]) {
    const [old, fresh] = [document.querySelector(name), page.querySelector(name)];
    if (!old || !fresh || old.contains(document.activeElement) || old.querySelector("details[open]") || isTouched(old)) continue;
    const scroll = old.scrollTop;
    old.replaceChildren(...fresh.childNodes);
    old.className = fresh.className;
    old.scrollTop = scroll;
  }
});

const thread = document.querySelector(".thread");
if (thread) thread.scrollTop = thread.scrollHeight;
