// Home: one button for each thing to practise, and this browser's interviews.
import { call, Problem, told } from "./api";
import { byId, el, freshKey, speak } from "./dom";
import { forget, forgetAll, mine, remember, type Entry } from "./mine";

/** One key for each button and page load: pressing it twice opens one interview. */
const keys = new Map<HTMLButtonElement, string>();

async function begin(button: HTMLButtonElement): Promise<void> {
  const key = keys.get(button) ?? freshKey();
  keys.set(button, key);
  button.setAttribute("aria-busy", "true");
  byId("trouble").hidden = true;
  const { track, question, title = "" } = button.dataset;
  const order = track ? { track } : { question };
  try {
    const opened = await call<{ id: string; url: string }>("POST", "/interviews", { ...order, mode: "practice", key });
    remember({ id: opened.id, title, mode: "practice", at: new Date().toISOString() });
    location.assign(opened.url);
  } catch (error) {
    button.removeAttribute("aria-busy");
    byId("trouble").textContent = told(error);
    byId("trouble").hidden = false;
  }
}

function entry(known: Entry): HTMLLIElement {
  const state = el("span", { class: "aside" }, new Date(known.at).toLocaleDateString(undefined, { day: "numeric", month: "long" }));
  const link = el("a", { href: `/interviews/${known.id}` }, known.title || "Interview");
  const item = el("li", {}, link, " ", state);
  void look(known, item, link, state);
  return item;
}

async function look(known: Entry, item: HTMLLIElement, link: HTMLAnchorElement, state: HTMLElement): Promise<void> {
  try {
    const seen = await call<{ status: string; agreed: boolean }>("GET", `/interviews/${known.id}`);
    const words = { open: seen.agreed ? "in progress" : "not started", paused: "paused", closed: "finished" }[seen.status] ?? "";
    state.textContent += ` · ${words}`;
    if (seen.status === "closed") link.setAttribute("href", `/interviews/${known.id}/scorecard`);
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 404) return;
    forget(known.id);
    item.remove();
    showMine();
  }
}

function showMine(): void {
  const entries = mine();
  byId("mine").hidden = byId("forget").hidden = entries.length === 0;
  byId("none").hidden = entries.length > 0;
}

for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-title]")) {
  button.disabled = false;
  button.addEventListener("click", () => void begin(button));
}
byId("mine").append(...mine().slice(0, 8).map(entry));
showMine();
byId("forget").addEventListener("click", () => {
  forgetAll();
  byId("mine").replaceChildren();
  showMine();
  speak("This browser’s list is empty now. The interviews themselves are kept by the server.");
});
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  keys.clear(); // back from an interview: the next press is meant to open another one
  for (const button of document.querySelectorAll("button[aria-busy]")) button.removeAttribute("aria-busy");
});
