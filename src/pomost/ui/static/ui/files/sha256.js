// @ts-check
/**
 * SHA-256 over content that comes in parts: what crypto.subtle cannot do. FIPS 180-4.
 *
 * Used for files of gigabytes, so the words of a block are kept in one array and nothing is made anew for each block.
 */

const BLOCK_BYTES = 64;
const ROUNDS = 64;

/**
 * The first 32 bits of the fractions of a root of the first primes.
 *
 * @param {number} count
 * @param {number} root
 * @returns {Int32Array}
 */
function fractions(count, root) {
  const found = new Int32Array(count);
  for (let candidate = 2, place = 0; place < count; candidate++) {
    let isPrime = true;
    for (let divisor = 2; divisor * divisor <= candidate; divisor++) if (candidate % divisor === 0) isPrime = false;
    if (isPrime) found[place++] = ((candidate ** (1 / root)) % 1) * 2 ** 32;
  }
  return found;
}

const K = fractions(ROUNDS, 3);
const FIRST = fractions(8, 2);

export class Sha256 {
  #state = FIRST.slice();
  #words = new Int32Array(ROUNDS);
  #rest = new Uint8Array(BLOCK_BYTES);
  #restBytes = 0;
  #bytes = 0;

  /**
   * Go on with these bytes.
   *
   * @param {Uint8Array} content
   * @returns {this}
   */
  update(content) {
    this.#bytes += content.length;
    let at = 0;
    if (this.#restBytes) {
      at = Math.min(BLOCK_BYTES - this.#restBytes, content.length);
      this.#rest.set(content.subarray(0, at), this.#restBytes);
      this.#restBytes += at;
      if (this.#restBytes < BLOCK_BYTES) return this;
      this.#blocks(this.#rest, 0, BLOCK_BYTES);
      this.#restBytes = 0;
    }
    const end = content.length - ((content.length - at) % BLOCK_BYTES);
    this.#blocks(content, at, end);
    this.#rest.set(content.subarray(end));
    this.#restBytes = content.length - end;
    return this;
  }

  /**
   * The digest in hex. Nothing can be added after it.
   *
   * @returns {string}
   */
  hex() {
    const bits = this.#bytes * 8;
    const zeros = (119 - (this.#bytes % BLOCK_BYTES)) % BLOCK_BYTES;
    const ending = new Uint8Array(1 + zeros + 8);
    ending[0] = 0x80;
    const view = new DataView(ending.buffer);
    view.setUint32(1 + zeros, Math.floor(bits / 2 ** 32));
    view.setUint32(5 + zeros, bits >>> 0);
    this.update(ending);
    return [...this.#state].map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
  }

  /**
   * @param {Uint8Array} content
   * @param {number} from
   * @param {number} to
   */
  #blocks(content, from, to) {
    const w = this.#words;
    const state = this.#state;
    let [a, b, c, d, e, f, g, h] = /** @type {number[]} */ (/** @type {unknown} */ (state));
    for (let block = from; block < to; block += BLOCK_BYTES) {
      for (let i = 0, at = block; i < 16; i++, at += 4) {
        w[i] = (content[at] << 24) | (content[at + 1] << 16) | (content[at + 2] << 8) | content[at + 3];
      }
      for (let i = 16; i < ROUNDS; i++) {
        const x = w[i - 15];
        const y = w[i - 2];
        const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
        const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
        w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
      }
      const [a0, b0, c0, d0, e0, f0, g0, h0] = [a, b, c, d, e, f, g, h];
      for (let i = 0; i < ROUNDS; i++) {
        const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
        const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
        const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
        const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        h = g;
        g = f;
        f = e;
        e = (d + t1) | 0;
        d = c;
        c = b;
        b = a;
        a = (t1 + t2) | 0;
      }
      a = (a + a0) | 0;
      b = (b + b0) | 0;
      c = (c + c0) | 0;
      d = (d + d0) | 0;
      e = (e + e0) | 0;
      f = (f + f0) | 0;
      g = (g + g0) | 0;
      h = (h + h0) | 0;
    }
    state.set([a, b, c, d, e, f, g, h]);
  }
}
