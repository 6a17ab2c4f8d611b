/** Another run takes the place of the page's, whatever that is doing. */

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  load,
  nameOf,
  openReady,
  rest,
  stateOf,
  status,
  stepOf,
  trainTo,
  waitingOf,
  WAYS,
} from "./desk.mjs";

test("a model loaded while training: first the last slice, and its save", async () => {
  const page = openReady();
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
  const page = openReady();
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
  const page = openReady();
  await trainTo(page);
  const came = load(page, "damaged");
  await page.desk.engine.answer("train", { step: 2 });
  const refused = assert.rejects(came, { message: "damaged" });
  await page.desk.engine.refuse("load", "damaged");
  await refused;
  assert.deepEqual([stateOf(page), nameOf(page), stepOf(page)], ["paused", "first", 2]);
});

test("Train is no use while a model comes, nor afterwards", async () => {
  const page = openReady();
  const came = load(page, "damaged");
  page.runs.train();
  const refused = assert.rejects(came, { message: "damaged" });
  await page.desk.engine.refuse("load", "damaged");
  await refused;
  assert.deepEqual([stateOf(page), ...waitingOf(page)], ["ready"]);
});

for (const isBack of [false, true]) {
  test(`Reset while a model comes, the last slice ${isBack ? "" : "not "}being back`, async () => {
    const page = openReady();
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
  const page = openReady();
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
  const page = openReady();
  await WAYS.paused(page);
  const came = load(page, "other");
  const there = page.runs.ensureRun().then((isThere) => isThere && nameOf(page));
  await rest();
  await page.desk.engine.answer("load", status("other", 7));
  assert.deepEqual(await Promise.all([came, there]), [true, "other"]);
  assert.deepEqual(waitingOf(page), []);
});

test("starting over while training: the run goes on until the new one is there", async () => {
  const page = openReady();
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
  const page = openReady();
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
  const page = openReady();
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
  const page = openReady();
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
