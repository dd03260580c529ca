// The state of saving, always visible: the worst of all that is on its way.
import { byId, speak } from "./dom";

export type Safe = "saved" | "saving" | "retrying" | "stopped";
const ORDER: Safe[] = ["saved", "saving", "retrying", "stopped"];
const WORDS: Record<Safe, string> = {
  saved: "Saved",
  saving: "Saving…",
  retrying: "Not saved: retrying",
  stopped: "Not saved",
};

export class Saving {
  private readonly states = new Map<string, Safe>();
  private shown: Safe = "saved";

  set(name: string, state: Safe): void {
    this.states.set(name, state);
    const worst = [...this.states.values()].reduce((a, b) => (ORDER.indexOf(a) >= ORDER.indexOf(b) ? a : b), "saved");
    if (worst === this.shown) return;
    const before = this.shown;
    this.shown = worst;
    const place = byId("saved");
    place.textContent = WORDS[worst];
    place.dataset["state"] = worst;
    if (worst === "retrying") speak("Not saved: the server does not answer. What you write is kept in this browser and sent again.");
    if (before === "retrying" && worst === "saved") speak("Saved again.");
  }
}
