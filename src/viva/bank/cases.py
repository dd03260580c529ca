"""What `viva bank check` has before it: which questions and tracks, what loading them says, what is left to run. Law: what
cannot be tried is reported as such, and a proof is kept only of what held.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from viva.bank.finished import Remark, remark_of
from viva.bank.folders import FolderBank
from viva.bank.proofs import FILE, proof_key, read_proofs, write_proofs
from viva.bank.proving import Report
from viva.bank.questions import WholeQuestion, problems_of
from viva.bank.tracks import problems_of_track
from viva.core.errors import AuthorError, NotFound
from viva.core.values import Digest, Framework

Installed = Mapping[Framework, Digest]
"""The environments that are installed, each with the digest of its lock."""

Again = Callable[[str, Framework], bool]
"""Whether a question that is proved in a framework is to be tried there again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What is to be checked, each with the bank that holds it."""

    questions: tuple[tuple[FolderBank, str], ...]
    tracks: tuple[tuple[FolderBank, str], ...]
    misnamed: tuple[Remark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One question to be checked. `whole` is None where it does not load (`remarks` say why); `asked` are the frameworks that
    were asked about, of those `run` are to be tried, and `known` were proved before."""

    owner: FolderBank
    id: str
    remarks: tuple[Remark, ...] = ()
    whole: WholeQuestion | None = None
    files: Mapping[str, bytes] = field(default_factory=dict, hash=False)
    asked: tuple[Framework, ...] = ()
    run: tuple[Framework, ...] = ()
    known: tuple[Framework, ...] = ()


def choose(banks: Sequence[FolderBank], ids: Sequence[str]) -> Chosen:
    """The questions and tracks with these ids, or all where there are none; an earlier bank wins.

    Raises:
        NotFound: no bank has one of the ids.
    """
    questions = {id: bank for bank in reversed(banks) for id in bank.question_ids()}
    tracks = {id: bank for bank in reversed(banks) for id in bank.track_ids()}
    for id in ids:
        if id not in questions and id not in tracks:
            raise NotFound(f"There is no question or track {id[:80]!r}.", mend="`viva bank list` shows every one.")
    misnamed = () if ids else tuple(remark_of(error) for bank in banks for error in bank.misnamed())
    return Chosen(
        questions=tuple((bank, id) for id, bank in sorted(questions.items()) if not ids or id in ids),
        tracks=tuple((bank, id) for id, bank in sorted(tracks.items()) if not ids or id in ids),
        misnamed=misnamed,
    )


def all_again(_id: str, _framework: Framework) -> bool:
    """Everything is tried, proved or not."""
    return True


def none_again(_id: str, _framework: Framework) -> bool:
    """What is proved is not tried."""
    return False


def one_in_ten(seed: str) -> Again:
    """A tenth of all questions and frameworks, the same for the same seed."""

    def drawn(id: str, framework: Framework) -> bool:
        return int.from_bytes(sha256(f"{seed} {id} {framework}".encode()).digest()) % 10 == 0

    return drawn


def case_of(
    owner: FolderBank, id: str, installed: Installed, *, again: Again, only: Collection[Framework] = ()
) -> Case:
    """The question `id` of `owner`, to be tried in every installed environment of its frameworks, or of those in `only`
    where it names some; in those where it is proved, only if `again` says so.

    Raises:
        OperatorError: the bank's proofs.lock cannot be read.
    """
    try:
        files = owner.files(id)
    except AuthorError as error:
        return Case(owner=owner, id=id, remarks=(remark_of(error),))
    problems = problems_of(id, files)
    if problems:
        return Case(owner=owner, id=id, remarks=tuple(remark_of(error) for error in problems))
    whole = owner.whole(id)
    asked = tuple(framework for framework in whole.question.frameworks if not only or framework in only)
    here = tuple(framework for framework in asked if framework in installed)
    proofs = read_proofs(owner.path / FILE)
    digest = whole.question.digest
    known = tuple(f for f in here if proofs.has(id, f, proof_key(digest, installed[f])) and not again(id, f))
    run = tuple(framework for framework in here if framework not in known)
    return Case(owner=owner, id=id, whole=whole, files=files, asked=asked, run=run, known=known)


def completed(report: Report, case: Case) -> Report:
    """The report of a case's runs, with what was proved before, and a word where no environment is here at all."""
    left_out = tuple(name for name in report.left_out if name in case.asked and name not in case.known)
    nowhere: tuple[str, ...] = ()
    if case.whole is not None and case.whole.question.takes_code and not (case.run or case.known):
        mend = f"run: viva env install {left_out[0]}" if left_out else "it names no framework"
        nowhere = (f"{case.id}: no environment of its frameworks is installed; {mend}",)
    proved = (*case.known, *report.proved)
    return replace(report, left_out=left_out, proved=proved, unobserved=(*report.unobserved, *nowhere))


def track_report(owner: FolderBank, id: str, question_ids: Sequence[str]) -> Report:
    """What is wrong with a track; `question_ids` are those of all banks."""
    try:
        problems = problems_of_track(id, owner.track_text(id))
    except AuthorError as error:
        problems = (error,)
    if problems:
        return Report(id=id, remarks=tuple(remark_of(error) for error in problems))
    asked = [question for step in owner.track(id).steps for question in step.questions]
    mend = "Write the id of a question of this bank or an installed one."
    return Report(
        id=id,
        remarks=tuple(
            Remark(severity="wrong", path=f"tracks/{id}.toml", says=f"no bank has the question {question!r}", mend=mend)
            for question in asked
            if question not in question_ids
        ),
    )


def keep_proofs(cases: Sequence[Case], reports: Sequence[Report], installed: Installed) -> None:
    """Write what holds into the proofs.lock of each bank.

    Raises:
        OperatorError: a proofs.lock cannot be read or written.
    """
    entries: dict[Path, list[tuple[str, Framework, Digest]]] = {}
    for case, report in zip(cases, reports, strict=True):
        if case.whole is not None:
            digest = case.whole.question.digest
            proved = [(case.id, name, proof_key(digest, installed[name])) for name in report.proved]
            entries.setdefault(case.owner.path / FILE, []).extend(proved)
    for path, found in entries.items():
        write_proofs(path, read_proofs(path).updated(found))
