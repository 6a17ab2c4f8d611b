// What passes between the page's parts. What Python answers stands in answers.d.ts.

import type {
  About,
  Baseline,
  CellExample,
  CellJudgement,
  CheckReport,
  Curve,
  Description,
  Effect as EffectOfSilence,
  Field,
  Flow,
  Forecast,
  Judged,
  Pairing,
  Prediction,
  Progress,
  RaceSoFar,
  Reading as ReadingOfUnits,
  Status,
  Stretch,
  Summary,
  UnderCurve as UnderCurveOfUnits,
  WritingFields,
  NumberField as WritingField,
} from "./answers";

export type * from "./answers";

import type { RunState } from "./run-machine.js";

/** Where on the page one is. */
export type Place = Status["task"];

/** Where Python is asked for something: at a place with a run, by a lesson, which has none, or at the
 * bench where cells are judged and raced. */
export type Desk = Place | "lessons" | "cells";

/** What is settled about a table that can be read in several ways, by the names of the questions. */
export type TableChoices = Readonly<Record<string, string | number | boolean>>;

/** What a box for a number has to know of it. */
export type NumberField = Pick<Field, "label" | "kind"> &
  Partial<Pick<Field, "default" | "minimum" | "maximum"> & Pick<WritingField, "optional">>;

export type Config = Status["config"];

/** A hidden unit: its layer and its place there, both counted from 0. */
export type HiddenUnit = [layer: number, unit: number];

/** What the units of a layer did while the network read a passage. */
export interface Reading extends Omit<ReadingOfUnits, "activations"> {
  /** A row of characters for each unit. */
  activations: Float32Array;
  layer: number;
  step: number;
}

/** What the units of a layer did while the network read the end of a series. */
export interface UnderCurve extends Omit<UnderCurveOfUnits, "activations"> {
  /** A row of values for each unit. */
  activations: Float32Array;
  layer: number;
}

/** What it changes when units are silenced: first with all units, then without these. */
export interface Effect extends EffectOfSilence {
  silenced: HiddenUnit[];
}

// What this browser keeps.

/** What stands in the page's boxes, but for the texts. */
export interface Boxes extends WritingBoxes {
  example: string;
  settings: Record<string, string>;
  touched: ReadonlySet<string>;
  choices: TableChoices;
  /** How many steps ahead to forecast, as it was typed. */
  horizon: string;
  /** The source of a cell, as it stands in its editor; null for the one to begin with. */
  cellSource: string | null;
  /** Does it come from a file or a link, and nobody here has agreed to run it? */
  cellIsForeign: boolean;
}

/** The boxes for numbers of the writing panel. */
export type WritingNumber = keyof WritingFields;

/** What a text is written with; the numbers as they were typed. */
export interface WritingBoxes extends Record<WritingNumber, string> {
  prompt: string;
  temperature: number;
  /** Stop at the end of a line? */
  oneLine: boolean;
  writesWith: "best" | "latest";
}

/** A text that somebody typed or opened, and that another has taken the place of since. */
export interface EarlierText {
  /** The newer, the higher. */
  readonly number: number;
  readonly text: string;
}

/** What a page has of texts. */
export interface Texts {
  /** What stands in the box. */
  text: string;
  /** What was last typed or opened, for whoever looks at an example and comes back. */
  ownText: string;
  /** The newest first. */
  earlierTexts: readonly EarlierText[];
}

/** A page that a tab works on, or did when it was closed; its texts have a place of their own. */
export interface ShelvedPage {
  id: string;
  /** Missing if it was saved when there was but one. */
  place?: Place;
  /** When, in milliseconds since 1970. */
  saved: number;
  boxes: Boxes;
}

/** The run of a page as it is on the shelf; its model has a place of its own. */
export interface ShelvedRun {
  id: string;
  saved: number;
  /** The name it is kept under. */
  name?: string;
  /** What to call it without one. */
  title: string;
  /** The run that was there before the present one. */
  previous?: boolean;
  /** What stood in the boxes when it began. */
  example: string;
  touched: ReadonlySet<string>;
  summary: Summary;
  /** What the page has brought forth from it. */
  extras: Partial<State>;
}

/** Where a run comes from that Python has loaded. */
export interface Origin {
  /** What stood in the boxes when it began. */
  example: string;
  touched: ReadonlySet<string>;
  /** What the shelf has of it, if it comes from there. */
  shelved?: ShelvedRun;
  /** Lets go of its page, if that was not this one. */
  release?: () => Promise<unknown>;
}

/** A run of the list. */
export interface ListedRun extends ShelvedRun {
  /** What to call it; no other has the same label. */
  label: string;
  current: boolean;
  /** Open in another tab. */
  elsewhere: boolean;
}

// The page's own state.

/** A text out of files, and how it was read. */
export interface ReadText {
  text: string;
  /** What all of it is in; "" if that isn't one encoding. */
  encoding: string;
  /** In words, with what was done that nobody asked for. */
  note: string;
}

/** Files that were opened, and how they were read. */
export interface Opened {
  files: File[];
  encoding: string;
  note: string;
}

/** What losses are counted in. */
export type Unit = "nats" | "bits";

/** What the page shows of the state of its run. */
export type Phase = "loading" | "ready" | "training" | "paused" | "failed";

/** What Python is started from. */
export interface Runtime {
  packages: string[];
  /** What Python will tell the page, too. */
  numbers: About["numbers"];
  /** By their paths on the site. */
  files: Record<string, RuntimeFile>;
  /** The same of what only cells need that somebody writes. */
  cells: Record<string, RuntimeFile>;
}

export interface RuntimeFile {
  bytes: number;
  /** In hexadecimal digits. */
  sha256: string;
}

export interface Boot {
  stage: string;
  /** Bytes that have arrived, and bytes there are. */
  loaded: number;
  total: number;
  /** Known once the list of files is read. */
  numbers?: About["numbers"];
}

/** What the browser tells of the machine. */
export interface Machine {
  cores: number;
  /** GB, roughly; not every browser tells. */
  memory: number | undefined;
  phone: boolean;
}

/** A run, its text, and what stood in the boxes when it began. */
export interface Run extends Status {
  text: string;
  choices: TableChoices;
  example: string;
  touched: ReadonlySet<string>;
}

export interface Sample {
  text: string;
  step: number;
  loss?: number;
  /** The units that were silenced while it was written. */
  silenced: HiddenUnit[];
}

export interface Writing {
  /** What the network read before the prompt, if that was empty. */
  opening: string;
  prompt: string;
  text: string;
  /** Those of the prompt, then those of the text. */
  characters: Prediction[];
  /** How many characters the prompt has: code points, as Python counts them. */
  begins: number;
  /** How many were to be written. */
  asked: number;
  /** The step the network was at when it began to write. */
  step: number;
  /** Is it the best network so far, and not the latest? */
  best: boolean;
  silenced: HiddenUnit[];
  active: boolean;
  /** How far the search for what stands in the training text is, and at its end what it found. */
  memory: { fraction: number; stretch?: Stretch } | null;
}

/** The panel that looks inside the hidden state. */
export interface Inside {
  /** The passage that is read. */
  source: "held-out" | "cursor" | "sample" | "written";
  layer: number;
  /** What is shown of each unit; "" before the cell has told what it has. */
  name: string;
  /** The chosen one; null for the most selective. */
  unit: number | null;
  reading: Reading | null;
  /** The units of the reading's layer, the most selective first. */
  units: Pairing[];
  silenced: HiddenUnit[];
  effect: Effect | null;
  /** How much of what takes long is done, 0 to 1. */
  working: number | null;
}

/** Gradients being checked, or checked. */
export interface Check {
  of: "network" | "tutorial";
  /** One for each loss, by its name. */
  reports: Record<string, CheckReport>;
  /** How much is done, 0 to 1. */
  fraction: number;
  active: boolean;
}

/** What a link carries; those of earlier releases have less of what a text is written with. */
export interface Carried extends Partial<WritingBoxes> {
  /** Missing if it is that of texts. */
  place?: Place;
  /** How a table is read, and how far ahead it is to be forecast. */
  choices?: TableChoices;
  horizon?: string;
  /** Missing if it is that of the example. */
  text?: string;
  example: string;
  settings: Record<string, string>;
  prompt: string;
  temperature: number;
  length: string;
}

export interface State extends Texts, WritingBoxes {
  /** Where on the page one is. */
  place: Place;
  /** What is going on with the run, and with Python. */
  runState: RunState;
  /** Is a new release of the page ready to be taken up, or has another tab done that? */
  release: "ready" | "here" | null;
  boot: Boot;
  failure: string | null;
  about: About | null;

  /** The key of an example, or "own". */
  example: string;
  /** The files that the text is read from, while it is as they have it. */
  opened: Opened | null;
  /** What a person has settled about the table. */
  choices: TableChoices;
  /** How many steps ahead to forecast, as it was typed. */
  horizon: string;
  /** Python's description of the text, once it has one. */
  description: Description | null;
  /** What that is a description of. */
  described: { text: string; choices: TableChoices } | null;

  /** What stands in the editor of cells, and whether somebody else wrote it. */
  cellSource: string | null;
  cellIsForeign: boolean;
  /** Cells to begin with, once they are known. */
  cellExamples: CellExample[];
  /** What is known of the cell in the editor, and of which source. */
  judgement: { source: string; result: CellJudgement } | null;
  /** What is going on at the bench where cells are judged and raced. */
  atBench: "starting" | "checking" | "racing" | null;
  race: RaceSoFar | null;
  /** Of which source the race is, or was. */
  racedSource: string;
  /** How many steps a race has, as it was typed. */
  raceSteps: string;
  /** The cells that the own one is raced against. */
  raceAgainst: ReadonlySet<string>;
  /** Has Python not answered for long, while a cell is trained that somebody wrote? */
  isSilent: boolean;

  fields: Field[];
  /** What stands in each field's box, as it was typed. */
  settings: Record<string, string>;
  /** The fields a person has set; the others follow the text. */
  touched: ReadonlySet<string>;

  run: Run | null;
  progress: Progress | null;
  curve: Curve | null;
  /** What counting n-grams reaches on the held-out part, as far as it is known. */
  ngrams: Baseline[];
  sample: Sample | null;
  /** The samples so far, in order. */
  story: Sample[];

  writing: Writing | null;

  /** Where the cursor stood when it left the text, in UTF-16 units. */
  cursor: number;
  inside: Inside;

  /** What the loss curve is drawn in. */
  unit: Unit;
  /** What the recurrent weights are multiplied by when the gradient is followed. */
  recurrence: number;
  /** Is the gradient shown after clipping? */
  clipped: boolean;
  flow: Flow | null;
  /** How much of following the gradient is done, 0 to 1, while it is done. */
  flowing: number | null;
  check: Check | null;

  /** What the run's own network forecasts. */
  forecast: Forecast | null;
  /** How well the series can be forecast, as far as that is known. */
  judged: Judged | null;
  /** How much of the judging is done, 0 to 1, while it is done. */
  judging: number | null;
  underCurve: UnderCurve | null;
  /** What is looked at under the curve: a layer, and what of each unit; "" before that is known. */
  underLayer: number;
  underName: string;

  /** The name the run is kept under. */
  name: string | null;
  /** The last step of the run that is on the shelf. */
  savedStep: number | null;
  /** Why the page can't be saved. */
  unsaved: string | null;
  /** The runs on the shelf, once somebody has asked for them. */
  shelf: ListedRun[] | null;
  /** The runs whose curves are compared. */
  compared: ReadonlySet<string>;

  /** The link that was made last. */
  link: string;

  /** The panels that are open. */
  open: ReadonlySet<string>;

  /** What is wrong, by the place it is shown at. */
  problems: Record<string, string>;
}

export interface Example {
  key: string;
  label: string;
  /** Where it is; missing if Python makes it. */
  file?: string;
  /** What to look for while it trains. */
  watch: string;
  /** Of a series: where it comes from. */
  source?: string;
  /** Of a series: how many values a season has, 1 for none; and how many steps ahead to forecast. */
  season?: number;
  horizon?: number;
}

/** A question to be answered with yes or no. */
export interface Question {
  question: string;
  words: string;
  no: string;
  yes: string;
  /** A program that the question is about. */
  source?: string;
}

/** What the page may ask for. */
export interface Permissions {
  train: boolean;
  step: boolean;
  reset: boolean;
  generate: boolean;
  save: boolean;
  load: boolean;
  keep: boolean;
  settings: boolean;
  link: boolean;
}

export type View = (state: State) => void;
