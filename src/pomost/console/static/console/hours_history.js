// @ts-check
/** The list of a calendar's edits, asked for again while clocks are recomputed after one. */

import { fetchPart } from "#console/live.js";

const AGAIN_MS = 2000;

const list = document.getElementById("hours-history");

async function again() {
  if (!list) return;
  const part = await fetchPart(list.dataset.url ?? "");
  if (part && !list.contains(document.activeElement)) list.replaceChildren(part);
  if (!part || list.querySelector("[data-running]")) setTimeout(again, AGAIN_MS);
}

setTimeout(again, AGAIN_MS);
