/** Small things every view does with elements. */

import { capitalized, ended } from "./format.js";

/**
 * The element of index.html with this id.
 * @template {Element} T
 * @param {string} id
 * @param {new () => T} kind
 * @returns {T}
 */
export function element(id, kind) {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`index.html has no ${kind.name} with the id ${id}`);
}

/** Change an element's text only when it differs. @param {Element} target @param {string} text */
export function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

/**
 * Show what is wrong, or hide the message when nothing is.
 * @param {HTMLElement} alert
 * @param {string | undefined} message
 * @param {HTMLElement} [control] what the message is about
 */
export function showProblem(alert, message, control) {
  setText(alert, message ? sentence(message) : "");
  alert.hidden = !message;
  if (message) control?.setAttribute("aria-invalid", "true");
  else control?.removeAttribute("aria-invalid");
}

/** Python's messages begin and end in the middle of a line. @param {string} message */
const sentence = (message) => capitalized(ended(message));

/**
 * Have a combobox offer these values and labels, in place, for it may be open just now.
 * @param {HTMLSelectElement} select
 * @param {[string, string][]} choices
 * @param {string} [value]
 */
export function offer(select, choices, value) {
  while (select.length > choices.length) select.remove(select.length - 1);
  while (select.length < choices.length) select.add(new Option());
  choices.forEach(([each, label], i) => {
    const option = select.options[i];
    if (option.value !== each) option.value = each;
    if (option.text !== label) option.text = label;
  });
  if (value !== undefined && select.value !== value) select.value = value;
}

/**
 * Make an element.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, unknown>} [properties]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  Object.assign(made, properties).append(...children);
  return made;
}

/** A colour or face of the stylesheets, as it is now. @param {string} name */
export const token = (name) =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();
