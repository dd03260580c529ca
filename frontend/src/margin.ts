// Notes in the margin: each beside what it speaks of, moved down where there is no room, tied by a hairline that bends.
// On narrow pages a note stands under its line.

const GAP = 14;
const SVG = "http://www.w3.org/2000/svg";

interface Placed {
  wanted: number;
  top: number;
}

/** Tops for loose notes, in order: each in the first gap between what is placed that holds it, else below everything. */
export function fill(placed: { top: number; height: number }[], heights: number[]): number[] {
  const taken = [...placed];
  return heights.map((height) => {
    let top = 0;
    for (const one of taken.sort((a, b) => a.top - b.top)) {
      if (top + height + GAP <= one.top) break;
      top = Math.max(top, one.top + one.height + GAP);
    }
    taken.push({ top, height });
    return top;
  });
}

/** Tops that keep the order, begin no higher than wanted and never overlap; heights and tops in pixels. */
export function arrange(wanted: number[], heights: number[]): number[] {
  let free = 0;
  return wanted.map((want, place) => {
    const top = Math.max(want, free);
    free = top + (heights[place] ?? 0) + GAP;
    return top;
  });
}

function middle(target: HTMLElement, sheet: HTMLElement): number {
  const rect = target.getClientRects()[0] ?? target.getBoundingClientRect();
  return rect.top + rect.height / 2 - sheet.getBoundingClientRect().top;
}

function hairlines(sheet: HTMLElement, width: number, placed: Placed[]): void {
  sheet.querySelector("svg.ties")?.remove();
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "ties");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("width", String(width));
  svg.setAttribute("height", String(sheet.clientHeight));
  for (const { wanted, top } of placed) {
    const line = document.createElementNS(SVG, "path");
    const end = top + 0.5;
    line.setAttribute("d", `M0 ${wanted} H${width * 0.3} L${width * 0.8} ${end} H${width}`);
    svg.append(line);
  }
  sheet.append(svg);
}

function wide(sheet: HTMLElement, aside: HTMLElement, notes: HTMLElement[]): void {
  for (const note of notes) if (note.parentElement !== aside) aside.append(note);
  aside.classList.add("placed");
  const tied: { note: HTMLElement; wanted: number }[] = [];
  const loose: HTMLElement[] = [];
  for (const note of notes) {
    const target = document.getElementById(note.dataset["ties"] ?? "");
    if (target) tied.push({ note, wanted: middle(target, sheet) });
    else loose.push(note);
  }
  tied.sort((a, b) => a.wanted - b.wanted);
  const tops = arrange(tied.map((one) => one.wanted), tied.map((one) => one.note.offsetHeight));
  const placed = tied.map((one, place) => ({ ...one, top: tops[place] ?? 0, height: one.note.offsetHeight }));
  const rest = fill(placed, loose.map((note) => note.offsetHeight));
  const all = [...placed, ...loose.map((note, place) => ({ note, top: rest[place] ?? 0, height: note.offsetHeight }))];
  for (const one of all) one.note.style.top = `${one.top}px`;
  aside.style.minHeight = `${Math.max(0, ...all.map((one) => one.top + one.height))}px`;
  const gutter = aside.getBoundingClientRect().left - (sheet.firstElementChild as HTMLElement).getBoundingClientRect().right;
  hairlines(sheet, gutter, placed);
}

function narrow(sheet: HTMLElement, aside: HTMLElement, notes: HTMLElement[]): void {
  sheet.querySelector("svg.ties")?.remove();
  aside.classList.remove("placed");
  aside.style.minHeight = "";
  for (const note of [...notes].reverse()) {
    note.style.top = "";
    const target = document.getElementById(note.dataset["ties"] ?? "");
    const place = target?.closest(".l") ?? target?.closest("p") ?? null;
    if (place) place.after(note);
  }
}

export function layMargins(root: ParentNode): void {
  const isWide = matchMedia("(min-width: 60rem)").matches;
  for (const sheet of root.querySelectorAll<HTMLElement>(".annotated")) {
    const aside = sheet.querySelector<HTMLElement>(".notes");
    if (!aside) continue;
    const notes = [...sheet.querySelectorAll<HTMLElement>(".note")];
    (isWide ? wide : narrow)(sheet, aside, notes);
  }
}
