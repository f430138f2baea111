// The browser's modules as a process: one JSON command a line in, one answer a line out.
import { createInterface } from "node:readline";

import { decode, encode } from "#ui/session/peer.js";
import { Sealed } from "#ui/session/sealed.js";
import { words } from "#ui/session/words.js";

const hex = (bytes) => Buffer.from(bytes).toString("hex");
const bytes = (text) => new Uint8Array(Buffer.from(text, "hex"));

let sealed;
let sent = [];
let messages = [];
let refused = null;

const commands = {
  begin: ({ session, offer }) => {
    sent = [];
    messages = [];
    refused = null;
    sealed = new Sealed({
      session,
      offer: bytes(offer),
      send: (frame) => sent.push(hex(frame)),
      opened: () => undefined,
      message: (plaintext) => messages.push(hex(plaintext)),
      refused: (why) => (refused = why),
    });
  },
  start: () => sealed.start(),
  resume: () => sealed.resume(),
  take: ({ frames }) => frames.forEach((frame) => sealed.take(bytes(frame))),
  seal: ({ plaintexts }) => plaintexts.forEach((plaintext) => sealed.seal(bytes(plaintext))),
  words: ({ language, numbers }) => words(language, numbers),
  encode: ({ message }) => hex(encode(message)),
  decode: ({ plaintext }) => {
    try {
      return decode(bytes(plaintext));
    } catch (error) {
      return { error: error.constructor.name, why: error.message };
    }
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  const answer = await commands[command.do](command);
  if (sealed !== undefined) await sealed.settled();
  const state = sealed && { stage: sealed.stage, words: sealed.wordNumbers, locked: sealed.lockedWith };
  const shown = JSON.stringify({ answer, sent, messages, refused, state }, (_, value) =>
    value instanceof Uint8Array ? hex(value) : value,
  );
  sent = [];
  messages = [];
  process.stdout.write(`${shown}\n`);
}
