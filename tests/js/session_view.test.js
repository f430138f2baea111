import assert from "node:assert/strict";
import { test } from "node:test";

import { askable, rungs, stopwatch } from "#console/session_view.js";

test("the meter shows hours, minutes and seconds", () => {
  assert.equal(stopwatch(0), "0:00:00");
  assert.equal(stopwatch(2_232_999), "0:37:12");
  assert.equal(stopwatch(36_000_000), "10:00:00");
});

test("the ladder fills from the left and stops at the ceiling", () => {
  assert.deepEqual(rungs({ granted: "point", asked: null, ceiling: "act" }), ["on", "on", "", "off"]);
  assert.deepEqual(rungs({ granted: "none", asked: "look", ceiling: "look" }), ["asked", "off", "off", "off"]);
});

test("nothing can be asked for before the words were compared", () => {
  assert.deepEqual(askable({ granted: "none", asked: null, ceiling: "act", compared: false }), new Set());
  assert.deepEqual(askable({ granted: "none", asked: null, ceiling: "act", compared: true }), new Set(["look", "point", "act"]));
});

test("one question at a time", () => {
  assert.deepEqual(askable({ granted: "look", asked: "act", ceiling: "act", compared: true }), new Set());
});

test("what the terms do not give is never asked for", () => {
  assert.equal(askable({ granted: "act", asked: null, ceiling: "act", compared: true }).has("change-many"), false);
});
