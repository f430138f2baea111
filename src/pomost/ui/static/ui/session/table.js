// @ts-check
// Written by `make wire` from src/pomost/wire. Do not edit.

export const PROTOCOL = /** @type {const} */ (1);
export const LEVELS = /** @type {const} */ ([
  "none",
  "look",
  "point",
  "act",
  "change-many"
]);
export const CODECS = /** @type {const} */ ({
  "RAW": 0,
  "WEBP": 1,
  "PNG": 2,
  "SOLID": 3,
  "COPY": 4,
  "VIDEO": 5
});
export const AV1 = /** @type {const} */ ("av01.0.12M.08");
export const FLAGS = /** @type {const} */ ({
  "LAST": 1,
  "EXACT": 2
});
export const RULES = /** @type {const} */ ({
  "Screen": {
    "number": 16,
    "senders": [
      "agent"
    ],
    "level": "look",
    "json": true
  },
  "Tiles": {
    "number": 17,
    "senders": [
      "agent"
    ],
    "level": "look",
    "json": false
  },
  "Cursor": {
    "number": 18,
    "senders": [
      "agent"
    ],
    "level": "look",
    "json": false
  },
  "CursorShape": {
    "number": 19,
    "senders": [
      "agent"
    ],
    "level": "look",
    "json": false
  },
  "Granted": {
    "number": 20,
    "senders": [
      "agent"
    ],
    "level": "none",
    "json": true
  },
  "NotGranted": {
    "number": 21,
    "senders": [
      "agent"
    ],
    "level": "none",
    "json": true
  },
  "Digest": {
    "number": 22,
    "senders": [
      "agent"
    ],
    "level": "look",
    "json": false
  },
  "Masked": {
    "number": 23,
    "senders": [
      "agent"
    ],
    "level": "look",
    "json": true
  },
  "VideoStream": {
    "number": 24,
    "senders": [
      "agent"
    ],
    "level": "look",
    "json": true
  },
  "Pong": {
    "number": 25,
    "senders": [
      "agent"
    ],
    "level": "look",
    "json": false
  },
  "Ask": {
    "number": 32,
    "senders": [
      "viewer"
    ],
    "level": "none",
    "json": true
  },
  "Ack": {
    "number": 33,
    "senders": [
      "viewer"
    ],
    "level": "look",
    "json": false
  },
  "Move": {
    "number": 34,
    "senders": [
      "viewer"
    ],
    "level": "point",
    "json": false
  },
  "Button": {
    "number": 35,
    "senders": [
      "viewer"
    ],
    "level": "act",
    "json": false
  },
  "Wheel": {
    "number": 36,
    "senders": [
      "viewer"
    ],
    "level": "act",
    "json": false
  },
  "KeyStroke": {
    "number": 37,
    "senders": [
      "viewer"
    ],
    "level": "act",
    "json": false
  },
  "TypedText": {
    "number": 38,
    "senders": [
      "viewer"
    ],
    "level": "act",
    "json": false
  },
  "ReleaseAll": {
    "number": 39,
    "senders": [
      "viewer"
    ],
    "level": "none",
    "json": false
  },
  "CanDecode": {
    "number": 40,
    "senders": [
      "viewer"
    ],
    "level": "none",
    "json": true
  },
  "Ping": {
    "number": 41,
    "senders": [
      "viewer"
    ],
    "level": "look",
    "json": false
  },
  "Chat": {
    "number": 48,
    "senders": [
      "agent",
      "viewer"
    ],
    "level": "none",
    "json": true
  },
  "Bye": {
    "number": 49,
    "senders": [
      "agent",
      "viewer"
    ],
    "level": "none",
    "json": true
  }
});
export const CIPHER = /** @type {const} */ ("AES-256-GCM");
export const LABEL = /** @type {const} */ ("pomost/1");
export const LIMITS = /** @type {const} */ ({
  "frame_bytes": 2097152,
  "json_bytes": 65536,
  "text_bytes": 8192,
  "tiles": 4096,
  "kept": 32,
  "picture_side": 16384,
  "cursor_bytes": 131072,
  "cursor_side": 256,
  "key_code_bytes": 40,
  "key_bytes": 64
});
