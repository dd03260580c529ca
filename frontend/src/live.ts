// Tells when the record has grown: by server-sent events, by asking every few seconds while there is no stream.

const KINDS = ["opened", "agreed", "posed", "said", "heard", "pressed", "ran", "submitted", "observed", "graded", "time_up",
  "paused", "resumed", "appealed", "overruled", "erased", "closed"];
const POLL_MS = 3_000;

export class Live {
  private source: EventSource | null = null;
  private polling = 0;
  private ended = false;

  constructor(
    private readonly id: string,
    private after: number,
    private readonly changed: () => void,
  ) {
    this.connect();
    this.polling = window.setInterval(() => this.poll(), POLL_MS);
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.changed());
    window.addEventListener("online", () => this.changed());
  }

  /** The interview has ended; nothing more will come. */
  end(): void {
    this.ended = true;
    this.source?.close();
    window.clearInterval(this.polling);
  }

  private connect(): void {
    const source = new EventSource(`/api/v1/interviews/${this.id}/events?after=${this.after}`);
    this.source = source;
    for (const kind of KINDS) {
      source.addEventListener(kind, (event) => {
        this.after = Math.max(this.after, Number(event.lastEventId) || 0);
        this.changed();
      });
    }
  }

  private poll(): void {
    if (this.ended || this.source?.readyState === EventSource.OPEN) return;
    if (this.source?.readyState === EventSource.CLOSED) this.connect();
    this.changed();
  }
}
