// @ts-check
/**
 * The place where a file is dropped or chosen: shows how far it is and how long it takes, and reloads the page when the
 * desk has it whole. All words come from the page.
 */

import { Refused, fingerprint, send } from "#ui/files/sender.js";

const SHOW_EVERY_MS = 250;

/**
 * A length of time as a person says it: "2 minutes", "40 seconds".
 *
 * @param {number} seconds
 * @param {string} language
 * @returns {string}
 */
export function lengthWords(seconds, language) {
  const [amount, unit] =
    seconds < 55 ? [Math.max(5, Math.ceil(seconds / 5) * 5), "second"]
    : seconds < 3300 ? [Math.ceil(seconds / 60), "minute"]
    : [Math.round(seconds / 360) / 10, "hour"];
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(amount);
}

/**
 * A size as a person says it, in decimal thousands.
 *
 * @param {number} bytes
 * @param {string} language
 * @returns {string}
 */
export function sizeWords(bytes, language) {
  const [amount, unit] = bytes < 1e6 ? [bytes / 1e3, "kilobyte"] : bytes < 1e9 ? [bytes / 1e6, "megabyte"] : [bytes / 1e9, "gigabyte"];
  const digits = amount < 100 ? 1 : 0;
  return new Intl.NumberFormat(language, { style: "unit", unit, minimumFractionDigits: digits, maximumFractionDigits: digits }).format(amount);
}

/**
 * @template {Element} T
 * @param {Element} root
 * @param {string} part
 * @param {new () => T} kind
 * @returns {T}
 */
function inside(root, part, kind) {
  const found = root.querySelector(part);
  if (!(found instanceof kind)) throw new Error(`The page has no ${part} where a file is sent.`);
  return found;
}

/** @param {HTMLFormElement} form */
function begin(form) {
  const chosen = inside(form, "input[type=file]", HTMLInputElement);
  const place = inside(form, "[data-drop]", HTMLElement);
  const going = inside(form, "[data-going]", HTMLElement);
  const bar = inside(form, "progress", HTMLProgressElement);
  const step = inside(form, "[data-step]", HTMLElement);
  const left = inside(form, "[data-left]", HTMLElement);
  const problem = inside(form, "[data-problem]", HTMLElement);
  const stop = inside(form, "[data-stop]", HTMLButtonElement);
  const language = document.documentElement.lang;
  const says = form.dataset;
  /** @type {AbortController | null} */
  let running = null;
  let shownAt = 0;
  let shownStep = "";

  /** @param {import("#ui/files/sender.js").Progress} progress */
  const tell = (progress) => {
    const now = performance.now();
    if (progress.step === shownStep && now - shownAt < SHOW_EVERY_MS && progress.done < progress.total) return;
    shownAt = now;
    if (progress.step !== shownStep) {
      shownStep = progress.step;
      step.textContent = says[progress.step] ?? "";
    }
    bar.max = progress.total;
    bar.value = progress.done;
    const amount = `${sizeWords(progress.done, language)} / ${sizeWords(progress.total, language)}`;
    const seconds = progress.leftSeconds;
    left.textContent = seconds === null || progress.done === progress.total ? amount : `${amount} · ${(says.left ?? "").replace("{time}", lengthWords(seconds, language))}`;
  };

  /** @param {File} file */
  const take = async (file) => {
    const note = form.querySelector("textarea");
    if (note && !note.reportValidity()) return;
    if (running) return;
    running = new AbortController();
    problem.hidden = true;
    going.hidden = false;
    place.hidden = true;
    shownStep = "";
    inside(form, "[data-name]", HTMLElement).textContent = file.name;
    const permit = String(new FormData(form).get("permit"));
    try {
      const ways = { signal: running.signal };
      const sha256 = await fingerprint(file, tell, ways);
      inside(form, "[data-sha256]", HTMLElement).textContent = sha256;
      tell({ step: "sending", done: 0, total: file.size, leftSeconds: null });
      const about = { address: says.address ?? "", permit, name: file.name, sha256, note: note?.value };
      await send(file, about, tell, ways);
      location.reload();
      return;
    } catch (error) {
      const stopped = error instanceof DOMException && error.name === "AbortError";
      problem.textContent = error instanceof Refused ? error.message : stopped ? (says.stopped ?? "") : (says.unread ?? "");
      problem.hidden = false;
    }
    running = null;
    going.hidden = true;
    place.hidden = false;
    chosen.value = "";
  };

  chosen.addEventListener("change", () => {
    if (chosen.files?.[0]) void take(chosen.files[0]);
  });
  stop.addEventListener("click", () => running?.abort());
  form.addEventListener("submit", (event) => event.preventDefault());
  place.addEventListener("dragover", (event) => {
    event.preventDefault();
    place.classList.add("over");
  });
  place.addEventListener("dragleave", () => place.classList.remove("over"));
  place.addEventListener("drop", (event) => {
    event.preventDefault();
    place.classList.remove("over");
    const file = event.dataTransfer?.files[0];
    if (file) void take(file);
  });
}

if (typeof document !== "undefined") {
  for (const form of document.querySelectorAll("form[data-send-file]")) if (form instanceof HTMLFormElement) begin(form);
}
