// Asks what can be said of the code, a moment after the last key. An answer for an older text is thrown away; where the
// server does not answer, nothing is shown and nothing is said.
import { call, Problem } from "./api";
import type { Diagnostic } from "./types";

export interface Watched {
  code: string;
  framework: string;
  question: string;
}

const PAUSE_MS = 150;
const AGAIN_MS = 1_500;
const LONGEST_MS = 5_000;
const MOST_CHARACTERS = 200_000;

export class Watching {
  private timer = 0;
  private asking: AbortController | null = null;

  /** `now` gives what stands in the editor, null where there is nothing to look at. */
  constructor(
    private readonly now: () => Watched | null,
    private readonly found: (all: readonly Diagnostic[]) => void,
  ) {}

  changed(): void {
    this.asking?.abort(); // so that the server need not read it any more
    this.later(PAUSE_MS);
  }

  private later(ms: number): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.ask(), ms);
  }

  private async ask(): Promise<void> {
    const asked = this.now();
    if (!asked || asked.code.length > MOST_CHARACTERS) {
      this.found([]);
      return;
    }
    const asking = new AbortController();
    const late = window.setTimeout(() => asking.abort(), LONGEST_MS);
    this.asking = asking;
    try {
      const answer = await call<{ diagnostics: Diagnostic[] }>("POST", "/diagnostics", asked, false, asking.signal);
      if (!asking.signal.aborted && same(asked, this.now())) this.found(answer.diagnostics);
    } catch (error) {
      if (error instanceof Problem && error.status === 429) this.later(AGAIN_MS);
    } finally {
      window.clearTimeout(late);
    }
  }
}

function same(one: Watched, other: Watched | null): boolean {
  return other !== null && one.code === other.code && one.framework === other.framework && one.question === other.question;
}
