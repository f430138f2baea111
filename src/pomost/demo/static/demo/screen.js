// @ts-check
/**
 * The customer's screen in a page of the demo: draws what the virtual screen shows, sends mouse and keyboard back.
 * Not the product's viewer: nothing is sealed, nobody is asked; this page stands for a monitor on the customer's desk.
 * The messages are those of wire/peer.py.
 */

const SCREEN = 0x10, TILES = 0x11, CURSOR = 0x12, CURSOR_SHAPE = 0x13;
const ACK = 0x21, MOVE = 0x22, BUTTON = 0x23, WHEEL = 0x24, KEY = 0x25, TEXT = 0x26, RELEASE_ALL = 0x27;
const WEBP = 1, SOLID = 3;
const RETRY_MS = 1000;
const LARGEST_TURN = 30_000;

const canvas = /** @type {HTMLCanvasElement} */ (document.getElementById("screen"));
/** Lies over the picture and takes mouse and keys; a text field, so that dead keys and input methods work too. */
const hands = /** @type {HTMLTextAreaElement} */ (document.getElementById("hands"));
const pointer = /** @type {HTMLImageElement} */ (document.getElementById("pointer"));
const state = /** @type {HTMLOutputElement} */ (document.getElementById("state"));
const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { alpha: false }));
const text = new TextEncoder();

/** @type {WebSocket | null} */
let socket = null;
let frame = 0;
/** @type {Map<number, { url: string, hotX: number, hotY: number }>} */
const shapes = new Map();
/** Messages are drawn one after the other, in the order they came. */
let drawing = Promise.resolve();

/** @param {"waiting" | "shown" | "lost"} now */
function say(now) {
  state.textContent = state.dataset[now] ?? "";
  state.dataset.state = now;
}

function connect() {
  socket = new WebSocket(`ws://${location.host}/screen`);
  socket.binaryType = "arraybuffer";
  socket.addEventListener("message", (event) => {
    const bytes = new Uint8Array(/** @type {ArrayBuffer} */ (event.data));
    drawing = drawing.then(() => take(bytes));
  });
  socket.addEventListener("close", () => {
    say("lost");
    setTimeout(connect, RETRY_MS);
  });
}

/** @param {Uint8Array<ArrayBuffer>} bytes */
async function take(bytes) {
  const view = new DataView(bytes.buffer);
  if (bytes[0] === SCREEN) {
    const size = JSON.parse(new TextDecoder().decode(bytes.subarray(1)));
    canvas.width = size.width;
    canvas.height = size.height;
    say("shown");
  } else if (bytes[0] === TILES) {
    await drawTiles(bytes, view);
  } else if (bytes[0] === CURSOR) {
    movePointer(view.getUint16(1), view.getUint16(3), view.getUint32(6));
  } else if (bytes[0] === CURSOR_SHAPE) {
    const url = URL.createObjectURL(new Blob([bytes.subarray(9)], { type: "image/png" }));
    for (const old of shapes.values()) URL.revokeObjectURL(old.url);
    shapes.clear();
    shapes.set(view.getUint32(1), { url, hotX: view.getUint16(5), hotY: view.getUint16(7) });
    pointer.src = url;
  }
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {DataView} view
 */
async function drawTiles(bytes, view) {
  const began = performance.now();
  frame = view.getUint32(1);
  const count = view.getUint16(6);
  /** @type {Promise<() => void>[]} */
  const ready = [];
  let at = 8;
  for (let n = 0; n < count; n += 1) {
    const [x, y, width, height] = [0, 2, 4, 6].map((offset) => view.getUint16(at + offset));
    const codec = bytes[at + 8];
    const length = view.getUint32(at + 9);
    const data = bytes.subarray(at + 13, at + 13 + length);
    ready.push(drawn(codec, data, x, y, width, height));
    at += 13 + length;
  }
  for (const draw of await Promise.all(ready)) draw();
  const ack = new DataView(new ArrayBuffer(7));
  ack.setUint8(0, ACK);
  ack.setUint32(1, frame);
  ack.setUint16(5, Math.min(performance.now() - began, 65_535));
  send(ack.buffer);
}

/**
 * @param {number} codec
 * @param {Uint8Array<ArrayBuffer>} data
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} height
 * @returns {Promise<() => void>} what puts the tile on the canvas, once it is decoded
 */
async function drawn(codec, data, x, y, width, height) {
  if (codec === SOLID) {
    return () => {
      context.fillStyle = `rgb(${data[0]} ${data[1]} ${data[2]})`;
      context.fillRect(x, y, width, height);
    };
  }
  if (codec !== WEBP) throw new Error(`A tile came in codec ${codec}, which this page does not draw.`);
  const picture = await createImageBitmap(new Blob([data], { type: "image/webp" }), { colorSpaceConversion: "none" });
  return () => context.drawImage(picture, x, y);
}

/**
 * @param {number} x in pixels of the screen
 * @param {number} y
 * @param {number} number of the pointer's shape
 */
function movePointer(x, y, number) {
  const shape = shapes.get(number);
  const scale = canvas.clientWidth / canvas.width;
  pointer.hidden = shape === undefined;
  if (shape) pointer.style.transform = `translate(${(x - shape.hotX) * scale}px, ${(y - shape.hotY) * scale}px) scale(${scale})`;
}

/** @param {ArrayBuffer} data */
function send(data) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(data);
}

/**
 * @param {MouseEvent} event
 * @returns {[number, number]} the place on the shared screen, in its pixels
 */
function place(event) {
  const box = canvas.getBoundingClientRect();
  const within = (/** @type {number} */ part, /** @type {number} */ size) => Math.max(0, Math.min(size - 1, Math.floor(part * size)));
  return [within((event.clientX - box.left) / box.width, canvas.width), within((event.clientY - box.top) / box.height, canvas.height)];
}

/** @param {MouseEvent} event @param {boolean} down */
function button(event, down) {
  const [x, y] = place(event);
  const view = new DataView(new ArrayBuffer(11));
  view.setUint8(0, BUTTON);
  view.setUint32(1, frame);
  view.setUint8(5, event.button);
  view.setUint8(6, down ? 1 : 0);
  view.setUint16(7, x);
  view.setUint16(9, y);
  send(view.buffer);
}

/** @param {KeyboardEvent} event @param {boolean} down */
function key(event, down) {
  const isBrowsers = event.key === "F11" || (event.key === "F12" && !event.altKey) || event.key === "Dead" || event.isComposing;
  if (isBrowsers) return;
  event.preventDefault();
  const code = text.encode(event.code), name = text.encode(event.key);
  const bytes = new Uint8Array(7 + code.length + name.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, KEY);
  view.setUint32(1, frame);
  view.setUint8(5, down ? 1 : 0);
  view.setUint8(6, code.length);
  bytes.set(code, 7);
  bytes.set(name, 7 + code.length);
  send(bytes.buffer);
}

hands.addEventListener("pointermove", (event) => {
  const [x, y] = place(event);
  const view = new DataView(new ArrayBuffer(9));
  view.setUint8(0, MOVE);
  view.setUint32(1, frame);
  view.setUint16(5, x);
  view.setUint16(7, y);
  send(view.buffer);
});
hands.addEventListener("pointerdown", (event) => {
  hands.focus();
  hands.setPointerCapture(event.pointerId);
});
hands.addEventListener("mousedown", (event) => button(event, true));
addEventListener("mouseup", (event) => {
  if (event.target === hands) button(event, false);
});
hands.addEventListener("contextmenu", (event) => event.preventDefault());
hands.addEventListener(
  "wheel",
  (event) => {
    event.preventDefault();
    const [x, y] = place(event);
    const view = new DataView(new ArrayBuffer(13));
    const turn = (/** @type {number} */ delta) => Math.max(-LARGEST_TURN, Math.min(LARGEST_TURN, Math.round(delta)));
    view.setUint8(0, WHEEL);
    view.setUint32(1, frame);
    view.setInt16(5, turn(event.deltaX));
    view.setInt16(7, turn(event.deltaY));
    view.setUint16(9, x);
    view.setUint16(11, y);
    send(view.buffer);
  },
  { passive: false },
);
hands.addEventListener("keydown", (event) => key(event, true));
hands.addEventListener("keyup", (event) => key(event, false));
hands.addEventListener("input", (event) => {
  if (/** @type {InputEvent} */ (event).isComposing) return;
  const typed = text.encode(hands.value);
  hands.value = "";
  const bytes = new Uint8Array(5 + typed.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, TEXT);
  view.setUint32(1, frame);
  bytes.set(typed, 5);
  if (typed.length > 0) send(bytes.buffer);
});
hands.addEventListener("blur", () => send(new Uint8Array([RELEASE_ALL]).buffer));

say("waiting");
connect();
