import assert from "node:assert/strict";
import { test } from "node:test";

import { pieces } from "#ui/session/input.js";
import { pngSize, webpSize } from "#ui/session/picture.js";
import { LIMITS } from "#ui/session/table.js";

const PNG = Buffer.from("89504e470d0a1a0a0000000d49484452000000100000002008020000", "hex");
const WEBP = Buffer.from("5249464620000000574542505650384c130000002f0fc00700000000", "hex");

test("the size a picture claims is read from its header", () => {
  assert.deepEqual(pngSize(PNG), { width: 16, height: 32 });
  assert.deepEqual(webpSize(WEBP), { width: 16, height: 32 });
});

test("what is no picture of the expected kind has no size", () => {
  for (const data of [Buffer.alloc(0), Buffer.alloc(64), PNG.subarray(0, 23), WEBP.subarray(0, 24)]) {
    assert.equal(pngSize(data), null);
    assert.equal(webpSize(data), null);
  }
  assert.equal(pngSize(WEBP), null);
  assert.equal(webpSize(Buffer.concat([PNG, PNG])), null);
});

test("a long text is cut between characters into parts that fit", () => {
  const text = "ą😀".repeat(LIMITS.text_bytes);
  const parts = pieces(text);

  assert.equal(parts.join(""), text);
  for (const part of parts) assert.ok(new TextEncoder().encode(part).length <= LIMITS.text_bytes);
});

test("nothing to type is nothing to send", () => {
  assert.deepEqual(pieces(""), []);
});
