// Says so when the page's own modules can't be loaded or don't run, which they can't say themselves.

addEventListener(
  "error",
  ({ target }) => {
    if (!(target instanceof HTMLScriptElement)) return;
    const file = target.getAttribute("src");
    const lost = `The page could not load ${file} or a file it needs. `;
    explain(`${lost}Check the connection, then try again.`);
  },
  true,
);

/** @param {ErrorEvent} event */
const stumbled = ({ message }) => explain(`The page does not run in this browser: ${message}.`);
addEventListener("error", stumbled);
// By then, all modules have run once.
addEventListener("DOMContentLoaded", () => removeEventListener("error", stumbled));

/** @param {string} words */
function explain(words) {
  if (document.readyState === "loading") {
    addEventListener("DOMContentLoaded", () => explain(words));
    return;
  }
  const [failure, message, retry] = ["failure", "failure-message", "retry"].map(
    (id) => /** @type {HTMLElement} */ (document.getElementById(id)),
  );
  document.documentElement.dataset.phase = "failed";
  message.textContent = words;
  retry.onclick = () => location.reload();
  failure.hidden = false;
}
