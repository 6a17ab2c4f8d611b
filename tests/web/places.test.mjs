/** Two places: what is at one stays there while the page is at the other, and when Python fails. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Store } from "../../web/store.js";
import { status } from "./desk.mjs";

/** A page that is ready at both places, and is where texts are. */
function openReady() {
  const store = new Store();
  store.send("start");
  store.turnTo("numbers");
  store.send("start");
  store.turnTo("text");
  return store;
}

/** Give the place where the page is a run that is paused. */
function begin(store, name) {
  store.send("train");
  store.update({ run: status(name), progress: { step: 1 } });
  store.send("begun");
  store.send("train");
  store.send("pause");
  store.send("halt");
}

test("each place has a run and boxes of its own", () => {
  const store = openReady();
  store.update({ text: "words" });
  begin(store, "of texts");
  store.turnTo("numbers");
  assert.equal(store.state.run, null);
  assert.equal(store.state.text, "");
  begin(store, "of numbers");
  store.turnTo("text");
  assert.equal(store.state.run.name, "of texts");
  assert.equal(store.state.text, "words");
  assert.equal(store.at("numbers").run.name, "of numbers");
});

test("what is told of Python is told everywhere", () => {
  const store = openReady();
  store.update({ about: { python: "3" }, unit: "bits" });
  store.turnTo("numbers");
  assert.deepEqual(store.state.about, { python: "3" });
  assert.equal(store.state.unit, "bits");
});

test("what is saved of a place that was left is noted there", () => {
  const store = openReady();
  begin(store, "of texts");
  store.turnTo("numbers");
  store.updateAt("text", { savedStep: 7 });
  assert.equal(store.state.savedStep, null);
  store.turnTo("text");
  assert.equal(store.state.savedStep, 7);
});

test("when Python fails, it fails everywhere, and starts again everywhere", () => {
  const store = openReady();
  begin(store, "of texts");
  store.turnTo("numbers");
  begin(store, "of numbers");
  store.send("fail", { run: null });
  store.loseOthers();
  store.turnTo("text");
  assert.equal(store.state.runState, "failed");
  assert.equal(store.state.run, null);
  store.send("retry");
  store.send("start");
  assert.equal(store.state.runState, "ready");
  store.turnTo("numbers");
  // Its run is to be taken from the shelf again.
  assert.equal(store.state.runState, "loading");
});

test("one can wait for a state", async () => {
  const store = openReady();
  let came = false;
  const waiting = store.until(({ place }) => place === "numbers").then(() => (came = true));
  store.update({ text: "x" });
  await Promise.resolve();
  assert.equal(came, false);
  store.turnTo("numbers");
  await waiting;
  assert.equal(came, true);
});
