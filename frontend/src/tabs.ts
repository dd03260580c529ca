// On narrow pages the parts of the room are tabs; on wide ones all are visible and the tabs are not.
import { byId } from "./dom";

export type Part = "talk" | "question" | "code";
const PARTS: Part[] = ["talk", "question", "code"];

export class Tabs {
  constructor(private readonly shown: (part: Part) => void) {
    for (const part of PARTS) {
      const tab = byId(`tab-${part}`);
      tab.addEventListener("click", () => this.show(part));
      tab.addEventListener("keydown", (event) => this.walk(event, part));
    }
  }

  show(part: Part): void {
    byId("main").dataset["show"] = part;
    this.shown(part);
    for (const one of PARTS) {
      const tab = byId(`tab-${one}`);
      tab.setAttribute("aria-selected", String(one === part));
      tab.tabIndex = one === part ? 0 : -1;
    }
    delete byId(`tab-${part}`).dataset["news"];
  }

  /** Something came in a part that is not shown. */
  news(part: Part): void {
    if (byId("main").dataset["show"] !== part) byId(`tab-${part}`).dataset["news"] = "yes";
  }

  private walk(event: KeyboardEvent, part: Part): void {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const open = PARTS.filter((one) => !byId(`tab-${one}`).hidden);
    const next = open[(open.indexOf(part) + step + open.length) % open.length];
    if (!next) return;
    event.preventDefault();
    this.show(next);
    byId(`tab-${next}`).focus();
  }
}
