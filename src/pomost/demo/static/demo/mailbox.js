// @ts-check
/** Reloads the list when a mail arrives, so that nobody has to press a key for it. */

const main = document.querySelector("main");
const shown = main?.dataset.count;
const news = new EventSource("/news");

news.addEventListener("message", (event) => {
  if (event.data !== shown) {
    news.close();
    location.reload();
  }
});
addEventListener("pagehide", () => news.close());
