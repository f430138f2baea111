// @ts-check
/** The time of day by the desk's clock and in the vendor's zone, whatever the browser's own clock says. */

/**
 * Return a clock that was right when the page was made and has run on since then.
 *
 * @param {{ desk_s: number, zone: string, atMs: number }} made the desk's time in seconds since 1970 when the page came,
 *   the vendor's IANA zone, and what `elapsedMs` showed then
 * @param {() => number} elapsedMs a clock that nobody sets, such as `performance.now`
 * @returns {() => string} the time of day as the desk writes it, "9:05"
 */
export function deskClock(made, elapsedMs) {
  const write = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: made.zone });
  return () => write.format(made.desk_s * 1000 + elapsedMs() - made.atMs).replace(/^0/, "");
}

/**
 * Return the clock that an element of the page carries in `data-now` and `data-zone`.
 *
 * @param {HTMLElement} carrier
 */
export function clockOf(carrier) {
  // The page was made about when it began to arrive: performance.now counts from the navigation.
  const { now = "0", zone = "UTC" } = carrier.dataset;
  return deskClock({ desk_s: Number(now), zone, atMs: 0 }, () => performance.now());
}
