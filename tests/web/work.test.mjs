/** Long work: reported, shown, stopped, superseded, and over with its run. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Work } from "../../web/work.js";
import { Desk, Engine, rest, status } from "./desk.mjs";

/** A page with a run, one kind of work, and what it has told. */
function open(after = 0) {
  const desk = new Desk();
  desk.engine = new Engine({});
  desk.store.update({ run: status("first") });
  const shown = [];
  const work = new Work(desk, "check", { show: (fraction) => shown.push(fraction), after });
  return { desk, work, shown };
}

/** Begin a job, and keep what comes of it. */
function begin({ work }, name = "flow") {
  const found = { reports: [], value: undefined };
  found.ended = work.begin(async ({ job }) => {
    found.value = await job(name, [1], (...report) => found.reports.push(report));
  });
  return found;
}

const slice = (fraction) => ({ fraction, done: fraction === 1, value: `${100 * fraction} %` });
const problemOf = ({ desk }) => desk.store.state.problems.check;

test("a job is done in slices, and shown until its end", async () => {
  const page = open();
  const found = begin(page);
  assert.deepEqual(await page.desk.engine.answer("start"), ["flow", 1]);
  const [name] = await page.desk.engine.answer("advance", slice(0.5));
  assert.equal(name, "flow");
  assert.deepEqual(page.shown, [0, 0.5]);
  await page.desk.engine.answer("advance", slice(1));
  assert.equal(await found.ended, true);
  assert.equal(found.value, "100 %");
  assert.deepEqual(found.reports, [
    ["50 %", 0.5],
    ["100 %", 1],
  ]);
  assert.deepEqual(page.shown, [0, 0.5, null]);
  assert.deepEqual(page.desk.engine.waiting, []);
});

test("what is done soon is not shown at all", async () => {
  const page = open(60_000);
  const found = begin(page);
  await page.desk.engine.answer("start");
  await page.desk.engine.answer("advance", slice(0.5));
  await page.desk.engine.answer("advance", slice(1));
  assert.equal(await found.ended, true);
  assert.deepEqual(page.shown, []);
});

test("a newer one takes the place of an older one", async () => {
  const page = open();
  const older = begin(page, "flow");
  await page.desk.engine.answer("start");
  const newer = begin(page, "check");
  await page.desk.engine.answer("advance", slice(1));
  assert.equal(await older.ended, false);
  assert.deepEqual(older.reports, []);
  await page.desk.engine.answer("start");
  await page.desk.engine.answer("advance", slice(1));
  assert.equal(await newer.ended, true);
  assert.deepEqual(page.shown, [0, 0, null]);
});

test("what is stopped reports no more, and asks for no more", async () => {
  const page = open();
  const found = begin(page);
  await page.desk.engine.answer("start");
  page.work.stop();
  assert.deepEqual(page.shown, [0, null]);
  await page.desk.engine.answer("advance", slice(0.5));
  assert.equal(await found.ended, false);
  assert.deepEqual([found.reports, page.desk.engine.waiting], [[], []]);
  assert.deepEqual(page.shown, [0, null]);
});

test("the end of its run is its end, and its faults are nobody's", async () => {
  for (const answer of ["answer", "refuse"]) {
    const page = open();
    const found = begin(page);
    await page.desk.engine.answer("start");
    page.desk.store.update({ run: status("second") });
    await page.desk.engine[answer]("advance", slice(0.5));
    assert.equal(await found.ended, false);
    assert.deepEqual([found.reports, page.shown], [[], [0, null]]);
    assert.equal(problemOf(page), undefined);
  }
});

test("a fault is told of, and ends it", async () => {
  const page = open();
  const found = begin(page);
  await page.desk.engine.answer("start");
  await page.desk.engine.refuse("advance", "no such unit");
  assert.equal(await found.ended, false);
  assert.equal(problemOf(page), "no such unit");
  assert.deepEqual(page.shown, [0, null]);
});

test("Python's end leaves it waiting, and in nobody's way", async () => {
  const page = open();
  begin(page);
  page.desk.engine = new Engine({});
  page.desk.store.update({ run: status("second") });
  const found = begin(page);
  await page.desk.engine.answer("start");
  await page.desk.engine.answer("advance", slice(1));
  assert.equal(await found.ended, true);
});

test("without a run there is nothing to do", async () => {
  const page = open();
  page.desk.store.update({ run: null });
  assert.equal(await begin(page).ended, false);
  await rest();
  assert.deepEqual([page.desk.engine.waiting, page.shown], [[], []]);
});
