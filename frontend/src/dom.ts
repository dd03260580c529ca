// Small helpers over the document. Text that comes from people is only ever set as text.

export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no element ${id}.`);
  return found as T;
}

type Child = Node | string | null | false;

export function el<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Record<string, string | boolean> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(key, "");
    else if (value !== false) made.setAttribute(key, value);
  }
  for (const child of children) if (child !== null && child !== false) made.append(child);
  return made;
}

/** A key for one write. `crypto.randomUUID` needs a secure context, and viva also runs on plain http in a local net. */
export function freshKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** One polite sentence for a screen reader; the same sentence twice is read twice. */
export function speak(sentence: string): void {
  const live = byId("live");
  live.textContent = "";
  window.setTimeout(() => (live.textContent = sentence), 60);
}

/** Authors write titles of checks in lower case; a sentence begins with a capital, code does not change. */
export function sentenceCase(text: string): string {
  return /^[a-z]+[ ,']/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}

/** Text in which `code` between backticks is set as code. */
export function ticked(text: string): Node[] {
  return text.split(/`([^`\n]+)`/).map((part, place) => (place % 2 ? el("code", {}, part) : document.createTextNode(part)));
}

export const isMac = /mac|iphone|ipad/i.test(navigator.userAgent);
