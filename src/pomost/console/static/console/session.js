// @ts-check
/**
 * The session page: shows what the session tells it, and passes on what the technician presses.
 *
 * Keys, pictures and input are #ui/session/session.js; what it calls locked or granted comes from the real keys and
 * from the customer's app. This module only draws it. The picture is never shown before the words were compared.
 */

import { clockOf } from "#console/desk_clock.js";
import { Figures } from "#console/figures.js";
import { askable, rungs, stopwatch } from "#console/session_view.js";
import { Session } from "#ui/session/session.js";

/** @import { DeskMeterShown, Level } from "#ui/session/wire.d.ts" */

const ASKED_MS = 60_000; // after this silence the question counts as no and may be put again

/** @type {HTMLElement} */
const page = need("#main");
const time = clockOf(page);
/** @type {Record<string, string>} */
const texts = JSON.parse(need("#texts").textContent ?? "{}");

const state = {
  granted: "none",
  /** @type {string | null} */
  asked: null,
  ceiling: page.dataset.ceiling ?? "none",
  compared: false,
  /** The customer said so too: only then anything larger than a key may pass between the two ends. */
  confirmed: false,
  isThere: false,
  /** @type {string[] | null} */
  words: null,
  ended: false,
};
/** @type {number | undefined} */
let askedTimer;
let meter = { ms: 0, running: false, atMs: 0 };

/**
 * @param {string} selector
 * @returns {any} the element; the page cannot work without it
 */
function need(selector) {
  const found = document.querySelector(selector);
  if (!found) throw new Error(`The session page has no ${selector}.`);
  return found;
}

/** @param {string} name @param {string} text */
function write(name, text) {
  const found = document.querySelector(`[data-${name}]`);
  if (found && found.textContent !== text) found.textContent = text;
}

/** @param {string} selector @param {boolean} shown */
function show(selector, shown) {
  need(selector).hidden = !shown;
}

/** @param {string} text */
function log(text) {
  const entry = document.createElement("li");
  entry.className = "sys";
  const line = document.createElement("p");
  line.textContent = `${time()} ${text}`;
  entry.append(line);
  const list = need("[data-events]");
  list.append(entry);
  entry.scrollIntoView({ block: "nearest" });
}

function draw() {
  const drawn = rungs(state);
  const small = document.querySelectorAll("[data-rungs] i");
  drawn.forEach((rung, place) => small[place]?.setAttribute("class", rung === "asked" ? "" : rung));
  const isOpen = state.compared && state.confirmed;
  const free = askable({ ...state, asked: state.asked, compared: isOpen && state.isThere && !state.ended });
  document.querySelectorAll(".ladder [data-level]").forEach((rung, place) => {
    rung.className = drawn[place] ?? "";
    const button = /** @type {HTMLButtonElement | null} */ (rung.querySelector("[data-ask]"));
    if (button) button.hidden = !free.has(/** @type {HTMLElement} */ (rung).dataset.level ?? "");
    const note = rung.querySelector("[data-note]");
    if (note && drawn[place] === "asked") note.textContent = texts.asked ?? "";
    else if (note && drawn[place] === "") note.textContent = isOpen ? "" : (texts.compare_first ?? "");
    else if (note && drawn[place] === "on") note.textContent = "";
  });
  write("level", texts[state.granted] ?? "");
  const isSeen = state.granted !== "none" && !state.ended;
  show("[data-compare]", !!state.words && !state.compared && !state.ended);
  show("[data-wait]", !isSeen && !(state.words && !state.compared) && !state.ended ? true : state.ended);
  show("[data-screen]", isSeen);
  write("wait-text", waitText());
  write("words", state.ended ? (texts.is_over ?? "") : state.words ? state.words.join(" ") : (texts.waiting ?? ""));
  write("words-note", state.words && !state.ended ? ((state.compared ? texts.matched : texts.compare) ?? "") : "");
}

function waitText() {
  if (state.ended) return texts.ended ?? "";
  if (!state.isThere || !state.words) return texts.waiting ?? "";
  if (!state.confirmed) return texts.compare ?? "";
  return (state.asked ? texts.looking : texts.ask_first) ?? "";
}

function drawTime() {
  const ms = meter.ms + (meter.running ? performance.now() - meter.atMs : 0);
  write("time", stopwatch(ms));
}

/** @param {DeskMeterShown} shown */
function drawMeter(shown) {
  meter = { ms: shown.metered_ms, running: shown.running, atMs: performance.now() };
  drawTime();
  write("time-note", shown.held ? (texts.held ?? "") : (texts.both ?? ""));
  if (shown.held) need(".est-box").open = true;
  write("cost", shown.cost.text);
  const clause = shown.cost.clause ?? "";
  write("cost-note", clause);
  const planks = need("[data-planks]");
  planks.replaceChildren(
    ...shown.planks.flatMap((plank) => {
      const board = document.createElement("i");
      board.title = plank.text;
      if (plank.filled_percent >= 100) board.className = "full";
      else if (plank.filled_percent > 0) {
        board.className = "part";
        const filled = document.createElementNS("http://www.w3.org/2000/svg", "svg");
        filled.setAttribute("width", `${plank.filled_percent}%`);
        board.append(filled);
      } else board.className = "plank";
      const gate = document.createElement("i");
      gate.className = "gate";
      return plank.asks_before ? [gate, board] : [board];
    }),
  );
  write("planks-note", shown.planks.at(0)?.text ?? "");
}

/** @param {string | null} level */
function setAsked(level) {
  clearTimeout(askedTimer);
  state.asked = level;
  if (level) {
    askedTimer = setTimeout(() => {
      setAsked(null);
      draw();
    }, ASKED_MS);
  }
}

const socket = new URL(page.dataset.socket ?? "", location.href);
socket.protocol = socket.protocol === "https:" ? "wss:" : "ws:";

const session = new Session({
  session: page.dataset.session ?? "",
  url: socket.href,
  canvas: need("[data-picture]"),
  sink: need("[data-sink]"),
  pointer: need("[data-pointer]"),
  on: {
    state: (shown) => {
      state.compared ||= shown.words_viewer;
      state.confirmed ||= shown.words_agent;
      draw();
    },
    offer: () => {},
    peer: (there) => {
      state.isThere = there;
      if (!there) state.words = null;
      log((there ? texts.there : texts.gone) ?? "");
      draw();
    },
    link: (lost) => {
      write("status", lost ? (texts.lost ?? "") : "");
      document.documentElement.classList.toggle("is-offline", lost);
    },
    locked: (four, cipher) => {
      state.words = four;
      need("[data-lock]").title = cipher ?? "";
      need("[data-lock]").classList.toggle("is-locked", !!cipher);
      write("four", four ? four.join(" ") : "");
      draw(); // neither answer gets the focus: a stray Enter must not vouch for the words
    },
    words: (match) => {
      state.confirmed ||= match;
      log((match ? texts.customer_matched : texts.customer_differed) ?? "");
      draw();
    },
    level: (level) => {
      if (level !== state.granted) log(`${texts.level_now ?? ""} ${texts[level] ?? level}`);
      state.granted = level;
      setAsked(null);
      draw();
      if (level === "none") show("[data-exact]", false);
      if (level === "act" || level === "change-many") need("[data-sink]").focus({ preventScroll: true });
    },
    notGranted: (refusal) => {
      setAsked(null);
      log(`${texts.refused ?? ""} ${refusal.why}`);
      draw();
    },
    meter: drawMeter,
    estimate: (estimate) => {
      log(texts[`estimate_${estimate.state}`] ?? estimate.state);
      write("estimate-state", texts[`estimate_${estimate.state}`] ?? "");
    },
    chat: () => {}, // the app does not speak yet; nothing is written that the other side cannot read
    refused: (refusal) => {
      setAsked(null);
      log(refusal.because ? (texts[refusal.because] ?? refusal.why) : refusal.why);
      draw();
    },
    ended: (end) => {
      state.ended = true;
      if (end.metered_ms !== null) meter = { ms: end.metered_ms, running: false, atMs: 0 };
      meter.running = false;
      drawTime();
      log(end.because ? (texts[end.because] ?? end.why) : end.why);
      write("wait-note", end.because ? (texts[end.because] ?? end.why) : end.why);
      draw();
      show("[data-over]", true);
    },
    screen: ({ width, height }) => {
      const box = need("[data-screen]");
      box.dataset.size = `${width} × ${height}`;
    },
    exact: (exact) => {
      show("[data-exact]", state.granted !== "none");
      need("[data-exact]").dataset.exact = exact ? "yes" : "no";
      write("exact-word", (exact ? texts.exact : texts.moving) ?? "");
    },
    masked: () => log(texts.masked ?? ""),
    broken: (why) => log(why),
  },
});

page.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  const ask = target?.closest("[data-ask]");
  if (ask instanceof HTMLElement) {
    const level = ask.dataset.ask ?? "";
    setAsked(level);
    session.ask(/** @type {Level} */ (level));
    draw();
  } else if (target?.closest("[data-words-same]")) {
    state.compared = true;
    session.sayWords(true);
    draw();
  } else if (target?.closest("[data-words-differ]")) {
    session.sayWords(false);
  } else if (target?.closest("[data-end]")) {
    session.end(texts.end_why ?? "");
  } else if (target?.closest("[data-figures-button]")) {
    figures.toggle();
  } else if (target?.closest("[data-fit]")) {
    const button = need("[data-fit]");
    const fit = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(fit));
    need("[data-screen-box]").classList.toggle("is-full", !fit);
  } else if (target?.closest("[data-picture]")) {
    need("[data-sink]").focus({ preventScroll: true });
  }
});

page.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.dataset.into) return;
  event.preventDefault();
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" });
  const box = need(`#${form.dataset.into}`);
  box.innerHTML = await answer.text();
  box.querySelector('[aria-invalid="true"], [role="alert"], [role="status"]')?.scrollIntoView({ block: "nearest" });
});

// The keys live in this page: leaving it ends what they opened, so it asks first while the picture is shown.
addEventListener("beforeunload", (event) => {
  if (state.granted !== "none" && !state.ended) event.preventDefault();
});

// Before the picture's own listeners: the customer's computer does not get this key.
addEventListener("keydown", (event) => {
  if (event.code !== "KeyI" || !event.ctrlKey || !event.altKey) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!event.repeat) figures.toggle();
}, { capture: true });

const figures = new Figures({ stats: () => session.stats(), isSeen: () => state.granted !== "none" && !state.ended, texts });
setInterval(drawTime, 1000);
draw();
session.open();
