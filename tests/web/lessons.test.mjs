/** The lessons' modules that need no page: addresses, what is kept of answers, and the latest question. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { inArray, scientific } from "../../web/format.js";
import {
  flag,
  flags,
  name,
  names,
  place,
  read,
  real,
  whole,
  write,
} from "../../web/lessons/address.js";
import { Latest } from "../../web/lessons/latest.js";
import { Notebook } from "../../web/lessons/notebook.js";
import { networkOf, settingOf, unitsIn } from "../../web/lessons/network.js";
import { rest } from "./desk.mjs";

const LESSONS = [
  { t: whole },
  {
    t: whole,
    unit: place,
    value: real,
    on: flags,
    clipped: flag,
    cell: name,
    lines: names,
  },
];

test("an address that was written is read again", () => {
  const chosen = {
    ...{
      word: "söß & +?#=",
      seed: 2 ** 32 - 1,
      own: true,
      units: [0, 5, 17],
      question: "Why\n– so?",
    },
    ...{ t: 3, unit: 1, value: -0.25, on: [true, false, true], clipped: false, cell: "lstm" },
    lines: { outputs: "both", slope: "h_next" },
  };
  const hash = write(1, chosen, LESSONS[1]);
  assert.match(hash, /^#lessons\/2\?[\x21-\x7e]+$/);
  assert.deepEqual(read(hash, LESSONS), { place: 1, chosen, wrong: [] });
});

test("units are counted from 1 where people see them", () => {
  const hash = write(1, { units: [0, 4], unit: 1 }, LESSONS[1]);
  assert.equal(hash, "#lessons/2?units=1%2C5&unit=2");
  assert.deepEqual(read("#lessons/2?units=1,5&unit=2", LESSONS).chosen, { units: [0, 4], unit: 1 });
  assert.deepEqual(unitsIn("1, 5"), [0, 4]);
  assert.deepEqual(unitsIn(" 3 2;17 "), [2, 1, 16]);
  assert.equal(unitsIn("  "), undefined); // those that are shown by themselves
  for (const typed of ["0", "-1", "1.5", "1-3", "one", ",", "1,", "1e1"]) {
    assert.equal(unitsIn(typed), null, typed);
  }
});

test("what nobody has chosen of a network is what Python chooses", () => {
  const defaults = { word: "hello", seed: 5 };
  const setting = { word: "hello", seed: 5, own: false, units: [] };
  assert.deepEqual(settingOf({ t: 3 }, defaults), setting);
  const own = { word: "noon", seed: 0, own: true, units: [2] };
  assert.deepEqual(settingOf({ ...own, t: 3 }, defaults), own);
  assert.deepEqual(networkOf({ ...own, t: 3 }), own);
  // What was taken out of the box for units is not in the address.
  assert.equal(write(0, { own: true, units: unitsIn("") }), "#lessons/1?own=1");
});

test("what isn't chosen is not in the address", () => {
  assert.equal(write(0), "#lessons/1");
  assert.equal(write(0, { word: undefined, t: 0 }, LESSONS[0]), "#lessons/1?t=0");
  assert.equal(write(0, { value: 1 }, LESSONS[0]), "#lessons/1");
});

test("a teacher's address may be written by hand", () => {
  const { chosen, wrong } = read("#lessons/2?word=banana&t=3&question=Why+at+t+%3D+1%3F", LESSONS);
  assert.deepEqual(chosen, { word: "banana", t: 3, question: "Why at t = 1?" });
  assert.deepEqual(wrong, []);
});

test("the list has an address, and so has what is no lesson", () => {
  for (const hash of ["#lessons", "#lessons/", "#lessons?t=1"]) {
    assert.deepEqual(read(hash, LESSONS), { place: null, chosen: {}, wrong: [] });
  }
  for (const hash of [
    "#lessons/0",
    "#lessons/3",
    "#lessons/-1",
    "#lessons/1.5",
    "#lessons/x?t=1",
    "#lessons/1/2",
  ]) {
    const { place, wrong } = read(hash, LESSONS);
    assert.equal(place, null);
    assert.match(wrong[0], /^there is no lesson “/);
  }
});

test("what is wrong is left out, and told", () => {
  const bad = {
    t: ["-1", "1.5", "x", "", "1e1", "Infinity", "NaN", "9".repeat(50)],
    value: ["abc", "", "Infinity", "0x1", "1,5", "1e999"],
    unit: ["0", "-1", "1.5", ""],
    on: ["2", "10a", "", "1".repeat(21)],
    clipped: ["yes", "", "2"],
    units: ["", "a", "0,1", "-1", "1;2", "1,", "1,".repeat(30) + "1"],
    own: ["true"],
    seed: ["-1", "1.5", "0x1"],
    lines: ["outputs", "a.b;c", ".", "a.b,,", "__proto__"],
    word: ["", "   ", "x".repeat(301)],
    question: ["x".repeat(301)],
    cell: ["", "a b", "x".repeat(31)],
  };
  for (const [key, values] of Object.entries(bad)) {
    for (const value of values) {
      const other = key === "t" ? { cell: "gru" } : { t: 2 };
      const hash = `#lessons/2?${new URLSearchParams({ [key]: value })}&${new URLSearchParams(other)}`;
      const { chosen, wrong } = read(hash, LESSONS);
      assert.equal(wrong.length, 1, hash);
      assert.ok(wrong[0].startsWith(`${key} is `), wrong[0]);
      assert.ok(wrong[0].length < 150);
      assert.deepEqual(chosen, key === "t" ? other : { t: 2 });
    }
  }
});

test("what a lesson doesn't have is left out, and told", () => {
  for (const key of ["value", "constructor", "__proto__", "toString", "<b>"]) {
    const { chosen, wrong } = read(`#lessons/1?${encodeURIComponent(key)}=1&t=2`, LESSONS);
    assert.deepEqual(chosen, { t: 2 });
    assert.deepEqual(wrong, [`this lesson has no “${key}”`]);
  }
});

test("an address that is no address breaks nothing", () => {
  for (const query of ["%", "%zz=%", "&&&", "=", "?t=1", "t=1?t=2", "\u0000=\u0000"]) {
    assert.equal(read(`#lessons/1?${query}`, LESSONS).place, 0);
  }
});

test("of what is asked meanwhile, only the latest is", async () => {
  const latest = new Latest();
  const done = [];
  let release = () => {};
  const first = latest.run(() => new Promise((resolve) => (release = resolve)));
  for (const each of [1, 2, 3]) latest.run(async () => void done.push(each));
  await rest();
  assert.deepEqual(done, []);
  release();
  await first;
  assert.deepEqual(done, [3]);
  await latest.run(async () => void done.push(4));
  assert.deepEqual(done, [3, 4]);
});

test("one that fails doesn't hold up the next", async () => {
  const latest = new Latest();
  await assert.rejects(latest.run(() => Promise.reject(new Error("no"))));
  let done = false;
  await latest.run(async () => void (done = true));
  assert.ok(done);
});

/** What a browser keeps. @param {string | null} kept */
function keep(kept) {
  const store = { kept };
  globalThis.localStorage = {
    getItem: () => store.kept,
    setItem: (_, value) => (store.kept = value),
  };
  return store;
}

const ASKED = [
  {
    name: "loss",
    title: "The loss",
    question: "How wrong?",
    answers: { a: "little", b: "much" },
    right: "b",
  },
  {
    name: "hidden",
    title: "The hidden state",
    question: "What?",
    answers: { a: "h", b: "x" },
    right: "a",
  },
];

test("answers are kept, and told in a text", () => {
  keep(null);
  const notebook = new Notebook();
  notebook.choose("loss", "a");
  notebook.choose("hidden", "a");
  notebook.write({ lesson: "hidden", question: "And you?", answer: "I remember." });
  const text = new Notebook().asText(ASKED);
  for (const line of [
    "1  The loss",
    "Question: How wrong?",
    "Answer: little (not right; it is: much)",
    "Answer: h (right)",
    "A teacher’s question: And you?",
    "Answer: I remember.",
  ]) {
    assert.ok(text.split("\n").includes(line), `${line} in ${text}`);
  }
  const again = new Notebook();
  assert.equal(again.answerTo("hidden", "And you?"), "I remember.");
  again.choose("loss", undefined);
  again.write({ lesson: "hidden", question: "And you?", answer: " " });
  assert.match(new Notebook().asText(ASKED), /Answer: none yet/);
  assert.deepEqual(new Notebook().written, []);
});

test("two tabs write into one notebook", () => {
  keep(null);
  const [one, other] = [new Notebook(), new Notebook()];
  one.choose("loss", "a");
  other.choose("hidden", "x");
  one.write({ lesson: "loss", question: "Why?", answer: "So." });
  other.write({ lesson: "hidden", question: "How?", answer: "Thus." });
  assert.deepEqual(new Notebook().chosen, { loss: "a", hidden: "x" });
  assert.equal(new Notebook().written.length, 2);
  assert.equal(one.answerTo("hidden", "How?"), ""); // it has not heard of it yet
  one.reread();
  assert.equal(one.answerTo("hidden", "How?"), "Thus.");
  other.choose("loss", undefined);
  one.reread();
  assert.deepEqual(one.chosen, { hidden: "x" });
});

test("what can't be kept any more isn't forgotten for what was", () => {
  const store = keep(null);
  const notebook = new Notebook();
  notebook.choose("loss", "a");
  const { setItem } = localStorage;
  localStorage.setItem = () => assert.fail("full");
  notebook.choose("hidden", "x");
  notebook.choose("loss", "b");
  assert.deepEqual(notebook.chosen, { hidden: "x", loss: "b" });
  assert.match(store.kept, /"a"/);
  localStorage.setItem = setItem;
  notebook.choose("hidden", "h");
  assert.deepEqual(new Notebook().chosen, { loss: "b", hidden: "h" });
});

test("what was kept and makes no sense is as good as nothing", () => {
  for (const kept of [
    "",
    "{",
    "null",
    "[]",
    "3",
    '{"chosen": 1, "written": {}}',
    '{"written": [1, null, {}]}',
  ]) {
    keep(kept);
    const notebook = new Notebook();
    assert.deepEqual(notebook.chosen, {}, kept);
    assert.deepEqual(notebook.written, [], kept);
  }
});

test("where nothing may be kept, answers last as long as the page", () => {
  globalThis.localStorage = {
    getItem: () => assert.fail("forbidden"),
    setItem: () => assert.fail("forbidden"),
  };
  const notebook = new Notebook();
  notebook.choose("loss", "b");
  assert.equal(notebook.chosen.loss, "b");
});

test("numbers beyond all numbers are told as such", () => {
  assert.equal(scientific(Infinity), "∞");
  assert.equal(scientific(-Infinity), "−∞");
  assert.equal(scientific(NaN), "no number");
  assert.deepEqual([Infinity, -Infinity, NaN].map((each) => inArray(each, true)), [
    "+∞",
    "−∞",
    "no number",
  ]);
});
