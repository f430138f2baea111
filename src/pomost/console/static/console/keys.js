// @ts-check
/**
 * Keys of the console (look.md): `/` search, `N` note a call, `J` `K` rows, `Enter` open, `T` take, `R` reply, `.` take
 * in what is new, `G` then `B` board, `T` requests, `C` customers, `I` invoices, `S` sessions. No key ever grants a consent.
 */

const PLACE_MS = 1500; // how long `G` waits for its second letter

let placeUntil = 0;

/** @param {string} selector */
const press = (selector) => {
  const found = document.querySelector(selector);
  if (found instanceof HTMLElement) found.click();
};

/** @param {number} step */
function walk(step) {
  const rows = [...document.querySelectorAll("[data-ticket]")];
  const now = rows.findIndex((row) => row.classList.contains("is-sel"));
  const next = rows[Math.min(Math.max(now + step, 0), rows.length - 1)];
  if (!next) return;
  rows[now]?.classList.remove("is-sel");
  next.classList.add("is-sel");
  const link = next.querySelector("a");
  link?.focus();
  next.scrollIntoView({ block: "nearest" });
}

/** @type {Record<string, () => void>} */
const KEYS = {
  "/": () => document.getElementById("find")?.focus(),
  n: () => press('[data-key="n"]'),
  j: () => walk(1),
  k: () => walk(-1),
  t: () => press('.is-sel .take, [data-key="t"]'),
  r: () => document.getElementById("reply")?.focus(),
  ".": () => document.dispatchEvent(new CustomEvent("console:take-in")),
};

/**
 * Whether a key typed here belongs to the field that has the focus.
 *
 * @param {EventTarget | null} target
 */
export function isTyping(target) {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"));
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
  const key = event.key.toLowerCase();
  if (Date.now() < placeUntil) {
    placeUntil = 0;
    press(`[data-place="${CSS.escape(key)}"]`);
    return;
  }
  if (key === "g") {
    placeUntil = Date.now() + PLACE_MS;
    return;
  }
  const act = KEYS[key];
  if (!act) return;
  event.preventDefault();
  act();
});
