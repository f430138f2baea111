// @ts-check
/**
 * One session at the technician's page: the desk's line, the keys, and the viewer, joined.
 *
 * What it reports as `locked` and `words` comes from the real keys; what it reports as `level` comes from the
 * customer's app, end to end, never from the desk. The keys live in this object and die with the page.
 * It draws nothing but the picture; everything else is told to the page through `on`.
 */
import { RelayCarrier } from "#ui/session/carrier.js";
import { decode, encode } from "#ui/session/peer.js";
import { Sealed } from "#ui/session/sealed.js";
import { LEVELS } from "#ui/session/table.js";
import { Viewer } from "#ui/session/viewer.js";
import { words } from "#ui/session/words.js";

/** @import { Chat, DeskEnded, DeskEstimateShown, DeskMeterShown, DeskOfferSent, DeskPeer, DeskRefused, DeskShown, DeskWords, Granted, Level, NotGranted, PeerMessage, ToViewer } from "#ui/session/wire.d.ts" */
/** @import { Stats, ViewerEvents } from "#ui/session/viewer.js" */

/**
 * What the page is told. `offer` is the signed offer's content, already parsed.
 *
 * @typedef {object} SessionEvents
 * @property {(shown: DeskShown) => void} state where the session stands, when this page joins or returns
 * @property {(offer: any) => void} offer
 * @property {(there: boolean) => void} peer whether the customer's app is there
 * @property {(lost: boolean) => void} link whether this page's own link is lost and being sought
 * @property {(four: string[] | null, cipher: string | null) => void} locked the words and the cipher; null: no lock
 * @property {(match: boolean) => void} words what the customer said about the words
 * @property {(level: Level) => void} level what the customer's app allows now
 * @property {(refusal: NotGranted) => void} notGranted the customer said no to a level
 * @property {(meter: DeskMeterShown) => void} meter
 * @property {(estimate: DeskEstimateShown) => void} estimate
 * @property {(text: string) => void} chat a line of the customer's
 * @property {(refusal: DeskRefused) => void} refused the desk did not do what was asked
 * @property {(end: { why: string, because?: string, metered_ms: number | null }) => void} ended once, last
 */

/** Reasons of this page's own, beside the desk's `because`. */
export const INSECURE = "insecure";
export const TAMPERED = "tampered";
export const LINK_GONE = "link_gone";

export class Session {
  #id;
  #on;
  #carrier;
  #viewer;
  /** @type {Sealed | null} */
  #sealed = null;
  #language = "en";
  #ended = false;
  #bytes = 0;

  /**
   * @param {object} what
   * @param {string} what.session the session's id
   * @param {string} what.url of its WebSocket: wss://…/{vendor}/viewer/{session}/ws
   * @param {HTMLCanvasElement} what.canvas
   * @param {HTMLTextAreaElement} what.sink
   * @param {HTMLCanvasElement} what.pointer
   * @param {SessionEvents & ViewerEvents} what.on
   * @param {{ now(): number }} [what.clock] in milliseconds
   */
  constructor({ session, url, canvas, sink, pointer, on, clock = performance }) {
    this.#id = session;
    this.#on = on;
    this.#viewer = new Viewer({
      canvas,
      sink,
      pointer,
      clock,
      send: (message) => this.#send(message),
      on: { ...on, broken: (why) => this.#tampered(why) },
    });
    this.#carrier = new RelayCarrier({
      url,
      clock,
      on: {
        said: (message) => this.#hear(message),
        frame: (frame) => {
          this.#bytes += frame.length;
          this.#sealed?.take(frame);
        },
        lost: (lost) => on.link(lost),
        gone: () => this.#end({ why: "The link is gone.", because: LINK_GONE, metered_ms: null }),
      },
    });
  }

  /** Connect. Call once, when the page is ready to be told things. */
  open() {
    if (!globalThis.isSecureContext) {
      const why = "Keys can be made on https and localhost only. Open the desk by its https address.";
      this.#end({ why, because: INSECURE, metered_ms: null });
      return;
    }
    this.#carrier.open();
  }

  // What the technician does.

  /** Ask the customer for a level. @param {Level} level */
  ask(level) {
    this.#carrier.say({ say: "asked", level });
    this.#send({ kind: "Ask", level });
  }

  /** The words on both screens are the same, or are not. @param {boolean} match */
  sayWords(match) {
    this.#carrier.say({ say: "words", match });
  }

  /** Send a line of chat. @param {string} text */
  chat(text) {
    this.#send({ kind: "Chat", text });
  }

  /** Type a text at the customer's. @param {string} text */
  type(text) {
    this.#viewer.type(text);
  }

  /** End for good. @param {string} why shown to the customer */
  end(why) {
    this.#carrier.say({ say: "end", why });
  }

  /** What happened since this was last asked, for the page's figures. @returns {Stats & { bytes: number }} */
  stats() {
    const bytes = this.#bytes;
    this.#bytes = 0;
    return { ...this.#viewer.stats(), bytes };
  }

  // What the desk says.

  /** @param {ToViewer} message */
  #hear(message) {
    /** @type {((message: any) => void) | undefined} */
    const handler = this.#desk[message.say];
    handler?.(message);
  }

  /** @type {Record<string, (message: any) => void>} */
  #desk = {
    state: (/** @type {DeskShown} */ shown) => this.#on.state(shown),
    offer: (/** @type {DeskOfferSent} */ sent) => this.#offered(sent),
    peer: (/** @type {DeskPeer} */ peer) => this.#peer(peer),
    words: (/** @type {DeskWords} */ said) => this.#on.words(said.match),
    meter: (/** @type {DeskMeterShown} */ meter) => this.#on.meter(meter),
    estimate: (/** @type {DeskEstimateShown} */ estimate) => this.#on.estimate(estimate),
    refused: (/** @type {DeskRefused} */ refusal) => this.#on.refused(refusal),
    ended: (/** @type {DeskEnded} */ ended) => this.#end(ended),
  };

  /** @param {DeskOfferSent} sent */
  #offered({ offer }) {
    if (this.#sealed !== null) return; // the same again, after a lost link
    const raw = Uint8Array.from(atob(offer), (character) => character.charCodeAt(0));
    this.#sealed = new Sealed({
      session: this.#id,
      offer: raw,
      send: (frame) => this.#carrier.send(frame),
      opened: () => this.#opened(),
      message: (plaintext) => this.#open(plaintext),
      refused: (why) => this.#tampered(why),
    });
    const content = JSON.parse(new TextDecoder().decode(raw));
    this.#language = content.language; // the signed one, in which the customer's app shows the words
    this.#on.offer(content);
  }

  /** @param {DeskPeer} peer */
  #peer({ joined, resumed }) {
    this.#on.peer(joined);
    if (!joined) {
      this.#on.locked(null, null);
      return;
    }
    void (resumed ? this.#sealed?.resume() : this.#sealed?.start());
  }

  // What the customer's app says.

  #opened() {
    const sealed = /** @type {Sealed} */ (this.#sealed);
    this.#on.locked(words(this.#language, /** @type {number[]} */ (sealed.wordNumbers)), sealed.lockedWith);
  }

  /** @param {Uint8Array<ArrayBuffer>} plaintext */
  #open(plaintext) {
    try {
      const message = decode(plaintext);
      const handler = this.#app[message.kind];
      if (handler === undefined) this.#viewer.take(message);
      else handler(message);
    } catch (error) {
      this.#tampered(/** @type {Error} */ (error).message);
    }
  }

  /** @type {Record<string, (message: any) => void>} */
  #app = {
    Granted: (/** @type {Granted} */ granted) => {
      if (!LEVELS.includes(granted.level)) throw new RangeError("The app allowed a level that does not exist.");
      this.#allow(granted.level);
    },
    NotGranted: (/** @type {NotGranted} */ refusal) => this.#on.notGranted(refusal),
    Chat: (/** @type {Chat} */ chat) => this.#on.chat(chat.text),
    Bye: () => this.#allow("none"), // the desk tells the end, with the time
  };

  /** @param {Level} level */
  #allow(level) {
    this.#viewer.level = level;
    // Not before: until the words were compared, whoever stands in between might be told it instead.
    if (level !== "none") void this.#viewer.tellDecodable();
    this.#on.level(level);
  }

  /** @param {PeerMessage} message */
  #send(message) {
    this.#sealed?.seal(encode(message));
  }

  /** @param {string} why */
  #tampered(why) {
    this.#carrier.say({ say: "end", why: why.slice(0, 500) });
    this.#end({ why, because: TAMPERED, metered_ms: null });
  }

  /** @param {{ why: string, because?: string, metered_ms: number | null }} end */
  #end(end) {
    if (this.#ended) return;
    this.#ended = true;
    this.#viewer.close();
    this.#carrier.close();
    this.#sealed = null;
    this.#on.locked(null, null);
    this.#on.ended(end);
  }
}
