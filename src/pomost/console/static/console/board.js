// @ts-check
/**
 * The live board. What changed is shown at once where it stands; what is new or has moved waits above the rows while
 * the pointer or the focus is among them, so that nothing moves away from under a hand.
 */

import { fetchPart, onNews } from "#console/live.js";
import { order, merge } from "#console/rows.js";

const REFRESH_MS = 60_000; // decks are redrawn once a minute, also when nothing happened

const board = document.getElementById("board");
/** @type {DocumentFragment | null} */
let waiting = null;
let asked = 0;

/** @param {ParentNode} root @param {string} name @returns {HTMLElement | null} */
const part = (root, name) => root.querySelector(`[data-part="${name}"]`);

function isBusy() {
  const rows = board && part(board, "rows");
  return !!rows && (rows.matches(":hover") || (rows.contains(document.activeElement) && document.activeElement !== document.body));
}

/** @param {DocumentFragment} next */
function swap(next) {
  if (!board) return;
  waiting = null;
  const scroll = part(board, "rows")?.scrollTop ?? 0;
  const focused = document.activeElement?.closest("[data-ticket]")?.getAttribute("data-ticket");
  board.replaceChildren(next);
  const rows = part(board, "rows");
  if (rows) rows.scrollTop = scroll;
  if (focused) /** @type {HTMLElement | null} */ (board.querySelector(`[data-ticket="${CSS.escape(focused)}"] a`))?.focus();
}

/** @param {DocumentFragment} next */
function updateAround(next) {
  if (!board) return;
  const filters = /** @type {HTMLTemplateElement | null} */ (part(next, "filters"));
  if (filters) part(document, "filters")?.replaceChildren(filters.content.cloneNode(true));
  const day = part(next, "day");
  if (day) part(board, "day")?.replaceChildren(...day.cloneNode(true).childNodes);
}

/** @param {number} count new rows, 0 when only the order changed */
function announce(count) {
  const news = board?.querySelector("[data-news]");
  const text = board?.querySelector("[data-news-text]");
  if (!(news instanceof HTMLElement) || !(text instanceof HTMLElement)) return;
  const { one = "", many = "", moved = "" } = text.dataset;
  text.textContent = count === 0 ? moved : count === 1 ? one : many.replace("{n}", String(count));
  news.hidden = false;
}

async function refresh() {
  if (!board) return;
  const mine = ++asked;
  const next = await fetchPart(`${board.dataset.url}${location.search}`);
  if (!next || mine !== asked) return; // a newer question is on its way
  updateAround(next);
  const change = merge(order(board), order(next));
  if ((change.added.length === 0 && !change.moved) || !isBusy()) {
    swap(next);
    return;
  }
  for (const row of board.querySelectorAll("[data-ticket]")) {
    const fresh = next.querySelector(`[data-ticket="${CSS.escape(row.getAttribute("data-ticket") ?? "")}"]`);
    if (fresh && !row.contains(document.activeElement)) row.replaceChildren(...fresh.cloneNode(true).childNodes);
  }
  waiting = next;
  announce(change.added.length);
}

onNews("board", refresh);
setInterval(refresh, REFRESH_MS);
document.addEventListener("click", (event) => {
  if (event.target instanceof Element && event.target.closest("[data-news]") && waiting) swap(waiting);
});
document.addEventListener("console:take-in", () => waiting && swap(waiting));
