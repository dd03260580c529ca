// The editor: CodeMirror with Python. Tab indents; Escape, then Tab leaves it, for people without a mouse.
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { Annotation, Compartment, EditorSelection, EditorState, Prec } from "@codemirror/state";
import { EditorView, highlightActiveLineGutter, keymap, lineNumbers } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";
import { findings, mark, walk } from "./findings";
import type { Diagnostic } from "./types";

const LABEL = "Your code, in Python. Tab indents; Escape, then Tab leaves the editor.";
const fromUs = Annotation.define<boolean>();

/** Typing over a selection: left to Chromium, it wraps what was typed in a styled span, which the content policy refuses
 * and reports. */
function replaceOurselves(event: InputEvent, view: EditorView): boolean {
  if (event.inputType !== "insertText" || event.data === null || view.composing || view.state.selection.main.empty) return false;
  event.preventDefault();
  view.dispatch(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
  return true;
}

export interface EditorActions {
  changed(text: string): void;
  /** What stands here is another text, whoever wrote it. */
  altered(): void;
  run(): void;
  submit(): void;
}

export class Editor {
  private readonly view: EditorView;
  private readonly readOnly = new Compartment();

  constructor(parent: HTMLElement, nonce: string, actions: EditorActions) {
    const ours = keymap.of([
      { key: "Mod-Enter", run: () => (actions.run(), true) },
      { key: "Shift-Mod-Enter", run: () => (actions.submit(), true) },
    ]);
    this.view = new EditorView({
      parent,
      state: EditorState.create({
        extensions: [
          EditorView.cspNonce.of(nonce),
          Prec.highest(ours),
          lineNumbers(),
          findings(),
          highlightActiveLineGutter(),
          history(),
          indentUnit.of("    "),
          EditorState.tabSize.of(4),
          indentOnInput(),
          bracketMatching(),
          python(),
          syntaxHighlighting(classHighlighter),
          keymap.of([indentWithTab, ...defaultKeymap, ...historyKeymap]),
          this.readOnly.of([]),
          EditorView.contentAttributes.of({ "aria-label": LABEL, tabindex: "0", spellcheck: "false", autocapitalize: "off" }),
          EditorView.domEventHandlers({ beforeinput: replaceOurselves }),
          EditorView.updateListener.of((update) => {
            const typed = update.transactions.some((one) => one.docChanged && !one.annotation(fromUs));
            if (typed) actions.changed(this.text);
            if (update.docChanged) actions.altered();
          }),
        ],
      }),
    });
  }

  get text(): string {
    return this.view.state.doc.toString();
  }

  get focused(): boolean {
    return this.view.hasFocus;
  }

  /** Replace everything; one step of undo brings it back. */
  show(text: string, byUser = false): void {
    if (text === this.text) return;
    const changes = { from: 0, to: this.view.state.doc.length, insert: text };
    this.view.dispatch(byUser ? { changes } : { changes, annotations: fromUs.of(true) });
  }

  /** What was found in the text as it stands. */
  mark(found: readonly Diagnostic[]): void {
    mark(this.view, found);
  }

  /** Go to the next finding. */
  walk(): void {
    walk(this.view, 1);
  }

  lock(locked: boolean): void {
    this.view.dispatch({ effects: this.readOnly.reconfigure(locked ? EditorState.readOnly.of(true) : []) });
  }

  goTo(line: number): void {
    const place = this.view.state.doc.line(Math.min(Math.max(1, line), this.view.state.doc.lines));
    this.view.dispatch({ selection: EditorSelection.cursor(place.from), effects: EditorView.scrollIntoView(place.from, { y: "center" }) });
    this.view.focus();
  }
}
