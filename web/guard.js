// Says so when the page's own modules can't be loaded, which they can't say themselves.

addEventListener(
  "error",
  ({ target }) => {
    if (!(target instanceof HTMLScriptElement)) return;
    const say = () => explain(target.getAttribute("src"));
    if (document.readyState === "loading") addEventListener("DOMContentLoaded", say);
    else say();
  },
  true,
);

/** @param {string | null} file */
function explain(file) {
  const [failure, message, retry] = ["failure", "failure-message", "retry"].map(
    (id) => /** @type {HTMLElement} */ (document.getElementById(id)),
  );
  document.documentElement.dataset.phase = "failed";
  message.textContent =
    `The page could not load ${file} or a file it needs. ` +
    "Check the connection, then try again.";
  retry.onclick = () => location.reload();
  failure.hidden = false;
}
