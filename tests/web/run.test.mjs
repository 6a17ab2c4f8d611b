/** What the page does with a run when two things happen at once. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { runActions } from "../../web/actions/run.js";
import { noRun } from "../../web/store.js";
import { Desk, Engine, rest, status } from "./desk.mjs";

/** A page that is ready, and what is in its boxes. */
function open() {
  const desk = new Desk();
  const boxes = { description: {} };
  const texts = {
    describe: async () => boxes.description,
    fillUntouched() {},
    setText(text) {
      desk.store.update({ text });
    },
  };
  const runs = runActions(desk, texts);
  desk.store.send("start");
  return { desk, runs, boxes };
}

/** Begin a run and let it train. */
async function trainTo(page, step = 1) {
  page.runs.train();
  await rest();
  await page.desk.engine.answer("begin", status("first"));
  await page.desk.engine.answer("train", { step });
}

/** Have another run loaded: answers when Python has it, or has not. */
function load(page, name) {
  const origin = { example: "own", touched: new Set() };
  return page.runs.replace(async () => [await page.desk.engine.call("load", name), origin]);
}

const stateOf = ({ desk }) => desk.store.state.runState;
const nameOf = ({ desk }) => desk.store.state.run?.name;
const stepOf = ({ desk }) => desk.store.state.progress?.step;
const waitingOf = ({ desk }) => desk.engine.waiting;

test("a run is begun, trained in slices, paused and resumed", async () => {
  const page = open();
  page.runs.train();
  assert.equal(stateOf(page), "beginning");
  await rest();
  await page.desk.engine.answer("begin", status("first"));
  assert.equal(stateOf(page), "training");
  for (const step of [1, 2]) {
    assert.deepEqual(waitingOf(page), ["train"]);
    await page.desk.engine.answer("train", { step });
  }
  page.runs.train();
  assert.equal(stateOf(page), "pausing");
  await page.desk.engine.answer("train", { step: 3 });
  assert.deepEqual([stateOf(page), stepOf(page)], ["paused", 3]);
  assert.deepEqual(waitingOf(page), []);
  page.runs.train();
  assert.deepEqual([stateOf(page), ...waitingOf(page)], ["training", "train"]);
});

test("whoever resumes before the last slice is back asks for no second one", async () => {
  const page = open();
  await trainTo(page);
  page.runs.train();
  page.runs.train();
  assert.equal(stateOf(page), "training");
  assert.deepEqual(waitingOf(page), ["train"]);
  await page.desk.engine.answer("train", { step: 2 });
  assert.deepEqual(waitingOf(page), ["train"]);
});

test("a run that cannot be begun leaves the page ready", async () => {
  const page = open();
  page.boxes.description = { problem: "too short" };
  page.runs.train();
  await rest();
  assert.deepEqual([stateOf(page), ...waitingOf(page)], ["ready"]);

  page.boxes.description = {};
  page.runs.train();
  await rest();
  await page.desk.engine.refuse("begin", "no memory");
  assert.equal(stateOf(page), "ready");
  assert.deepEqual(page.desk.blamed, ["no memory"]);
});

test("a run that has only written stays when another cannot be begun", async () => {
  const page = open();
  const there = page.runs.ensureRun();
  await rest();
  await page.desk.engine.answer("begin", status("first"));
  assert.equal(await there, true);
  assert.equal(stateOf(page), "ready");

  page.desk.store.update({ text: "another" });
  page.boxes.description = { problem: "too short" };
  page.runs.train();
  await rest();
  assert.deepEqual([stateOf(page), nameOf(page), ...waitingOf(page)], ["ready", "first"]);
});

test("Reset while a run is being begun: it is nobody's", async () => {
  const page = open();
  page.runs.train();
  await rest();
  page.runs.leave();
  assert.equal(stateOf(page), "ready");
  await page.desk.engine.answer("begin", status("first"));
  assert.deepEqual([stateOf(page), nameOf(page), ...waitingOf(page)], ["ready", undefined]);
});

test("Reset before Python was even asked: nothing is begun", async () => {
  const page = open();
  page.runs.train();
  page.runs.leave();
  await rest();
  assert.deepEqual(waitingOf(page), []);
});

test("what fails after a Reset is no fault", async () => {
  const page = open();
  page.runs.train();
  await rest();
  page.runs.leave();
  await page.desk.engine.refuse("begin", "no memory");
  await trainTo(page);
  page.runs.leave();
  await page.desk.engine.refuse("train", "there is no run");
  assert.deepEqual(page.desk.blamed, []);
  assert.equal(stateOf(page), "ready");
});

test("Reset and Train while a run is being begun: the second one is trained", async () => {
  const page = open();
  page.runs.train();
  await rest();
  page.runs.leave();
  page.runs.train();
  await rest();
  await page.desk.engine.answer("begin", status("first"));
  assert.deepEqual([stateOf(page), nameOf(page)], ["beginning", undefined]);
  await page.desk.engine.answer("begin", status("second"));
  assert.deepEqual([stateOf(page), nameOf(page)], ["training", "second"]);
  assert.deepEqual(waitingOf(page), ["train"]);
});

test("Reset while training: what comes of the last slice is nobody's", async () => {
  const page = open();
  await trainTo(page);
  page.runs.leave();
  page.runs.train();
  await rest();
  await page.desk.engine.answer("train", { step: 2 });
  assert.equal(stepOf(page), undefined);
  await page.desk.engine.answer("begin", status("second"));
  assert.deepEqual([stateOf(page), nameOf(page), stepOf(page)], ["training", "second", 0]);
  assert.deepEqual(waitingOf(page), ["train"]);
});

test("Pause while a run is being begun: it is there, and stands still", async () => {
  const page = open();
  page.runs.train();
  await rest();
  page.runs.train();
  assert.equal(stateOf(page), "preparing");
  await page.desk.engine.answer("begin", status("first"));
  assert.deepEqual([stateOf(page), nameOf(page), ...waitingOf(page)], ["ready", "first"]);
  page.runs.train();
  assert.deepEqual([stateOf(page), ...waitingOf(page)], ["training", "train"]);
});

test("Train while a run is being begun for a text: it is begun once", async () => {
  const page = open();
  const there = page.runs.ensureRun();
  page.runs.train();
  await rest();
  assert.deepEqual([stateOf(page), ...waitingOf(page)], ["beginning", "begin"]);
  await page.desk.engine.answer("begin", status("first"));
  assert.equal(await there, true);
  assert.deepEqual([stateOf(page), ...waitingOf(page)], ["training", "train"]);
});

test("Step begins a run and pauses it", async () => {
  const page = open();
  page.runs.step();
  await rest();
  await page.desk.engine.answer("begin", status("first"));
  await page.desk.engine.answer("step", { step: 1 });
  assert.deepEqual([stateOf(page), stepOf(page)], ["paused", 1]);
});

test("a step of a run that was reset meanwhile pauses nothing", async () => {
  const page = open();
  page.runs.step();
  await rest();
  await page.desk.engine.answer("begin", status("first"));
  page.runs.drop();
  await page.desk.engine.answer("step", { step: 1 });
  assert.deepEqual([stateOf(page), stepOf(page)], ["ready", undefined]);
});

test("a rescue that pauses", async () => {
  const page = open();
  await trainTo(page, 9);
  const rescue = { message: "went wrong twice", pause: true };
  await page.desk.engine.answer("train", { step: 5, learning_rate: 0.5, rescue });
  const { problems, settings } = page.desk.store.state;
  assert.deepEqual([stateOf(page), stepOf(page)], ["paused", 5]);
  assert.equal(problems.rescue, "went wrong twice");
  assert.equal(settings.learning_rate, "0.5");
  assert.deepEqual(waitingOf(page), []);
});

test("a rescue after which it goes on", async () => {
  const page = open();
  await trainTo(page, 9);
  const rescue = { message: "went wrong", pause: false };
  await page.desk.engine.answer("train", { step: 5, learning_rate: 0.5, rescue });
  assert.deepEqual([stateOf(page), stepOf(page), ...waitingOf(page)], ["training", 5, "train"]);
});

test("a slice that fails is told of, and pauses", async () => {
  const page = open();
  await trainTo(page);
  await page.desk.engine.refuse("train", "no memory");
  assert.equal(stateOf(page), "paused");
  assert.deepEqual(page.desk.blamed, ["no memory"]);
});

test("a model loaded while training: first the last slice, and its save", async () => {
  const page = open();
  await trainTo(page);
  const came = load(page, "other");
  page.runs.train();
  await rest();
  assert.equal(stateOf(page), "pausing-replacing");
  assert.ok(!waitingOf(page).includes("load"));
  await page.desk.engine.answer("train", { step: 2 });
  assert.equal(stateOf(page), "paused-replacing");
  assert.equal(page.desk.saved.at(-1), "first");
  page.runs.train();
  page.runs.startOver();
  await rest();
  assert.equal(stateOf(page), "paused-replacing");
  await page.desk.engine.answer("load", status("other", 7));
  assert.equal(await came, true);
  assert.deepEqual([stateOf(page), nameOf(page), stepOf(page)], ["paused", "other", 7]);
  assert.deepEqual(waitingOf(page), []);
});

test("a model loaded while a run is being begun waits for it", async () => {
  const page = open();
  page.runs.train();
  const came = load(page, "other");
  await rest();
  assert.deepEqual(waitingOf(page), ["begin"]);
  await page.desk.engine.answer("begin", status("first"));
  assert.equal(stateOf(page), "pausing-replacing");
  await page.desk.engine.answer("train", { step: 1 });
  await page.desk.engine.answer("load", status("other"));
  assert.equal(await came, true);
  assert.deepEqual([stateOf(page), nameOf(page)], ["paused", "other"]);
});

test("a model that cannot be loaded leaves the run paused", async () => {
  const page = open();
  await trainTo(page);
  const came = load(page, "damaged");
  await page.desk.engine.answer("train", { step: 2 });
  const refused = assert.rejects(came, { message: "damaged" });
  await page.desk.engine.refuse("load", "damaged");
  await refused;
  assert.deepEqual([stateOf(page), nameOf(page), stepOf(page)], ["paused", "first", 2]);
});

test("Train is no use while a model comes, nor afterwards", async () => {
  const page = open();
  const came = load(page, "damaged");
  page.runs.train();
  const refused = assert.rejects(came, { message: "damaged" });
  await page.desk.engine.refuse("load", "damaged");
  await refused;
  assert.deepEqual([stateOf(page), ...waitingOf(page)], ["ready"]);
});

for (const isBack of [false, true]) {
  test(`Reset while a model comes, the last slice ${isBack ? "" : "not "}being back`, async () => {
    const page = open();
    await trainTo(page);
    const came = load(page, "other");
    await rest();
    if (isBack) await page.desk.engine.answer("train", { step: 2 });
    page.runs.leave();
    if (isBack) await page.desk.engine.answer("load", status("other"));
    else await page.desk.engine.answer("train", { step: 2 });
    assert.equal(await came, false);
    assert.deepEqual([stateOf(page), nameOf(page)], ["ready", undefined]);
    assert.deepEqual(waitingOf(page), []);
  });
}

test("two models in a row: one after another, and the last stays", async () => {
  const page = open();
  const came = [load(page, "one"), load(page, "two")];
  await rest();
  assert.deepEqual(waitingOf(page), ["load"]);
  assert.deepEqual(await page.desk.engine.answer("load", status("one")), ["one"]);
  assert.equal(nameOf(page), "one");
  assert.deepEqual(await page.desk.engine.answer("load", status("two")), ["two"]);
  assert.deepEqual(await Promise.all(came), [true, true]);
  assert.deepEqual([stateOf(page), nameOf(page)], ["paused", "two"]);
});

test("whoever needs a run while another comes gets that one", async () => {
  const page = open();
  await WAYS.paused(page);
  const came = load(page, "other");
  const there = page.runs.ensureRun().then((isThere) => isThere && nameOf(page));
  await rest();
  await page.desk.engine.answer("load", status("other", 7));
  assert.deepEqual(await Promise.all([came, there]), [true, "other"]);
  assert.deepEqual(waitingOf(page), []);
});

test("starting over while training: the run goes on until the new one is there", async () => {
  const page = open();
  await trainTo(page);
  page.runs.startOver();
  await rest();
  assert.equal(stateOf(page), "training-renewing");
  await page.desk.engine.answer("train", { step: 2 });
  assert.equal(stepOf(page), 2);
  assert.equal(page.desk.saved.at(-1), "first");
  await page.desk.engine.answer("begin", status("second"));
  assert.deepEqual([stateOf(page), nameOf(page), stepOf(page)], ["training", "second", 0]);
  // The first one's last slice is no news of the second one.
  await page.desk.engine.answer("train", { step: 3 });
  assert.deepEqual([stepOf(page), ...waitingOf(page)], [0, "train"]);
});

test("Pause right after starting over: only the new run's own slice halts it", async () => {
  const page = open();
  await trainTo(page);
  page.runs.startOver();
  await rest();
  await page.desk.engine.answer("begin", status("second"));
  page.runs.train();
  await page.desk.engine.answer("train", { step: 2 });
  assert.deepEqual([stateOf(page), stepOf(page)], ["pausing", 0]);
  await page.desk.engine.answer("train", { step: 1 });
  assert.deepEqual([stateOf(page), stepOf(page), ...waitingOf(page)], ["paused", 1]);
});

test("starting over in vain leaves the run as it was", async () => {
  const page = open();
  await trainTo(page);
  page.boxes.description = { problem: "too short" };
  page.runs.startOver();
  await rest();
  assert.deepEqual([stateOf(page), nameOf(page)], ["training", "first"]);
  page.runs.train();
  await page.desk.engine.answer("train", { step: 2 });
  page.runs.goOn();
  await rest();
  assert.deepEqual([stateOf(page), nameOf(page)], ["paused", "first"]);
});

test("starting over twice begins one run", async () => {
  const page = open();
  await trainTo(page);
  page.runs.train();
  await page.desk.engine.answer("train", { step: 2 });
  page.runs.startOver();
  page.runs.goOn();
  await rest();
  assert.equal(stateOf(page), "paused-renewing");
  assert.deepEqual(waitingOf(page), ["begin"]);
  await page.desk.engine.answer("begin", status("second"));
  assert.deepEqual([stateOf(page), nameOf(page)], ["training", "second"]);
});

/** How the page gets into each state that it can be in when Python is there. */
const WAYS = {
  ready: async () => {},
  preparing: async (page) => void page.runs.ensureRun(),
  beginning: async (page) => page.runs.train(),
  training: trainTo,
  pausing: async (page) => {
    await trainTo(page);
    page.runs.train();
  },
  paused: async (page) => {
    await WAYS.pausing(page);
    await page.desk.engine.answer("train", { step: 2 });
  },
  "ready-replacing": async (page) => void load(page, "other"),
  "pausing-replacing": async (page) => {
    await trainTo(page);
    load(page, "other");
  },
  "paused-replacing": async (page) => {
    await WAYS.paused(page);
    load(page, "other");
  },
  ...Object.fromEntries(
    ["training", "pausing", "paused"].map((state) => [
      `${state}-renewing`,
      async (page) => {
        await WAYS[state](page);
        page.runs.startOver();
      },
    ]),
  ),
};

for (const [state, lead] of Object.entries(WAYS)) {
  test(`Python ends while ${state}, and is started again`, async () => {
    const page = open();
    await lead(page);
    await rest();
    assert.equal(stateOf(page), state);
    page.desk.store.send("fail", noRun);
    page.desk.engine = new Engine();
    await rest();
    assert.equal(stateOf(page), "failed");
    page.runs.train();
    await page.runs.step();
    await load(page, "other");
    page.runs.drop();
    assert.deepEqual([stateOf(page), ...page.desk.engine.asked], ["failed"]);

    page.desk.store.send("retry");
    page.desk.store.send("start");
    await trainTo(page);
    assert.deepEqual([stateOf(page), nameOf(page), stepOf(page)], ["training", "first", 1]);
    assert.deepEqual(waitingOf(page), ["train"]);
  });
}
