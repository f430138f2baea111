// @ts-check
/**
 * The customer's screen under the technician's hands: picture, pointer and input in one.
 *
 * It takes peer messages that have been opened and gives peer messages to be sealed; it knows neither
 * keys nor sockets (session.js joins them). Nothing it shows says anything about trust.
 */
import { ASK_EVERY_MS, Freshness } from "#ui/session/freshness.js";
import { Input } from "#ui/session/input.js";
import { Malformed } from "#ui/session/peer.js";
import { Picture, pngSize } from "#ui/session/picture.js";
import { LEVELS, LIMITS } from "#ui/session/table.js";
import { decodable } from "#ui/session/video.js";

/** @import { Cursor, CursorShape, Digest, Level, Masked, PeerMessage, Pong, Screen, Tiles, VideoStream } from "#ui/session/wire.d.ts" */

/**
 * @typedef {object} Stats since they were last asked for
 * @property {number} frames drawn
 * @property {number} decodeMs the slowest of them, from arrival to canvas
 * @property {number | null} ageMs how old the picture is now, at most; null: not known yet
 * @property {number | null} roundTripMs to the customer's app and back, as last measured
 * @property {boolean} stale too old to be acted on
 */

/**
 * @typedef {object} ViewerEvents
 * @property {(screen: Screen) => void} screen the picture's size and monitors
 * @property {(exact: boolean) => void} exact whether every pixel is the customer's own, proved by a hash
 * @property {(masked: Masked) => void} masked the customer hides something
 * @property {(why: string) => void} broken the picture cannot be shown
 */

export class Viewer {
  #canvas;
  #pointer;
  #on;
  #send;
  #picture;
  #input;
  /** @type {Map<number, CursorShape>} */
  #shapes = new Map();
  #shownShape = -1;
  #exact = false;
  #frames = 0;
  #decodeMs = 0;
  #freshness;
  /** @type {number | undefined} */
  #asking;
  /** @type {Level} */
  #level = "none";

  /**
   * @param {object} what
   * @param {HTMLCanvasElement} what.canvas without border or padding; its CSS size scales the picture
   * @param {HTMLTextAreaElement} what.sink invisible, but not display: none; receives the keyboard
   * @param {HTMLCanvasElement} what.pointer a small canvas above the picture, at its upper left corner: the customer's pointer
   * @param {(message: PeerMessage) => void} what.send
   * @param {ViewerEvents} what.on
   * @param {{ now(): number }} [what.clock] in milliseconds
   */
  constructor({ canvas, sink, pointer, send, on, clock = performance }) {
    this.#canvas = canvas;
    this.#pointer = pointer;
    this.#send = send;
    this.#on = on;
    this.#picture = new Picture({
      canvas,
      clock,
      drawn: (frame) => this.#drawn(frame),
      broken: on.broken,
      noVideo: () => send({ kind: "CanDecode", codecs: [] }),
    });
    this.#freshness = new Freshness({ send, clock });
    this.#input = new Input({ surface: canvas, sink, send, frameId: () => this.#picture.frameId });
    pointer.hidden = true;
  }

  /**
   * Show what the agent said. Other messages are none of the viewer's.
   *
   * @param {PeerMessage} message
   */
  take(message) {
    const handler = /** @type {((message: PeerMessage) => void) | undefined} */ (this.#handlers[message.kind]);
    handler?.(message);
  }

  /** @type {Record<string, (message: any) => void>} */
  #handlers = {
    Screen: (/** @type {Screen} */ screen) => {
      this.#picture.begin(screen);
      this.#freshness.clear();
      this.#setExact(false);
      this.#on.screen(screen);
    },
    Tiles: (/** @type {Tiles} */ tiles) => this.#picture.take(tiles),
    VideoStream: (/** @type {VideoStream} */ stream) => this.#picture.beginVideo(stream),
    Cursor: (/** @type {Cursor} */ cursor) => void this.#showPointer(cursor),
    CursorShape: (/** @type {CursorShape} */ shape) => this.#keepShape(shape),
    Digest: (/** @type {Digest} */ digest) => this.#compare(digest),
    Pong: (/** @type {Pong} */ pong) => this.#freshness.answered(pong),
    Masked: (/** @type {Masked} */ masked) => this.#on.masked(masked),
  };

  /** Tell the app which video this browser decodes; until then it sends none. */
  async tellDecodable() {
    this.#send({ kind: "CanDecode", codecs: await decodable() });
  }

  /** @param {Level} level what the customer allows now, as their app says */
  set level(level) {
    this.#level = level;
    this.#input.level = level;
    clearInterval(this.#asking);
    if (level !== "none") this.#asking = setInterval(() => this.#freshness.ask(), ASK_EVERY_MS);
    if (level === "none") {
      this.#freshness.clear();
      this.#picture.clear();
      this.#pointer.hidden = true;
      this.#setExact(false);
    }
  }

  /**
   * Type a text at the customer's.
   *
   * @param {string} text
   */
  type(text) {
    this.#input.type(text);
  }

  /** What happened since this was last asked. @returns {Stats} */
  stats() {
    const stats = { frames: this.#frames, decodeMs: this.#decodeMs, ...this.#freshness.now() };
    this.#frames = 0;
    this.#decodeMs = 0;
    return stats;
  }

  /** Show nothing more and let the mouse and keyboard be. */
  close() {
    this.level = "none";
    this.#input.close();
  }

  /** @param {{ frameId: number, decodeMs: number, exact: boolean }} frame */
  #drawn({ frameId, decodeMs }) {
    this.#send({ kind: "Ack", frame_id: frameId, decode_ms: decodeMs });
    this.#freshness.drawn(frameId);
    this.#frames += 1;
    this.#decodeMs = Math.max(this.#decodeMs, decodeMs);
    this.#setExact(false);
  }

  /** @param {boolean} exact */
  #setExact(exact) {
    if (this.#exact === exact) return;
    this.#exact = exact;
    this.#on.exact(exact);
  }

  /** Reading the canvas back costs some milliseconds, so it waits for a quiet moment. @param {Digest} digest */
  #compare(digest) {
    requestIdleCallback(async () => {
      const matches = await this.#picture.matches(digest.frame_id, digest.sha256);
      if (matches !== null) this.#setExact(matches);
    });
  }

  // The customer's pointer.

  /** @param {CursorShape} shape */
  #keepShape(shape) {
    const size = pngSize(shape.png);
    if (size === null || Math.max(size.width, size.height) > LIMITS.cursor_side) {
      throw new Malformed("A pointer's shape is no small PNG.");
    }
    this.#shapes.set(shape.shape, { ...shape, png: shape.png.slice() });
    if (this.#shapes.size > 256) this.#shapes.delete(/** @type {number} */ (this.#shapes.keys().next().value));
  }

  /** @param {Cursor} cursor */
  async #showPointer({ x, y, visible, shape }) {
    const kept = this.#shapes.get(shape);
    // While the technician's own hand moves it, two pointers would only confuse.
    const own = LEVELS.indexOf(this.#level) >= LEVELS.indexOf("act") && this.#canvas.matches(":hover");
    this.#pointer.hidden = !visible || own || kept === undefined;
    if (kept === undefined) return;
    const scale = this.#canvas.clientWidth / this.#canvas.width;
    this.#pointer.style.transform =
      `translate(${(x - kept.hot_x) * scale}px, ${(y - kept.hot_y) * scale}px) scale(${scale})`;
    if (shape === this.#shownShape) return;
    this.#shownShape = shape;
    const bitmap = await createImageBitmap(new Blob([/** @type {BlobPart} */ (kept.png)], { type: "image/png" }));
    this.#pointer.width = bitmap.width;
    this.#pointer.height = bitmap.height;
    this.#pointer.getContext("2d")?.drawImage(bitmap, 0, 0);
    bitmap.close();
  }
}
