/** Ctrl+Z as in any editor: what is undone was done in this box, to the text that was put there last. */

/**
 * Put a text into a box in place of what there was, and of what could be undone there.
 * @param {HTMLTextAreaElement | HTMLInputElement} box
 * @param {string} text
 */
export function putText(box, text) {
  const focused = document.activeElement === box;
  box.value = text;
  // Otherwise Chromium would undo, in this text, what was done to the one before. It forgets that
  // when the box leaves the page, if only to come back at once.
  box.replaceWith(box);
  if (focused) box.focus({ preventScroll: true });
}

// Chromium has one history for all boxes: a box with nothing to undo would undo in another.
document.addEventListener("beforeinput", (event) => {
  const fromHistory = event.inputType.startsWith("history");
  if (fromHistory && event.target !== document.activeElement) event.preventDefault();
});
