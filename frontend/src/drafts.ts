// Autosave of one text. It is mirrored in this browser at every key and sent 400 ms after the last one; the number n
// only grows, so of two windows the newer text wins and the other one is told, never lost.
import { call, later, pause, Problem } from "./api";
import type { Saving } from "./saving";
import { drop, keep, load } from "./store";
import type { Draft, Slot } from "./types";

const QUIET_MS = 400;

interface Stored {
  text: string;
  n: number;
}

/** What this browser keeps: the text, and those that were sent and not answered. Of these the server may have any, for
 * instance when it was killed before it could answer; then nobody else wrote, and the text here is the newer one. */
interface Mirror {
  text: string;
  n: number;
  sent: string[];
}

const MOST_UNANSWERED = 4;

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
  private unanswered: string[] = [];
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
    if (!mirror || typeof mirror.text !== "string" || !Array.isArray(mirror.sent) || mirror.text === stored) {
      drop(this.name);
      return stored;
    }
    this.unanswered = mirror.sent;
    if (mirror.n <= this.n && stored !== null && !mirror.sent.includes(stored)) {
      this.watcher.conflict(this.slot, { mine: mirror.text, theirs: stored });
      return stored;
    }
    this.changed(mirror.text);
    return mirror.text;
  }

  /** What was written here last, saved or not; null where nothing was. */
  get held(): string | null {
    return this.n > 0 || this.dirty ? this.text : null;
  }

  changed(text: string): void {
    if (this.closed || (text === this.text && !this.dirty && this.n > 0)) return;
    this.text = text;
    this.dirty = true;
    this.mirror();
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
    if (last) this.sent(this.text);
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

  private mirror(): void {
    keep(this.name, { text: this.text, n: this.n + 1, sent: this.unanswered } satisfies Mirror);
  }

  private sent(text: string): void {
    if (this.unanswered.at(-1) !== text) this.unanswered = [...this.unanswered, text].slice(-MOST_UNANSWERED);
    this.mirror();
  }

  private body(n: number): object {
    return { ...this.slot, text: this.text, n };
  }

  private async send(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    for (let attempt = 0; this.dirty && !this.closed; ) {
      const text = this.text;
      this.sent(text);
      try {
        const saved = await call<{ n: number }>("PUT", `/interviews/${this.id}/draft`, this.body(this.n + 1));
        this.settled(text, saved.n);
        attempt = 0;
      } catch (error) {
        if (error instanceof Problem && !error.passing) {
          if (this.ours(error)) continue;
          this.refusedWith(error);
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
    this.unanswered = [];
    if (text !== this.text) {
      this.mirror();
      return;
    }
    this.dirty = false;
    drop(this.name);
    this.saving.set(this.name, "saved");
  }

  /** Whether the server refused because it has what we sent before without hearing an answer; then we go on from there. */
  private ours(problem: Problem): boolean {
    const stored = problem.body["draft"] as Stored | undefined;
    if (problem.type !== "stale-draft" || !stored || !this.unanswered.includes(stored.text)) return false;
    this.settled(stored.text, stored.n);
    return true;
  }

  private refusedWith(problem: Problem): void {
    const stored = problem.body["draft"] as Stored | undefined;
    this.dirty = false;
    if (problem.type === "stale-draft" && stored) {
      this.n = stored.n;
      this.saving.set(this.name, "stopped");
      this.watcher.conflict(this.slot, { mine: this.text, theirs: stored.text });
      return;
    }
    this.saving.set(this.name, problem.status === 413 || problem.status === 422 ? "stopped" : "saved");
    this.watcher.refused(this.slot, problem);
  }
}
