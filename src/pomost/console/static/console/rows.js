// @ts-check
/** Rows of lists: what changed between two boards, and which lines fit what was typed. Pure but for reading attributes. */

/**
 * The numbers of the tickets on a board, in order.
 *
 * @param {ParentNode} root
 * @returns {string[]}
 */
export function order(root) {
  return [...root.querySelectorAll("[data-ticket]")].map((row) => row.getAttribute("data-ticket") ?? "");
}

/**
 * What changed: rows that came, rows that went, and whether those that stayed changed places.
 *
 * @param {readonly string[]} before
 * @param {readonly string[]} after
 * @returns {{ added: string[], gone: string[], moved: boolean }}
 */
export function merge(before, after) {
  const had = new Set(before);
  const has = new Set(after);
  const stayedBefore = before.filter((number) => has.has(number));
  const stayedAfter = after.filter((number) => had.has(number));
  return {
    added: after.filter((number) => !had.has(number)),
    gone: before.filter((number) => !has.has(number)),
    moved: stayedBefore.some((number, place) => number !== stayedAfter[place]),
  };
}

/**
 * Whether a line of the list holds each word that was typed.
 *
 * @param {string} line
 * @param {string} words
 */
export function fits(line, words) {
  const text = line.toLocaleLowerCase();
  return words.toLocaleLowerCase().split(/\s+/).every((word) => text.includes(word));
}
