// @ts-check
/**
 * Sends one file by tus 1.0: hashed first, then part by part with a checksum each, and on after every break.
 *
 * Where to go on the desk says, so nothing is remembered here: announcing the same content again finds the upload that
 * runs. A refusal ends the sending with the desk's sentence; anything else is a break and is tried again.
 */

import { Sha256 } from "#ui/files/sha256.js";

const SLICE_BYTES = 1 << 20;
const PART_BYTES_FIRST = 1 << 18;
const PART_BYTES_MIN = 1 << 16;
const PART_BYTES_MAX = 1 << 22;
/** A part should take about so long, so that the progress moves and a break costs little. */
const PART_MS = 2000;
const PAUSE_MS_MIN = 500;
const PAUSE_MS_MAX = 15_000;
/** Answers after which the same is worth another try: the offset moved, a checksum failed, the desk is busy. */
const TRY_AGAIN = new Set([408, 409, 423, 429, 460, 500, 502, 503, 504]);

/** The desk does not take it; the message is its sentence for the person. */
export class Refused extends Error {}

/**
 * @typedef {object} Progress
 * @property {"hashing" | "sending" | "broken"} step
 * @property {number} done bytes
 * @property {number} total bytes
 * @property {number | null} leftSeconds until the end of this step; null while nobody knows
 */

/**
 * @typedef {object} Ways
 * @property {typeof fetch} [fetch]
 * @property {(ms: number) => Promise<void>} [wait]
 * @property {() => number} [now] milliseconds that never go back
 * @property {AbortSignal} [signal] ends the sending; what was kept stays kept
 */

/**
 * Return the file's SHA-256 in hex, read slice by slice.
 *
 * @param {Blob} file
 * @param {(progress: Progress) => void} tell
 * @param {Ways} ways
 * @returns {Promise<string>}
 */
export async function fingerprint(file, tell, { now = () => performance.now(), signal } = {}) {
  const hash = new Sha256();
  const pace = new Pace(now, 0);
  for (let at = 0; at < file.size; at += SLICE_BYTES) {
    signal?.throwIfAborted();
    const end = Math.min(at + SLICE_BYTES, file.size);
    hash.update(new Uint8Array(await file.slice(at, end).arrayBuffer()));
    tell({ step: "hashing", done: end, total: file.size, leftSeconds: pace.left(end, file.size) });
  }
  return hash.hex();
}

/**
 * Send a file whole; returns when the desk has it and has computed the same SHA-256.
 *
 * @param {Blob} file
 * @param {{ address: string, permit: string, name: string, sha256: string, note?: string }} about
 * @param {(progress: Progress) => void} tell
 * @param {Ways} ways
 * @returns {Promise<void>}
 */
export async function send(file, about, tell, ways = {}) {
  const { fetch: ask = fetch, wait = pause, now = () => performance.now(), signal } = ways;
  const always = { "Tus-Resumable": "1.0.0", Authorization: `Bearer ${about.permit}` };
  let breaks = 0;
  let done = 0;

  /**
   * Ask until there is an answer that means something.
   *
   * @param {string} method
   * @param {string} address
   * @param {Record<string, string>} headers
   * @param {ArrayBuffer} [body]
   * @returns {Promise<Response | null>} null: a break, and it is time to ask where to go on
   */
  const asked = async (method, address, headers, body) => {
    try {
      const answer = await ask(address, { method, headers: { ...always, ...headers }, body, signal, credentials: "omit" });
      if (answer.ok) {
        breaks = 0;
        return answer;
      }
      if (!TRY_AGAIN.has(answer.status)) throw new Refused(await sentence(answer));
    } catch (error) {
      if (error instanceof Refused) throw error;
      signal?.throwIfAborted();
    }
    tell({ step: "broken", done, total: file.size, leftSeconds: null });
    await wait(Math.min(PAUSE_MS_MIN * 2 ** breaks++, PAUSE_MS_MAX));
    return null;
  };

  /** @type {Response | null} */
  let begun = null;
  while (!begun) begun = await asked("POST", about.address, announcement(file, about));
  const address = begun.headers.get("Location") ?? "";
  let part = PART_BYTES_FIRST;
  /** @type {Pace | null} */
  let pace = null;
  let knows = false;
  while (!knows || done < file.size) {
    if (!knows) {
      const head = await asked("HEAD", address, {});
      if (!head) continue;
      done = Number(head.headers.get("Upload-Offset"));
      knows = true;
      pace = new Pace(now, done);
      continue;
    }
    const body = await file.slice(done, Math.min(done + part, file.size)).arrayBuffer();
    const began = now();
    const headers = {
      "Content-Type": "application/offset+octet-stream",
      "Upload-Offset": String(done),
      "Upload-Checksum": `sha256 ${await checksum(body)}`,
    };
    const kept = await asked("PATCH", address, headers, body);
    if (!kept) {
      knows = false;
      part = Math.max(PART_BYTES_MIN, part >> 1);
      continue;
    }
    done = Number(kept.headers.get("Upload-Offset"));
    const took = Math.max(1, now() - began);
    part = Math.min(PART_BYTES_MAX, Math.max(PART_BYTES_MIN, Math.round((body.byteLength / took) * PART_MS)));
    tell({ step: "sending", done, total: file.size, leftSeconds: pace?.left(done, file.size) ?? null });
  }
}

/** How fast it goes, over the last half minute. */
class Pace {
  /** @type {{ at: number, done: number }[]} */
  #marks;
  #now;

  /**
   * @param {() => number} now
   * @param {number} done
   */
  constructor(now, done) {
    this.#now = now;
    this.#marks = [{ at: now(), done }];
  }

  /**
   * @param {number} done
   * @param {number} total
   * @returns {number | null} seconds
   */
  left(done, total) {
    const at = this.#now();
    this.#marks.push({ at, done });
    while (this.#marks.length > 2 && at - this.#marks[0].at > 30_000) this.#marks.shift();
    const first = this.#marks[0];
    if (done <= first.done || at - first.at < 500) return null;
    return ((total - done) / (done - first.done)) * ((at - first.at) / 1000);
  }
}

/**
 * @param {Blob} file
 * @param {{ name: string, sha256: string, note?: string }} about
 * @returns {Record<string, string>}
 */
function announcement(file, { name, sha256, note }) {
  const said = Object.entries({ filename: name, sha256, ...(note ? { note } : {}) });
  const pairs = said.map(([key, value]) => `${key} ${base64(new TextEncoder().encode(value))}`);
  return { "Upload-Length": String(file.size), "Upload-Metadata": pairs.join(",") };
}

/**
 * @param {ArrayBuffer} body
 * @returns {Promise<string>}
 */
async function checksum(body) {
  if (crypto.subtle) return base64(new Uint8Array(await crypto.subtle.digest("SHA-256", body)));
  const hex = new Sha256().update(new Uint8Array(body)).hex(); // a desk without HTTPS: slower, and as true
  return base64(Uint8Array.from({ length: 32 }, (_, place) => parseInt(hex.slice(2 * place, 2 * place + 2), 16)));
}

/**
 * @param {Uint8Array} bytes
 * @returns {string}
 */
function base64(bytes) {
  let letters = "";
  for (const byte of bytes) letters += String.fromCharCode(byte);
  return btoa(letters);
}

/**
 * @param {Response} answer
 * @returns {Promise<string>}
 */
async function sentence(answer) {
  const said = await answer.json().catch(() => null);
  return typeof said?.why === "string" && said.why ? said.why : `${answer.status} ${answer.statusText}`;
}

/**
 * @param {number} ms
 * @returns {Promise<void>}
 */
function pause(ms) {
  return new Promise((done) => setTimeout(done, ms));
}
