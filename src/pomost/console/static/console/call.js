// @ts-check
/** Noting a call: the list of contacts narrows as one types, and the preview follows what is chosen. */

import { fetchPart } from "#console/live.js";
import { fits } from "#console/rows.js";

const SETTLE_MS = 250; // after the last change, before the desk is asked

const form = document.getElementById("call");
const preview = document.getElementById("preview");
/** @type {number | undefined} */
let timer;

/** @param {HTMLFormElement} call */
function showWhatFits(call) {
  const service = /** @type {HTMLInputElement | null} */ (call.querySelector('[name="service"]:checked'));
  const families = (service?.dataset.families ?? "").split(" ").filter(Boolean);
  for (const box of call.querySelectorAll('[data-for="family"]')) {
    if (!(box instanceof HTMLElement)) continue;
    box.hidden = families.length === 0;
    for (const choice of box.querySelectorAll("input")) {
      const label = choice.closest("label");
      if (label) label.hidden = !families.includes(choice.value);
    }
  }
  for (const part of call.querySelectorAll("[data-services]")) {
    if (!(part instanceof HTMLElement)) continue;
    const services = (part.dataset.services ?? "").split(" ").filter(Boolean);
    part.hidden = services.length > 0 && !services.includes(service?.value ?? "");
  }
}

/** @param {HTMLFormElement} call */
async function ask(call) {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(call)) {
    if (typeof value === "string" && name !== "csrfmiddlewaretoken" && name !== "text") query.append(name, value);
  }
  const part = await fetchPart(`${call.dataset.preview}?${query}`);
  if (part) preview?.replaceChildren(part);
}

if (form instanceof HTMLFormElement) {
  showWhatFits(form);
  form.addEventListener("input", (event) => {
    if (event.target instanceof HTMLInputElement && event.target.dataset.narrow) {
      const list = document.getElementById(event.target.dataset.narrow);
      for (const option of list?.querySelectorAll("option") ?? []) option.hidden = !fits(option.text, event.target.value);
      return;
    }
    showWhatFits(form);
    clearTimeout(timer);
    timer = setTimeout(() => ask(form), SETTLE_MS);
  });
}
