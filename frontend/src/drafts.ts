// Autosave of one text. It is mirrored in this browser at every key and sent 400 ms after the last one; the number n
// only grows, so of two windows the newer text wins and the other one is told, never lost.
import { call, later, pause, Problem } from "./api";
import type { Saving } from "./saving";
import { drop, keep, load } from "./store";
import type { Draft, Slot } from "./types";

const QUIET_MS = 400;

interface Mirror {
  text: string;
  n: number;
}

export interface Conflict {
  mine: string;
  theirs: string;
}

export interface Watcher {
  /** Another window saved something newer; both texts are here. */
  conflict(slot: Slot, texts: Conflict): void;
  /** The server takes no more drafts here. */
  refused(slot: Slot, problem: Problem): void;
}

export class DraftKeeper {
  private n: number;
  private text: string;
  private timer = 0;
  private sending = false;
  private dirty = false;
  private closed = false;
  private readonly name: string;

  constructor(
    private readonly id: string,
    private readonly slot: Slot,
    private readonly saving: Saving,
    private readonly watcher: Watcher,
    stored: Draft | null,
  ) {
    this.name = `draft.${id}.${slot.of}.${slot.question}.${slot.framework ?? ""}`;
    this.n = stored?.n ?? 0;
    this.text = stored?.text ?? "";
  }

  /** What to show at first: what this browser wrote and could not send, else what the server has, else nothing. */
  restore(): string | null {
    const mirror = load<Mirror>(this.name);
    const stored = this.n > 0 ? this.text : null;
    if (!mirror || typeof mirror.text !== "string" || mirror.text === stored) {
      drop(this.name);
      return stored;
    }
    if (mirror.n <= this.n && stored !== null) {
      this.watcher.conflict(this.slot, { mine: mirror.text, theirs: stored });
      return stored;
    }
    this.changed(mirror.text);
    return mirror.text;
  }

  changed(text: string): void {
    if (this.closed || (text === this.text && !this.dirty && this.n > 0)) return;
    this.text = text;
    this.dirty = true;
    keep(this.name, { text, n: this.n + 1 });
    this.saving.set(this.name, "saving");
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.send(), QUIET_MS);
  }

  /** One of two versions was chosen: it is the newest now, whatever either was. */
  choose(text: string): void {
    this.dirty = true;
    this.changed(text);
  }

  /** Send now what is not sent yet; at the end of the page with `last`. */
  flush(last = false): void {
    window.clearTimeout(this.timer);
    if (!this.dirty || this.closed) return;
    if (last) void call("PUT", `/interviews/${this.id}/draft`, this.body(this.n + 1), true).catch(() => undefined);
    else void this.send();
  }

  /** Nothing more is sent from here; what was sent stays. */
  close(): void {
    window.clearTimeout(this.timer);
    this.closed = true;
    this.saving.set(this.name, "saved");
  }

  /** The text was handed over by other means (a message was sent): begin again with nothing. */
  emptied(): void {
    this.changed("");
    this.flush();
  }

  private body(n: number): object {
    return { ...this.slot, text: this.text, n };
  }

  private async send(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    for (let attempt = 0; this.dirty && !this.closed; ) {
      const text = this.text;
      try {
        const saved = await call<{ n: number }>("PUT", `/interviews/${this.id}/draft`, this.body(this.n + 1));
        this.settled(text, saved.n);
        attempt = 0;
      } catch (error) {
        if (error instanceof Problem && !error.passing) {
          this.refusedWith(error, text);
          break;
        }
        this.saving.set(this.name, "retrying");
        await pause(later(attempt++));
      }
    }
    this.sending = false;
  }

  private settled(text: string, n: number): void {
    this.n = n;
    if (text !== this.text) {
      keep(this.name, { text: this.text, n: n + 1 });
      return;
    }
    this.dirty = false;
    drop(this.name);
    this.saving.set(this.name, "saved");
  }

  private refusedWith(problem: Problem, text: string): void {
    const stored = problem.body["draft"] as Mirror | undefined;
    if (problem.type === "stale-draft" && stored) {
      if (stored.text === text) {
        this.settled(text, stored.n);
        if (this.dirty) this.timer = window.setTimeout(() => void this.send(), QUIET_MS);
        return;
      }
      this.n = stored.n;
      this.dirty = false;
      this.saving.set(this.name, "stopped");
      this.watcher.conflict(this.slot, { mine: this.text, theirs: stored.text });
      return;
    }
    this.dirty = false;
    this.saving.set(this.name, problem.status === 413 || problem.status === 422 ? "stopped" : "saved");
    this.watcher.refused(this.slot, problem);
  }
}
