import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { RelayCarrier } from "#ui/session/carrier.js";

/** A WebSocket that a test opens and closes by hand. */
class Wire {
  readyState = 0;
  bufferedAmount = 0;
  sent = [];
  closed = null;

  open() {
    this.readyState = 1;
    this.onopen();
  }

  say(message) {
    this.onmessage({ data: JSON.stringify(message) });
  }

  drop(code) {
    this.readyState = 3;
    this.onclose({ code });
  }

  send(data) {
    this.sent.push(data);
  }

  close(code) {
    this.closed = code;
  }
}

function scene() {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  const told = [];
  const wires = [];
  const clock = { ms: 0, now: () => clock.ms };
  const carrier = new RelayCarrier({
    url: "wss://desk.example/acme/viewer/s/ws",
    clock,
    connect: () => {
      wires.push(new Wire());
      return wires.at(-1);
    },
    on: {
      said: (message) => told.push(["said", message.say]),
      frame: (frame) => told.push(["frame", ...frame]),
      lost: (lost) => told.push(["lost", lost]),
      gone: () => told.push(["gone"]),
    },
  });
  carrier.open();
  const pass = (ms) => {
    clock.ms += ms;
    mock.timers.tick(ms);
  };
  return { carrier, told, wires, pass };
}

test("the page says hello first, with the same secret on every line", () => {
  const { wires, pass } = scene();
  wires[0].open();
  wires[0].drop(1006);
  pass(0);
  wires[1].open();

  const hellos = wires.map((wire) => JSON.parse(wire.sent[0]));
  assert.equal(hellos[0].say, "hello");
  assert.match(hellos[0].page, /^[0-9a-f]{32}$/);
  assert.deepEqual(hellos[0], hellos[1]);
});

test("sealed frames and words of the desk are told apart", () => {
  const { wires, told } = scene();
  wires[0].open();
  wires[0].say({ say: "peer", joined: true, resumed: false });
  wires[0].onmessage({ data: Uint8Array.of(1, 2).buffer });

  assert.deepEqual(told, [["lost", false], ["said", "peer"], ["frame", 1, 2]]);
});

test("a lost line is sought for twenty seconds and then given up", () => {
  const { wires, told, pass } = scene();
  wires[0].open();
  wires[0].drop(1006);
  for (let ms = 0; ms <= 22_000; ms += 250) {
    pass(250);
    const newest = wires.at(-1);
    if (newest.readyState === 0) newest.drop(1006);
  }

  assert.deepEqual(told.at(-1), ["gone"]);
  assert.ok(wires.length > 8 && wires.length < 20, `${wires.length} attempts`);
});

test("a line that comes back counts its grace anew", () => {
  const { wires, told, pass } = scene();
  for (let n = 0; n < 3; n += 1) {
    wires.at(-1).open();
    pass(15_000);
    wires.at(-1).drop(1006);
    pass(0);
  }

  assert.ok(!told.some(([what]) => what === "gone"));
});

for (const code of [1000, 1008]) {
  test(`the page does not come back after the desk closed with ${code}`, () => {
    const { wires, told, pass } = scene();
    wires[0].open();
    wires[0].drop(code);
    pass(60_000);

    assert.equal(wires.length, 1);
    assert.deepEqual(told.at(-1), ["gone"]);
  });
}

test("the page does not come back to a session that ended, however its line broke", () => {
  const { wires, told, pass } = scene();
  wires[0].open();
  wires[0].say({ say: "ended", why: "Done.", metered_ms: 0 });
  wires[0].drop(1006);
  pass(60_000);

  assert.equal(wires.length, 1);
  assert.deepEqual(told.at(-1), ["gone"]);
});

test("what cannot leave is let fall, and a line that takes nothing is left", () => {
  const { carrier, wires } = scene();
  carrier.send(Uint8Array.of(1));
  assert.deepEqual(wires[0].sent, []);
  wires[0].open();
  wires[0].bufferedAmount = 2 ** 30;
  carrier.send(Uint8Array.of(1));

  assert.equal(wires[0].sent.length, 1); // hello
  assert.equal(wires[0].closed, 3000);
});
