// Follows the system until somebody chooses; runs before the page is drawn, so that nothing flashes.
import { drop, keep, load } from "./store";

type Theme = "light" | "dark";
const system = matchMedia("(prefers-color-scheme: dark)");
const root = document.documentElement;

function shown(): Theme {
  const chosen = load<Theme>("theme");
  return chosen === "light" || chosen === "dark" ? chosen : system.matches ? "dark" : "light";
}

function apply(): void {
  root.dataset["theme"] = shown();
  const button = document.getElementById("theme");
  if (button) {
    button.hidden = false;
    button.textContent = shown() === "dark" ? "Light" : "Dark";
    button.setAttribute("aria-label", `Switch to ${shown() === "dark" ? "light" : "dark"} colours`);
  }
}

function toggle(): void {
  const next: Theme = shown() === "dark" ? "light" : "dark";
  if ((next === "dark") === system.matches) drop("theme");
  else keep("theme", next);
  apply();
}

apply();
system.addEventListener("change", apply);
document.addEventListener("DOMContentLoaded", () => {
  apply();
  document.getElementById("theme")?.addEventListener("click", toggle);
});
