// @ts-check
/**
 * Messages between the two ends, as bytes: what the viewer says is written, what the agent says is read.
 * Twin of wire/peer.py; numbers and limits come from the generated table. All numbers big endian.
 *
 * A tile's bytes are a view into the opened frame, not a copy. Whatever is malformed throws a
 * Malformed with a sentence.
 */
import { CODECS, LIMITS, RULES } from "#ui/session/table.js";

/** @import { Ack, Button, Cursor, CursorShape, Digest, KeyStroke, Move, PeerMessage, Ping, Tile, Tiles, TypedText, Wheel } from "#ui/session/wire.d.ts" */

/** The other end sent what is no message. */
export class Malformed extends Error {}

const utf8 = new TextEncoder();
const fromUtf8 = new TextDecoder("utf-8", { fatal: true });

/** @type {Map<number, keyof typeof RULES>} */
const NAMES = new Map(Object.entries(RULES).map(([name, rule]) => [rule.number, /** @type {keyof typeof RULES} */ (name)]));

/** Builds the bytes of one message. */
class Writer {
  /** @type {number[]} */
  #bytes = [];

  /** @param {number} number */
  u8(number) {
    this.#bytes.push(checked(number, 0, 0xff));
  }

  /** @param {number} number */
  u16(number) {
    checked(number, 0, 0xffff);
    this.#bytes.push(number >>> 8, number & 0xff);
  }

  /** @param {number} number */
  i16(number) {
    checked(number, -0x8000, 0x7fff);
    this.u16(number & 0xffff);
  }

  /** @param {number} number */
  u32(number) {
    checked(number, 0, 0xffffffff);
    this.u16(Math.floor(number / 0x10000));
    this.u16(number & 0xffff);
  }

  /** @param {string} text @param {number} most bytes */
  text(text, most) {
    const bytes = utf8.encode(text);
    if (bytes.length > most) throw new RangeError(`A text of ${bytes.length} bytes; at most ${most} fit.`);
    this.#bytes.push(...bytes);
  }

  /** @param {string} text @param {number} most bytes */
  shortText(text, most) {
    this.u8(utf8.encode(text).length);
    this.text(text, most);
  }

  /** @returns {Uint8Array<ArrayBuffer>} */
  done() {
    return Uint8Array.from(this.#bytes);
  }
}

/** @param {number} number @param {number} least @param {number} most */
function checked(number, least, most) {
  if (!Number.isInteger(number) || number < least || number > most) {
    throw new RangeError(`${number} does not fit its field, ${least} to ${most}.`);
  }
  return number;
}

/** Walks once through the body of a message. */
class Reader {
  #view;
  #at = 1;
  #name;

  /** @param {Uint8Array<ArrayBuffer>} plaintext @param {string} name */
  constructor(plaintext, name) {
    this.#view = new DataView(plaintext.buffer, plaintext.byteOffset, plaintext.byteLength);
    this.#name = name;
  }

  /** @param {number} length */
  #step(length) {
    const at = this.#at;
    if (at + length > this.#view.byteLength) {
      throw new Malformed(`${this.#name} ends ${at + length - this.#view.byteLength} bytes too early.`);
    }
    this.#at += length;
    return at;
  }

  u8() {
    return this.#view.getUint8(this.#step(1));
  }

  u16() {
    return this.#view.getUint16(this.#step(2));
  }

  u32() {
    return this.#view.getUint32(this.#step(4));
  }

  yesOrNo() {
    const value = this.u8();
    if (value > 1) throw new Malformed(`${this.#name} says ${value} where only 0 or 1 can stand.`);
    return value === 1;
  }

  /** @param {number} length @returns {Uint8Array<ArrayBuffer>} */
  take(length) {
    const at = this.#step(length);
    return new Uint8Array(this.#view.buffer, this.#view.byteOffset + at, length);
  }

  /** @param {number} most */
  rest(most) {
    const left = this.#view.byteLength - this.#at;
    if (left > most) throw new Malformed(`${this.#name} ends in ${left} bytes; at most ${most} are allowed.`);
    return this.take(left);
  }

  end() {
    const left = this.#view.byteLength - this.#at;
    if (left > 0) throw new Malformed(`${this.#name} is followed by ${left} bytes that mean nothing.`);
  }
}

/** @type {Record<string, (message: any, out: Writer) => void>} */
const PACKERS = {
  Ack: (/** @type {Ack} */ m, out) => {
    out.u32(m.frame_id);
    out.u16(m.decode_ms);
  },
  Move: (/** @type {Move} */ m, out) => {
    out.u32(m.frame_id);
    out.u16(m.x);
    out.u16(m.y);
  },
  Button: (/** @type {Button} */ m, out) => {
    out.u32(m.frame_id);
    out.u8(m.button);
    out.u8(m.down ? 1 : 0);
    out.u16(m.x);
    out.u16(m.y);
  },
  Wheel: (/** @type {Wheel} */ m, out) => {
    out.u32(m.frame_id);
    out.i16(m.dx);
    out.i16(m.dy);
    out.u16(m.x);
    out.u16(m.y);
  },
  KeyStroke: (/** @type {KeyStroke} */ m, out) => {
    out.u32(m.frame_id);
    out.u8(m.down ? 1 : 0);
    out.shortText(m.code, LIMITS.key_code_bytes);
    out.text(m.key, LIMITS.key_bytes);
  },
  TypedText: (/** @type {TypedText} */ m, out) => {
    out.u32(m.frame_id);
    out.text(m.text, LIMITS.text_bytes);
  },
  ReleaseAll: () => undefined,
  Ping: (/** @type {Ping} */ m, out) => out.u32(m.echo),
};

/** @type {Record<string, (body: Reader) => any>} */
const UNPACKERS = {
  Tiles: unpackTiles,
  Cursor: (body) => ({ x: body.u16(), y: body.u16(), visible: body.yesOrNo(), shape: body.u32() }),
  CursorShape: (body) => {
    const shape = { shape: body.u32(), hot_x: body.u16(), hot_y: body.u16(), png: body.rest(LIMITS.cursor_bytes) };
    if (Math.max(shape.hot_x, shape.hot_y) >= LIMITS.cursor_side) {
      throw new Malformed(`A pointer's tip at ${shape.hot_x}, ${shape.hot_y} lies outside its shape.`);
    }
    return shape;
  },
  Pong: (body) => ({ echo: body.u32(), frame_id: body.u32(), behind_ms: body.u16() }),
  Digest: (body) => ({ frame_id: body.u32(), sha256: body.take(32) }),
};

/** @param {Reader} body */
function unpackTiles(body) {
  const frame_id = body.u32();
  const flags = body.u8();
  const count = body.u16();
  if (flags > 3) throw new Malformed(`Tiles has the flags ${flags}, which mean nothing.`);
  if (count > LIMITS.tiles) throw new Malformed(`Tiles has ${count} tiles; at most ${LIMITS.tiles} are allowed.`);
  /** @type {Tile[]} */
  const tiles = [];
  for (let n = 0; n < count; n += 1) tiles.push(unpackTile(body));
  return { frame_id, flags, tiles };
}

/**
 * @param {Reader} body
 * @returns {Tile}
 */
function unpackTile(body) {
  const x = body.u16();
  const y = body.u16();
  const width = body.u16();
  const height = body.u16();
  const codec = body.u8();
  const data = body.take(body.u32());
  if (codec > CODECS.VIDEO) throw new Malformed(`A tile has the codec ${codec}, which is unknown.`);
  if (!(width && height) || x + width > LIMITS.picture_side || y + height > LIMITS.picture_side) {
    throw new Malformed(`A tile of ${width} × ${height} at ${x}, ${y} lies in no picture.`);
  }
  const keeps = Math.min(Math.floor(Math.max(data.length - 4, 0) / 8), LIMITS.kept);
  const expected = [width * height * 3, data.length, data.length, 3, 4 + 8 * keeps, data.length][codec];
  const isNoFrame = codec === CODECS.VIDEO && (data.length < 3 || data[1] > 1);
  if (data.length !== expected || data.length === 0 || isNoFrame) {
    throw new Malformed(`A tile of ${width} × ${height}, codec ${codec}, has ${data.length} bytes.`);
  }
  const tile = { x, y, width, height, codec, data };
  if (codec === CODECS.COPY) {
    const isInside = copied(tile).kept.every(
      (part) =>
        part.width && part.height && part.x >= x && part.x + part.width <= x + width &&
        part.y >= y && part.y + part.height <= y + height,
    ); // prettier-ignore
    if (!isInside) throw new Malformed(`A COPY tile of ${width} × ${height} at ${x}, ${y} keeps what is not in it.`);
  }
  return tile;
}

/**
 * Where the pixels of a copied tile are taken from, and the parts of it that stay as they are.
 *
 * @param {Tile} tile
 * @returns {{ x: number, y: number, kept: { x: number, y: number, width: number, height: number }[] }}
 */
export function copied({ data }) {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const kept = [];
  for (let at = 4; at < data.length; at += 8) {
    kept.push({
      x: view.getUint16(at),
      y: view.getUint16(at + 2),
      width: view.getUint16(at + 4),
      height: view.getUint16(at + 6),
    });
  }
  return { x: view.getUint16(0), y: view.getUint16(2), kept };
}

/**
 * The plaintext of what the viewer says, ready to be sealed.
 *
 * @param {PeerMessage} message
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function encode(message) {
  const rule = RULES[message.kind];
  if (!(/** @type {readonly string[]} */ (rule.senders).includes("viewer"))) {
    throw new RangeError(`The viewer never says ${message.kind}.`);
  }
  const out = new Writer();
  out.u8(rule.number);
  if (rule.json) {
    const { kind, ...body } = message;
    out.text(JSON.stringify(body), LIMITS.json_bytes);
  } else {
    PACKERS[message.kind](message, out);
  }
  return out.done();
}

/**
 * What the agent said in an opened frame.
 *
 * @param {Uint8Array<ArrayBuffer>} plaintext
 * @returns {PeerMessage}
 */
export function decode(plaintext) {
  const kind = NAMES.get(plaintext[0]);
  const rule = kind === undefined ? undefined : RULES[kind];
  if (kind === undefined || rule === undefined || !(/** @type {readonly string[]} */ (rule.senders).includes("agent"))) {
    throw new Malformed(`The agent has no message ${plaintext[0]}.`);
  }
  const body = new Reader(plaintext, kind);
  if (rule.json) return { kind, ...fromJson(body.rest(LIMITS.json_bytes), kind) };
  const message = { kind, ...UNPACKERS[kind](body) };
  body.end();
  return message;
}

/**
 * @param {Uint8Array} raw
 * @param {string} kind
 */
function fromJson(raw, kind) {
  try {
    const value = JSON.parse(fromUtf8.decode(raw));
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch {
    // what it was instead does not matter; the sentence below says which message it should have been
  }
  throw new Malformed(`${kind} is no JSON object.`);
}
