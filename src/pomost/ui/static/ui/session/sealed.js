// @ts-check
/**
 * The viewer's half of a session's keys: makes them, seals and opens frames. Twin of wire/sealed.py.
 *
 * Opening and sealing are asynchronous in a browser, order is not: counters are taken when a frame
 * arrives or leaves, the work runs beside each other, and results come out in the order of the counters.
 * Nothing is exported from the keys. WebCrypto exists on https and localhost only.
 * Read next: docs/explain/session-keys.md.
 */
import { CIPHER, LABEL, LIMITS } from "#ui/session/table.js";

const PLAIN_MARK = 0;
const SEALED_MARK = 1;
const COMMIT = 1;
const REVEAL = 2;
const RESUME = 3;
const PLAIN_BYTES = { [COMMIT]: 32, [REVEAL]: 64, [RESUME]: 32 };
const COUNTER_BYTES = 8;
const OVERHEAD_BYTES = 1 + COUNTER_BYTES + 16;
const WORDS = 4;
const MINE = { id: "V>A\0", name: "viewer to agent" };
const THEIRS = { id: "A>V\0", name: "agent to viewer" };

/** @typedef {"idle" | "committed" | "resuming" | "proving" | "open" | "refused"} Stage */

/** The other end, or somebody in between, sent what is not the next genuine frame. */
export class Tampered extends Error {}

const utf8 = new TextEncoder();

/**
 * @param {...Uint8Array} parts
 * @returns {Uint8Array<ArrayBuffer>}
 */
function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** @param {Uint8Array<ArrayBuffer>} bytes */
async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

/**
 * SHA-256 over parts with their lengths, so that no two transcripts can read the same.
 *
 * @param {string} purpose
 * @param {...Uint8Array} parts
 */
function transcript(purpose, ...parts) {
  const counted = [utf8.encode(LABEL), utf8.encode(purpose), ...parts].map((part) => {
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, part.length);
    return joined(length, part);
  });
  return sha256(joined(...counted));
}

/** Equal in the same time wherever they differ. @param {Uint8Array} a @param {Uint8Array} b */
function same(a, b) {
  let difference = a.length ^ b.length;
  for (let n = 0; n < a.length; n += 1) difference |= a[n] ^ b[n];
  return difference === 0;
}

export class Sealed {
  /** @type {Stage} */
  stage = "idle";
  /** @type {number[] | null} four numbers for the words; the same at both ends unless somebody stands between */
  wordNumbers = null;

  #session;
  #offer;
  #send;
  #opened;
  #message;
  #refused;
  /** @type {CryptoKeyPair | null} */
  #pair = null;
  #reveal = new Uint8Array(64);
  #commitment = new Uint8Array(32);
  #resumeNonce = new Uint8Array(32);
  /** @type {CryptoKey | null} from which keys are made anew after a break */
  #renewSecret = null;
  #transcript = new Uint8Array(32);
  /** @type {CryptoKey | null} */
  #sealingKey = null;
  /** @type {CryptoKey | null} */
  #openingKey = null;
  #sealedFrames = 0;
  #openedFrames = 0;
  /** @type {Uint8Array<ArrayBuffer>[] | null} frames that wait while keys are being made */
  #waiting = null;
  /** @type {Promise<void>} */
  #outward = Promise.resolve();
  /** @type {Promise<void>} */
  #inward = Promise.resolve();

  /**
   * @param {object} what
   * @param {string} what.session the session's id; part of every frame's authentication
   * @param {Uint8Array<ArrayBuffer>} what.offer the signed offer's very bytes
   * @param {(frame: Uint8Array<ArrayBuffer>) => void} what.send takes frames for the carrier, in order
   * @param {() => void} what.opened both ends have proved the same transcript: the lock may be drawn
   * @param {(plaintext: Uint8Array<ArrayBuffer>) => void} what.message takes opened messages, in order
   * @param {(why: string) => void} what.refused called once; the session is over
   */
  constructor({ session, offer, send, opened, message, refused }) {
    this.#session = utf8.encode(session);
    this.#offer = offer;
    this.#send = send;
    this.#opened = opened;
    this.#message = message;
    this.#refused = refused;
  }

  /** The cipher once the session is open, else null: draw no lock. */
  get lockedWith() {
    return this.stage === "open" ? CIPHER : null;
  }

  /**
   * Begin, when both ends are there for the first time. Keys are begun once: else a server could wait until the
   * words were compared and then say “begin” with itself in between.
   */
  async start() {
    if (this.stage !== "idle") return;
    this.stage = "committed";
    this.#pair = /** @type {CryptoKeyPair} */ (
      await crypto.subtle.generateKey({ name: "X25519" }, false, ["deriveBits"])
    );
    const shown = new Uint8Array(await crypto.subtle.exportKey("raw", this.#pair.publicKey));
    this.#reveal = joined(shown, crypto.getRandomValues(new Uint8Array(32)));
    this.#commitment = await sha256(joined(utf8.encode(`${LABEL} commit`), this.#reveal));
    this.#send(joined(Uint8Array.of(PLAIN_MARK, COMMIT), this.#commitment));
  }

  /** Go on, when both ends are there again after a break. Frames from before it are passed over. */
  async resume() {
    if (this.stage === "refused") return;
    if (this.#renewSecret === null) {
      this.stage = "idle";
      await this.start();
      return;
    }
    this.#sendResume();
  }

  #sendResume() {
    this.#resumeNonce = crypto.getRandomValues(new Uint8Array(32));
    this.stage = "resuming";
    this.#send(joined(Uint8Array.of(PLAIN_MARK, RESUME), this.#resumeNonce));
  }

  /**
   * Seal a message and send it after all that were sealed before it.
   *
   * @param {Uint8Array<ArrayBuffer>} plaintext
   * @returns {boolean} false: the session is not open, nothing was sealed
   */
  seal(plaintext) {
    if (this.stage !== "open") return false;
    if (plaintext.length > LIMITS.frame_bytes - OVERHEAD_BYTES) {
      throw new RangeError(`A message of ${plaintext.length} bytes is too large for one frame.`);
    }
    this.#sealNext(plaintext);
    return true;
  }

  /** @param {Uint8Array<ArrayBuffer>} plaintext */
  #sealNext(plaintext) {
    const counter = counterBytes(this.#sealedFrames);
    this.#sealedFrames += 1;
    const sealing = crypto.subtle.encrypt(
      this.#parameters(MINE, counter),
      /** @type {CryptoKey} */ (this.#sealingKey),
      plaintext,
    );
    this.#outward = this.#outward.then(async () => {
      this.#send(joined(Uint8Array.of(SEALED_MARK), counter, new Uint8Array(await sealing)));
    });
  }

  /**
   * Take one frame from the carrier.
   *
   * @param {Uint8Array<ArrayBuffer>} frame
   */
  take(frame) {
    if (this.stage === "refused") return;
    if (this.#waiting !== null) this.#waiting.push(frame);
    else if (frame[0] === SEALED_MARK) this.#open(frame);
    else this.#takePlain(frame);
  }

  /** Wait until all that was taken has been dealt with and all that was sealed has been sent. */
  async settled() {
    let inward;
    let outward;
    do {
      inward = this.#inward;
      outward = this.#outward;
      await Promise.all([inward, outward]);
    } while (inward !== this.#inward || outward !== this.#outward);
  }

  /** @param {Uint8Array<ArrayBuffer>} frame */
  #open(frame) {
    if (this.stage === "resuming") return; // sealed before the break
    const counter = frame.subarray(1, 1 + COUNTER_BYTES);
    const due = counterBytes(this.#openedFrames);
    if (this.#openingKey === null || (this.stage !== "proving" && this.stage !== "open")) {
      this.#refuse(`A sealed frame came while the keys are “${this.stage}”.`);
      return;
    }
    if (frame.length < OVERHEAD_BYTES || !same(counter, due)) {
      this.#refuse(`Frame ${this.#openedFrames} was due, another came: something was repeated, left out or put in.`);
      return;
    }
    this.#openedFrames += 1;
    const opening = crypto.subtle.decrypt(
      this.#parameters(THEIRS, counter),
      this.#openingKey,
      frame.subarray(1 + COUNTER_BYTES),
    );
    const key = this.#openingKey;
    this.#inward = this.#inward.then(() =>
      opening.then(
        (plaintext) => {
          if (key === this.#openingKey) this.#deliver(new Uint8Array(plaintext));
        },
        () => this.#refuse("A frame is not genuine: it was changed on the way."),
      ),
    );
  }

  /** @param {Uint8Array<ArrayBuffer>} plaintext */
  #deliver(plaintext) {
    if (this.stage === "open") {
      this.#message(plaintext);
    } else if (this.stage === "proving") {
      if (!same(plaintext, joined(Uint8Array.of(0), this.#transcript))) {
        this.#refuse("The other end's first frame does not prove the same transcript.");
        return;
      }
      this.stage = "open";
      this.#opened();
    }
  }

  /** @param {Uint8Array<ArrayBuffer>} frame */
  #takePlain(frame) {
    const kind = frame[0] === PLAIN_MARK ? frame[1] : 0;
    const length = PLAIN_BYTES[/** @type {keyof typeof PLAIN_BYTES} */ (kind)];
    if (length === undefined || frame.length !== 2 + length) {
      this.#refuse(`A frame of ${frame.length} bytes is no frame of this protocol.`);
      return;
    }
    const body = frame.slice(2);
    const ready = this.stage === "proving" || this.stage === "open" || this.stage === "resuming";
    if (kind === REVEAL && this.stage === "committed") this.#turn(() => this.#takeReveal(body));
    else if (kind === RESUME && ready) this.#turn(() => this.#takeResume(body));
    else this.#refuse(`A frame of kind ${kind} came while the keys are “${this.stage}”.`);
  }

  /**
   * Make keys; frames that come meanwhile wait.
   *
   * @param {() => Promise<void>} making
   */
  #turn(making) {
    this.#waiting = [];
    const made = this.#inward.then(making).catch((/** @type {Error} */ error) => {
      this.#refuse(
        error instanceof Tampered ? error.message : `The other end's key cannot be used (${error.name}).`,
      );
    });
    this.#inward = made.then(() => {
      const waited = this.#waiting ?? [];
      this.#waiting = null;
      for (const frame of waited) this.take(frame);
    });
  }

  /** @param {Uint8Array<ArrayBuffer>} reveal the agent's key and nonce */
  async #takeReveal(reveal) {
    const theirs = reveal.subarray(0, 32);
    if (same(theirs, this.#reveal.subarray(0, 32))) {
      throw new Tampered("The other end sent our own key back: somebody mirrors us.");
    }
    const publicKey = await crypto.subtle.importKey("raw", theirs, { name: "X25519" }, true, []);
    const pair = /** @type {CryptoKeyPair} */ (this.#pair);
    const shared = new Uint8Array(
      await crypto.subtle.deriveBits({ name: "X25519", public: publicKey }, pair.privateKey, 256),
    );
    if (shared.every((byte) => byte === 0)) {
      throw new Tampered("The other end's key is a degenerate one that hides nothing.");
    }
    const secret = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveBits", "deriveKey"]);
    const offer = await sha256(this.#offer);
    const salt = await transcript("handshake", this.#session, offer, this.#commitment, reveal, this.#reveal);
    const renewing = await derived(secret, salt, "resume", 32);
    this.#renewSecret = await crypto.subtle.importKey("raw", renewing, "HKDF", false, ["deriveBits", "deriveKey"]);
    this.wordNumbers = [...(await derived(secret, salt, "words", WORDS))];
    await this.#turnKeys(secret, salt);
    this.#send(joined(Uint8Array.of(PLAIN_MARK, REVEAL), this.#reveal));
    this.#prove();
  }

  /** @param {Uint8Array<ArrayBuffer>} theirs the agent's random bytes */
  async #takeResume(theirs) {
    if (this.stage !== "resuming") this.#sendResume(); // the other end noticed the break first
    const salt = await transcript("resume", this.#session, theirs, this.#resumeNonce);
    await this.#turnKeys(/** @type {CryptoKey} */ (this.#renewSecret), salt);
    this.#prove();
  }

  /**
   * @param {CryptoKey} secret
   * @param {Uint8Array<ArrayBuffer>} salt
   */
  async #turnKeys(secret, salt) {
    const keyFor = (/** @type {string} */ purpose) =>
      crypto.subtle.deriveKey(
        { name: "HKDF", hash: "SHA-256", salt, info: utf8.encode(`${LABEL} ${purpose}`) },
        secret,
        { name: "AES-GCM", length: 256 },
        false,
        ["encrypt", "decrypt"],
      );
    [this.#sealingKey, this.#openingKey] = await Promise.all([keyFor(MINE.name), keyFor(THEIRS.name)]);
    this.#transcript = salt;
    this.#sealedFrames = 0;
    this.#openedFrames = 0;
    this.stage = "proving";
  }

  #prove() {
    this.#sealNext(joined(Uint8Array.of(0), this.#transcript));
  }

  /** @param {string} why */
  #refuse(why) {
    if (this.stage === "refused") return;
    this.stage = "refused";
    this.#waiting = null;
    this.#refused(why);
  }

  /**
   * @param {typeof MINE} direction
   * @param {Uint8Array} counter
   */
  #parameters(direction, counter) {
    return {
      name: "AES-GCM",
      iv: joined(utf8.encode(direction.id), counter),
      additionalData: joined(this.#session, utf8.encode(`|${direction.name}`)),
    };
  }
}

/** @param {number} count below 2 ** 48 */
function counterBytes(count) {
  const bytes = new Uint8Array(COUNTER_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, Math.floor(count / 2 ** 32));
  view.setUint32(4, count >>> 0);
  return bytes;
}

/**
 * @param {CryptoKey} secret
 * @param {Uint8Array<ArrayBuffer>} salt
 * @param {string} purpose
 * @param {number} length in bytes
 */
async function derived(secret, salt, purpose, length) {
  const info = utf8.encode(`${LABEL} ${purpose}`);
  return new Uint8Array(
    await crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt, info }, secret, length * 8),
  );
}
