// The conversation. What viva says is HTML that the server made and cleaned; what people say is text.
import { byId, el, speak } from "./dom";
import type { Line } from "./types";

const NAMES = { viva: "viva", you: "You", person: "A person" };

export class Talk {
  private readonly list = byId("lines");
  private last = 0;
  private following = true;
  /** Messages on their way, oldest first; the same words may be sent twice. */
  private pending: { text: string; made: HTMLElement }[] = [];

  constructor() {
    for (const item of this.list.querySelectorAll<HTMLElement>("li[data-seq]")) this.last = Math.max(this.last, Number(item.dataset["seq"]));
    this.toEnd();
    new ResizeObserver(() => this.following && this.toEnd()).observe(this.list);
    this.list.addEventListener("scroll", () => (this.following = this.atEnd()));
  }

  show(lines: Line[]): void {
    const fresh = lines.filter((line) => line.seq > this.last);
    if (!fresh.length) return;
    const follow = this.following;
    for (const line of fresh) {
      if (line.who === "you") this.settle(line.text);
      const before = this.pending[0]?.made ?? null;
      this.list.insertBefore(item(line), before);
      this.last = Math.max(this.last, line.seq);
    }
    const spoken = fresh.filter((line) => line.who !== "you").map((line) => `${NAMES[line.who]}: ${plain(line)}`);
    if (spoken.length) speak(spoken.join(" "));
    if (follow) this.toEnd();
  }

  /** A message on its way: shown at once, marked until the server has it. */
  sending(text: string): HTMLElement {
    const mark = el("span", { class: "aside" }, "sending…");
    const made = el("li", { class: "you unsent" }, el("span", { class: "unseen" }, "You: "), el("p", { class: "plain-text" }, text), mark);
    this.pending.push({ text, made });
    this.list.append(made);
    this.toEnd();
    return made;
  }

  settle(text: string): void {
    const at = this.pending.findIndex((one) => one.text === text);
    if (at >= 0) this.pending.splice(at, 1)[0]?.made.remove();
  }

  private atEnd(): boolean {
    return this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 80;
  }

  /** Show the newest line: of the list where it scrolls, else (narrow pages) of the page; not while another part of the
   * room is on the page, where somebody writes or reads. */
  toEnd(): void {
    this.following = true;
    if (this.list.clientHeight === 0) return;
    this.list.scrollTop = this.list.scrollHeight;
    if (this.list.scrollHeight <= this.list.clientHeight + 1) window.scrollTo(0, document.body.scrollHeight);
  }
}

function item(line: Line): HTMLLIElement {
  const words = line.html === undefined ? el("p", { class: "plain-text" }, line.text) : el("div", { class: "prose" });
  if (line.html !== undefined) words.innerHTML = line.html;
  return el("li", { class: line.who, "data-seq": String(line.seq) }, el("span", { class: "unseen" }, `${NAMES[line.who]}: `), words);
}

function plain(line: Line): string {
  if (line.html === undefined) return line.text;
  const place = document.createElement("template");
  place.innerHTML = line.html;
  return (place.content.textContent ?? "").replace(/\s+/g, " ").trim().slice(0, 600);
}
