"""Words for the story: texts behind a bar, times as offsets, evidence in sentences; pure."""

from typing import assert_never

from viva.core.evidence import CheckOutcome, CheckRun, Costs, Evidence, Findings, Matches, NotObserved, Reply, TurnRead

LINES_SHOWN = 20
"""Lines of what a program wrote; its JSON has them all."""


def offset(seconds: float) -> str:
    """Seconds since the opening as `+M:SS`, from an hour on as `+H:MM:SS`."""
    sign, whole = ("-", int(-seconds)) if seconds < 0 else ("+", int(seconds))
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{sign}{hours}:{minutes:02}:{left:02}" if hours else f"{sign}{minutes}:{left:02}"


def one_line(text: str) -> str:
    """A text within a sentence: no line breaks, at most 200 characters."""
    joined = " ".join(text.split())
    return joined if len(joined) <= 200 else joined[:199] + "…"


def quoted(text: str) -> tuple[str, ...]:
    """A text whole, each line behind a bar."""
    return tuple(f"| {line}" for line in text.split("\n")) if text else ("| (nothing)",)


def trimmed(text: str) -> tuple[str, ...]:
    """The first lines of a text that may be long; nothing for an empty one."""
    if not text:
        return ()
    lines = quoted(text.removesuffix("\n"))
    left = len(lines) - LINES_SHOWN
    return lines if left <= 0 else (*lines[:LINES_SHOWN], f"({left} more lines; --json has them)")


def seen(evidence: Evidence) -> tuple[str, tuple[str, ...]]:
    """Evidence as a sentence, and lines below it."""
    match evidence:
        case CheckRun():
            return _run(evidence)
        case Costs(samples=samples):
            told = tuple(
                f"size {cost.size}: {cost.cpu_seconds:.4f} s beside {cost.reference_cpu_seconds:.4f} s of the reference"
                for cost in samples
            )
            return "cost measured:", (*told, *trimmed(evidence.stopped))
        case Findings(findings=findings):
            return f"code read: {len(findings)} findings.", tuple(
                f"line {finding.line}, {one_line(finding.rule)} ({finding.severity}): {one_line(finding.says)}"
                for finding in findings
            )
        case Matches():
            return _matches(evidence)
        case TurnRead(kinds=kinds):
            return "message read as " + ", ".join(f"{one.kind} ({one.probability:.2f})" for one in kinds) + ".", ()
        case Reply(text=text, model=model, version=version, tokens=tokens):
            return f"{one_line(model)} {one_line(version)} replied ({tokens} tokens):", quoted(text)
        case NotObserved(whose=whose, why=why):
            return f"nothing observed ({whose}): {one_line(why)}", ()
        case _:
            assert_never(evidence)


def _matches(found: Matches) -> tuple[str, tuple[str, ...]]:
    by = f" by {one_line(found.model)}" if found.model else ""
    held = {"wrong": "held", "unsure": "unsure"}
    points = [f"{one_line(one.point)}: {one.verdict} ({one.probability:.2f})" for one in found.points]
    beliefs = [
        f"misconception {one_line(one.point)}: {held.get(one.verdict, 'not held')} ({one.probability:.2f})"
        for one in found.misconceptions
    ]
    unread = [f"not judged: {one_line(found.unread)}"] if found.unread else []
    return f"answer matched{by}:", (*unread, *points, *beliefs)


def _run(run: CheckRun) -> tuple[str, tuple[str, ...]]:
    passed = sum(check.passed for check in run.checks)
    cost = f"{run.cpu_seconds:.3f} s of CPU, {run.memory_mib:.1f} MiB"
    jail = "" if run.jail else ", WITHOUT A JAIL"
    says = f"run {run.ended}: {passed} of {len(run.checks)} checks passed; {cost}, {one_line(run.environment)}{jail}."
    below = [one_line(run.says)] if run.says else []
    below += [_check(check) for check in run.checks]
    printed = trimmed(run.prints)
    if printed:
        below += ["it printed:" if not run.prints_cut else "it printed (cut):", *printed]
    return says, tuple(below)


def _check(check: CheckOutcome) -> str:
    sign = "passed" if check.passed else "failed" if check.ran else "not run"
    place = f" (line {check.line})" if check.line is not None else ""
    says = f": {one_line(check.says)}" if check.says else ""
    return f"{sign:>7}  {one_line(check.title)}{place}{says}"
