/** An editor for Python. It lives in a shadow root: there CodeMirror's styles are allowed by the policy. */

import {
  bracketMatching,
  classHighlighter,
  Decoration,
  defaultKeymap,
  EditorState,
  EditorView,
  history,
  historyKeymap,
  indentOnInput,
  indentUnit,
  keymap,
  lineNumbers,
  python,
  StateEffect,
  StateField,
  syntaxHighlighting,
} from "../../lib/codemirror.mjs";

const markLine = /** @type {import("@codemirror/state").StateEffectType<number | null>} */ (
  StateEffect.define()
);
const faulty = Decoration.line({ class: "faulty" });

/** The line that is marked, as long as nothing is changed. */
const marked = StateField.define({
  create: () => Decoration.none,
  update(lines, { effects, docChanged, state }) {
    for (const effect of effects) {
      if (!effect.is(markLine)) continue;
      const { value } = effect;
      if (value === null || value > state.doc.lines) return Decoration.none;
      return Decoration.set([faulty.range(state.doc.line(value).from)]);
    }
    return docChanged ? Decoration.none : lines;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/**
 * A browser gives what is typed over a selection the looks that stood there, by inline styles, which
 * the policy forbids: so the editor replaces the selection itself.
 */
const typedOverSelection = EditorView.domEventHandlers({
  beforeinput({ inputType, data }, view) {
    if (inputType !== "insertText" || !data || view.state.selection.main.empty) return false;
    view.dispatch(view.state.replaceSelection(data), { scrollIntoView: true, userEvent: "input.type" });
    return true;
  },
});

const theme = EditorView.theme({
  "&": { backgroundColor: "var(--panel)", color: "var(--ink)", fontSize: "13px", height: "100%" },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "-1px" },
  ".cm-scroller": { fontFamily: "var(--code-face)", lineHeight: "1.5" },
  ".cm-content": { caretColor: "var(--ink)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--muted)", border: "none" },
  ".cm-matchingBracket": { backgroundColor: "var(--written)", color: "inherit" },
  ".faulty": { backgroundColor: "var(--notice)", boxShadow: "inset 3px 0 var(--bad)" },
  ".tok-keyword": { color: "var(--accent)", fontWeight: "600" },
  ".tok-comment": { color: "var(--muted)", fontStyle: "italic" },
  ".tok-string": { color: "var(--line-3)" },
  ".tok-number": { color: "var(--line-2)" },
});

export class Editor {
  #view;
  #begin;
  #quiet = false;

  /**
   * @param {HTMLElement} host
   * @param {string} label
   * @param {string} description the id of what says more; what it says is read out with the label
   * @param {(typed: string) => void} type
   */
  constructor(host, label, description, type) {
    const words = document.getElementById(description)?.textContent?.trim() ?? "";
    const root = host.attachShadow({ mode: "open" });
    this.#begin = (/** @type {string} */ doc) =>
      EditorState.create({
        doc,
        extensions: [
          lineNumbers(),
          history(),
          indentUnit.of("    "),
          indentOnInput(),
          bracketMatching(),
          python(),
          syntaxHighlighting(classHighlighter),
          keymap.of([...defaultKeymap, ...historyKeymap]),
          EditorView.contentAttributes.of({
            "aria-label": label,
            "aria-description": words,
            tabindex: "0",
          }),
          EditorView.updateListener.of(({ docChanged, state }) => {
            if (docChanged && !this.#quiet) type(state.doc.toString());
          }),
          typedOverSelection,
          marked,
          theme,
        ],
      });
    this.#view = new EditorView({ root, parent: root, state: this.#begin("") });
  }

  get text() {
    return this.#view.state.doc.toString();
  }

  /**
   * Put a source in the place of what is there.
   * @param {string} source
   * @param {boolean} isOther has it nothing to do with what was there? Then no undo leads back to that.
   */
  show(source, isOther) {
    if (isOther) return this.#view.setState(this.#begin(source));
    const { length } = this.#view.state.doc;
    this.#quiet = true;
    this.#view.dispatch({ changes: { from: 0, to: length, insert: source } });
    this.#quiet = false;
  }

  /** Mark a line, counted from 1, and bring it into view; or none. @param {number | null} line */
  mark(line) {
    const { doc } = this.#view.state;
    const effects = /** @type {any[]} */ ([markLine.of(line)]);
    if (line !== null && line <= doc.lines) effects.push(EditorView.scrollIntoView(doc.line(line).from));
    this.#view.dispatch({ effects });
  }
}
