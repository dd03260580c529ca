// Time that is left, by the server's clock: a tab that slept or a clock that was set changes nothing.
import { byId, speak } from "./dom";
import { keep, load } from "./store";
import type { Interview } from "./types";

const TOLD_AT_SECONDS = [300, 60];

export class Clock {
  private deadline: number | null = null;
  private ahead = 0;
  private paused = false;
  private told = Infinity;
  private hidden = load<boolean>("clock-hidden") === true;
  private readonly button = byId<HTMLButtonElement>("hide-clock");

  constructor(private readonly over: () => void) {
    this.button.hidden = false;
    this.button.addEventListener("click", () => {
      this.hidden = !this.hidden;
      keep("clock-hidden", this.hidden);
      this.draw();
    });
    window.setInterval(() => this.tick(), 1000);
  }

  set(seen: Interview): void {
    this.ahead = Date.parse(seen.now) - Date.now();
    const ends = [seen.deadline, seen.question?.deadline].filter((one): one is string => typeof one === "string");
    const next = seen.status === "closed" || ends.length === 0 ? null : Math.min(...ends.map((one) => Date.parse(one)));
    if (next !== this.deadline) this.told = Infinity;
    this.deadline = next;
    this.paused = seen.status === "paused";
    this.draw();
  }

  private seconds(): number {
    return this.deadline === null ? Infinity : Math.max(0, Math.round((this.deadline - Date.now() - this.ahead) / 1000));
  }

  private tick(): void {
    if (this.deadline === null || this.paused) return;
    const left = this.seconds();
    for (const mark of TOLD_AT_SECONDS) {
      if (left <= mark && this.told > mark && left > mark - 10) speak(`${mark / 60} ${mark === 60 ? "minute" : "minutes"} left.`);
    }
    this.told = left;
    this.draw();
    if (left === 0) this.over();
  }

  private draw(): void {
    const left = this.seconds();
    const place = byId("left");
    const words = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")} left`;
    this.button.hidden = left === Infinity;
    place.textContent = left === Infinity || this.hidden ? "" : this.paused ? "paused" : words;
    place.dataset["low"] = left <= 60 ? "yes" : "no";
    this.button.textContent = this.hidden ? "show time" : "hide";
    this.button.setAttribute("aria-label", this.hidden ? "Show the time that is left" : "Hide the time that is left");
  }
}
