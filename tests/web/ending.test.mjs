/** Python ends, whatever the run is doing, and is started again. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { noRun } from "../../web/store.js";
import {
  Engine,
  load,
  nameOf,
  openReady,
  rest,
  stateOf,
  stepOf,
  trainTo,
  waitingOf,
  WAYS,
} from "./desk.mjs";

for (const [state, lead] of Object.entries(WAYS)) {
  test(`Python ends while ${state}, and is started again`, async () => {
    const page = openReady();
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
