"""What the bank offers to anybody, in the order of the home page."""

from importlib import resources
from pathlib import Path

from viva.bank import FolderBank
from viva.web.catalogue import read_catalogue


def test_every_shipped_track_is_offered_the_shortest_first() -> None:
    bank = FolderBank(Path(str(resources.files("viva_bank"))))
    offered = read_catalogue(bank).tracks
    assert {track["id"] for track in offered} == set(bank.track_ids())
    minutes = [track["minutes"] for track in offered]
    assert minutes == sorted(minutes) and offered[0]["id"] == "transformers-first-steps"
