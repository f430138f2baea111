// @ts-check
/**
 * The customer's screen on a canvas: decodes tiles beside each other, draws whole frames in order.
 *
 * A frame appears in one go when its last tile is decoded, so nothing tears. Raw, solid and copied tiles
 * need no decoder; a frame of those alone is drawn in the very task in which it arrived.
 * What a tile claims about its size is compared with what its header says before anything is decoded.
 */
import { CODECS, FLAGS, LIMITS } from "#ui/session/table.js";
import { Malformed, copied } from "#ui/session/peer.js";
import { Video } from "#ui/session/video.js";

/** @import { Screen, Tile, Tiles, VideoStream } from "#ui/session/wire.d.ts" */

const MIME = { [CODECS.WEBP]: "image/webp", [CODECS.PNG]: "image/png" };
/** Pieces that may wait for their frame's last; the agent keeps about 1.5 frames on the way. */
const PIECES_WAITING_MAX = 1_024;

/** @typedef {ImageBitmap | VideoFrame} Decoded */

/**
 * @typedef {object} Piece one message of tiles, being decoded
 * @property {Tiles} tiles
 * @property {(Decoded | null)[]} decoded
 * @property {number} undecoded
 * @property {number} arrivedMs
 */

export class Picture {
  /** The frame that is on the canvas; every input names it. */
  frameId = 0;

  #canvas;
  #context;
  #drawn;
  #broken;
  #clock;
  /** @type {Piece[]} */
  #pieces = [];
  #generation = 0;
  #video;

  /**
   * @param {object} what
   * @param {HTMLCanvasElement} what.canvas
   * @param {(frame: { frameId: number, decodeMs: number, exact: boolean }) => void} what.drawn
   *   a frame is on the canvas; decodeMs counts from the arrival of its last piece
   * @param {(why: string) => void} what.broken a tile cannot be decoded
   * @param {() => void} what.noVideo video cannot be decoded after all
   * @param {{ now(): number }} [what.clock] in milliseconds
   */
  constructor({ canvas, drawn, broken, noVideo, clock = performance }) {
    const context = canvas.getContext("2d", { alpha: false });
    if (context === null) throw new Error("This browser gives no 2D canvas.");
    this.#canvas = canvas;
    this.#context = context;
    this.#drawn = drawn;
    this.#broken = broken;
    this.#clock = clock;
    this.#video = new Video(noVideo);
  }

  /**
   * The picture's size is told, or told anew: it begins black.
   *
   * @param {Screen} screen
   */
  begin({ width, height }) {
    if (Math.max(width, height) > LIMITS.picture_side || Math.min(width, height) < 1) {
      throw new Malformed(`A screen of ${width} × ${height} cannot be shown.`);
    }
    this.clear();
    this.#canvas.width = width;
    this.#canvas.height = height;
    this.#context.imageSmoothingEnabled = false;
  }

  /** Show nothing: the customer withdrew even looking. */
  clear() {
    this.#generation += 1;
    this.#pieces = [];
    this.#video.clear();
    this.frameId = 0;
    this.#context.fillStyle = "#000";
    this.#context.fillRect(0, 0, this.#canvas.width, this.#canvas.height);
  }

  /** A part of the picture will come as video. @param {VideoStream} stream */
  beginVideo(stream) {
    this.#video.begin(stream);
  }

  /**
   * Take a piece of a frame.
   *
   * @param {Tiles} tiles
   */
  take(tiles) {
    if (this.#pieces.length >= PIECES_WAITING_MAX) throw new Malformed("A frame has too many pieces and no end.");
    /** @type {Piece} */
    const piece = {
      tiles,
      decoded: new Array(tiles.tiles.length).fill(null),
      undecoded: 0,
      arrivedMs: this.#clock.now(),
    };
    this.#pieces.push(piece);
    tiles.tiles.forEach((tile, n) => {
      if (tile.x + tile.width > this.#canvas.width || tile.y + tile.height > this.#canvas.height) {
        throw new Malformed(`A tile of ${tile.width} × ${tile.height} at ${tile.x}, ${tile.y} lies outside the screen.`);
      }
      if (tile.codec in MIME) this.#await(piece, n, this.#still(tile), "A tile of the picture cannot be decoded.");
      else if (tile.codec === CODECS.VIDEO) this.#await(piece, n, this.#video.decode(tile), null);
    });
    this.#draw();
  }

  /** @param {Tile} tile @returns {Promise<Decoded>} */
  #still(tile) {
    const said = tile.codec === CODECS.PNG ? pngSize(tile.data) : webpSize(tile.data);
    if (said === null || said.width !== tile.width || said.height !== tile.height) {
      throw new Malformed(`A tile of ${tile.width} × ${tile.height} holds another picture.`);
    }
    return decoded(tile.data, MIME[/** @type {keyof typeof MIME} */ (tile.codec)]);
  }

  /**
   * @param {Piece} piece
   * @param {number} n the tile's place in the piece
   * @param {Promise<Decoded>} decoding
   * @param {string | null} why what to say when it fails; null: the frame goes on without this tile
   */
  #await(piece, n, decoding, why) {
    piece.undecoded += 1;
    const generation = this.#generation;
    decoding.then(
      (image) => {
        if (generation !== this.#generation) {
          image.close();
          return;
        }
        piece.decoded[n] = image;
        piece.undecoded -= 1;
        this.#draw();
      },
      () => {
        if (generation !== this.#generation) return;
        if (why !== null) this.#broken(why);
        piece.undecoded -= 1;
        this.#draw();
      },
    );
  }

  /** Draw every frame that is complete and decoded. */
  #draw() {
    for (;;) {
      const last = this.#pieces.findIndex((piece) => piece.tiles.flags & FLAGS.LAST);
      if (last < 0) return;
      for (let n = 0; n <= last; n += 1) if (this.#pieces[n].undecoded > 0) return;
      const frame = this.#pieces.splice(0, last + 1);
      for (const piece of frame) {
        piece.tiles.tiles.forEach((tile, n) => this.#paint(tile, piece.decoded[n]));
      }
      const { tiles, arrivedMs } = frame[frame.length - 1];
      this.frameId = tiles.frame_id;
      this.#drawn({
        frameId: tiles.frame_id,
        decodeMs: Math.min(0xffff, Math.round(this.#clock.now() - arrivedMs)),
        exact: (tiles.flags & FLAGS.EXACT) !== 0,
      });
    }
  }

  /**
   * @param {Tile} tile
   * @param {Decoded | null} image
   */
  #paint(tile, image) {
    const { x, y, width, height, codec, data } = tile;
    if (image !== null) {
      this.#context.drawImage(image, x, y);
      image.close();
    } else if (codec === CODECS.RAW) {
      this.#context.putImageData(new ImageData(withAlpha(data), width, height), x, y);
    } else if (codec === CODECS.SOLID) {
      this.#context.fillStyle = `rgb(${data[0]} ${data[1]} ${data[2]})`;
      this.#context.fillRect(x, y, width, height);
    } else if (codec === CODECS.COPY) {
      this.#copy(tile);
    }
  }

  /** One drawing for all of it: a canvas drawn onto itself is copied whole first. @param {Tile} tile */
  #copy(tile) {
    const { x, y, width, height } = tile;
    const from = copied(tile);
    this.#context.save();
    for (const part of from.kept) {
      const around = new Path2D();
      around.rect(x, y, width, height);
      around.rect(part.x, part.y, part.width, part.height);
      this.#context.clip(around, "evenodd"); // one by one, as parts may overlap
    }
    this.#context.drawImage(this.#canvas, from.x, from.y, width, height, x, y, width, height);
    this.#context.restore();
  }

  /**
   * Whether the canvas, if it still shows that frame, is the customer's screen pixel by pixel.
   *
   * @param {number} frameId
   * @param {Uint8Array} sha256 as the agent computed it (wire/peer.py, Digest)
   * @returns {Promise<boolean | null>} null: a newer frame is shown already
   */
  async matches(frameId, sha256) {
    if (frameId !== this.frameId || this.#pieces.length > 0) return null;
    const { width, height } = this.#canvas;
    const rgb = withSize(this.#context.getImageData(0, 0, width, height).data, width, height);
    const found = new Uint8Array(await crypto.subtle.digest("SHA-256", rgb));
    if (frameId !== this.frameId) return null;
    return found.every((byte, n) => byte === sha256[n]);
  }
}

/**
 * Decode a picture off the main thread, its colours as they are. ImageDecoder takes the bytes themselves and
 * is the quicker (200 × 200 in 0.6 ms, against 1.0 ms through a Blob); where it is missing, the Blob's way remains.
 *
 * @param {Uint8Array} data
 * @param {string} type
 * @returns {Promise<Decoded>}
 */
async function decoded(data, type) {
  if (!("ImageDecoder" in globalThis)) {
    const blob = new Blob([/** @type {BlobPart} */ (data)], { type });
    return createImageBitmap(blob, { colorSpaceConversion: "none", premultiplyAlpha: "none" });
  }
  const decoder = new ImageDecoder({ data: /** @type {BufferSource} */ (data), type, colorSpaceConversion: "none" });
  try {
    return (await decoder.decode()).image;
  } finally {
    decoder.close();
  }
}

/**
 * @param {Uint8Array} rgb
 * @returns {Uint8ClampedArray<ArrayBuffer>}
 */
function withAlpha(rgb) {
  const rgba = new Uint8ClampedArray((rgb.length / 3) * 4);
  for (let from = 0, to = 0; from < rgb.length; from += 3, to += 4) {
    rgba[to] = rgb[from];
    rgba[to + 1] = rgb[from + 1];
    rgba[to + 2] = rgb[from + 2];
    rgba[to + 3] = 255;
  }
  return rgba;
}

/**
 * @param {Uint8ClampedArray} rgba
 * @param {number} width
 * @param {number} height
 * @returns {Uint8Array<ArrayBuffer>} what a digest is taken of
 */
function withSize(rgba, width, height) {
  const rgb = new Uint8Array(4 + (rgba.length / 4) * 3);
  new DataView(rgb.buffer).setUint32(0, width * 0x10000 + height);
  for (let from = 0, to = 4; from < rgba.length; from += 4, to += 3) {
    rgb[to] = rgba[from];
    rgb[to + 1] = rgba[from + 1];
    rgb[to + 2] = rgba[from + 2];
  }
  return rgb;
}

/**
 * The size a PNG claims in its header, so that a small file cannot unfold into a huge picture.
 *
 * @param {Uint8Array} data
 * @returns {{ width: number, height: number } | null}
 */
export function pngSize(data) {
  if (data.length < 24) return null;
  const view = new DataView(data.buffer, data.byteOffset);
  const isPng = view.getUint32(0) === 0x89504e47 && view.getUint32(12) === 0x49484452;
  return isPng ? { width: view.getUint32(16), height: view.getUint32(20) } : null;
}

/**
 * The size a lossless WebP claims in its header.
 *
 * @param {Uint8Array} data
 * @returns {{ width: number, height: number } | null}
 */
export function webpSize(data) {
  if (data.length < 25) return null;
  const view = new DataView(data.buffer, data.byteOffset);
  const isLossless =
    view.getUint32(0) === 0x52494646 && view.getUint32(8) === 0x57454250 && view.getUint32(12) === 0x5650384c;
  if (!isLossless || data[20] !== 0x2f) return null;
  const bits = view.getUint32(21, true);
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}
