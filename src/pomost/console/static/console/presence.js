// @ts-check
/** Choosing whether one can be called, without leaving the page: what is being typed there stays. */

import { fetchPart, onNews } from "#console/live.js";

const PARTS = ["form[data-presence]", '[data-live="shift"]'];

async function redraw() {
  const page = await fetchPart(location.href);
  if (!page) return;
  for (const name of PARTS) {
    const [old, fresh] = [document.querySelector(name), page.querySelector(name)];
    if (old && fresh && !old.contains(document.activeElement)) old.replaceChildren(...fresh.childNodes);
  }
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.matches("[data-presence]")) return;
  const { submitter } = event;
  if (!(submitter instanceof HTMLButtonElement)) return;
  event.preventDefault();
  const typed = new FormData(form, submitter);
  const answer = await fetch(form.action, { method: "POST", body: typed, redirect: "manual" }).catch(() => null);
  if (!answer) return; // no link: the stream's own error shows it
  document.getElementById("me-menu")?.hidePopover();
  submitter.blur();
  await redraw();
});

onNews("session", redraw);
