// What running and handing in gave: one sentence beside the buttons, all of it in a panel under the editor.
import { byId, el, sentenceCase, speak, ticked } from "./dom";
import type { Attempt, Check, Interview, Read, Run } from "./types";

type One = { entry: Run; ordinal: number | null };

function isAttempt(run: Run): run is Attempt {
  return "ordinal" in run;
}

function name(one: One): string {
  return one.ordinal === null ? "Run" : `Attempt ${one.ordinal}`;
}

function grades(one: One): Record<string, Read> {
  return isAttempt(one.entry) ? one.entry.grades : {};
}

function counted(checks: Check[], visible: boolean): string {
  const passed = checks.filter((check) => check.passed).length;
  return `${passed} of ${checks.length} ${visible ? (checks.length === 1 ? "example passes" : "examples pass") : "checks pass"}`;
}

/** The verdict as one sentence, also for a screen reader. */
export function sentence(one: One, left: number | null): string {
  const { entry } = one;
  const stays = left === null || one.ordinal === null ? "" : ` ${left} ${left === 1 ? "attempt" : "attempts"} left.`;
  if (entry.status === "waiting") return one.ordinal === null ? "Running the examples…" : `${name(one)} is handed in. Checking it…`;
  if (entry.status === "replaced") return "Replaced by a newer run.";
  if (entry.status === "received") return `${name(one)} is received.${stays}`;
  if (entry.status === "failed" || !entry.result) return `${entry.says || "Our fault, not yours: it could not be checked."}${stays}`;
  const { result } = entry;
  const shown = result.checks.length ? `${counted(result.checks, one.ordinal === null)}.` : "";
  return `${one.ordinal === null ? "" : `${name(one)}: `}${result.says ? `${result.says} ` : ""}${shown}${stays}`.trim();
}

export class Results {
  private readonly panel = byId("results");
  private readonly out = byId("out");
  private announced = "";
  private graded = "";

  constructor(
    private readonly idle: string,
    private readonly goTo: (line: number) => void,
  ) {}

  show(seen: Interview): void {
    const question = seen.question?.id;
    const all: One[] = [...seen.runs, ...seen.attempts]
      .filter((entry) => entry.question === question)
      .map((entry) => ({ entry, ordinal: isAttempt(entry) ? entry.ordinal : null }))
      .sort((a, b) => b.entry.seq - a.entry.seq);
    const newest = all[0];
    if (!newest) {
      this.panel.hidden = true;
      this.out.textContent = this.idle;
      this.panel.replaceChildren();
      this.announced = "";
      return;
    }
    const says = sentence(newest, seen.question?.attempts_left ?? null);
    const state = `${newest.entry.seq} ${newest.entry.status} ${says}`;
    const graded = all.map((one) => Object.keys(grades(one)).length).join();
    if (state === this.announced && graded === this.graded) return;
    if (this.announced && state !== this.announced && newest.entry.status !== "waiting") speak(says);
    const anew = state !== this.announced;
    this.announced = state;
    this.graded = graded;
    this.out.textContent = says;
    this.out.classList.toggle("working", newest.entry.status === "waiting");
    this.panel.replaceChildren(this.closer(), this.whole(newest), ...this.earlier(all.slice(1)));
    if (!anew) return; // a grade that came later opens and scrolls nothing
    this.panel.hidden = newest.entry.result === null && all.length === 1;
    this.panel.scrollTop = 0;
  }

  private closer(): HTMLElement {
    const button = el("button", { type: "button", class: "plain closer" }, "Hide results");
    button.addEventListener("click", () => (this.panel.hidden = true));
    return button;
  }

  private earlier(rest: One[]): HTMLElement[] {
    const shown = rest.filter((one) => one.entry.status !== "replaced").slice(0, 20);
    if (!shown.length) return [];
    const items = shown.map((one) => el("details", {}, el("summary", {}, `${name(one)}: ${sentence(one, null)}`), this.whole(one)));
    return [el("details", { class: "fold" }, el("summary", {}, `Earlier (${shown.length})`), ...items)];
  }

  private whole(one: One): HTMLElement {
    const { result } = one.entry;
    const body = el("div", { class: "result" });
    if (!result) return body;
    if (result.says) body.append(el("p", {}, ...ticked(result.says), this.link(result.line)));
    const failed = result.checks.filter((check) => !check.passed);
    const passed = result.checks.filter((check) => check.passed);
    if (failed.length) body.append(el("ul", { class: "checks" }, ...failed.map((check) => this.check(check))));
    if (passed.length) {
      const list = el("ul", { class: "checks" }, ...passed.map((check) => this.check(check)));
      body.append(el("details", { class: "fold", open: !failed.length && passed.length <= 5 }, el("summary", {}, `${passed.length} passed`), list));
    }
    for (const [dimension, read] of Object.entries(grades(one))) {
      const told = read.value === null ? [read.unscored ?? ""] : read.because;
      const label = el("p", { class: "label" }, read.value === null ? dimension : `${dimension} ${Math.round(100 * read.value)} %`);
      body.append(el("section", { class: "read" }, label, ...told.map((says) => el("p", {}, ...ticked(says)))));
    }
    if (result.prints) {
      const cut = result.prints_cut ? " (cut)" : "";
      body.append(el("details", { class: "fold", open: one.ordinal === null }, el("summary", {}, `What it printed${cut}`), el("pre", { class: "prints" }, result.prints)));
    }
    return body;
  }

  private check(check: Check): HTMLElement {
    const state = check.passed ? "passed" : check.ran ? "failed" : "not run";
    return el(
      "li",
      { class: check.passed ? "passed" : "failed" },
      el("span", { class: "sign", "aria-hidden": "true" }, check.passed ? "✓" : "✗"),
      el("span", { class: "unseen" }, `${state}: `),
      ...ticked(sentenceCase(check.title)),
      check.says ? el("p", { class: "says" }, ...ticked(sentenceCase(check.says)), this.link(check.line)) : null,
    );
  }

  private link(line: number | null): Node {
    if (!line) return document.createTextNode("");
    const button = el("button", { type: "button", class: "link" }, `line ${line}`);
    button.addEventListener("click", () => this.goTo(line));
    return el("span", {}, " ", button);
  }
}
