// The scorecard: colours code, lays the margins, follows while something is graded, takes appeals.
import { call, told } from "./api";
import { byId, freshKey, speak } from "./dom";
import { colourAll } from "./highlight";
import { Live } from "./live";
import { layMargins } from "./margin";

const id = byId("main").dataset["id"] ?? "";
let live: Live | null = null;

function dress(): void {
  const main = byId("main");
  colourAll(main);
  layMargins(main);
  for (const form of main.querySelectorAll<HTMLFormElement>("form[data-appeal]")) appeals(form);
}

function appeals(form: HTMLFormElement): void {
  const button = form.querySelector("button") as HTMLButtonElement;
  const says = form.querySelector("[data-says]") as HTMLElement;
  const key = freshKey();
  button.disabled = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const fields = new FormData(form);
    const body = { kind: "appeal", key, question: form.dataset["question"], dimension: fields.get("dimension"), text: fields.get("text") };
    button.disabled = true;
    call("POST", `/interviews/${id}/moves`, body).then(
      () => {
        says.textContent = "It is recorded. A person who runs this viva will see it.";
        speak(says.textContent);
      },
      (error: unknown) => {
        says.textContent = told(error);
        button.disabled = false;
      },
    );
  });
}

/** Fetch this page again and put its sheet in the place of the old one; what was open stays open. */
async function follow(): Promise<void> {
  const answer = await fetch(location.href, { cache: "no-store" }).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("main");
  const old = byId("main");
  if (!fresh || writing(old)) return;
  const before = old.dataset["pending"];
  const open = [...old.querySelectorAll<HTMLDetailsElement>("details[id]")].filter((one) => one.open).map((one) => one.id);
  old.replaceWith(document.adoptNode(fresh));
  for (const name of open) document.getElementById(name)?.setAttribute("open", "");
  dress();
  if (before === "yes" && fresh.dataset["pending"] === "no") {
    live?.end();
    speak("Everything is graded now.");
  }
}

function writing(main: HTMLElement): boolean {
  return [...main.querySelectorAll("textarea")].some((box) => box.value !== "");
}

/** A link to evidence opens it and everything around it. */
function openTarget(): void {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const first = target instanceof HTMLDetailsElement ? target : target && document.getElementById(`${target.id}-why`);
  for (let one: Element | null = first ?? target; one; one = one.parentElement) if (one instanceof HTMLDetailsElement) one.open = true;
  target?.scrollIntoView({ block: "center" });
}

dress();
openTarget();
window.addEventListener("hashchange", openTarget);
document.addEventListener("toggle", () => layMargins(byId("main")), true);
/** Paper has nothing to press: all is open on it. */
let shut: HTMLDetailsElement[] = [];
window.addEventListener("beforeprint", () => {
  shut = [...document.querySelectorAll<HTMLDetailsElement>("details:not([open])")];
  for (const fold of shut) fold.open = true;
});
window.addEventListener("afterprint", () => {
  for (const fold of shut) fold.open = false;
});
let again = 0;
window.addEventListener("resize", () => {
  window.clearTimeout(again);
  again = window.setTimeout(() => layMargins(byId("main")), 80);
});
void document.fonts.ready.then(() => layMargins(byId("main")));
byId("print").hidden = false;
byId("print").addEventListener("click", () => window.print());
if (byId("main").dataset["pending"] === "yes") {
  let soon = 0;
  live = new Live(id, 0, () => {
    window.clearTimeout(soon);
    soon = window.setTimeout(() => void follow(), 200);
  });
}
