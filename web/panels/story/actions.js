/** The samples drawn while a network learns, kept in order: the story of a run. */

/** @import { App } from "../../main.js" */
/** @import { Sample } from "../../types" */

import { download } from "../../files.js";
import { count, loss } from "../../format.js";
import { networkName } from "../../naming.js";

const MOST_SAMPLES = 40;

/**
 * The story with one more sample. Where it grows too long, the sample is left out that is missed
 * least: the one whose neighbours are closest, as a ratio of steps, for early a network changes fast.
 * @param {Sample[]} story
 * @param {Sample} sample
 */
export function withSample(story, sample) {
  const longer = [...story.filter(({ step }) => step < sample.step), sample];
  if (longer.length <= MOST_SAMPLES) return longer;
  const gaps = longer.slice(1, -1).map((_, i) => longer[i + 2].step / (longer[i].step || 1));
  return longer.toSpliced(gaps.indexOf(Math.min(...gaps)) + 1, 1);
}

/** @param {App} app */
export function storyActions(app) {
  const { store } = app;

  /** @param {boolean} open */
  const toggleStory = (open) => app.panels.toggle("story", open);

  function saveStory() {
    const { story, run, fields } = store.state;
    if (!run) return;
    const network = networkName(run.config, fields);
    const heading = `What a network wrote while it was learning (${network})`;
    const pages = story.map(({ step, loss: nats, text }) => {
      const head = `step ${count(step)}, loss ${loss(nats)} nats per character`;
      return `${head}\n${"-".repeat(head.length)}\n${text}\n`;
    });
    const bytes = new TextEncoder().encode([heading, ...pages].join("\n\n"));
    download(bytes, "rnn-playground-story.txt");
  }

  return { toggleStory, saveStory };
}
