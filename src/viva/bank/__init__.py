"""The bank room: questions and tracks from folders that strangers may have written. Law: loading is pure and runs nothing,
every limit is checked before what it guards, and the candidate's view is derived by `view` alone.
"""

from viva.bank.attempts import Fact, WorkedAttempt, parse_fact
from viva.bank.finished import Remark, remark_of, remarks_of
from viva.bank.folders import FolderBank
from viva.bank.merged import MergedBank, installed_banks, known_banks, merge
from viva.bank.packs import pack, pack_digest, unpack
from viva.bank.paths import judged_files
from viva.bank.proofs import Proofs, proof_key, read_proofs, write_proofs
from viva.bank.proving import Judging, Report, Runner, Trial, Verdict, prove, steps_of
from viva.bank.questions import WholeQuestion, load_question, load_whole, problems_of
from viva.bank.rubrics import WorkedAnswer
from viva.bank.tracks import load_track, problems_of_track
from viva.bank.view import view

__all__ = [
    "Fact",
    "FolderBank",
    "Judging",
    "MergedBank",
    "Proofs",
    "Remark",
    "Report",
    "Runner",
    "Trial",
    "Verdict",
    "WholeQuestion",
    "WorkedAnswer",
    "WorkedAttempt",
    "installed_banks",
    "judged_files",
    "known_banks",
    "load_question",
    "load_track",
    "load_whole",
    "merge",
    "pack",
    "pack_digest",
    "parse_fact",
    "problems_of",
    "problems_of_track",
    "proof_key",
    "prove",
    "read_proofs",
    "remark_of",
    "remarks_of",
    "steps_of",
    "unpack",
    "view",
    "write_proofs",
]
