// This browser's own list of interviews: tokens stay here, no account knows them.
import { drop, keep, load, names } from "./store";

export interface Entry {
  id: string;
  title: string;
  mode: string;
  at: string;
}

const MOST = 30;

export function mine(): Entry[] {
  const list = load<Entry[]>("mine");
  return Array.isArray(list) ? list : [];
}

export function remember(entry: Entry): void {
  if (mine().some((known) => known.id === entry.id)) return;
  keep("mine", [entry, ...mine()].slice(0, MOST));
}

export function forget(id: string): void {
  keep("mine", mine().filter((entry) => entry.id !== id));
  forgetTexts(id);
}

export function forgetAll(): void {
  drop("mine");
  for (const name of [...names("draft."), ...names("unsent.")]) drop(name);
}

function forgetTexts(id: string): void {
  for (const name of [...names(`draft.${id}.`), ...names(`unsent.${id}`)]) drop(name);
}
