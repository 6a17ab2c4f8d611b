// All that can be done on the page: what the frame's and the panels' actions make, taken together.

import type { Place } from "../types";
import type * as frame from "../frame/panel.js";
import type * as panels from "./index.js";

type Part = typeof frame | (typeof panels)[keyof typeof panels];

type Made<P> = P extends { actions: (...given: any) => infer Made } ? Made : never;

type Together<Union> = (Union extends any ? (each: Union) => void : never) extends (
  all: infer All,
) => void
  ? All
  : never;

export type Actions = Together<Made<Part>> & {
  retry(): void;
  closeProblem(): void;
  goTo(place: Place): Promise<boolean>;
  whenPutBack(place: Place): Promise<void>;
};
