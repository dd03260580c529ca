// Briefing: who one is and how much time, then the clock.
import { call, told } from "./api";
import { byId, freshKey } from "./dom";
import { remember } from "./mine";

const main = byId("main");
const id = main.dataset["id"] ?? "";
const form = byId<HTMLFormElement>("start");
const button = form.querySelector("button") as HTMLButtonElement;
const key = freshKey();

remember({ id, title: main.dataset["title"] ?? "", mode: main.dataset["mode"] ?? "", at: new Date().toISOString() });
button.disabled = false;
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

async function start(): Promise<void> {
  const form_ = new FormData(form);
  const factor = String(form_.get("factor") ?? "1");
  const name = String(form_.get("name") ?? "").trim();
  await call("PUT", `/interviews/${id}/profile`, { name, time_factor: factor === "none" ? null : Number(factor) });
  await call("POST", `/interviews/${id}/moves`, { kind: "agree", key });
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (button.disabled) return;
  button.disabled = true;
  start().then(
    () => location.reload(),
    (error: unknown) => {
      button.disabled = false;
      byId("trouble").textContent = told(error);
      byId("trouble").hidden = false;
    },
  );
});
