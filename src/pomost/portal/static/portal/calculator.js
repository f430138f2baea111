// @ts-check
/**
 * The calculator on the terms page: its answer is asked for anew when a choice changes. Without a script the form is sent
 * and the whole page comes back, so nothing here decides anything.
 */

const TYPING_MS = 300; // so long after the last key a number or a moment counts as written

const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-calculator]"));
const into = /** @type {HTMLElement | null} */ (document.querySelector("[data-answer]"));

/** Number of the newest question; an answer to an older one is not shown. */
let newest = 0;
/** @type {number | undefined} */
let typing;

/**
 * The choices as an address.
 *
 * @param {HTMLFormElement} of
 * @returns {string}
 */
function choices(of) {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(of)) if (typeof value === "string") query.append(name, value);
  return query.toString();
}

/**
 * @param {HTMLFormElement} of
 * @param {HTMLElement} place
 */
async function refresh(of, place) {
  const mine = ++newest;
  const answer = await fetch(`${of.dataset.calculator}?${choices(of)}`);
  if (answer.ok && mine === newest) place.innerHTML = await answer.text();
}

/**
 * Another service is for other products: take the choice of them from the page as it would be.
 *
 * @param {HTMLFormElement} of
 */
async function replaceProducts(of) {
  const answer = await fetch(`${location.pathname}?${choices(of)}`);
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-families]");
  const old = of.querySelector("[data-families]");
  if (fresh && old) old.replaceWith(document.importNode(fresh, true));
}

if (form && into) {
  form.addEventListener("change", async (event) => {
    const changed = /** @type {HTMLElement} */ (event.target);
    if (changed.hasAttribute("data-changes-choices")) await replaceProducts(form);
    await refresh(form, into);
  });
  form.addEventListener("input", (event) => {
    if (!(event.target instanceof HTMLInputElement) || event.target.type === "checkbox") return;
    clearTimeout(typing);
    typing = setTimeout(() => refresh(form, into), TYPING_MS);
  });
}
