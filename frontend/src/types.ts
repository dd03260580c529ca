// The shapes that the API gives (viva/interviews/views.py, and `html` from viva/web/dressing.py), as far as pages use them.

export type Framework = string;
export type Slot = { of: "editor" | "chat"; question: string; framework: Framework | null };

export interface Line {
  seq: number;
  at: string;
  who: "viva" | "you" | "person";
  text: string;
  html?: string;
  move: string | null;
  level: number;
}

/** One finding in code that is being typed; columns count characters from 1, `end` is the one behind. */
export interface Diagnostic {
  line: number;
  column?: number;
  end?: number;
  rule: string;
  severity: "note" | "warning" | "fault";
  says: string;
  mend?: string;
}

export interface Check {
  title: string;
  passed: boolean;
  visible: boolean;
  says: string;
  line: number | null;
  ran: boolean;
}

export interface CheckRun {
  ended: string;
  says: string;
  line: number | null;
  checks: Check[];
  prints: string;
  prints_cut: boolean;
  cpu_seconds: number;
}

export interface Run {
  seq: number;
  question: string;
  framework: Framework | null;
  code: string;
  status: "waiting" | "done" | "replaced" | "failed" | "received";
  says: string;
  result: CheckRun | null;
}

/** How an attempt was graded beside its correctness. */
export interface Read {
  value: number | null;
  unscored: string | null;
  because: string[];
}

export interface Attempt extends Run {
  id: string;
  ordinal: number;
  grades: Record<string, Read>;
}

export interface Draft extends Slot {
  text: string;
  n: number;
}

export interface Environment {
  framework: Framework;
  installed: boolean;
  installing: boolean;
  size: string;
  says: string;
}

export interface Environments {
  environments: Environment[];
  may_install: boolean;
}

export interface Question {
  id: string;
  title: string;
  kind: string;
  minutes: number;
  frameworks: Framework[];
  starters: Record<string, string>;
  statement_html: string;
  given: string;
  hints: number;
  step: number;
  deadline: string | null;
  hints_used: number;
  attempts_left: number | null;
}

export interface Interview {
  id: string;
  mode: string;
  title: string;
  status: "open" | "paused" | "closed";
  agreed: boolean;
  waiting_for: "candidate" | "viva" | "nobody";
  now: string;
  deadline: string | null;
  length: number;
  steps: { title: string; status: string; minutes: number }[];
  briefing: { pause: boolean };
  question: Question | null;
  transcript: Line[];
  drafts: Draft[];
  runs: Run[];
  attempts: Attempt[];
}
