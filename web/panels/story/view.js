/** The story so far: what the network wrote at each stage of its learning. */

/** @import { Sample, View } from "../../types" */

import { element, make, setText } from "../../dom.js";
import { count, loss } from "../../format.js";

/**
 * @param {{ toggleStory(open: boolean): void, saveStory(): void }} actions
 * @returns {View}
 */
export function mountStory(actions) {
  const panel = element("story-panel", HTMLDetailsElement);
  const list = element("story", HTMLOListElement);
  const empty = element("story-empty", HTMLElement);
  const save = element("save-story", HTMLButtonElement);
  panel.ontoggle = () => actions.toggleStory(panel.open);
  save.onclick = actions.saveStory;
  /** @type {WeakMap<Sample, HTMLElement>} */
  const entries = new WeakMap();

  return ({ story, open }) => {
    save.disabled = story.length === 0;
    empty.hidden = story.length > 0;
    if (!open.has("story")) return;
    const items = story.map((sample) => {
      const item = entries.get(sample) ?? entry(sample);
      entries.set(sample, item);
      return item;
    });
    const old = Array.from(list.children).filter((item) => !items.some((each) => each === item));
    const fresh = items.filter((item) => !item.isConnected);
    if (!old.length && !fresh.length) return;
    const atEnd = list.scrollTop + list.clientHeight >= list.scrollHeight - 4;
    for (const item of old) item.remove();
    list.append(...fresh);
    if (atEnd) list.scrollTop = list.scrollHeight;
  };
}

/** @param {Sample} sample */
function entry({ step, loss: nats, text }) {
  const written = make("p", { className: "written", dir: "auto" });
  setText(written, text.replace(/^\n+/, ""));
  const head = make("p", {}, `step ${count(step)} `, make("small", {}, `loss ${loss(nats)}`));
  return make("li", {}, head, written);
}
