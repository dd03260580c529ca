// Calls to viva's own API. A refusal is a Problem with the server's sentence; no answer at all is Unreachable.

export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly type: string,
    readonly says: string,
    readonly mend: string,
    readonly body: Record<string, unknown>,
  ) {
    super(says);
  }

  /** Whether the same request may do better later. */
  get passing(): boolean {
    return this.status === 429 || this.status >= 500;
  }

  get sentence(): string {
    return this.mend ? `${this.says} ${this.mend}` : this.says;
  }
}

export class Unreachable extends Error {}

const LONGEST_MS = 15_000;

export async function call<T>(method: string, path: string, body?: unknown, last = false, signal?: AbortSignal): Promise<T> {
  const request: RequestInit = { method, keepalive: last, cache: "no-store" };
  if (!last) request.signal = signal ?? AbortSignal.timeout(LONGEST_MS);
  if (body !== undefined) {
    request.body = JSON.stringify(body);
    request.headers = { "Content-Type": "application/json" };
  }
  const answer = await fetch(`/api/v1${path}`, request).catch(() => {
    throw new Unreachable("No answer from the server.");
  });
  const value = await answer.json().catch(() => {
    throw answer.ok ? new Unreachable("The answer broke off.") : new Problem(answer.status, "", `The server answered ${answer.status}.`, "", {});
  });
  if (answer.ok) return value as T;
  throw new Problem(answer.status, String(value.type ?? ""), String(value.detail ?? "It was refused."), String(value.mend ?? ""), value);
}

export function told(error: unknown): string {
  return error instanceof Problem ? error.sentence : "No answer from the server. What you wrote is kept; try again.";
}

export function later(attempt: number): number {
  return Math.min(500 * 2 ** attempt, 5_000);
}

export const pause = (ms: number): Promise<void> => new Promise((done) => window.setTimeout(done, ms));
