import assert from "node:assert/strict";
import { test } from "node:test";

import { deskClock } from "#console/desk_clock.js";

const MONDAY_S = Date.UTC(2026, 5, 15, 6, 5, 0) / 1000;

test("the time is the vendor's and runs on from the desk's moment", () => {
  let elapsedMs = 2_000;
  const time = deskClock({ desk_s: MONDAY_S, zone: "Europe/Moscow", atMs: 2_000 }, () => elapsedMs);
  assert.equal(time(), "9:05");
  elapsedMs += 56 * 60_000;
  assert.equal(time(), "10:01");
});

test("midnight is written as the desk writes it", () => {
  const time = deskClock({ desk_s: Date.UTC(2026, 5, 15, 22, 0, 0) / 1000, zone: "Europe/Warsaw", atMs: 0 }, () => 0);
  assert.equal(time(), "0:00");
});
