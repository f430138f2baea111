import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";

import { Refused, fingerprint, send } from "#ui/files/sender.js";
import { Sha256 } from "#ui/files/sha256.js";

/** @param {Uint8Array} content */
const digest = (content) => createHash("sha256").update(content).digest("hex");

/** @param {number} length */
const some = (length) => Uint8Array.from({ length }, (_, place) => (place * 31 + (place >> 8)) & 255);

test("every length around a block has the digest that others compute", () => {
  for (let length = 0; length < 200; length++) {
    assert.equal(new Sha256().update(some(length)).hex(), digest(some(length)), `${length} bytes`);
  }
});

test("it does not matter where the content is cut", () => {
  const content = some(10_000);
  for (const cut of [1, 7, 63, 64, 65, 1000]) {
    const hash = new Sha256();
    for (let at = 0; at < content.length; at += cut) hash.update(content.subarray(at, at + cut));
    assert.equal(hash.hex(), digest(content), `cut by ${cut}`);
  }
});

/** A desk that keeps what it is sent, breaks when it is told to, and refuses what it is told to. */
class Desk {
  kept = new Uint8Array(0);
  /** @type {string[]} */
  asked = [];
  /** @type {(number | "cut" | "lost")[]} what the next requests get: a status, no answer before it was kept, none after */
  harms = [];
  pauses = 0;
  clock = 0;

  fetch = async (/** @type {string} */ address, /** @type {any} */ { method, headers, body, credentials }) => {
    assert.equal(credentials, "omit");
    assert.equal(headers.Authorization, "Bearer word");
    this.asked.push(method);
    this.clock += 1000;
    const harm = this.harms.shift();
    if (harm === "cut") throw new TypeError("network");
    if (typeof harm === "number") return new Response(JSON.stringify({ why: "No room." }), { status: harm });
    if (method === "POST") return new Response(null, { status: 201, headers: { Location: "/files/uploads/1" } });
    assert.equal(address, "/files/uploads/1");
    if (method === "PATCH") {
      assert.equal(Number(headers["Upload-Offset"]), this.kept.length);
      assert.equal(
        headers["Upload-Checksum"],
        `sha256 ${createHash("sha256").update(new Uint8Array(body)).digest("base64")}`,
      );
      this.kept = new Uint8Array([...this.kept, ...new Uint8Array(body)]);
    }
    if (harm === "lost") throw new TypeError("network");
    return new Response(null, { status: method === "HEAD" ? 200 : 204, headers: { "Upload-Offset": `${this.kept.length}` } });
  };

  ways = /** @type {any} */ ({
    fetch: this.fetch,
    wait: async () => void this.pauses++,
    now: () => this.clock,
  });
}

const about = { address: "/files/uploads/", permit: "word", name: "база.zip", sha256: "ab" };

test("a file goes whole, and the desk hears its fingerprint first", async () => {
  const desk = new Desk();
  const file = new Blob([some(3_000_000)]);
  /** @type {any[]} */
  const told = [];
  assert.equal(await fingerprint(file, (each) => told.push(each), desk.ways), digest(some(3_000_000)));
  await send(file, about, (each) => told.push(each), desk.ways);
  assert.deepEqual(desk.kept, some(3_000_000));
  assert.equal(told.at(-1).done, 3_000_000);
  assert.equal(told.at(-1).leftSeconds, 0);
});

test("after every break it goes on where the desk is", async () => {
  const desk = new Desk();
  desk.harms = ["cut", 503, undefined, undefined, "lost", "cut", undefined, 409, undefined, 460];
  await send(new Blob([some(900_000)]), about, () => {}, desk.ways);
  assert.deepEqual(desk.kept, some(900_000));
  assert.equal(desk.pauses, 6);
  assert.equal(desk.asked.filter((each) => each === "HEAD").length >= 4, true);
});

test("a refusal ends it with the desk's sentence", async () => {
  for (const status of [403, 410, 413, 507]) {
    const desk = new Desk();
    desk.harms = [undefined, undefined, status];
    await assert.rejects(send(new Blob([some(10)]), about, () => {}, desk.ways), new Refused("No room."));
    assert.equal(desk.pauses, 0);
  }
});

test("who stops it is obeyed at once", async () => {
  const desk = new Desk();
  const stop = new AbortController();
  desk.fetch = async () => {
    stop.abort();
    throw new DOMException("aborted", "AbortError");
  };
  await assert.rejects(
    send(new Blob([some(10)]), about, () => {}, { ...desk.ways, fetch: desk.fetch, signal: stop.signal }),
    { name: "AbortError" },
  );
});

test("an upload that is whole already sends nothing again", async () => {
  const desk = new Desk();
  desk.kept = some(500);
  await send(new Blob([some(500)]), about, () => {}, desk.ways);
  assert.deepEqual(desk.asked, ["POST", "HEAD"]);
});
