// What passes between the parts of the lessons.

import type { LessonNumbers, LessonSetting, Methods, Scene } from "../types";
import type { Symbols } from "./symbols.js";

/** What is chosen in a lesson; what is missing is as the lesson begins. */
export interface Chosen {
  word?: string;
  seed?: number;
  /** The network that was trained under Text, instead of a tiny one? */
  own?: boolean;
  /** Those that are shown of a network with many, counted from 0. */
  units?: number[];
  /** A question of a teacher's. */
  question?: string;
  /** The time step. */
  t?: number;
  /** One number of the hidden state, counted from 0, and what it is changed to. */
  unit?: number;
  value?: number;
  /** Of the right character. */
  probability?: number;
  /** Which time steps' shares are on. */
  on?: boolean[];
  /** How each faulty line is written. */
  lines?: Record<string, string>;
  /** The step of training. */
  step?: number;
  rate?: number;
  clip?: number;
  cell?: string;
  /** What the recurrent weights are multiplied by. */
  recurrence?: number;
  /** What the forget gate is held at. */
  forget?: number;
  clipped?: boolean;
}

/** How a value stands in an address. */
export interface Kind<Value> {
  /** Undefined if it is none. */
  read(text: string): Value | undefined;
  write(value: Value): string;
  /** In words. */
  allowed: string;
}

export type Kinds = { [Key in keyof Chosen]?: Kind<any> };

/** Asks Python. */
export type Ask = <Method extends keyof Methods>(
  method: Method,
  ...values: Methods[Method]["parameters"]
) => Promise<Methods[Method]["answer"]>;

/** What a lesson's own controls do. */
export interface Means {
  change(changes: Chosen): void;
  /** Limits and defaults that Python has told. */
  numbers(): LessonNumbers;
  /** Say what is wrong with what was typed; undefined if nothing is. */
  tell(problem: string | undefined): void;
}

/** What stands in a lesson beside what all have. */
export interface Parts<Answer> {
  /** What is touched. */
  controls: Node[];
  /** What is seen, above the values. */
  seen: Node[];
  show(answer: Answer, chosen: Chosen, symbols: Symbols): void;
  /** Lines of the source to mark, by their numbers. */
  marked?(answer: Answer): number[];
  /** Another lesson is shown instead. */
  leave?(): void;
}

/** One lesson: what can be chosen, what Python is asked, and what is shown of its answer. */
export interface Lesson<Answer extends { scene: Scene }> {
  kinds: Kinds;
  /** Has the tiny network no weights in it yet, so that no seed matters? */
  isUntrained?: boolean;
  ask(
    ask: Ask,
    setting: LessonSetting,
    chosen: Chosen,
    defaults: LessonNumbers["defaults"],
  ): Promise<Answer>;
  mount(means: Means): Parts<Answer>;
}
