/** Every event in every state of the page's run: it leads where it should, or changes nothing. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { next, phaseOf, STATES } from "../../web/run-machine.js";
import { permissions, Store } from "../../web/store.js";

const states = Object.keys(STATES);
const withPython = states.filter((state) => !["loading", "opening", "failed"].includes(state));
const all = (from, to) => Object.fromEntries(from.map((state) => [state, to]));

/** Where each event leads, from where it is allowed. */
const LEADS = {
  open: { loading: "opening" },
  start: { loading: "ready", opening: "ready" },
  fail: all(
    states.filter((state) => state !== "failed"),
    "failed",
  ),
  retry: { failed: "loading" },
  begin: { ready: "preparing", paused: "preparing" },
  begun: {
    preparing: "ready",
    beginning: "training",
    "training-renewing": "training",
    "pausing-renewing": "training",
    "paused-renewing": "training",
  },
  refuse: {
    preparing: "ready",
    beginning: "ready",
    "training-renewing": "training",
    "pausing-renewing": "pausing",
    "paused-renewing": "paused",
  },
  renew: {
    training: "training-renewing",
    pausing: "pausing-renewing",
    paused: "paused-renewing",
  },
  replace: {
    ready: "ready-replacing",
    training: "pausing-replacing",
    pausing: "pausing-replacing",
    paused: "paused-replacing",
  },
  adopt: { opening: "paused", "ready-replacing": "paused", "paused-replacing": "paused" },
  miss: { "ready-replacing": "ready", "paused-replacing": "paused" },
  train: {
    ready: "training",
    preparing: "beginning",
    pausing: "training",
    paused: "training",
    "pausing-renewing": "training-renewing",
    "paused-renewing": "training-renewing",
  },
  pause: {
    beginning: "preparing",
    training: "pausing",
    "training-renewing": "pausing-renewing",
  },
  halt: {
    pausing: "paused",
    "pausing-renewing": "paused-renewing",
    "pausing-replacing": "paused-replacing",
  },
  step: { ready: "paused", "ready-replacing": "paused-replacing" },
  leave: all(withPython, "ready"),
};

test("no event is left out here", () => {
  const known = new Set(states.flatMap((state) => Object.keys(STATES[state].on)));
  assert.deepEqual([...known].sort(), Object.keys(LEADS).sort());
});

for (const state of states) {
  describe(state, () => {
    for (const [event, from] of Object.entries(LEADS)) {
      const to = from[state];
      test(`${event}: ${to ?? "refused"}`, () => {
        assert.equal(next(state, event), to);

        const store = new Store();
        store.update({ runState: state });
        const before = store.state;
        let views = 0;
        store.subscribe(() => (views += 1));
        assert.equal(store.allows(event), to !== undefined);
        assert.equal(store.send(event, { failure: "changed" }), to !== undefined);
        if (to) assert.deepEqual(store.state, { ...before, runState: to, failure: "changed" });
        else assert.equal(store.state, before);
        assert.equal(views, to ? 2 : 1);
      });
    }
  });
}

test("every state can be reached", () => {
  const reached = new Set(["loading"]);
  for (const state of reached) for (const to of Object.values(STATES[state].on)) reached.add(to);
  assert.deepEqual([...reached].sort(), states.toSorted());
});

const PHASES = {
  loading: ["loading", "opening"],
  failed: ["failed"],
  ready: ["ready", "preparing", "ready-replacing"],
  training: [
    ...["beginning", "training", "pausing"],
    ...["training-renewing", "pausing-renewing", "pausing-replacing"],
  ],
  paused: ["paused", "paused-renewing", "paused-replacing"],
};
/** What the controls may do, with a run that has learned something. */
const ALWAYS = ["generate", "keep", "link", "load", "settings", "train"];
const ALLOWED = {
  loading: [],
  failed: [],
  ready: [...ALWAYS, "step"],
  training: [...ALWAYS, "reset", "save"],
  paused: [...ALWAYS, "reset", "save", "step"],
};

for (const [phase, members] of Object.entries(PHASES)) {
  for (const runState of members) {
    test(`${runState} is shown as ${phase}`, () => {
      assert.equal(phaseOf({ runState }), phase);
      const may = permissions({ runState, run: {}, progress: { step: 1 } });
      const allowed = Object.keys(may).filter((control) => may[control]);
      assert.deepEqual(allowed.sort(), ALLOWED[phase].toSorted());
    });
  }
}

test("every state is shown as something", () => {
  assert.deepEqual(Object.values(PHASES).flat().sort(), states.toSorted());
});
