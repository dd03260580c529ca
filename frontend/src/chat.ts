// The message box. At a question for words it is where the answer is written: it grows, and Enter makes a new line.
import { byId, isMac } from "./dom";

const MOD = isMac ? "⌘" : "Ctrl ";

export class Chat {
  private readonly box = byId<HTMLTextAreaElement>("chat");
  private long = false;

  constructor(send: (text: string) => void, changed: (text: string) => void) {
    const go = (): void => {
      const text = this.text.trim();
      if (text) send(text);
    };
    byId<HTMLFormElement>("say").addEventListener("submit", (event) => {
      event.preventDefault();
      go();
    });
    this.box.addEventListener("input", () => {
      this.grow();
      changed(this.text);
    });
    this.box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      const mod = event.ctrlKey || event.metaKey;
      if (mod || (!this.long && !event.shiftKey)) {
        event.preventDefault();
        event.stopPropagation();
        go();
      }
    });
  }

  get text(): string {
    return this.box.value;
  }

  set text(text: string) {
    this.box.value = text;
    this.grow();
  }

  /** Whether answers are written here. */
  setLong(long: boolean): void {
    this.long = long;
    this.box.placeholder = long ? "Write your answer; several messages make one answer" : "Say something, or ask";
    byId("send-key").textContent = long ? `${MOD}↵` : "↵";
    byId("chat-says").textContent = long ? "What you send is your answer. You can add to it until you move on." : "";
  }

  /** A narrow page may not know `field-sizing`, so the height follows the text by hand. */
  private grow(): void {
    this.box.style.height = "auto";
    this.box.style.height = `${Math.min(this.box.scrollHeight + 2, innerHeight / 2)}px`;
  }
}
