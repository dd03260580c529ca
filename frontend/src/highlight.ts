// Colours Python in the browser: the server never parses what a candidate wrote.
import { classHighlighter, highlightCode } from "@lezer/highlight";
import { parser } from "@lezer/python";

const LONGEST = 60_000;

/** The text as lines of spans; null where it is too long or does not parse in peace. */
export function coloured(text: string): Node[][] | null {
  if (text.length > LONGEST) return null;
  const lines: Node[][] = [[]];
  const put = (part: string, classes: string): void => {
    const node = classes ? Object.assign(document.createElement("span"), { className: classes, textContent: part }) : document.createTextNode(part);
    lines[lines.length - 1]?.push(node);
  };
  try {
    highlightCode(text, parser.parse(text), classHighlighter, put, () => lines.push([]));
  } catch {
    return null;
  }
  return lines;
}

export function colourAll(root: ParentNode): void {
  for (const block of root.querySelectorAll<HTMLElement>("pre[data-python], pre > code.language-python")) {
    const rows = [...block.querySelectorAll<HTMLElement>(".l")];
    const text = rows.length ? rows.map((row) => (row.textContent ?? "").replace(/\n$/, "")).join("\n") : (block.textContent ?? "");
    const lines = coloured(text);
    if (!lines) continue;
    if (rows.length) rows.forEach((row, place) => row.replaceChildren(...(lines[place] ?? []), "\n"));
    else block.replaceChildren(...lines.flatMap((line, place) => (place ? ["\n", ...line] : line)));
  }
}
