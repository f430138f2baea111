// @ts-check
/** What the session page shows, worked out from what it knows: pure, so that it can be tried without a browser. */

const LADDER = ["look", "point", "act", "change-many"];

/**
 * A meter's reading as hours, minutes and seconds.
 *
 * @param {number} ms
 */
export function stopwatch(ms) {
  const seconds = Math.floor(ms / 1000);
  const pair = (/** @type {number} */ n) => String(n).padStart(2, "0");
  return `${Math.floor(seconds / 3600)}:${pair(Math.floor(seconds / 60) % 60)}:${pair(seconds % 60)}`;
}

/**
 * How each rung of the ladder is drawn: "on" granted, "asked", "" free, "off" not in the terms.
 *
 * @param {{ granted: string, asked: string | null, ceiling: string }} state
 * @returns {string[]} from look to change many
 */
export function rungs({ granted, asked, ceiling }) {
  const reached = LADDER.indexOf(granted);
  const top = LADDER.indexOf(ceiling);
  return LADDER.map((level, place) => {
    if (place <= reached) return "on";
    if (place > top) return "off";
    return level === asked ? "asked" : "";
  });
}

/**
 * Which levels may be asked for now: the words were compared, the level is free, and nothing else is being asked.
 *
 * @param {{ granted: string, asked: string | null, ceiling: string, compared: boolean }} state
 * @returns {Set<string>}
 */
export function askable(state) {
  if (!state.compared || state.asked) return new Set();
  const drawn = rungs(state);
  return new Set(LADDER.filter((_level, place) => drawn[place] === ""));
}
