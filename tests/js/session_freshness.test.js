import assert from "node:assert/strict";
import { test } from "node:test";

import { ASK_EVERY_MS, Freshness, STALE_MS } from "#ui/session/freshness.js";

/** A page whose clock is moved by hand, and what it asked. */
function opened() {
  const clock = { ms: 0, now: () => clock.ms };
  /** @type {any[]} */
  const sent = [];
  const freshness = new Freshness({ send: (message) => sent.push(message), clock });
  const answer = (/** @type {number} */ n, frame_id = 1, behind_ms = 0) =>
    freshness.answered({ kind: "Pong", echo: sent[n].echo, frame_id, behind_ms });
  return { clock, freshness, answer };
}

test("before the first proof there is no age", () => {
  const { clock, freshness, answer } = opened();
  freshness.ask();
  freshness.drawn(1);
  clock.ms = 5_000;

  assert.deepEqual(freshness.now(), { ageMs: null, roundTripMs: null, stale: false });
  answer(0);
  assert.equal(freshness.now().ageMs, 5_000);
});

test("an answer proves the picture as of the question, and less by what waits to be sent", () => {
  const { clock, freshness, answer } = opened();
  freshness.drawn(3);
  clock.ms = 100;
  freshness.ask();
  clock.ms = 140;
  answer(0, 3, 25);

  assert.deepEqual(freshness.now(), { ageMs: 65, roundTripMs: 40, stale: false });
});

test("an answer behind a frame that is not drawn yet proves nothing before it is", () => {
  const { clock, freshness, answer } = opened();
  freshness.drawn(1);
  freshness.ask();
  clock.ms = 50;
  answer(0, 2);
  assert.equal(freshness.now().ageMs, null);

  clock.ms = 80;
  freshness.drawn(2);
  assert.equal(freshness.now().ageMs, 80);
});

test("a link that says nothing makes the picture stale, and an answer fresh again", () => {
  const { clock, freshness, answer } = opened();
  freshness.drawn(1);
  freshness.ask();
  answer(0);
  clock.ms = STALE_MS;
  assert.equal(freshness.now().stale, false);
  clock.ms = STALE_MS + 1;
  assert.equal(freshness.now().stale, true);

  freshness.ask();
  answer(1);
  assert.equal(freshness.now().stale, false);
});

test("on a long way the picture is not called stale for the way alone, up to three seconds", () => {
  const { clock, freshness, answer } = opened();
  freshness.drawn(1);
  freshness.ask();
  clock.ms = 800;
  answer(0);
  clock.ms = 800 + ASK_EVERY_MS;
  assert.equal(freshness.now().stale, false);
  clock.ms = 3 * STALE_MS + 1;
  assert.equal(freshness.now().stale, true);
});

test("an answer that was not asked for, or comes twice, or is older, changes nothing", () => {
  const { clock, freshness, answer } = opened();
  freshness.drawn(1);
  freshness.ask();
  clock.ms = 10;
  freshness.ask();
  answer(1);
  clock.ms = 400;
  answer(1);
  answer(0);
  freshness.answered({ kind: "Pong", echo: 99, frame_id: 1, behind_ms: 0 });

  assert.deepEqual(freshness.now(), { ageMs: 390, roundTripMs: 0, stale: false });
});

test("when nothing is shown any more nothing is known", () => {
  const { freshness, answer } = opened();
  freshness.drawn(1);
  freshness.ask();
  answer(0);
  freshness.clear();

  assert.equal(freshness.now().ageMs, null);
});
