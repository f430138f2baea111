// @ts-check
/**
 * How the picture comes: its age, the way there and back, frames, data, decoding; and the veil over a picture that is old.
 *
 * The numbers are the session's own (#ui/session/freshness.js says what an age proves). This module only writes them.
 */

/** @import { Stats } from "#ui/session/viewer.js" */

const EVERY_MS = 500;

export class Figures {
  #stats;
  #isSeen;
  #texts;
  #box = /** @type {HTMLElement} */ (document.querySelector("[data-figures]"));
  #drawnMs = performance.now();

  /**
   * @param {object} what
   * @param {() => Stats & { bytes: number }} what.stats since they were last asked for
   * @param {() => boolean} what.isSeen whether a picture is shown at all
   * @param {Record<string, string>} what.texts
   */
  constructor({ stats, isSeen, texts }) {
    this.#stats = stats;
    this.#isSeen = isSeen;
    this.#texts = texts;
    setInterval(() => this.#draw(), EVERY_MS);
  }

  /** Show or hide the numbers; the veil is not a matter of choice. */
  toggle() {
    this.#box.hidden = !this.#box.hidden;
    document.querySelector("[data-figures-button]")?.setAttribute("aria-pressed", String(!this.#box.hidden));
  }

  #draw() {
    const seconds = (performance.now() - this.#drawnMs) / 1000;
    this.#drawnMs = performance.now();
    const { frames, bytes, decodeMs, ageMs, roundTripMs, stale } = this.#stats();
    const isSeen = this.#isSeen();
    const age = ageMs === null || !isSeen ? "" : this.#time(ageMs);
    const isStale = isSeen && stale;
    write("age", age && (this.#texts.age ?? "").replace("{time}", age));
    write("stale", isStale ? (this.#texts.stale ?? "").replace("{time}", age) : "");
    const label = /** @type {HTMLElement} */ (document.querySelector("[data-stale]"));
    label.hidden = !isStale;
    document.querySelector("[data-screen]")?.classList.toggle("is-stale", isStale);
    if (this.#box.hidden) return;
    write("figure-age", age || "–");
    write("figure-trip", roundTripMs === null ? "–" : this.#unit("ms", Math.round(roundTripMs)));
    write("figure-frames", number(Math.round(frames / seconds)));
    write("figure-bytes", this.#unit("kb", Math.round(bytes / seconds / 100) / 10));
    write("figure-decode", frames ? this.#unit("ms", decodeMs) : "–");
  }

  /** @param {number} ms in tens of milliseconds below a second, so that it can be read */
  #time(ms) {
    return ms < 1000 ? this.#unit("ms", Math.ceil(ms / 10) * 10) : this.#unit("s", Math.floor(ms / 1000));
  }

  /** @param {string} unit @param {number} n */
  #unit(unit, n) {
    return (this.#texts[unit] ?? "{n}").replace("{n}", number(n));
  }
}

/** @param {number} n */
function number(n) {
  return n.toLocaleString(document.documentElement.lang);
}

/** @param {string} name @param {string} text */
function write(name, text) {
  const found = document.querySelector(`[data-${name}]`);
  if (found && found.textContent !== text) found.textContent = text;
}
