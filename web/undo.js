/** Ctrl+Z as in any editor: what is undone was done in this box, to the text that was put there last. */

/**
 * Put a text into a box in place of what there was, and of what could be undone there.
 * @param {HTMLTextAreaElement | HTMLInputElement} box
 * @param {string} text
 */
export function putText(box, text) {
  const focused = document.activeElement === box;
  box.value = text;
  forgetEdits(box);
  if (focused) box.focus({ preventScroll: true });
}

/**
 * Chromium would undo old edits in a text that was put in their place, as far as that goes. It
 * forgets them when the box leaves the page, if only to come back at once.
 * @param {HTMLElement} box
 */
const forgetEdits = (box) => box.replaceWith(box);

// It also has one history for all boxes, and undoes the last edit of all, wherever it was. So a box
// undoes nothing of another, and a small one is done with once another is entered: else the last
// edit in it would bar the way to those in the text.
const TEXTS = "textarea:is(#text-box, #numbers-box)";

/** The small boxes edited since another one was entered. @type {Set<HTMLElement>} */
const edited = new Set();

/** @param {EventTarget | null} target @returns {target is HTMLElement} */
const isBox = (target) =>
  target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;

document.addEventListener("beforeinput", (event) => {
  const fromHistory = event.inputType.startsWith("history");
  if (fromHistory && event.target !== document.activeElement) event.preventDefault();
  else if (isBox(event.target) && !event.target.matches(TEXTS)) edited.add(event.target);
});

document.addEventListener("focusin", ({ target }) => {
  if (!isBox(target)) return;
  for (const box of edited) {
    if (box === target) continue;
    edited.delete(box);
    forgetEdits(box);
  }
});
