// What was found in the code, in the editor: a sign in the gutter, a line below the place, the words on hover, on a tap on the
// sign, or by F8. Signs differ in shape as well as colour. Places move with what is typed until newer findings come.
import { EditorSelection, type Extension, RangeSet, StateEffect, StateField, type Text, type Transaction } from "@codemirror/state";
import { Decoration, EditorView, gutter, GutterMarker, hoverTooltip, keymap, showTooltip, type Tooltip } from "@codemirror/view";
import { el, speak, ticked } from "./dom";
import type { Diagnostic } from "./types";

interface Placed {
  from: number;
  to: number;
  found: Diagnostic;
}

interface Seen {
  placed: readonly Placed[];
  /** A place in the line whose words are shown; null where none are. */
  open: number | null;
}

const NAMES = { fault: "Fault", warning: "Warning", note: "Note" } as const;
const SIGNS = { fault: "✕", warning: "▲", note: "○" } as const;
const ORDER = ["note", "warning", "fault"] as const;

const show = StateEffect.define<readonly Diagnostic[]>();
const open = StateEffect.define<number | null>();

/** The offset in a line of a column that counts characters from 1; the browser counts some characters as two. */
function offset(text: string, column: number): number {
  let at = 0;
  for (let n = 1; n < column && at < text.length; n++) at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  return at;
}

function place(found: Diagnostic, doc: Text): Placed {
  const line = doc.line(Math.min(Math.max(1, found.line), doc.lines));
  const begin = found.column === undefined ? line.text.search(/\S|$/) : offset(line.text, found.column);
  const end = found.end === undefined ? line.text.trimEnd().length : offset(line.text, found.end);
  return { from: line.from + begin, to: line.from + Math.max(begin, end), found };
}

function next(seen: Seen, change: Transaction): Seen {
  let { placed, open: shown } = seen;
  if (change.docChanged) {
    shown = null;
    placed = placed.map(({ from, to, found }) => {
      const begin = change.changes.mapPos(from, 1);
      return { from: begin, to: Math.max(begin, change.changes.mapPos(to, -1)), found };
    });
  }
  for (const effect of change.effects) {
    if (effect.is(show)) placed = effect.value.map((found) => place(found, change.newDoc)).sort((a, b) => a.from - b.from);
    if (effect.is(open)) shown = effect.value;
  }
  return placed === seen.placed && shown === seen.open ? seen : { placed, open: shown };
}

function onLine(view: { state: { doc: Text; field(one: typeof field): Seen } }, at: number): Placed[] {
  const line = view.state.doc.lineAt(at);
  return view.state.field(field).placed.filter((one) => one.from >= line.from && one.from <= line.to);
}

function words(found: readonly Placed[]): HTMLElement {
  const one = ({ found }: Placed): HTMLElement =>
    el("li", { class: `is-${found.severity}` },
      el("b", {}, el("span", { class: "sign", "aria-hidden": "true" }, SIGNS[found.severity]), NAMES[found.severity]),
      " ", el("span", { class: "aside" }, found.rule),
      el("p", {}, ...ticked(found.says)),
      found.mend ? el("p", { class: "mend" }, ...ticked(found.mend)) : null);
  return el("ul", { class: "found-words" }, ...found.map(one));
}

function tooltip(at: number, found: readonly Placed[]): Tooltip {
  return { pos: at, above: false, create: () => ({ dom: words(found) }) };
}

class Sign extends GutterMarker {
  constructor(private readonly severity: Diagnostic["severity"]) {
    super();
  }

  override eq(other: GutterMarker): boolean {
    return other instanceof Sign && other.severity === this.severity;
  }

  override toDOM(): Node {
    return el("span", { class: `sign is-${this.severity}` }, SIGNS[this.severity]);
  }
}

function signs(view: EditorView): RangeSet<GutterMarker> {
  const worst = new Map<number, number>();
  for (const { from, found } of view.state.field(field).placed) {
    const line = view.state.doc.lineAt(from).from;
    worst.set(line, Math.max(worst.get(line) ?? 0, ORDER.indexOf(found.severity)));
  }
  return RangeSet.of([...worst].map(([line, rank]) => new Sign(ORDER[rank] ?? "note").range(line)), true);
}

const field: StateField<Seen> = StateField.define<Seen>({
  create: () => ({ placed: [], open: null }),
  update: next,
  provide: (one) => [
    EditorView.decorations.from(one, ({ placed }) =>
      Decoration.set(
        placed.filter(({ from, to }) => to > from).map(({ from, to, found }) => Decoration.mark({ class: `found is-${found.severity}` }).range(from, to)),
        true,
      )),
    showTooltip.compute([one], (state) => {
      const at = state.field(one).open;
      const found = at === null ? [] : onLine({ state }, at);
      return at === null || !found.length ? null : tooltip(at, found);
    }),
  ],
});

function turn(view: EditorView, line: number): boolean {
  const found = onLine(view, line);
  const to = found[0]?.from ?? null;
  if (view.state.field(field).open !== to) view.dispatch({ effects: open.of(to) });
  return found.length > 0;
}

function close(view: EditorView): boolean {
  if (view.state.field(field).open !== null) view.dispatch({ effects: open.of(null) });
  return false; // Escape, then Tab must still leave the editor
}

/** Go to the next finding (`step` 1) or the one before (-1), show its words and say them; the only time that any are said. */
export function walk(view: EditorView, step: 1 | -1): boolean {
  const { placed } = view.state.field(field);
  const here = view.state.selection.main.head;
  const behind = placed.findIndex(({ from }) => from > here);
  const before = placed.reduce((last, { from }, at) => (from < here ? at : last), -1);
  const chosen = step === 1 ? Math.max(0, behind) : before < 0 ? placed.length - 1 : before;
  const one = placed[chosen];
  if (!one) {
    speak("Nothing is found in your code.");
    return true;
  }
  view.dispatch({
    selection: EditorSelection.cursor(one.from),
    effects: [open.of(one.from), EditorView.scrollIntoView(one.from, { y: "nearest", yMargin: 60 })],
  });
  view.focus();
  const { severity, says, mend } = one.found;
  speak(`${chosen + 1} of ${placed.length}. ${NAMES[severity]} in line ${view.state.doc.lineAt(one.from).number}: ${says} ${mend ?? ""}`);
  return true;
}

/** Show these in place of all earlier ones; they must be about the text as it stands. */
export function mark(view: EditorView, found: readonly Diagnostic[]): void {
  view.dispatch({ effects: [show.of(found), open.of(null)] });
}

export function findings(): Extension {
  return [
    field,
    gutter({
      class: "cm-signs",
      markers: signs,
      initialSpacer: () => new Sign("warning"),
      domEventHandlers: {
        mousemove: (view, line) => turn(view, line.from),
        mousedown: (view, line) => turn(view, line.from),
        mouseleave: close,
      },
    }),
    hoverTooltip((view, at) => {
      const found = onLine(view, at).filter(({ from, to }) => from <= at && at <= to);
      return found[0] && view.state.field(field).open === null ? tooltip(found[0].from, found) : null;
    }, { hideOnChange: true }),
    EditorView.domEventHandlers({ blur: (_, view) => close(view) }),
    keymap.of([
      { key: "F8", run: (view) => walk(view, 1), shift: (view) => walk(view, -1), preventDefault: true },
      { key: "Escape", run: close },
    ]),
  ];
}
