// The room: asks the server for the state whenever something happened, and shows it. What is typed belongs to the page,
// all else to the server.
import { call, Problem, told } from "./api";
import { Chat } from "./chat";
import { Clock } from "./clock";
import { ask, listKeys } from "./dialogs";
import { byId, isMac, speak } from "./dom";
import { Desk } from "./desk";
import { Live } from "./live";
import { Outbox } from "./outbox";
import { remember } from "./mine";
import { Saving } from "./saving";
import { Tabs } from "./tabs";
import { Talk } from "./talk";
import type { Interview } from "./types";

const MOD = isMac ? "⌘" : "Ctrl ";
const button = (id: string): HTMLButtonElement => byId<HTMLButtonElement>(id);

function newResults(before: Interview, seen: Interview): boolean {
  const done = (one: Interview): number => [...one.runs, ...one.attempts].filter((entry) => entry.status !== "waiting").length;
  return done(seen) > done(before);
}

class Room {
  private readonly id = byId("main").dataset["id"] ?? "";
  private readonly saving = new Saving();
  private readonly outbox = new Outbox(this.id, this.saving);
  private readonly talk = new Talk();
  private readonly tabs = new Tabs((part) => (part === "talk" ? this.talk.toEnd() : window.scrollTo(0, 0)));
  private readonly clock = new Clock(() => void this.refresh());
  private readonly chat = new Chat((text) => void this.say(text), (text) => this.desk.chatChanged(text));
  private readonly desk = new Desk(this.id, byId("main").dataset["nonce"] ?? "", this.saving, {
    run: () => void this.run(),
    submit: () => void this.submit(),
    early: () => (this.fresh ? this.chat.text : ""),
    restoreChat: (text) => (this.chat.text = text),
    trouble: (says) => this.trouble(says),
    refresh: () => void this.refresh(),
  });
  private live: Live | null = null;
  private seen: Interview | null = null;
  /** Questions to which this page sent something that the state may not show yet. */
  private readonly handed = new Set<string>();
  private fresh = true;
  private asking = false;
  private again = false;

  async open(): Promise<void> {
    listKeys();
    this.wire();
    for (const resent of this.outbox.resume()) resent.then(() => this.refresh(), (error: unknown) => this.trouble(told(error)));
    await this.refresh();
    this.live = new Live(this.id, this.seen?.length ?? 0, () => void this.refresh());
    if (this.seen) remember({ id: this.id, title: this.seen.title, mode: this.seen.mode, at: this.seen.now });
    if (this.seen?.status === "closed") this.live.end();
  }

  /** Ask for the state; what happens meanwhile leads to asking once more. */
  async refresh(): Promise<void> {
    this.again = this.asking;
    if (this.asking) return;
    this.asking = true;
    try {
      this.show(await call<Interview>("GET", `/interviews/${this.id}`));
      this.saving.set("server", "saved");
    } catch (error) {
      if (error instanceof Problem && !error.passing) this.trouble(error.sentence);
      else this.saving.set("server", "retrying");
    } finally {
      this.asking = false;
    }
    if (this.again) void this.refresh();
  }

  private show(seen: Interview): void {
    const before = this.seen;
    this.seen = seen;
    const { question } = seen;
    const closed = seen.status === "closed";
    const words = question?.kind === "concept";
    if (before && newResults(before, seen)) this.tabs.news("code");
    byId("main").dataset["kind"] = question?.kind ?? "none";
    byId("place").textContent = question ? `${seen.title} · ${question.step} of ${seen.steps.length}` : seen.title;
    this.clock.set(seen);
    this.talk.show(seen.transcript);
    if (before && before.transcript.length < seen.transcript.length) this.tabs.news("talk");
    this.desk.show(seen);
    this.fresh = false;
    this.chat.setLong(words);
    byId("say").hidden = closed;
    byId("tab-code").hidden = words || !question;
    if (question && question.id !== before?.question?.id) this.tabs.show("question");
    if (closed && before?.status !== "closed") this.tabs.show("talk");
    this.buttons(seen);
    this.banner(seen);
    if (closed && before && before.status !== "closed") {
      this.live?.end();
      speak("The interview has ended. The scorecard is ready to be read.");
    }
  }

  private buttons(seen: Interview): void {
    const open = seen.status === "open" && seen.question !== null;
    const { question } = seen;
    const hints = question?.hints ?? 0;
    const used = question?.hints_used ?? 0;
    button("hint").textContent = used < hints ? `Hint (${used + 1} of ${hints}, shown on the scorecard)` : `No hint left (${hints} of ${hints} used)`;
    button("hint").disabled = !open || used >= hints;
    button("repeat").disabled = button("next").disabled = !open;
    button("person").disabled = seen.status === "closed";
    button("send").disabled = seen.status !== "open";
    button("pause").hidden = !seen.briefing.pause || seen.status === "closed";
    button("pause").textContent = seen.status === "paused" ? "Resume" : "Pause";
    button("finish").hidden = seen.status === "closed";
    const card = document.getElementById("card");
    if (card) card.hidden = seen.status === "closed" || seen.steps.every((step) => step.status !== "left");
    button("run").disabled = !open;
    button("submit").disabled = !open || question?.attempts_left === 0;
  }

  private banner(seen: Interview): void {
    const place = byId("banner");
    if (seen.status === "closed") {
      const link = document.createElement("a");
      link.href = `/interviews/${this.id}/scorecard`;
      link.className = "button main";
      link.textContent = "Read the scorecard";
      if (place.dataset["says"] !== "closed") place.replaceChildren("This interview has ended. ", link);
      place.dataset["says"] = "closed";
      place.hidden = false;
    } else if (seen.status === "paused") {
      place.textContent = "Paused: your time stands still. Press Resume to go on.";
      place.dataset["says"] = "paused";
      place.hidden = false;
    } else if (place.dataset["says"] === "paused") {
      place.hidden = true;
      place.dataset["says"] = "";
    }
  }

  private trouble(says: string): void {
    const place = byId("banner");
    if (place.dataset["says"] === "closed") return;
    place.textContent = says;
    place.dataset["says"] = "trouble";
    place.hidden = false;
  }

  private calm(): void {
    const place = byId("banner");
    if (place.dataset["says"] === "trouble") place.hidden = true;
  }

  private wire(): void {
    button("run").querySelector("kbd")?.append(`${MOD}↵`);
    button("submit").querySelector("kbd")?.append(isMac ? "⇧⌘↵" : "Ctrl ⇧ ↵");
    button("run").addEventListener("click", () => void this.run());
    button("submit").addEventListener("click", () => void this.submit());
    button("hint").addEventListener("click", () => void this.move("hint"));
    button("repeat").addEventListener("click", () => void this.move("repeat"));
    button("person").addEventListener("click", () => void this.move("person"));
    button("next").addEventListener("click", () => void this.next());
    button("finish").addEventListener("click", () => void this.finish());
    button("pause").addEventListener("click", () => void this.move(this.seen?.status === "paused" ? "resume" : "pause"));
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
      if (document.querySelector("dialog[open]")) return;
      event.preventDefault();
      void (event.shiftKey ? this.submit() : this.run());
    });
    window.addEventListener("pagehide", () => this.desk.leaving());
  }

  private async say(text: string): Promise<void> {
    const question = this.seen?.question?.id;
    this.calm();
    if (question) this.handed.add(question);
    this.talk.sending(text);
    this.chat.text = "";
    this.desk.chatSent();
    try {
      await this.outbox.send("/messages", question ? { text, question } : { text }, true);
    } catch (error) {
      this.talk.settle(text);
      this.chat.text = this.chat.text ? `${text}\n${this.chat.text}` : text;
      this.desk.chatChanged(this.chat.text);
      this.trouble(told(error));
    }
    await this.refresh();
  }

  private async run(): Promise<void> {
    await this.work("run", "/runs", "Running the examples…");
  }

  private async submit(): Promise<void> {
    await this.work("submit", "/attempts", "Handing it in…");
  }

  private async work(name: "run" | "submit", path: string, says: string): Promise<void> {
    const question = this.seen?.question;
    if (!question || question.kind === "concept" || button(name).disabled) return;
    button(name).disabled = true;
    this.calm();
    byId("out").textContent = says;
    this.desk.flush();
    try {
      if (name === "submit") this.handed.add(question.id);
      const body = { code: this.desk.code, framework: this.desk.framework, question: question.id };
      await this.outbox.send(path, body, name === "submit");
    } catch (error) {
      byId("out").textContent = "";
      this.trouble(told(error));
    }
    await this.refresh();
  }

  /** What would stay behind ungraded, in a sentence; empty where nothing would. */
  private unsent(seen: Interview): string {
    const words = this.chat.text.trim() ? "What stands in the message box is not sent, and would not count." : "";
    return [words, this.desk.unsent(seen)].filter(Boolean).join(" ");
  }

  private async next(): Promise<void> {
    const question = this.seen?.question;
    if (!question || !this.seen) return;
    const words = question.kind === "concept";
    const taken = words ? this.desk.answered(this.seen) : this.seen.attempts.some((attempt) => attempt.question === question.id);
    const handed = taken || this.handed.has(question.id);
    const nothing = words ? "You have sent nothing on this question yet." : "You have handed in nothing here. What stands in the editor is kept but not graded.";
    const unsent = this.unsent(this.seen);
    const text = [handed ? "" : nothing, unsent, "The question cannot be opened again."].filter(Boolean).join(" ");
    const title = handed ? "Move on without what is not sent?" : "Move on without an answer?";
    if ((!handed || unsent) && !(await ask({ title, text, yes: "Move on", no: "Stay here" }))) return;
    await this.move("next");
  }

  private async finish(): Promise<void> {
    const unsent = this.seen?.question ? this.unsent(this.seen) : "";
    const text = ["No further question is asked. What you handed in is graded.", unsent].filter(Boolean).join(" ");
    if (await ask({ title: "Finish the interview?", text, yes: "Finish", no: "Go on" })) await this.move("finish");
  }

  private async move(kind: string): Promise<void> {
    this.calm();
    this.desk.flush();
    try {
      await this.outbox.send("/moves", { kind });
    } catch (error) {
      this.trouble(told(error));
    }
    await this.refresh();
  }
}

void new Room().open();
