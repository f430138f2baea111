// @ts-check
/**
 * What the parts need from the browser beyond HTML: a clause opens on hover and on keyboard focus as well as on
 * a click, a choice may send its form at once, and the first wrong field of a form gets the focus.
 *
 * A clause's own popover does the rest: Escape closes it, its chip is its anchor.
 */

const HOVER_MS = 120; // long enough not to open everything the pointer crosses

/** @type {number | undefined} */
let opening;
/** @type {number | undefined} */
let closing;

/**
 * The popover that belongs to a chip, or null if `node` is not on a chip.
 *
 * @param {EventTarget | null} node
 * @returns {{ chip: HTMLElement, sentence: HTMLElement } | null}
 */
export function clauseAt(node) {
  const chip = node instanceof Element ? node.closest(".clause[popovertarget]") : null;
  if (!(chip instanceof HTMLElement)) return null;
  const sentence = document.getElementById(chip.getAttribute("popovertarget") ?? "");
  return sentence ? { chip, sentence } : null;
}

/** @param {EventTarget | null} node */
function open(node) {
  const found = clauseAt(node);
  if (!found || found.sentence.matches(":popover-open")) return;
  found.sentence.showPopover({ source: found.chip });
}

/** @param {EventTarget | null} node */
function onSentence(node) {
  return node instanceof Element && node.closest(".clause-pop") !== null;
}

/**
 * Close the sentence of a chip, unless the pointer or the focus has gone into the sentence itself: its link is there.
 *
 * @param {EventTarget | null} from
 * @param {EventTarget | null} to
 */
function leave(from, to) {
  const sentence = clauseAt(from)?.sentence ?? (from instanceof Element ? from.closest(".clause-pop") : null);
  if (!(sentence instanceof HTMLElement) || (to instanceof Node && sentence.contains(to))) return;
  if (sentence.matches(":popover-open")) sentence.hidePopover();
}

if (matchMedia("(hover: hover)").matches) {
  document.addEventListener("pointerover", (event) => {
    const { target } = event;
    clearTimeout(opening);
    if (clauseAt(target) || onSentence(target)) clearTimeout(closing);
    if (clauseAt(target)) opening = setTimeout(() => open(target), HOVER_MS);
  });
  document.addEventListener("pointerout", (event) => {
    clearTimeout(opening);
    const { target } = event;
    if (!clauseAt(target) && !onSentence(target)) return;
    if (document.activeElement && clauseAt(document.activeElement)) return; // what a click has opened stays
    clearTimeout(closing);
    closing = setTimeout(() => leave(target, null), HOVER_MS); // the pointer crosses a gap on its way to the sentence
  });
}
document.addEventListener("focusin", (event) => {
  if (event.target instanceof Element && event.target.matches(":focus-visible")) open(event.target);
});
document.addEventListener("focusout", (event) => leave(event.target, event.relatedTarget));

document.addEventListener("change", (event) => {
  if (event.target instanceof HTMLInputElement && "submit" in event.target.dataset) event.target.form?.requestSubmit();
});

document.querySelector('[aria-invalid="true"]')?.scrollIntoView({ block: "center" });
const wrong = document.querySelector('[aria-invalid="true"]');
if (wrong instanceof HTMLElement) wrong.focus();
