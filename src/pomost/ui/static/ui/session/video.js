// @ts-check
/**
 * Video for the parts of the picture that move: one decoder a stream, one picture out for each frame in.
 *
 * It decodes and knows nothing of the canvas. A stream that cannot be decoded fails once, with all that waits for it;
 * the page then tells the app, which goes on without video (wire/peer.py, CanDecode).
 */
import { Malformed } from "#ui/session/peer.js";
import { AV1, CODECS, LIMITS } from "#ui/session/table.js";

/** @import { Tile, VideoStream } from "#ui/session/wire.d.ts" */

/** Streams kept; the app sends one at a time and makes another when another part moves. */
const STREAMS_MAX = 4;
const WAITING_MAX = 64;

/** The kinds of video that this browser decodes, of those that the app makes. @returns {Promise<string[]>} */
export async function decodable() {
  if (!("VideoDecoder" in globalThis)) return [];
  const { supported } = await VideoDecoder.isConfigSupported(config({ codec: AV1, width: 1920, height: 1080 }));
  return supported ? [AV1] : [];
}

/** @param {{ codec: string, width: number, height: number }} stream @returns {VideoDecoderConfig} */
function config({ codec, width, height }) {
  return { codec, codedWidth: width, codedHeight: height, optimizeForLatency: true };
}

/** @typedef {{ done: (frame: VideoFrame) => void, failed: () => void }} Waiting */

class Stream {
  /** @type {Waiting[]} */
  #waiting = [];
  #decoder;
  #next = 0;
  #broken;

  /** @param {VideoStream} said @param {() => void} broken called once, when it cannot be decoded */
  constructor(said, broken) {
    this.width = said.width;
    this.height = said.height;
    this.#broken = broken;
    this.#decoder = new VideoDecoder({
      output: (frame) => {
        const waiting = this.#waiting.shift(); // frames come out in the order in which they went in
        if (waiting === undefined) frame.close();
        else waiting.done(frame);
      },
      error: () => this.#fail(),
    });
    this.#decoder.configure(config(said));
  }

  /** @param {Uint8Array} data @param {boolean} isWhole @returns {Promise<VideoFrame>} */
  decode(data, isWhole) {
    if (this.#waiting.length >= WAITING_MAX) throw new Malformed("Frames of video come faster than they are decoded.");
    return new Promise((done, failed) => {
      this.#waiting.push({ done, failed });
      this.#next += 1;
      try {
        const chunk = { timestamp: this.#next, data: /** @type {BufferSource} */ (data) };
        this.#decoder.decode(new EncodedVideoChunk({ type: isWhole ? "key" : "delta", ...chunk }));
      } catch {
        this.#fail(); // the decoder is closed, or saw at once that this is no such frame
      }
    });
  }

  #fail() {
    this.close();
    this.#broken();
  }

  /** Decode no more; what waits fails. */
  close() {
    if (this.#decoder.state !== "closed") this.#decoder.close();
    for (const { failed } of this.#waiting.splice(0)) failed();
  }
}

export class Video {
  /** @type {Map<number, Stream>} */
  #streams = new Map();
  #broken;

  /** @param {() => void} broken a stream cannot be decoded */
  constructor(broken) {
    this.#broken = broken;
  }

  /** A stream begins. @param {VideoStream} said */
  begin(said) {
    if (said.codec !== AV1 || Math.max(said.width, said.height) > LIMITS.picture_side) {
      throw new Malformed(`A stream of ${said.width} × ${said.height}, ${said.codec}, cannot be shown.`);
    }
    this.#streams.get(said.stream)?.close();
    this.#streams.delete(said.stream);
    this.#streams.set(said.stream, new Stream(said, this.#broken));
    if (this.#streams.size > STREAMS_MAX) {
      const [oldest, stream] = /** @type {[number, Stream]} */ (this.#streams.entries().next().value);
      stream.close();
      this.#streams.delete(oldest);
    }
  }

  /**
   * Decode the next frame of a stream.
   *
   * @param {Tile} tile
   * @returns {Promise<VideoFrame>} rejected when the stream is broken
   */
  decode({ width, height, codec, data }) {
    const stream = this.#streams.get(data[0]);
    if (codec !== CODECS.VIDEO || stream?.width !== width || stream.height !== height) {
      throw new Malformed(`A frame of ${width} × ${height} belongs to no stream of video.`);
    }
    return stream.decode(data.subarray(2), data[1] === 1);
  }

  /** Forget all streams. */
  clear() {
    for (const stream of this.#streams.values()) stream.close();
    this.#streams.clear();
  }
}
