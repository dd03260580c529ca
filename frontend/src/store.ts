// What this browser keeps. Storage may be full or forbidden; then nothing is kept and nothing fails.

export function load<T>(name: string): T | null {
  try {
    const text = localStorage.getItem(`viva.${name}`);
    return text === null ? null : (JSON.parse(text) as T);
  } catch {
    return null;
  }
}

export function keep(name: string, value: unknown): void {
  try {
    localStorage.setItem(`viva.${name}`, JSON.stringify(value));
  } catch {
    // The server's copy is the one that counts.
  }
}

export function drop(name: string): void {
  try {
    localStorage.removeItem(`viva.${name}`);
  } catch {
    // Nothing was kept.
  }
}

export function names(prefix: string): string[] {
  try {
    return Object.keys(localStorage)
      .filter((name) => name.startsWith(`viva.${prefix}`))
      .map((name) => name.slice("viva.".length));
  } catch {
    return [];
  }
}
