/** What the page does with its run when two things happen at once. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { nameOf, openReady, rest, stateOf, status, stepOf, trainTo, waitingOf } from "./desk.mjs";

test("a run is begun, trained in slices, paused and resumed", async () => {
  const page = openReady();
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
  const page = openReady();
  await trainTo(page);
  page.runs.train();
  page.runs.train();
  assert.equal(stateOf(page), "training");
  assert.deepEqual(waitingOf(page), ["train"]);
  await page.desk.engine.answer("train", { step: 2 });
  assert.deepEqual(waitingOf(page), ["train"]);
});

test("a run that cannot be begun leaves the page ready", async () => {
  const page = openReady();
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
  const page = openReady();
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
  const page = openReady();
  page.runs.train();
  await rest();
  page.runs.leave();
  assert.equal(stateOf(page), "ready");
  await page.desk.engine.answer("begin", status("first"));
  assert.deepEqual([stateOf(page), nameOf(page), ...waitingOf(page)], ["ready", undefined]);
});

test("Reset before Python was even asked: nothing is begun", async () => {
  const page = openReady();
  page.runs.train();
  page.runs.leave();
  await rest();
  assert.deepEqual(waitingOf(page), []);
});

test("what fails after a Reset is no fault", async () => {
  const page = openReady();
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
  const page = openReady();
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
  const page = openReady();
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
  const page = openReady();
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
  const page = openReady();
  const there = page.runs.ensureRun();
  page.runs.train();
  await rest();
  assert.deepEqual([stateOf(page), ...waitingOf(page)], ["beginning", "begin"]);
  await page.desk.engine.answer("begin", status("first"));
  assert.equal(await there, true);
  assert.deepEqual([stateOf(page), ...waitingOf(page)], ["training", "train"]);
});

test("Step begins a run and pauses it", async () => {
  const page = openReady();
  page.runs.step();
  await rest();
  await page.desk.engine.answer("begin", status("first"));
  await page.desk.engine.answer("step", { step: 1 });
  assert.deepEqual([stateOf(page), stepOf(page)], ["paused", 1]);
});

test("a step of a run that was reset meanwhile pauses nothing", async () => {
  const page = openReady();
  page.runs.step();
  await rest();
  await page.desk.engine.answer("begin", status("first"));
  page.runs.drop();
  await page.desk.engine.answer("step", { step: 1 });
  assert.deepEqual([stateOf(page), stepOf(page)], ["ready", undefined]);
});

test("a rescue that pauses", async () => {
  const page = openReady();
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
  const page = openReady();
  await trainTo(page, 9);
  const rescue = { message: "went wrong", pause: false };
  await page.desk.engine.answer("train", { step: 5, learning_rate: 0.5, rescue });
  assert.deepEqual([stateOf(page), stepOf(page), ...waitingOf(page)], ["training", 5, "train"]);
});

test("a slice that fails is told of, and pauses", async () => {
  const page = openReady();
  await trainTo(page);
  await page.desk.engine.refuse("train", "no memory");
  assert.equal(stateOf(page), "paused");
  assert.deepEqual(page.desk.blamed, ["no memory"]);
});
