// @ts-check
/**
 * The console's line to the desk: one stream a page. It tells other modules that the board changed, shows the call
 * that rings, and says since when there is no news.
 */

import { clockOf } from "#console/desk_clock.js";

const RETRY_MS = 3000; // the browser's own wait after a break is longer on some systems

/** @typedef {"board" | "session"} News */

const home = document.getElementById("ringing");
const liveUrl = home?.dataset.liveUrl ?? "";
const ringingUrl = home?.dataset.ringingUrl ?? "";
const state = document.querySelector("[data-live-state]");
const time = home ? clockOf(home) : () => "";

/**
 * Tell `hear` each time the desk says that something of this kind changed.
 *
 * @param {News} kind
 * @param {(data: unknown) => void} hear
 */
export function onNews(kind, hear) {
  document.addEventListener(`desk:${kind}`, (event) => hear(/** @type {CustomEvent} */ (event).detail));
}

/**
 * Fetch a part of a page as a document fragment.
 *
 * @param {string} url
 * @returns {Promise<DocumentFragment | null>} null when the desk did not answer or the person is signed out
 */
export async function fetchPart(url) {
  try {
    const answer = await fetch(url, { headers: { "X-Requested-With": "part" }, redirect: "manual" });
    if (!answer.ok) return null;
    const template = document.createElement("template");
    template.innerHTML = await answer.text();
    return template.content;
  } catch {
    return null; // no link: the stream's own error shows it
  }
}

async function ring() {
  const part = await fetchPart(ringingUrl);
  if (!part || !home) return;
  const focused = home.contains(document.activeElement);
  home.replaceChildren(part);
  if (focused) home.querySelector("button")?.focus();
}

/** @param {boolean} linked */
function show(linked) {
  document.documentElement.classList.toggle("is-offline", !linked);
  const words = state?.querySelector("span");
  if (!words) return;
  words.dataset.linked ??= words.textContent ?? "";
  words.textContent = linked ? words.dataset.linked : (words.dataset.broken ?? "").replace("{t}", time());
}

function listen() {
  const stream = new EventSource(liveUrl);
  stream.addEventListener("open", () => show(true));
  stream.addEventListener("error", () => {
    show(false);
    if (stream.readyState !== EventSource.CLOSED) return;
    setTimeout(listen, RETRY_MS);
  });
  for (const kind of ["board", "session"]) {
    stream.addEventListener(kind, (event) => {
      const detail = JSON.parse(/** @type {MessageEvent<string>} */ (event).data || "null");
      document.dispatchEvent(new CustomEvent(`desk:${kind}`, { detail }));
    });
  }
  stream.addEventListener("call", ring);
  addEventListener("pagehide", () => stream.close(), { once: true });
}

if (liveUrl) listen();
