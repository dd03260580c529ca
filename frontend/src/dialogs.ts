// Questions to the user, and the list of keys. A dialog gives the focus back to where it was.
import { byId, isMac } from "./dom";

export interface Choice {
  title: string;
  text: string;
  yes: string;
  no: string;
}

export function ask(choice: Choice): Promise<boolean> {
  const dialog = byId<HTMLDialogElement>("ask");
  byId("ask-title").textContent = choice.title;
  byId("ask-text").textContent = choice.text;
  byId("ask-yes").textContent = choice.yes;
  byId("ask-no").textContent = choice.no;
  return new Promise((done) => {
    const finish = (answer: boolean) => (): void => {
      dialog.onclose = null;
      dialog.close();
      done(answer);
    };
    byId("ask-yes").onclick = finish(true);
    byId("ask-no").onclick = finish(false);
    dialog.onclose = finish(false);
    dialog.showModal();
  });
}

function inText(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

export function listKeys(): void {
  const dialog = byId<HTMLDialogElement>("keys");
  for (const key of document.querySelectorAll("kbd[data-mod]")) key.textContent = isMac ? "⌘" : "Ctrl";
  byId("help").hidden = false;
  byId("help").addEventListener("click", () => dialog.showModal());
  byId("keys-close").addEventListener("click", () => dialog.close());
  document.addEventListener("keydown", (event) => {
    if (event.key !== "?" || event.ctrlKey || event.metaKey || inText(event.target) || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    dialog.showModal();
  });
}
