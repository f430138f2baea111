// @ts-check
/**
 * How old the picture is that the technician sees.
 *
 * It asks the app twice a second; what captures the screen answers behind the frames it sent (wire/peer.py, Pong).
 * An answer proves the picture as of the moment the question was asked, so the age is never told too small. A frame
 * proves nothing by itself: how long it was on its way nobody knows. It refuses to guess: before the first proof there is no age.
 */

/** @import { PeerMessage, Pong } from "#ui/session/wire.d.ts" */

/** How often it asks. */
export const ASK_EVERY_MS = 500;
/** A picture older than this is shown as stale, unless the way itself is as long. */
export const STALE_MS = 1_000;
const UNANSWERED_MAX = 240;

export class Freshness {
  #send;
  #clock;
  #echo = 0;
  /** @type {Map<number, number>} when each unanswered question was asked */
  #asked = new Map();
  /** @type {{ frameId: number, asOfMs: number }[]} answers whose frame is still being decoded */
  #waiting = [];
  /** @type {number | null} */
  #asOfMs = null;
  /** @type {number | null} */
  #roundTripMs = null;
  #shown = 0;

  /**
   * @param {object} what
   * @param {(message: PeerMessage) => void} what.send
   * @param {{ now(): number }} what.clock in milliseconds
   */
  constructor({ send, clock }) {
    this.#send = send;
    this.#clock = clock;
  }

  /** Ask; to be called every ASK_EVERY_MS while the picture is shown. */
  ask() {
    this.#echo = (this.#echo + 1) % 0x1_0000_0000;
    this.#asked.set(this.#echo, this.#clock.now());
    const oldest = this.#asked.keys().next().value;
    if (this.#asked.size > UNANSWERED_MAX && oldest !== undefined) this.#asked.delete(oldest);
    this.#send({ kind: "Ping", echo: this.#echo });
  }

  /** @param {Pong} pong an answer to what was not asked says nothing */
  answered({ echo, frame_id, behind_ms }) {
    const askedMs = this.#asked.get(echo);
    if (askedMs === undefined) return;
    for (const [earlier, earlierMs] of this.#asked) if (earlierMs <= askedMs) this.#asked.delete(earlier);
    this.#roundTripMs = this.#clock.now() - askedMs;
    if (frame_id > 0) this.#waiting.push({ frameId: frame_id, asOfMs: askedMs - behind_ms });
    this.#prove();
  }

  /** @param {number} frameId a frame is on the canvas */
  drawn(frameId) {
    this.#shown = frameId;
    this.#prove();
  }

  /** Nothing is shown any more; frames may be numbered anew. */
  clear() {
    this.#asked.clear();
    this.#waiting = [];
    this.#asOfMs = null;
    this.#roundTripMs = null;
    this.#shown = 0;
  }

  /**
   * @returns {{ ageMs: number | null, roundTripMs: number | null, stale: boolean }}
   *   ageMs: at most so long ago the customer's screen looked like this; null: not known yet
   */
  now() {
    const roundTripMs = this.#roundTripMs;
    const ageMs = this.#asOfMs === null ? null : Math.max(0, this.#clock.now() - this.#asOfMs);
    const usualMs = ASK_EVERY_MS + 2 * (roundTripMs ?? 0);
    return { ageMs, roundTripMs, stale: ageMs !== null && ageMs > Math.max(STALE_MS, Math.min(usualMs, 3 * STALE_MS)) };
  }

  #prove() {
    const proved = this.#waiting.filter((answer) => answer.frameId <= this.#shown);
    this.#waiting = this.#waiting.filter((answer) => answer.frameId > this.#shown);
    for (const { asOfMs } of proved) this.#asOf(asOfMs);
  }

  /** @param {number} ms */
  #asOf(ms) {
    this.#asOfMs = Math.max(this.#asOfMs ?? ms, ms);
  }
}
