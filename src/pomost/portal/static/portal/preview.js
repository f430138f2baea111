// @ts-check
/** The preview beside the form of a new request: asked for anew when a choice changes; a change of service brings its cards. */

const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-preview]"));
const part = /** @type {HTMLElement | null} */ (document.querySelector("[data-preview-part]"));

/** Number of the newest question; an answer to an older one is not shown. */
let newest = 0;

/**
 * The choices as an address; what was typed stays on the page.
 *
 * @param {HTMLFormElement} of
 * @returns {string}
 */
function choices(of) {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(of)) {
    if (typeof value === "string" && ["service", "family", "severity", "product_version"].includes(name)) query.append(name, value);
  }
  return query.toString();
}

/**
 * @param {HTMLFormElement} of
 * @param {HTMLElement} into
 */
async function refresh(of, into) {
  const mine = ++newest;
  const answer = await fetch(`${of.dataset.preview}?${choices(of)}`, { headers: { "X-Requested-With": "fetch" } });
  if (answer.ok && mine === newest) into.innerHTML = await answer.text();
}

/**
 * Another service asks for other things: its cards replace the old ones, what was typed stays.
 *
 * @param {HTMLFormElement} of
 */
async function replaceChoices(of) {
  const answer = await fetch(`${location.pathname}?${choices(of)}`);
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const old of of.querySelectorAll("[data-choices]")) {
    const found = fresh.querySelector(`[data-choices="${/** @type {HTMLElement} */ (old).dataset.choices}"]`);
    if (found) old.replaceWith(document.importNode(found, true));
  }
}

if (form && part) {
  form.addEventListener("change", async (event) => {
    const changed = /** @type {HTMLElement} */ (event.target);
    if (changed.hasAttribute("data-changes-choices")) await replaceChoices(form);
    await refresh(form, part);
  });
}
