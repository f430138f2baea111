import assert from "node:assert/strict";
import { test } from "node:test";

import { fits, merge } from "#console/rows.js";

test("a new row is named and does not count as a move", () => {
  assert.deepEqual(merge(["a", "b"], ["a", "c", "b"]), { added: ["c"], gone: [], moved: false });
});

test("a row that went leaves the others in their places", () => {
  assert.deepEqual(merge(["a", "b", "c"], ["a", "c"]), { added: [], gone: ["b"], moved: false });
});

test("rows that change places are a move", () => {
  assert.equal(merge(["a", "b"], ["b", "a"]).moved, true);
});

test("two equal boards have no difference", () => {
  assert.deepEqual(merge([], []), { added: [], gone: [], moved: false });
});

test("every word must be in the line, in any order and case", () => {
  assert.equal(fits("ООО «Кафе Никакое» · Семён", "семён кафе"), true);
  assert.equal(fits("ООО «Кафе Никакое» · Семён", "семён склад"), false);
});

test("nothing typed fits everything", () => {
  assert.equal(fits("Ada", "  "), true);
});
