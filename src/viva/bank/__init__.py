"""The bank room: questions and tracks from folders that strangers may have written. Law: loading is pure and runs nothing,
every limit is checked before what it guards, and the candidate's view is derived by `view` alone.
"""

from viva.bank.attempts import Fact, WorkedAttempt, parse_fact
from viva.bank.folders import FolderBank
from viva.bank.merged import MergedBank, installed_banks, merge
from viva.bank.packs import pack, pack_digest, unpack
from viva.bank.questions import WholeQuestion, load_question, load_whole, problems_of
from viva.bank.rubrics import WorkedAnswer
from viva.bank.tracks import load_track, problems_of_track
from viva.bank.view import view

__all__ = [
    "Fact",
    "FolderBank",
    "MergedBank",
    "WholeQuestion",
    "WorkedAnswer",
    "WorkedAttempt",
    "installed_banks",
    "load_question",
    "load_track",
    "load_whole",
    "merge",
    "pack",
    "pack_digest",
    "parse_fact",
    "problems_of",
    "problems_of_track",
    "unpack",
    "view",
]
