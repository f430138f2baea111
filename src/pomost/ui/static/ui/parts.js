// @ts-check
/**
 * What the parts need from the browser beyond HTML: a clause opens on hover and on keyboard focus as well as on
 * a click, a choice may send its form at once, and the first wrong field of a form gets the focus.
 *
 * A clause's own popover does the rest: Escape closes it, its chip is its anchor.
 */

const HOVER_MS = 120; // long enough not to open everything the pointer crosses

/** @type {number | undefined} */
let timer;

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
function close(node) {
  const found = clauseAt(node);
  if (found?.sentence.matches(":popover-open")) found.sentence.hidePopover();
}

if (matchMedia("(hover: hover)").matches) {
  document.addEventListener("pointerover", (event) => {
    const { target } = event;
    clearTimeout(timer);
    if (clauseAt(target)) timer = setTimeout(() => open(target), HOVER_MS);
  });
  document.addEventListener("pointerout", (event) => {
    clearTimeout(timer);
    const found = clauseAt(event.target);
    if (found && document.activeElement !== found.chip) close(event.target);
  });
}
document.addEventListener("focusin", (event) => {
  if (event.target instanceof Element && event.target.matches(":focus-visible")) open(event.target);
});
document.addEventListener("focusout", (event) => close(event.target));

document.addEventListener("change", (event) => {
  if (event.target instanceof HTMLInputElement && "submit" in event.target.dataset) event.target.form?.requestSubmit();
});

document.querySelector('[aria-invalid="true"]')?.scrollIntoView({ block: "center" });
const wrong = document.querySelector('[aria-invalid="true"]');
if (wrong instanceof HTMLElement) wrong.focus();
