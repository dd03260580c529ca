// Writes in order, each with its key: sent again with the same key until the server answers, so that nothing is lost and
// nothing is done twice. Messages and attempts survive a reload; a button that was pressed does not, it may be meant no more.
import { call, later, pause, Problem } from "./api";
import { freshKey } from "./dom";
import type { Saving } from "./saving";
import { drop, keep, load } from "./store";

interface Unsent {
  path: string;
  body: Record<string, unknown>;
  lasting: boolean;
}

interface Waiting extends Unsent {
  done: (answer: unknown) => void;
  failed: (error: unknown) => void;
}

const MOST_TRIES_AT_A_BROKEN_SERVER = 6;

export class Outbox {
  private readonly queue: Waiting[] = [];
  private busy = false;

  constructor(
    private readonly id: string,
    private readonly saving: Saving,
  ) {}

  send<T>(path: string, body: Record<string, unknown>, lasting = false): Promise<T> {
    return this.put<T>({ path, body: { ...body, key: freshKey() }, lasting });
  }

  /** What an earlier page could not send: sent now, with the same keys. */
  resume(): Promise<unknown>[] {
    const left = load<Unsent[]>(`unsent.${this.id}`) ?? [];
    return left.map((unsent) => this.put(unsent));
  }

  private put<T>(unsent: Unsent): Promise<T> {
    return new Promise<T>((done, failed) => {
      this.queue.push({ ...unsent, done: done as (answer: unknown) => void, failed });
      this.mirror();
      void this.work();
    });
  }

  private mirror(): void {
    const lasting = this.queue.filter((one) => one.lasting).map(({ path, body }) => ({ path, body, lasting: true }));
    if (lasting.length) keep(`unsent.${this.id}`, lasting);
    else drop(`unsent.${this.id}`);
  }

  private async work(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    for (let next = this.queue[0]; next; next = this.queue[0]) {
      await this.deliver(next);
      this.queue.shift();
      this.mirror();
    }
    this.saving.set("outbox", "saved");
    this.busy = false;
  }

  private async deliver(one: Waiting): Promise<void> {
    this.saving.set("outbox", "saving");
    for (let attempt = 0; ; attempt++) {
      try {
        one.done(await call("POST", `/interviews/${this.id}${one.path}`, one.body));
        return;
      } catch (error) {
        const broken = error instanceof Problem && error.status === 500 && attempt >= MOST_TRIES_AT_A_BROKEN_SERVER;
        if (error instanceof Problem && (!error.passing || broken)) {
          one.failed(error);
          return;
        }
        this.saving.set("outbox", "retrying");
        await pause(later(attempt));
      }
    }
  }
}
