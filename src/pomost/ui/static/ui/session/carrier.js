// @ts-check
/**
 * The page's WebSocket to the desk: JSON for the desk, sealed frames for the other end (the carrier).
 *
 * It comes back by itself after a lost link for as long as the desk waits for this page, and never
 * after the desk said that the session is over. It holds no key and opens no frame.
 * A peer-to-peer carrier will have the same `send`, `frame` and `close`.
 */
import { LIMITS, PROTOCOL } from "#ui/session/table.js";

/** @import { FromViewer, ToViewer } from "#ui/session/wire.d.ts" */

/** How long the desk keeps the place of a lost page (engine/room.py, GRACE_MS), in milliseconds. */
const GRACE_MS = 20_000;
/** Waits between attempts, in milliseconds; the last one repeats. */
const RETRY_MS = [0, 250, 500, 1_000, 2_000];
/** More than this unsent means that the link is dead; what a person types and points is far less. */
const UNSENT_BYTES_MAX = 4 * LIMITS.frame_bytes;
/** Close codes after which the desk does not want this page back: done, and refused. */
const FINAL_CODES = [1000, 1008];

/** WebSocket.OPEN */
const OPEN = 1;

export class RelayCarrier {
  #url;
  #on;
  #clock;
  #connect;
  #page = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  /** @type {WebSocket | null} */
  #socket = null;
  #attempt = 0;
  #lostAtMs = 0;
  #over = false;

  /**
   * @param {object} what
   * @param {string} what.url of the session's WebSocket, ws: or wss:
   * @param {object} what.on
   * @param {(message: ToViewer) => void} what.on.said the desk said something
   * @param {(frame: Uint8Array<ArrayBuffer>) => void} what.on.frame a sealed frame of the other end
   * @param {(lost: boolean) => void} what.on.lost the link is gone and being sought, or is there again
   * @param {() => void} what.on.gone it will not come back
   * @param {{ now(): number }} [what.clock] in milliseconds, never going back
   * @param {(url: string) => WebSocket} [what.connect]
   */
  constructor({ url, on, clock = performance, connect = (address) => new WebSocket(address) }) {
    this.#url = url;
    this.#on = on;
    this.#clock = clock;
    this.#connect = connect;
  }

  /** Connect; call once. */
  open() {
    const socket = this.#connect(this.#url);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      this.#attempt = 0;
      this.say({ say: "hello", protocol: PROTOCOL, page: this.#page });
      this.#on.lost(false);
    };
    socket.onmessage = ({ data }) => {
      if (data instanceof ArrayBuffer) this.#on.frame(new Uint8Array(data));
      else this.#hear(JSON.parse(data));
    };
    socket.onclose = ({ code }) => {
      if (this.#socket === socket) this.#lost(code);
    };
    this.#socket = socket;
  }

  /** @param {ToViewer} message */
  #hear(message) {
    if (message.say === "ended") this.#over = true;
    this.#on.said(message);
  }

  /** @param {number} code of the WebSocket's close */
  #lost(code) {
    this.#socket = null;
    const nowMs = this.#clock.now();
    if (this.#attempt === 0) this.#lostAtMs = nowMs;
    if (this.#over || FINAL_CODES.includes(code) || nowMs - this.#lostAtMs > GRACE_MS) {
      this.#over = true;
      this.#on.gone();
      return;
    }
    this.#on.lost(true);
    const waitMs = RETRY_MS[Math.min(this.#attempt, RETRY_MS.length - 1)];
    this.#attempt += 1;
    setTimeout(() => {
      if (!this.#over) this.open();
    }, waitMs);
  }

  /**
   * Tell the desk something.
   *
   * @param {FromViewer} message
   */
  say(message) {
    this.#put(JSON.stringify(message));
  }

  /**
   * Hand over a sealed frame. A frame that cannot leave is let fall: the keys are renewed with the link.
   *
   * @param {Uint8Array<ArrayBuffer>} frame
   */
  send(frame) {
    this.#put(frame);
  }

  /** @param {string | Uint8Array<ArrayBuffer>} data */
  #put(data) {
    const socket = this.#socket;
    if (socket === null || socket.readyState !== OPEN) return;
    if (socket.bufferedAmount > UNSENT_BYTES_MAX) socket.close(3000, "nothing leaves");
    else socket.send(data);
  }

  /** Leave for good. */
  close() {
    this.#over = true;
    this.#socket?.close(1000);
  }
}
