// @ts-check
/**
 * The technician's mouse and keyboard as messages, no more than the customer allows.
 *
 * Moves are sent at once and then once for each animation frame, the last always; nothing else waits.
 * Keys go as what they mean (KeyboardEvent.key) and where they are (code). What a dead key, an input method or
 * a paste makes goes as text: a hidden text field receives it, since a canvas cannot.
 * When the page loses the focus everything is let go.
 */
import { LEVELS, LIMITS } from "#ui/session/table.js";

/** @import { Level, PeerMessage } from "#ui/session/wire.d.ts" */

/** What the wheel's deltas count, by WheelEvent.deltaMode: pixels, lines, pages; in 120ths of a notch. */
const WHEEL_UNITS = [1.2, 40, 360];
const MODIFIERS = new Set(["Shift", "Control", "Alt", "AltGraph", "Meta", "CapsLock", "NumLock", "ScrollLock"]);
/** Keys without a meaning of their own: text follows. */
const TEXT_FOLLOWS = new Set(["Dead", "Process", "Unidentified", "Compose"]);
/** Windows reports AltGr as left Control and, within this time, right Alt; in milliseconds. */
const ALT_GRAPH_PAIR_MS = 50;
const BUTTONS = 5;

/** @param {Level} level */
function rank(level) {
  return LEVELS.indexOf(level);
}

export class Input {
  #surface;
  #sink;
  #send;
  #frameId;
  /** @type {Level} */
  #level = "none";
  /** @type {{ x: number, y: number } | null} the newest move that was not sent */
  #moved = null;
  #frameAsked = false;
  /** @type {Set<number>} */
  #buttons = new Set();
  /** @type {Map<string, { code: string, key: string, atMs: number }>} */
  #keys = new Map();
  #wheel = { dx: 0, dy: 0 };
  #listening = new AbortController();

  /**
   * @param {object} what
   * @param {HTMLCanvasElement} what.surface the picture, without border or padding
   * @param {HTMLTextAreaElement} what.sink a text field that nobody sees and that has the focus
   * @param {(message: PeerMessage) => void} what.send
   * @param {() => number} what.frameId the frame that the technician sees
   */
  constructor({ surface, sink, send, frameId }) {
    this.#surface = surface;
    this.#sink = sink;
    this.#send = send;
    this.#frameId = frameId;
    this.#listen();
  }

  #listen() {
    const { signal } = this.#listening;
    const surface = this.#surface;
    const sink = this.#sink;
    surface.addEventListener("mousedown", (event) => this.#pressed(event), { signal });
    addEventListener("mouseup", (event) => this.#released(event), { signal });
    surface.addEventListener("mousemove", (event) => this.#move(event), { signal });
    addEventListener("mousemove", (event) => this.#dragged(event), { signal });
    surface.addEventListener("wheel", (event) => this.#wheeled(event), { signal, passive: false });
    for (const name of ["contextmenu", "auxclick", "dragstart"]) {
      surface.addEventListener(name, (event) => event.preventDefault(), { signal });
    }
    sink.addEventListener("keydown", (event) => this.#keyDown(event), { signal });
    sink.addEventListener("keyup", (event) => this.#keyUp(event), { signal });
    sink.addEventListener("compositionend", (event) => this.#composed(event.data), { signal });
    sink.addEventListener("input", (event) => this.#typed(/** @type {InputEvent} */ (event)), { signal });
    sink.addEventListener("paste", (event) => this.#pasted(event), { signal });
    sink.addEventListener("blur", () => this.releaseAll(), { signal });
    addEventListener("blur", () => this.releaseAll(), { signal });
    document.addEventListener("visibilitychange", () => this.releaseAll(), { signal });
  }

  /** Stop listening. */
  close() {
    this.#listening.abort();
  }

  /** @param {Level} level what the customer allows now */
  set level(level) {
    if (rank(level) < rank("act")) this.releaseAll();
    this.#level = level;
  }

  get #pointing() {
    return rank(this.#level) >= rank("point");
  }

  get #acting() {
    return rank(this.#level) >= rank("act");
  }

  /** Let every key and button go, here and there. */
  releaseAll() {
    if (this.#acting) this.#send({ kind: "ReleaseAll" });
    this.#keys.clear();
    this.#buttons.clear();
  }

  // Mouse.

  /** @param {MouseEvent} event */
  #place(event) {
    const box = this.#surface.getBoundingClientRect();
    const within = (/** @type {number} */ at, /** @type {number} */ size, /** @type {number} */ pixels) =>
      Math.max(0, Math.min(pixels - 1, Math.floor((at / size) * pixels)));
    return {
      x: within(event.clientX - box.left, box.width, this.#surface.width),
      y: within(event.clientY - box.top, box.height, this.#surface.height),
    };
  }

  /** @param {MouseEvent} event */
  #pressed(event) {
    event.preventDefault(); // or the focus would leave the sink
    this.#sink.focus({ preventScroll: true });
    if (!this.#acting || event.button >= BUTTONS) return;
    this.#buttons.add(event.button);
    this.#button(event, true);
  }

  /** @param {MouseEvent} event */
  #released(event) {
    if (this.#buttons.delete(event.button) && this.#acting) this.#button(event, false);
  }

  /**
   * @param {MouseEvent} event
   * @param {boolean} down
   */
  #button(event, down) {
    this.#moved = null; // the button says where
    this.#send({ kind: "Button", frame_id: this.#frameId(), button: event.button, down, ...this.#place(event) });
  }

  /** A drag may leave the picture. @param {MouseEvent} event */
  #dragged(event) {
    if (this.#buttons.size > 0 && event.target !== this.#surface) this.#move(event);
  }

  /** @param {MouseEvent} event */
  #move(event) {
    if (!this.#pointing) return;
    this.#moved = this.#place(event);
    if (!this.#frameAsked) this.#sendMove();
  }

  #sendMove() {
    if (this.#moved === null) return;
    this.#send({ kind: "Move", frame_id: this.#frameId(), ...this.#moved });
    this.#moved = null;
    this.#frameAsked = true;
    requestAnimationFrame(() => {
      this.#frameAsked = false;
      this.#sendMove();
    });
  }

  /** @param {WheelEvent} event */
  #wheeled(event) {
    if (!this.#acting) return;
    event.preventDefault();
    const unit = WHEEL_UNITS[event.deltaMode];
    this.#wheel.dx += event.deltaX * unit;
    this.#wheel.dy += event.deltaY * unit;
    const dx = whole(this.#wheel.dx);
    const dy = whole(this.#wheel.dy);
    if (dx === 0 && dy === 0) return;
    this.#wheel = { dx: this.#wheel.dx - dx, dy: this.#wheel.dy - dy };
    this.#send({ kind: "Wheel", frame_id: this.#frameId(), dx, dy, ...this.#place(event) });
  }

  // Keyboard.

  /** @param {KeyboardEvent} event */
  #keyDown(event) {
    const pastes = event.code === "KeyV" && event.shiftKey && (event.ctrlKey || event.metaKey);
    if (!this.#acting || event.isComposing || TEXT_FOLLOWS.has(event.key) || pastes) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.repeat && MODIFIERS.has(event.key)) return;
    if (event.key === "AltGraph") this.#undoFalseControl(event.timeStamp);
    this.#keys.set(event.code || event.key, { code: event.code, key: event.key, atMs: event.timeStamp });
    this.#key(event.code, event.key, true);
  }

  /** @param {KeyboardEvent} event */
  #keyUp(event) {
    const held = this.#keys.get(event.code || event.key);
    if (held === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    this.#letGo(held);
    // macOS reports no release of keys that were pressed together with Command.
    if (event.key === "Meta") for (const other of [...this.#keys.values()]) this.#letGo(other);
  }

  /** @param {number} atMs */
  #undoFalseControl(atMs) {
    const control = this.#keys.get("ControlLeft");
    if (control !== undefined && atMs - control.atMs < ALT_GRAPH_PAIR_MS) this.#letGo(control);
  }

  /** @param {{ code: string, key: string }} held */
  #letGo({ code, key }) {
    this.#keys.delete(code || key);
    if (this.#acting) this.#key(code, key, false);
  }

  /**
   * @param {string} code
   * @param {string} key
   * @param {boolean} down
   */
  #key(code, key, down) {
    this.#send({ kind: "KeyStroke", frame_id: this.#frameId(), down, code, key });
  }

  /** @param {string} text */
  #composed(text) {
    this.#sink.value = "";
    this.type(text);
  }

  /** @param {InputEvent} event text that came without keys, such as from a panel of emoji */
  #typed(event) {
    if (event.isComposing || event.inputType.includes("Composition")) return;
    this.#sink.value = "";
    this.type(event.data ?? "");
  }

  /** @param {ClipboardEvent} event Ctrl+Shift+V: the technician's own clipboard is typed */
  #pasted(event) {
    event.preventDefault();
    for (const held of [...this.#keys.values()]) this.#letGo(held); // or Control would act on what is typed
    this.type(event.clipboardData?.getData("text/plain") ?? "");
  }

  /**
   * Type a text as if by hand: letters as text, new lines and tabs as keys.
   *
   * @param {string} text
   */
  type(text) {
    if (!this.#acting) return;
    for (const piece of text.split(/(\r\n|\r|\n|\t)/)) {
      const key = piece === "\t" ? "Tab" : "Enter";
      if (/^[\r\n\t]/.test(piece)) {
        this.#key(key, key, true);
        this.#key(key, key, false);
      } else {
        for (const part of pieces(piece)) this.#send({ kind: "TypedText", frame_id: this.#frameId(), text: part });
      }
    }
  }
}

/** Towards zero, and no more than a wheel message holds. @param {number} sum */
function whole(sum) {
  return Math.max(-0x8000, Math.min(0x7fff, Math.trunc(sum)));
}

/**
 * Cut a text into parts that fit a message, between characters.
 *
 * @param {string} text
 * @returns {string[]}
 */
export function pieces(text) {
  const most = LIMITS.text_bytes / 4; // a character has at most four bytes
  const characters = [...text];
  const parts = [];
  for (let at = 0; at < characters.length; at += most) parts.push(characters.slice(at, at + most).join(""));
  return parts;
}
