// The desk: question, editor, drafts and results. Keeps one draft for each question and framework.
import { DraftKeeper, type Conflict, type Watcher } from "./drafts";
import { Editor } from "./editor";
import { ask } from "./dialogs";
import { Missing } from "./missing";
import { byId, el } from "./dom";
import { Results } from "./results";
import type { Problem } from "./api";
import type { Saving } from "./saving";
import { keep, load } from "./store";
import type { Diagnostic, Interview, Question, Slot } from "./types";
import { Watching, type Watched } from "./watching";

const IDLE = "Run tries the visible examples. Submit hands in and is graded.";

export interface DeskActions {
  run(): void;
  submit(): void;
  /** What was typed into the message box before the first state was shown; empty afterwards. */
  early(): string;
  restoreChat(text: string): void;
  trouble(says: string): void;
  refresh(): void;
}

export class Desk implements Watcher {
  private readonly editor: Editor;
  private readonly results: Results;
  private readonly watching = new Watching(() => this.watched(), (found) => this.found(found));
  private readonly select = byId<HTMLSelectElement>("framework");
  private readonly missing = new Missing(() => this.relabel());
  /** One for each framework of the open question that was looked at: what it holds may be newer than the state shown. */
  private readonly editorDrafts = new Map<string, DraftKeeper>();
  private chatDraft: DraftKeeper | null = null;
  private seen: Interview | null = null;
  private question: Question | null = null;

  constructor(
    private readonly id: string,
    nonce: string,
    private readonly saving: Saving,
    private readonly actions: DeskActions,
  ) {
    this.editor = new Editor(byId("editor"), nonce, {
      changed: (text) => this.editorDraft?.changed(text),
      altered: () => this.watching.changed(),
      run: actions.run,
      submit: actions.submit,
    });
    this.results = new Results(IDLE, (line) => this.editor.goTo(line));
    this.select.addEventListener("change", () => this.switchFramework());
    byId("found").addEventListener("click", () => this.editor.walk());
    byId("starter").addEventListener("click", () => void this.startOver());
  }

  get code(): string {
    return this.editor.text;
  }

  get framework(): string {
    return this.select.value;
  }

  private get editorDraft(): DraftKeeper | undefined {
    return this.editorDrafts.get(this.framework);
  }

  show(seen: Interview): void {
    this.seen = seen;
    if (seen.question?.id !== this.question?.id) this.turnTo(seen.question);
    this.question = seen.question;
    this.editor.lock(seen.status === "closed" || seen.question === null);
    if (seen.question) this.results.show(seen);
    if (seen.question === null) this.nothingOpen(seen);
  }

  /** Whether the candidate said anything since this question was posed. */
  answered(seen: Interview): boolean {
    const posed = seen.transcript.map((line) => line.move).lastIndexOf("pose");
    return seen.transcript.slice(posed + 1).some((line) => line.who === "you");
  }

  /** What stands here and nobody has been sent, in a sentence; empty where all of it was. */
  unsent(seen: Interview): string {
    if (seen.question?.kind === "concept") return "";
    const handed = seen.attempts.filter((one) => one.question === seen.question?.id).at(-1);
    if (!handed || (handed.code === this.code && handed.framework === this.framework)) return "";
    if (this.code === seen.question?.starters[this.framework]) return "";
    return "What stands in the editor is not what you handed in last; it is kept but not graded.";
  }

  chatChanged(text: string): void {
    this.chatDraft?.changed(text);
  }

  chatSent(): void {
    this.chatDraft?.emptied();
  }

  flush(): void {
    for (const draft of this.editorDrafts.values()) draft.flush();
  }

  leaving(): void {
    for (const draft of this.editorDrafts.values()) draft.flush(true);
    this.chatDraft?.flush(true);
  }

  conflict(slot: Slot, { mine, theirs }: Conflict): void {
    const what = slot.of === "editor" ? "code" : "message";
    const text = `Another window or device saved a newer version of this ${what}. Both are kept until you choose; in the editor, undo brings the other one back.`;
    void ask({ title: `Two versions of your ${what}`, text, yes: "Take the newer one", no: "Keep what is here" }).then((take) => {
      if (slot.question !== this.question?.id) return;
      const chosen = take ? theirs : mine;
      if (slot.of === "editor") {
        if (slot.framework === this.framework) {
          this.editor.show(mine, false);
          this.editor.show(chosen, false);
        }
        this.editorDrafts.get(slot.framework ?? "")?.choose(chosen);
      } else {
        this.actions.restoreChat(chosen);
        this.chatDraft?.choose(chosen);
      }
    });
  }

  refused(slot: Slot, problem: Problem): void {
    if (problem.type === "question_left" || problem.type === "closed") {
      this.actions.refresh();
      return;
    }
    this.actions.trouble(`Your ${slot.of === "editor" ? "code" : "message"} could not be saved. ${problem.sentence}`);
  }

  /** What is to be looked at while it is typed: not the starter, which is not the candidate's. */
  private watched(): Watched | null {
    const { question } = this;
    if (!question || question.kind === "concept" || this.seen?.status === "closed") return null;
    if (this.code === question.starters[this.framework]) return null;
    return { code: this.code, framework: this.framework, question: question.id };
  }

  private found(found: readonly Diagnostic[]): void {
    this.editor.mark(found);
    byId("found").hidden = !found.length;
    byId("found-count").textContent = `${found.length} ${found.length === 1 ? "finding" : "findings"}`;
  }

  private turnTo(question: Question | null): void {
    this.flush();
    for (const draft of this.editorDrafts.values()) draft.close();
    this.editorDrafts.clear();
    this.chatDraft?.close();
    this.chatDraft = null;
    this.question = question;
    if (question?.kind === "concept") this.missing.chosen("");
    if (!question) return;
    const minutes = this.seen?.steps[question.step - 1]?.minutes ?? question.minutes;
    byId("kind").textContent = `${question.kind === "concept" ? "In words" : question.kind} · ${minutes} ${minutes === 1 ? "minute" : "minutes"}`;
    byId("title").textContent = question.title;
    byId("statement").innerHTML = question.statement_html;
    byId("question").scrollTop = 0;
    byId("given").hidden = !question.given;
    const given = byId("given").querySelector("pre");
    if (given) given.textContent = question.given;
    this.chatDraft = this.keeper({ of: "chat", question: question.id, framework: null });
    this.restoreChat(this.chatDraft);
    if (question.kind !== "concept") this.frameworks(question);
  }

  /** The unsent message; what was typed before this script ran is not thrown away. */
  private restoreChat(draft: DraftKeeper): void {
    const kept = draft.restore() ?? "";
    const early = this.actions.early();
    const text = early && early !== kept ? [kept, early].filter(Boolean).join("\n") : kept;
    this.actions.restoreChat(text);
    if (text !== kept) draft.changed(text);
  }

  private relabel(): void {
    for (const option of this.select.options) option.textContent = this.missing.label(option.value);
  }

  private frameworks(question: Question): void {
    this.select.replaceChildren(...question.frameworks.map((one) => el("option", { value: one }, this.missing.label(one))));
    const last = load<string>(`framework.${this.id}`) ?? this.seen?.drafts.find((draft) => draft.of === "editor")?.framework;
    if (last && question.frameworks.includes(last)) this.select.value = last;
    byId("framework-label").hidden = question.frameworks.length < 2;
    this.openDraft(question);
  }

  private openDraft(question: Question): void {
    const known = this.editorDraft;
    const draft = known ?? this.keeper({ of: "editor", question: question.id, framework: this.framework });
    this.editorDrafts.set(this.framework, draft);
    this.editor.show((known ? known.held : draft.restore()) ?? question.starters[this.framework] ?? "");
    this.missing.chosen(this.framework);
    this.watching.changed(); // the same text in another framework is found other things in
  }

  private keeper(slot: Slot): DraftKeeper {
    const stored = this.seen?.drafts.find((one) => one.of === slot.of && one.question === slot.question && one.framework === slot.framework);
    return new DraftKeeper(this.id, slot, this.saving, this, stored ?? null);
  }

  private switchFramework(): void {
    keep(`framework.${this.id}`, this.framework);
    if (this.question) this.openDraft(this.question);
  }

  private async startOver(): Promise<void> {
    const text = "The editor shows the starter again. Undo brings back what stands there now.";
    const yes = await ask({ title: "Start over?", text, yes: "Start over", no: "Keep my code" });
    if (yes && this.question) this.editor.show(this.question.starters[this.framework] ?? "", true);
  }

  private nothingOpen(seen: Interview): void {
    byId("kind").textContent = seen.title;
    byId("title").textContent = seen.status === "closed" ? "This interview has ended." : waiting(seen);
    byId("statement").replaceChildren();
    byId("given").hidden = true;
  }
}

/** What a candidate waits for between two questions: practice reads what was said before it goes on. */
function waiting(seen: Interview): string {
  return seen.steps.some((step) => step.status === "left") ? "One moment: what you said is being read." : "One moment.";
}
