// @ts-check
/**
 * Light or dark: the person's choice in a cookie, else the system's. A plain script, loaded before the first
 * paint, so that a dark room is not lit up first.
 */
(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");

  if (!root.dataset.bsTheme) {
    const follow = () => {
      root.dataset.bsTheme = system.matches ? "dark" : "light";
    };
    follow();
    system.addEventListener("change", follow);
  }

  addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target.closest("[data-theme-toggle]") : null;
    if (!target) return;
    event.preventDefault(); // the form behind the button is for browsers without modules
    const theme = root.dataset.bsTheme === "dark" ? "light" : "dark";
    root.dataset.bsTheme = theme;
    document.cookie = `pomost_theme=${theme}; path=/; max-age=31536000; samesite=lax`;
  });
})();
