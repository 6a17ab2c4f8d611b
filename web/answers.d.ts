// Made from rnn_pkg/page by `python3 build.py types`: not to be edited by hand.

export interface Contract {
  Methods: Methods;
  Jobs: Jobs;
}
export interface Methods {
  /**
   * Return what runs here, and numbers that the page needs too.
   */
  about: {
    parameters: [];
    answer: About;
  };
  /**
   * Tell at which place a model file belongs, by its header alone.
   */
  task_in: {
    /**
     * @minItems 1
     * @maxItems 1
     */
    parameters: [Uint8Array<ArrayBuffer>];
    answer: "text" | "numbers";
  };
  /**
   * Return the source of the cell that a model file carries, which is not run; None if its cell is one of the package's.
   */
  cell_source: {
    /**
     * @minItems 1
     * @maxItems 1
     */
    parameters: [Uint8Array<ArrayBuffer>];
    answer: string | undefined;
  };
  /**
   * Return the hash by which one knows the source of a cell again, which is not run.
   */
  source_hash: {
    /**
     * @minItems 1
     * @maxItems 1
     */
    parameters: [string];
    answer: string;
  };
  /**
   * Return every hyperparameter of this place's runs, with its label, meaning, default and range.
   */
  fields: {
    parameters: [];
    answer: Field[];
  };
  /**
   * Start a run of zero steps, in place of any other. Missing settings suit what is learned.
   */
  begin: {
    /**
     * @minItems 2
     * @maxItems 3
     */
    parameters:
      | [
          number,
          {
            [k: string]: string | number;
          }
        ]
      | [
          number,
          {
            [k: string]: string | number;
          },
          boolean
        ];
    answer: Status | undefined;
  };
  /**
   * Return what there is to know of the run, or None without one.
   */
  status: {
    parameters: [];
    answer: Status | undefined;
  };
  /**
   * Change the learning rate from the next step on.
   */
  set_learning_rate: {
    /**
     * @minItems 1
     * @maxItems 1
     */
    parameters: [number];
    answer: LearningRate;
  };
  /**
   * Return the loss curve so far, in at most some 600 points.
   */
  curve: {
    parameters: [];
    answer: Curve;
  };
  /**
   * Return what a list of runs shows of this one: its settings, progress and curve.
   */
  summary: {
    parameters: [];
    answer: Summary;
  };
  /**
   * Return the run as the bytes of a model file.
   */
  save: {
    parameters: [];
    answer: Uint8Array<ArrayBuffer>;
  };
  /**
   * Take up the run of a model file, in place of any other, unless the file is bad, belongs to another place, or the page can't hold its run. What it learns takes the place of what was described.
   */
  load: {
    /**
     * @minItems 1
     * @maxItems 2
     */
    parameters: [Uint8Array<ArrayBuffer>] | [Uint8Array<ArrayBuffer>, string[]];
    answer: Loaded;
  };
  /**
   * Return what a model file's run learns, and with which settings, without its network: the source of a cell that the file carries is not run.
   */
  set_up: {
    /**
     * @minItems 1
     * @maxItems 1
     */
    parameters: [Uint8Array<ArrayBuffer>];
    answer: SetUp;
  };
  /**
   * Drop the run.
   */
  discard: {
    parameters: [];
    answer: undefined;
  };
  /**
   * Return a text's size, and what suits it or why it can't be trained on.
   */
  describe: {
    /**
     * @minItems 1
     * @maxItems 2
     */
    parameters: [string] | [string, number | undefined];
    answer: Description;
  };
  /**
   * Write a whole text at once with the latest network, to show how the run gets on.
   */
  sample: {
    /**
     * @minItems 1
     * @maxItems 1
     */
    parameters: [number];
    answer: string;
  };
  /**
   * Begin to write a continuation, in place of any other; `write` goes on with it.
   */
  start_writing: {
    /**
     * @minItems 2
     * @maxItems 6
     */
    parameters:
      | [string, number]
      | [string, number, number]
      | [string, number, number, number]
      | [string, number, number, number, number | undefined]
      | [string, number, number, number, number | undefined, boolean];
    answer: WritingBegun;
  };
  /**
   * Begin to write on, in place of any other text, where this one ends.
   */
  continue_writing: {
    /**
     * @minItems 2
     * @maxItems 6
     */
    parameters:
      | [string, number]
      | [string, number, number]
      | [string, number, number, number]
      | [string, number, number, number, number | undefined]
      | [string, number, number, number, number | undefined, boolean];
    answer: undefined;
  };
  /**
   * Write on until the budget is spent.
   */
  write: {
    /**
     * @minItems 2
     * @maxItems 2
     */
    parameters: [number, number];
    answer: Written;
  };
  /**
   * Leave the rest unwritten.
   */
  stop_writing: {
    parameters: [];
    answer: undefined;
  };
  /**
   * Return what a text was understood to be as a table of numbers, and what suits its series or why it can't be trained on.
   */
  describe_table: {
    /**
     * @minItems 2
     * @maxItems 3
     */
    parameters:
      | [
          string,
          {
            [k: string]: string | number | boolean;
          }
        ]
      | [
          string,
          {
            [k: string]: string | number | boolean;
          },
          number | undefined
        ];
    answer: Description;
  };
  /**
   * Return an example that is made by an equation, as a column of numbers.
   */
  made_series: {
    /**
     * @minItems 1
     * @maxItems 1
     */
    parameters: [string];
    answer: string;
  };
  /**
   * Return what the run's network, of those the one that was chosen, forecasts.
   */
  forecast: {
    /**
     * @minItems 1
     * @maxItems 1
     */
    parameters: [number];
    answer: Forecast;
  };
  /**
   * Lesson 1: a sequence, and its next character as target.
   */
  sequence: {
    /**
     * @minItems 2
     * @maxItems 2
     */
    parameters: [LessonSetting, number | undefined];
    answer: SequenceLesson;
  };
  /**
   * Lesson 2: the hidden state.
   */
  hidden: {
    /**
     * @minItems 4
     * @maxItems 4
     */
    parameters: [LessonSetting, number | undefined, number | undefined, number | undefined];
    answer: HiddenLesson;
  };
  /**
   * Lesson 3: the loss.
   */
  loss: {
    /**
     * @minItems 3
     * @maxItems 3
     */
    parameters: [LessonSetting, number | undefined, number | undefined];
    answer: LossLesson;
  };
  /**
   * Lesson 4: backward through time.
   */
  backward: {
    /**
     * @minItems 2
     * @maxItems 2
     */
    parameters: [LessonSetting, number | undefined];
    answer: BackwardLesson;
  };
  /**
   * Lesson 5: shared weights.
   */
  shared: {
    /**
     * @minItems 3
     * @maxItems 3
     */
    parameters: [LessonSetting, number | undefined, boolean[] | undefined];
    answer: SharedLesson;
  };
  /**
   * Lesson 6: is it right?
   */
  printed: {
    /**
     * @minItems 2
     * @maxItems 3
     */
    parameters:
      | [
          LessonSetting,
          {
            [k: string]: string;
          }
        ]
      | [
          LessonSetting,
          {
            [k: string]: string;
          },
          number | undefined
        ];
    answer: PrintedLesson;
  };
  /**
   * Lesson 7: a step of learning, many steps.
   */
  training: {
    /**
     * @minItems 5
     * @maxItems 5
     */
    parameters: [LessonSetting, number, number | undefined, number, number];
    answer: TrainingLesson;
  };
  /**
   * Lesson 8: forgetting, and gates.
   */
  forgetting: {
    /**
     * @minItems 5
     * @maxItems 5
     */
    parameters: [LessonSetting, string, number, number | undefined, number];
    answer: ForgettingLesson;
  };
  /**
   * Forget the person's own network: whoever comes back to it finds what has become of it.
   */
  leave: {
    parameters: [];
    answer: undefined;
  };
  /**
   * Return the cells to begin with.
   */
  examples: {
    parameters: [];
    answer: CellExample[];
  };
  /**
   * Judge a source, which is run for that.
   */
  check_cell: {
    /**
     * @minItems 1
     * @maxItems 1
     */
    parameters: [string];
    answer: CellJudgement;
  };
  /**
   * Begin a race, in place of any other, on what was described last at a place.
   */
  start_race: {
    /**
     * @minItems 5
     * @maxItems 5
     */
    parameters: [
      string,
      {
        [k: string]: string | number;
      },
      string,
      string[],
      number
    ];
    answer: RaceSoFar;
  };
  /**
   * Go on with the race until the budget is spent, or a little longer.
   */
  advance_race: {
    /**
     * @minItems 1
     * @maxItems 1
     */
    parameters: [number];
    answer: RaceSoFar;
  };
  /**
   * Train at least one step, and on until the budget is spent; rescue the run if need be.
   */
  train: {
    /**
     * @minItems 1
     * @maxItems 1
     */
    parameters: [number];
    answer: Advanced;
  };
  /**
   * Train one step; return what `train` does.
   */
  step: {
    parameters: [];
    answer: Advanced;
  };
  /**
   * Return what helpers are asked for, so that all take the run's next steps.
   */
  ask: {
    /**
     * @minItems 2
     * @maxItems 2
     */
    parameters: [number | undefined, (number[] | undefined)[]];
    answer: Uint8Array<ArrayBuffer>[];
  };
  /**
   * Tell whether helpers have been asked, by `take`, for what the run's next steps still are. If not, they must answer first, and then be asked by `ask`.
   */
  has_asked: {
    /**
     * @minItems 1
     * @maxItems 1
     */
    parameters: [number | undefined];
    answer: boolean;
  };
  /**
   * Do what is to be done here, while so many helpers do their part.
   */
  learn: {
    /**
     * @minItems 1
     * @maxItems 1
     */
    parameters: [number];
    answer: undefined;
  };
  /**
   * Take in what all have learned. The part of a helper that doesn't answer, None, is done here, with the same numbers.
   */
  take: {
    /**
     * @minItems 4
     * @maxItems 4
     */
    parameters: [
      (Uint8Array<ArrayBuffer> | undefined)[],
      number | undefined,
      (number[] | undefined)[],
      (fromPython: any) => void
    ];
    answer: Advanced;
  };
  /**
   * Note that a helper has ended.
   */
  lose: {
    parameters: [];
    answer: undefined;
  };
  /**
   * Have the best network so far read and write for the person, or else the latest.
   */
  write_with: {
    /**
     * @minItems 1
     * @maxItems 1
     */
    parameters: [boolean];
    answer: undefined;
  };
  /**
   * Begin a job, in place of an earlier one of this name; `advance` goes on with it.
   */
  start: {
    /**
     * @minItems 1
     */
    parameters: [string, ...unknown[]];
    answer: undefined;
  };
  /**
   * Go on with a job until the budget is spent.
   */
  advance: {
    /**
     * @minItems 2
     * @maxItems 2
     */
    parameters: [string, number];
    answer: Worked;
  };
  /**
   * Return a program that repeats the run, for somebody who has this model file beside it.
   */
  script: {
    /**
     * @minItems 1
     * @maxItems 1
     */
    parameters: [string];
    answer: string;
  };
  /**
   * Silence these [layer, unit], and no others, for all that reads and writes for the person.
   */
  silence: {
    /**
     * @minItems 1
     * @maxItems 1
     */
    parameters: [number[][]];
    answer: undefined;
  };
  /**
   * Return all forecasts of the test part that were last judged, as a CSV file.
   */
  backtest_csv: {
    parameters: [];
    answer: string;
  };
}
/**
 * What runs here, and what it takes.
 */
export interface About {
  package: string;
  python: string;
  numpy: string;
  /**
   * Do the SIMD kernels compute, or NumPy alone?
   */
  simd: boolean;
  numbers: Numbers;
  writing: WritingFields;
}
/**
 * Numbers that the page needs too; in characters, where nothing else is said.
 */
export interface Numbers {
  /**
   * The longest text.
   */
  text: number;
  /**
   * The longest prompt.
   */
  prompt: number;
  /**
   * The longest passage whose hidden states are looked at.
   */
  passage: number;
  /**
   * How many steps a race may have, least and most.
   *
   * @minItems 2
   * @maxItems 2
   */
  race: [number, number];
  /**
   * What is read before a passage, at most.
   */
  context: number;
  /**
   * How many of the likeliest characters a Prediction names.
   */
  alternatives: number;
  /**
   * Most steps of a series that are forecast at once.
   */
  horizon: number;
  /**
   * What W_hh may be multiplied by: least and most.
   *
   * @minItems 2
   * @maxItems 2
   */
  recurrence: [number, number];
  lessons: LessonNumbers;
}
/**
 * What may be chosen in the lessons: least and most.
 */
export interface LessonNumbers {
  /**
   * Characters of the tiny network's word,
   *
   * @minItems 2
   * @maxItems 2
   */
  length: [number, number];
  /**
   * and how many of them are different.
   *
   * @minItems 2
   * @maxItems 2
   */
  distinct: [number, number];
  /**
   * @minItems 2
   * @maxItems 2
   */
  seed: [number, number];
  /**
   * How many units are shown of a network with more.
   *
   * @minItems 2
   * @maxItems 2
   */
  units: [number, number];
  /**
   * What a number of the hidden state is changed to.
   *
   * @minItems 2
   * @maxItems 2
   */
  value: [number, number];
  /**
   * What is given to the right character.
   *
   * @minItems 2
   * @maxItems 2
   */
  probability: [number, number];
  /**
   * @minItems 2
   * @maxItems 2
   */
  rate: [number, number];
  /**
   * @minItems 2
   * @maxItems 2
   */
  clip: [number, number];
  /**
   * What W_hh is multiplied by.
   *
   * @minItems 2
   * @maxItems 2
   */
  recurrence: [number, number];
  /**
   * @minItems 2
   * @maxItems 2
   */
  forget: [number, number];
  /**
   * Of what is left of a gradient: below the first it has vanished, above the second exploded.
   *
   * @minItems 2
   * @maxItems 2
   */
  left: [number, number];
  defaults: LessonDefaults;
}
/**
 * What is chosen in the lessons if nobody does.
 */
export interface LessonDefaults {
  word: string;
  seed: number;
  /**
   * The learning rate of lesson 7,
   */
  rate: number;
  /**
   * and the longest that the gradient may be there.
   */
  clip: number;
  /**
   * Of lesson 8.
   */
  cell: string;
  recurrence: number;
  /**
   * What the forget gate is held at, if it is held.
   */
  forget: number;
  /**
   * The longest that the gradient of lesson 8 may be, if it is clipped.
   */
  forgetting_clip: number;
}
/**
 * What a text is written with, by the names of the boxes.
 */
export interface WritingFields {
  length: NumberField;
  topK: ExplainedField;
  topP: ExplainedField;
  writingSeed: ExplainedField;
}
/**
 * A box for a number: what it is called, and what may stand in it.
 */
export interface NumberField {
  label: string;
  kind: "integer" | "number";
  minimum: number;
  maximum: number;
  /**
   * May be left empty.
   */
  optional: boolean;
}
/**
 * A box for a number, and what the number does.
 */
export interface ExplainedField {
  label: string;
  kind: "integer" | "number";
  minimum: number;
  maximum: number;
  optional: boolean;
  help: string;
}
/**
 * One hyperparameter.
 */
export interface Field {
  name: string;
  label: string;
  kind: "choice" | "integer" | "number";
  default: string | number;
  minimum: number | undefined;
  maximum: number | undefined;
  /**
   * Each value, and what people call it.
   */
  choices:
    | {
        [k: string]: string;
      }
    | undefined;
  help: string;
  /**
   * May be changed during a run.
   */
  live: boolean;
  /**
   * When it has no effect.
   */
  idle_if: Idle | undefined;
}
/**
 * When a setting has no effect: while another has this value.
 */
export interface Idle {
  name: string;
  value: string | number;
}
/**
 * What there is to know of a run.
 */
export interface Status {
  config: {
    [k: string]: string | number;
  };
  task: "text" | "numbers";
  /**
   * Characters of the text, or values of the series.
   */
  size: number;
  /**
   * Different characters; 0 for a series.
   */
  distinct: number;
  /**
   * So many of the size are learned,
   */
  learned: number;
  /**
   * and so many are not.
   */
  held_out: number;
  /**
   * Of its series: see Table.
   */
  fingerprint: string | undefined;
  /**
   * Has it dates?
   */
  dated: boolean;
  /**
   * Where its first weights come from, if they were not drawn.
   */
  origin: string | undefined;
  stays: StayElsewhere[];
  parameters: number;
  /**
   * How many further workers are to train it.
   */
  helpers: number;
  baselines: Baseline[];
  progress: Progress;
}
/**
 * Steps of a run that were not taken by this package.
 */
export interface StayElsewhere {
  /**
   * After so many steps it went there, and
   */
  first: number;
  /**
   * after so many it came back.
   */
  last: number;
  by: string;
  words: string;
}
/**
 * A loss to compare a network's with.
 */
export interface Baseline {
  name: string;
  label: string;
  loss: number;
}
/**
 * How far a run is; losses in nats per character.
 */
export interface Progress {
  step: number;
  /**
   * After which step the latest network is as it is: where several learn at once, after that in
   * which their mean last took their place.
   */
  settled: number;
  epoch: number;
  characters_seen: number;
  train_loss: number | undefined;
  validation_loss: number | undefined;
  /**
   * When the validation loss was lowest.
   */
  best_step: number | undefined;
  best_loss: number | undefined;
  advice: Advice | undefined;
  grad_norm: number | undefined;
  learning_rate: number;
  characters_per_second: number | undefined;
  /**
   * How many web workers are at it.
   */
  workers: number;
}
/**
 * What is to be said of a run.
 */
export interface Advice {
  kind: "by heart" | "too fast";
  message: string;
  /**
   * What would help, each a button.
   */
  changes: Change[];
}
/**
 * Settings that would help a run.
 */
export interface Change {
  label: string;
  settings: {
    [k: string]: number;
  };
}
/**
 * What the learning rate is now.
 */
export interface LearningRate {
  learning_rate: number;
}
/**
 * The loss curve, a point for each of these steps.
 */
export interface Curve {
  step: number[];
  train: number[];
  validation: (number | undefined)[];
}
/**
 * What a list of runs shows of one.
 */
export interface Summary {
  config: {
    [k: string]: string | number;
  };
  task: "text" | "numbers";
  progress: Progress;
  curve: Curve;
}
/**
 * A run out of a model file, and the text that came with it.
 */
export interface Loaded {
  status: Status;
  text: string;
  /**
   * What is settled about the text, if it is a table.
   */
  choices: {
    [k: string]: string | number | boolean;
  };
  description: Description;
}
/**
 * A text's size, and what suits it or why it can't be trained on.
 */
export interface Description {
  /**
   * Names the text to `begin`.
   */
  text_id: number;
  characters: number;
  distinct: number;
  /**
   * Why it can't be trained on.
   */
  problem: string | undefined;
  /**
   * The settings that suit it.
   */
  config:
    | {
        [k: string]: string | number;
      }
    | undefined;
  /**
   * How many it has, if it is a list.
   */
  lines: number | undefined;
  /**
   * What was made of it as a table of numbers, if it was read as one and could be.
   */
  table: Table | undefined;
  /**
   * Is it rather something for the other place: a table among texts, or a text among tables?
   */
  elsewhere: boolean;
}
/**
 * What a text was understood to be that has numbers; while there is a question, what it would
 * be with its first option.
 */
export interface Table {
  /**
   * To be settled first.
   */
  question: TableQuestion | undefined;
  columns: TableColumn[];
  /**
   * The one with the values.
   */
  column: string;
  /**
   * What was found and done, each a sentence.
   */
  notes: string[];
  /**
   * The first rows and the last ones.
   */
  preview: PreviewRow[];
  /**
   * So many rows between them are not shown.
   */
  left_out: number;
  values: number;
  /**
   * Of the values.
   */
  missing: number;
  dated: boolean;
  /**
   * The number of values in a season that suits it; 1 if there is none.
   */
  season: number;
  /**
   * What is a season, and how that is known, in a sentence.
   */
  season_words: string;
  /**
   * How a network reads it, and why so, in a sentence or two.
   */
  plan: string;
  line: Points;
  /**
   * The same for the same series, however it is written.
   */
  fingerprint: string;
}
/**
 * Something that can be read in several ways, at least two, the likeliest first.
 */
export interface TableQuestion {
  /**
   * Of the choice that settles it.
   */
  name: string;
  sentence: string;
  options: TableOption[];
}
/**
 * One of the ways to read something.
 */
export interface TableOption {
  value: string | number | boolean;
  words: string;
  /**
   * How something of this very table reads then.
   */
  example: string;
}
/**
 * A column of a table.
 */
export interface TableColumn {
  name: string;
  kind: "numbers" | "dates" | "counter" | "text" | "empty";
}
/**
 * A row of a table as it was understood.
 */
export interface PreviewRow {
  /**
   * Or which row it is.
   */
  date: string;
  /**
   * None if it is missing.
   */
  value: number | undefined;
}
/**
 * Its course, of a long series a part of the values.
 */
export interface Points {
  /**
   * Seconds since 1970 if the series has dates; else which value it is, from 1.
   */
  x: number[];
  y: (number | undefined)[];
}
/**
 * What a model file's run learns, and with which settings; without its network.
 */
export interface SetUp {
  config: {
    [k: string]: string | number;
  };
  text: string;
  choices: {
    [k: string]: string | number | boolean;
  };
  description: Description;
}
/**
 * A text that is going to be written on.
 */
export interface WritingBegun {
  /**
   * About the prompt.
   */
  warning: string | undefined;
  /**
   * What was read before the prompt.
   */
  opening: string;
  /**
   * The prompt's, in the form that the text has.
   */
  characters: Prediction[];
}
/**
 * What the network expected where a character stands.
 */
export interface Prediction {
  character: string;
  /**
   * None where the text begins, and for a skipped character.
   */
  probability: number | undefined;
  /**
   * The likeliest characters with their probabilities, the likeliest first.
   */
  alternatives: [string, number][];
  /**
   * The network doesn't know the character, and has not read it.
   */
  skipped: boolean;
}
/**
 * What was written of a text since the last time.
 */
export interface Written {
  characters: Prediction[];
  done: boolean;
}
/**
 * What is to come of a series, in its own units, step by step.
 */
export interface Forecast {
  /**
   * After which step of the run; None if it is not the run's network that forecasts.
   */
  step: number | undefined;
  /**
   * As in Points.
   */
  x: number[];
  /**
   * Or how many steps ahead.
   */
  dates: string[];
  mean: number[];
  /**
   * The 0.1 quantile,
   */
  lower: number[];
  /**
   * and the 0.9 quantile.
   */
  upper: number[];
  /**
   * All of it as a file to save.
   */
  csv: string;
}
/**
 * Which network a lesson is about.
 */
export interface LessonSetting {
  /**
   * What the tiny network has learned.
   */
  word: string;
  /**
   * From which its first weights are drawn.
   */
  seed: number;
  /**
   * Take the network that was trained under Text instead.
   */
  own: boolean;
  /**
   * Of a network with many units, those that are shown, counted from 0; [] for the first ones. To
   * people they are told counted from 1, as everywhere on the page.
   */
  units: number[];
}
/**
 * Lesson 1: a sequence, and its next character as target.
 */
export interface SequenceLesson {
  scene: Scene;
}
/**
 * The three regions of a lesson.
 */
export interface Scene {
  /**
   * What is read at each time step.
   */
  inputs: string[];
  /**
   * What really comes next.
   */
  targets: string[];
  /**
   * The time step that is shown, counted from 0.
   */
  step: number;
  /**
   * Which network this is, in words.
   */
  network: string;
  symbols: Symbol[];
  equations: Equation[];
  sources: Source[];
  values: Value[];
}
/**
 * A symbol of a lesson: it may stand in equation, source and values alike.
 */
export interface Symbol {
  /**
   * As the docstrings write it: h_{t-1}, dh_t, or a whole term such as Why^T dL/dy_t.
   */
  name: string;
  math: MathNode;
  meaning: string;
}
/**
 * The same, to be drawn.
 */
export interface MathNode {
  tag: string;
  /**
   * What stands in it, if it has no children.
   */
  text: string;
  /**
   * The name of the symbol that it is.
   */
  symbol: string | undefined;
  children: MathNode1[];
}
/**
 * An element of MathML.
 */
export interface MathNode1 {
  tag: string;
  /**
   * What stands in it, if it has no children.
   */
  text: string;
  /**
   * The name of the symbol that it is.
   */
  symbol: string | undefined;
  children: MathNode1[];
}
/**
 * One equation.
 */
export interface Equation {
  /**
   * What it is of.
   */
  label: string;
  /**
   * As the docstring writes it.
   */
  text: string;
  math: MathNode1;
}
/**
 * A function as it runs here.
 */
export interface Source {
  file: string;
  function: string;
  lines: SourceLine[];
}
/**
 * A line of source, with its number in the file.
 */
export interface SourceLine {
  number: number;
  pieces: Piece[];
}
/**
 * A piece of a line of source.
 */
export interface Piece {
  text: string;
  symbol: string | undefined;
}
/**
 * What a symbol is at this moment.
 */
export interface Value {
  symbol: string;
  /**
   * What it is called at this time step: h_2.
   */
  name: string;
  math: MathNode2;
  meaning: string;
  /**
   * Of the whole array; of a network with many units only some are shown. [] of a number.
   */
  shape: number[];
  /**
   * What the rows are called: characters, or units; [""] of a single number.
   */
  rows: string[];
  /**
   * What the columns are called; [""] of an array with only one.
   */
  columns: string[];
  /**
   * Row by row.
   */
  numbers: number[][];
}
/**
 * An element of MathML.
 */
export interface MathNode2 {
  tag: string;
  /**
   * What stands in it, if it has no children.
   */
  text: string;
  /**
   * The name of the symbol that it is.
   */
  symbol: string | undefined;
  children: MathNode1[];
}
/**
 * Lesson 2: the hidden state.
 */
export interface HiddenLesson {
  scene: Scene;
  /**
   * Whose probabilities are shown.
   */
  characters: string[];
  /**
   * What the units are called whose state can be changed.
   */
  units: string[];
  /**
   * The hidden state of these after the time step, as the network has it.
   */
  state: number[];
  /**
   * The guesses of the network left alone,
   */
  before: Guess[];
  /**
   * and with one number of its hidden state changed.
   */
  after: Guess[];
}
/**
 * What the network expects after one character that it has read.
 */
export interface Guess {
  /**
   * What has been read.
   */
  character: string;
  target: string;
  /**
   * Of each of the characters that are shown.
   */
  probabilities: number[];
}
/**
 * Lesson 3: the loss.
 */
export interface LossLesson {
  scene: Scene;
  chosen: Surprise;
  /**
   * A coin, a die, the alphabet.
   */
  known: Surprise1[];
  /**
   * What the network gave to the right character of each time step, the chosen one in place.
   */
  steps: Surprise1[];
  /**
   * The sum of their losses.
   */
  total: number;
  curve: Curve1;
}
/**
 * What was chosen, or what the network gave to the right character.
 */
export interface Surprise {
  label: string;
  probability: number;
  /**
   * -ln p, in nats.
   */
  loss: number;
  /**
   * e^loss: among how many that are equally likely one would be as unsure.
   */
  choices: number;
}
/**
 * A guess that something comes, and how wrong it was when that came.
 */
export interface Surprise1 {
  label: string;
  probability: number;
  /**
   * -ln p, in nats.
   */
  loss: number;
  /**
   * e^loss: among how many that are equally likely one would be as unsure.
   */
  choices: number;
}
/**
 * -ln p, from the least probability that can be chosen to the greatest.
 */
export interface Curve1 {
  probabilities: number[];
  losses: number[];
}
/**
 * Lesson 4: backward through time.
 */
export interface BackwardLesson {
  scene: Scene;
}
/**
 * Lesson 5: shared weights.
 */
export interface SharedLesson {
  scene: Scene;
  /**
   * What each time step contributes to the gradient of the recurrent weights.
   */
  shares: Value[];
  total: Value1;
  whole: Value2;
}
/**
 * What a symbol is at this moment.
 */
export interface Value1 {
  symbol: string;
  /**
   * What it is called at this time step: h_2.
   */
  name: string;
  math: MathNode2;
  meaning: string;
  /**
   * Of the whole array; of a network with many units only some are shown. [] of a number.
   */
  shape: number[];
  /**
   * What the rows are called: characters, or units; [""] of a single number.
   */
  rows: string[];
  /**
   * What the columns are called; [""] of an array with only one.
   */
  columns: string[];
  /**
   * Row by row.
   */
  numbers: number[][];
}
/**
 * What a symbol is at this moment.
 */
export interface Value2 {
  symbol: string;
  /**
   * What it is called at this time step: h_2.
   */
  name: string;
  math: MathNode2;
  meaning: string;
  /**
   * Of the whole array; of a network with many units only some are shown. [] of a number.
   */
  shape: number[];
  /**
   * What the rows are called: characters, or units; [""] of a single number.
   */
  rows: string[];
  /**
   * What the columns are called; [""] of an array with only one.
   */
  columns: string[];
  /**
   * Row by row.
   */
  numbers: number[][];
}
/**
 * Lesson 6: is it right?
 */
export interface PrintedLesson {
  scene: Scene;
  /**
   * None of the person's own network, in which there is nothing to mend.
   */
  faults: Fault[];
  /**
   * The error that the function ended with.
   */
  stopped: string | undefined;
  checked: CheckedGradient[];
  /**
   * Whether its gradients are bit for bit those of `RNN.backward`; of the person's own network
   * they never are.
   */
  same: boolean;
}
/**
 * A line of the printed `backward` that is wrong, or missing.
 */
export interface Fault {
  name: string;
  question: string;
  /**
   * As printed first.
   */
  options: FaultOption[];
  chosen: string;
  /**
   * Of its line in the printed source, counted from 1.
   */
  number: number;
}
/**
 * One way to write a line.
 */
export interface FaultOption {
  name: string;
  source: string;
}
/**
 * A gradient of the mended function, beside central differences.
 */
export interface CheckedGradient {
  parameter: string;
  meaning: string;
  /**
   * The largest, relative; None if the function ended before.
   */
  error: number | undefined;
  /**
   * The place in it of the weight whose gradient is farthest from what was measured; of a right
   * one, where it is largest,
   */
  weight: string;
  /**
   * what the function returns there,
   */
  returned: number | undefined;
  /**
   * and the central difference; None if the function ended before, or it isn't told.
   */
  measured: number | undefined;
  right: boolean;
  /**
   * Why it is, or isn't, with these lines.
   */
  why: string;
}
/**
 * Lesson 7: a step of learning, many steps.
 */
export interface TrainingLesson {
  scene: Scene;
  training_step: number;
  /**
   * The mean over the time steps, before each step of training and after the last.
   */
  losses: number[];
  /**
   * Of the gradient then, before clipping.
   */
  lengths: number[];
  /**
   * What this step's gradient is multiplied by: 1, or less where it is clipped.
   */
  factor: number;
  /**
   * What the network writes after the first character, at some steps up to this one.
   */
  words: string[];
  /**
   * At which steps these are.
   */
  word_steps: number[];
  /**
   * The step at which the network of the other lessons was taken.
   */
  taken_at: number;
}
/**
 * Lesson 8: forgetting, and gates.
 */
export interface ForgettingLesson {
  scene: Scene;
  /**
   * The cells that can be chosen, and what they are called.
   */
  cells: {
    [k: string]: string;
  };
  cell: string;
  /**
   * Whether it has a forget gate to hold.
   */
  gate: boolean;
  roads: Road[];
  /**
   * What would come back to the cell state if it could only come through the forget gate. It
   * isn't |dL/dc|, which also comes through the hidden state and the other gates.
   */
  through_gate: Road | undefined;
  /**
   * How much of it is left there at the end.
   */
  left_through_gate: number | undefined;
  /**
   * The state along which most comes back from afar,
   */
  best: string;
  /**
   * how much of what was sent back first is left there at the end, and
   */
  left: number;
  /**
   * what that is called.
   */
  fate: "vanishes" | "holds" | "explodes" | "breaks";
  /**
   * Of the gradient of all parameters, before clipping.
   */
  length: number;
  /**
   * What clipping multiplies it by.
   */
  factor: number;
}
/**
 * What comes back along one state, from the last time step to the first.
 */
export interface Road {
  state: string;
  symbol: string;
  /**
   * Its length by distance.
   */
  norms: number[];
  /**
   * The same after clipping.
   */
  clipped: number[];
}
/**
 * A cell to begin with.
 */
export interface CellExample {
  name: string;
  label: string;
  source: string;
}
/**
 * What is known of a cell that somebody wrote.
 */
export interface CellJudgement {
  /**
   * Of its source.
   */
  hash: string;
  /**
   * What people call it.
   */
  label: string;
  right: boolean;
  /**
   * What is wrong, or how fast it is.
   */
  message: string;
  /**
   * Of the source, counted from 1, if the fault is in a single one.
   */
  line: number | undefined;
  /**
   * What was found right, in the order in which it is judged.
   */
  stages: string[];
  /**
   * The stage at which a fault was found.
   */
  fault: string | undefined;
  gradients: MeasuredGradient[];
  /**
   * Whether autograd finds the gradient.
   */
  automatic: boolean;
  /**
   * That a step of training takes.
   */
  milliseconds: number | undefined;
  /**
   * Characters per second.
   */
  speed: number | undefined;
}
/**
 * How far a cell's gradient is from what was measured.
 */
export interface MeasuredGradient {
  name: string;
  /**
   * Relative; None if it is infinite.
   */
  error: number | undefined;
  right: boolean;
}
/**
 * How a race stands.
 */
export interface RaceSoFar {
  /**
   * How much of it is done, 0 to 1.
   */
  fraction: number;
  done: boolean;
  seeds: number;
  /**
   * Characters or values, after which all are compared.
   */
  read: number;
  /**
   * Of training, after which all are compared, too: so many the first cell needed.
   */
  seconds: number;
  /**
   * Whether losses are those of the held-out part.
   */
  held_out: boolean;
  racers: Racer[];
  /**
   * In words: at equal steps, in equal time, and what these words mean.
   */
  verdict: string[];
}
/**
 * A cell in a race.
 */
export interface Racer {
  name: string;
  label: string;
  weights: number;
  runs: RacingRun[];
  /**
   * Losses; None while there is nothing to tell.
   */
  at_equal_steps: Spread | undefined;
  at_equal_seconds: Spread | undefined;
  /**
   * Characters or values per second of training.
   */
  speed: number | undefined;
  /**
   * Why one of its runs goes on no more.
   */
  problem: string | undefined;
}
/**
 * One run of a cell in a race.
 */
export interface RacingRun {
  /**
   * Characters or values that it had read each time it was measured, the first before any
   * training,
   */
  read: number[];
  /**
   * for how long it had trained,
   */
  seconds: number[];
  /**
   * and the lowest loss by then; None if it is no number.
   */
  losses: (number | undefined)[];
}
/**
 * Of a cell's runs.
 */
export interface Spread {
  mean: number;
  low: number;
  high: number;
}
/**
 * How far a run is after some training.
 */
export interface Advanced {
  step: number;
  settled: number;
  epoch: number;
  characters_seen: number;
  train_loss: number | undefined;
  validation_loss: number | undefined;
  best_step: number | undefined;
  best_loss: number | undefined;
  advice: Advice | undefined;
  grad_norm: number | undefined;
  learning_rate: number;
  characters_per_second: number | undefined;
  workers: number;
  rescue: Rescue | undefined;
  /**
   * What has become of the workers, if anything has.
   */
  notice: string | undefined;
}
/**
 * What was done about a step that went wrong.
 */
export interface Rescue {
  message: string;
  /**
   * It went wrong twice in a row: the run waits.
   */
  pause: boolean;
}
/**
 * How far a job is.
 */
export interface Worked {
  /**
   * How much of it is done, 0 to 1.
   */
  fraction: number;
  done: boolean;
  /**
   * What is known by then; None if that is nothing new, unless it is done.
   */
  value: unknown;
}
export interface Jobs {
  /**
   * Job: the losses of n-gram models from 2-grams up, lines to compare a network with, on the same characters as its validation loss; none without a held-out part.
   */
  ngrams: {
    parameters: [];
    value: Baseline[];
  };
  /**
   * Job: the longest stretch of a sample that stands verbatim in what was trained on.
   */
  memory: {
    /**
     * @minItems 1
     * @maxItems 1
     */
    parameters: [string];
    value: Stretch;
  };
  /**
   * Job: how the gradient fares on its way back in time, in the network that learns and, for comparison, in untrained ones of every cell with the run's settings and seed.
   */
  flow: {
    /**
     * @minItems 1
     * @maxItems 1
     */
    parameters: [number];
    value: Flow;
  };
  /**
   * Job: check the gradients of the network that learns, on the next few characters.
   */
  check: {
    parameters: [];
    value: CheckReport;
  };
  /**
   * Job: check the gradients of the tutorial's RNN, untrained, on the text's beginning.
   */
  check_tutorial: {
    /**
     * @minItems 1
     * @maxItems 1
     */
    parameters: [string];
    value: CheckReport;
  };
  /**
   * Job: what the units of a layer do while the network reads a passage.
   */
  read: {
    /**
     * @minItems 2
     * @maxItems 4
     */
    parameters: [number, string] | [number, string, string] | [number, string, string, string];
    value: Reading | undefined;
  };
  /**
   * Job: every unit of a layer with the feature of the text that it follows best, the most selective first; None until it is done.
   */
  selectivity: {
    /**
     * @minItems 1
     * @maxItems 1
     */
    parameters: [number];
    value: Pairing[] | undefined;
  };
  /**
   * Job: what the silenced units change.
   */
  compare_silenced: {
    /**
     * @minItems 2
     * @maxItems 2
     */
    parameters: [string, number];
    value: Effect | undefined;
  };
  /**
   * Job: how well the series can be forecast, by what needs no network and by networks, and what follows it.
   */
  judge: {
    /**
     * @minItems 2
     * @maxItems 2
     */
    parameters: [
      number,
      {
        [k: string]: string | number;
      }
    ];
    value: Judged | undefined;
  };
  /**
   * Job: what the units of a layer do while the network reads the end of the series.
   */
  under_curve: {
    /**
     * @minItems 1
     * @maxItems 2
     */
    parameters: [number] | [number, string];
    value: UnderCurve | undefined;
  };
}
/**
 * The longest piece of a written text that stands in the training text.
 */
export interface Stretch {
  start: number;
  length: number;
  text_position: number;
}
/**
 * The gradient on its way back in time, in several networks.
 */
export interface Flow {
  step: number;
  distance: number;
  /**
   * So many characters back it is told what is left.
   */
  far: number;
  clip: number;
  lines: FlowLine[];
}
/**
 * How one network's gradient fares on its way back; None is what a logarithm can't show.
 */
export interface FlowLine {
  /**
   * "own", or the cell of an untrained network.
   */
  name: string;
  /**
   * What people call its cell.
   */
  label: string;
  /**
   * |dL/dh| by distance.
   */
  norms: (number | undefined)[];
  /**
   * The same after clipping.
   */
  clipped: (number | undefined)[];
  /**
   * What is left `far` characters back, as a part of what it begins with.
   */
  left: number | undefined;
  /**
   * The same as far back as the line goes.
   */
  end: number | undefined;
  fate: "vanishes" | "holds" | "explodes" | "breaks";
  /**
   * Of a training step's gradient.
   */
  length: number | undefined;
  /**
   * What clipping multiplies it by.
   */
  factor: number | undefined;
  clipped_length: number | undefined;
}
/**
 * What came of a check so far.
 */
export interface CheckReport {
  step: number;
  characters: number;
  readers: number;
  parameters: CheckedParameter[];
  /**
   * Weights that were moved, in all.
   */
  tried: number;
  /**
   * How many parameters have a wrong gradient.
   */
  wrong: number;
  /**
   * To how many all of them agree.
   */
  digits: number;
}
/**
 * What came of checking one parameter's gradient.
 */
export interface CheckedParameter {
  name: string;
  /**
   * In words.
   */
  meaning: string;
  /**
   * Weights that were moved.
   */
  tried: number;
  /**
   * Of how many.
   */
  weights: number;
  /**
   * The largest relative error; None if it is infinite.
   */
  error: number | undefined;
  /**
   * To how many both agree.
   */
  digits: number;
  right: boolean;
}
/**
 * What the units of a layer did while the network read a passage.
 */
export interface Reading {
  /**
   * Those that were read, n of them.
   */
  characters: string[];
  /**
   * Names of characters that the network has never seen.
   */
  skipped: string;
  /**
   * float32 (H, n).
   */
  activations: Uint8Array<ArrayBuffer>;
  /**
   * The limits of its colours.
   */
  low: number;
  high: number;
  /**
   * What the network gave each character before it read it.
   */
  probabilities: number[];
  /**
   * Of what is shown.
   */
  name: string;
  /**
   * All that this cell can show.
   */
  names: string[];
}
/**
 * A unit, and the feature of the text that it follows best.
 */
export interface Pairing {
  unit: number;
  /**
   * None if it follows nothing.
   */
  feature: string | undefined;
  correlation: number;
}
/**
 * What it changes when units are silenced: first with all units, then without these.
 */
export interface Effect {
  /**
   * Nats per character.
   *
   * @minItems 2
   * @maxItems 2
   */
  losses: [number, number];
  /**
   * Are they of the held-out part? With none, of the training part.
   */
  held_out: boolean;
  /**
   * Written by the same draws of chance.
   *
   * @minItems 2
   * @maxItems 2
   */
  texts: [string, string];
}
/**
 * How well a series can be forecast, and what follows it.
 */
export interface Judged {
  /**
   * What was forecast from where, in a sentence.
   */
  test: string;
  horizon: number;
  season: number;
  origins: number;
  /**
   * The network is the last, once it is there.
   */
  models: JudgedModel[];
  /**
   * In words, with an alarm if there is one.
   */
  verdict: string;
  truth: Points1;
  /**
   * Where the models' paths are: x as in Points.
   */
  paths: number[][];
  /**
   * Where the residuals are: x of each value that was forecast one step ahead.
   */
  origin_x: number[];
  /**
   * What follows the series, by four networks, with the intervals that held in the past.
   */
  ahead: Forecast | undefined;
}
/**
 * How well a model forecast the part that it didn't know.
 */
export interface JudgedModel {
  name: string;
  /**
   * None if the season before is repeated exactly.
   */
  mase: number | undefined;
  rmse: number;
  mae: number;
  /**
   * The part of the truth that its 80 % intervals held.
   */
  coverage: number;
  /**
   * Of these, in the mean.
   */
  width: number;
  /**
   * The mean absolute error by step ahead.
   */
  errors: (number | undefined)[];
  /**
   * What it forecast from each of some places.
   */
  paths: number[][];
  /**
   * What came minus what it forecast one step ahead.
   */
  residuals: (number | undefined)[];
}
/**
 * What came in the part that was forecast, and some before it.
 */
export interface Points1 {
  /**
   * Seconds since 1970 if the series has dates; else which value it is, from 1.
   */
  x: number[];
  y: (number | undefined)[];
}
/**
 * What the units of a layer did while the network read the end of a series.
 */
export interface UnderCurve {
  step: number;
  line: Points2;
  /**
   * Of each, or which it is.
   */
  dates: string[];
  /**
   * float32 (H, n).
   */
  activations: Uint8Array<ArrayBuffer>;
  /**
   * The limits of its colours.
   */
  low: number;
  high: number;
  /**
   * Of what is shown.
   */
  name: string;
  /**
   * All that this cell can show.
   */
  names: string[];
}
/**
 * The values that were read, n of them.
 */
export interface Points2 {
  /**
   * Seconds since 1970 if the series has dates; else which value it is, from 1.
   */
  x: number[];
  y: (number | undefined)[];
}
