// @ts-check
/**
 * What happens next, beside the form of a new request: asked for anew when a choice changes. Another service or product
 * asks for other things, so its cards come with it; what was typed stays. A second click does not send a second request.
 */

const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-preview]"));
const part = /** @type {HTMLElement | null} */ (document.querySelector("[data-preview-part]"));

const CHOICES = ["service", "family", "severity", "product_version"];

/** Number of the newest question; an answer to an older one is not shown. */
let newest = 0;
let sent = false;

/**
 * The choices as an address; what was typed stays on the page.
 *
 * @param {HTMLFormElement} of
 * @returns {string}
 */
function choices(of) {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(of)) {
    if (typeof value === "string" && CHOICES.includes(name)) query.append(name, value);
  }
  return query.toString();
}

/**
 * @param {HTMLFormElement} of
 * @param {HTMLElement} into
 */
async function refresh(of, into) {
  const mine = ++newest;
  const answer = await fetch(`${of.dataset.preview}?${choices(of)}`);
  if (answer.ok && mine === newest) into.innerHTML = await answer.text();
}

/**
 * Replace the cards of the form by those that the choices ask for.
 *
 * @param {HTMLFormElement} of
 */
async function replaceCards(of) {
  const answer = await fetch(`${location.pathname}?${choices(of)}`);
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const old = /** @type {HTMLElement} */ (of.querySelector('[data-cards="second"]'));
  const found = fresh.querySelector('[data-cards="second"]');
  if (!old || !found) return;
  for (const field of old.querySelectorAll("input.form-control")) {
    const same = found.querySelector(`[name="${/** @type {HTMLInputElement} */ (field).name}"]`);
    same?.setAttribute("value", /** @type {HTMLInputElement} */ (field).value);
  }
  old.replaceWith(document.importNode(found, true));
  const families = /** @type {HTMLElement} */ (of.querySelector('[data-cards="first"]'));
  const asked = fresh.querySelector('[data-cards="first"]');
  // The card that was just clicked keeps the focus: replaced only when it asks for other products.
  if (families && asked && names(families) !== names(asked)) families.replaceWith(document.importNode(asked, true));
  const optional = of.querySelector("[data-optional]");
  if (optional instanceof HTMLElement) optional.hidden = !fresh.querySelector("[data-optional]:not([hidden])");
}

/**
 * @param {Element} cards
 * @returns {string}
 */
function names(cards) {
  return [...cards.querySelectorAll("input")].map((each) => each.value).join(" ");
}

if (form && part) {
  form.addEventListener("change", async (event) => {
    const changed = /** @type {HTMLInputElement} */ (event.target);
    if (!CHOICES.includes(changed.name)) return;
    if (changed.hasAttribute("data-changes-choices")) await replaceCards(form);
    await refresh(form, part);
  });
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
  });
  addEventListener("pageshow", () => {
    sent = false; // the page came back from the browser's memory
  });
}
