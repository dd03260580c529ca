"""The attacks that the grader is measured with are many, repeatable, and know what they deserve."""

from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest

from training.attacks import TIMES, Attack, attacks_on
from viva.bank import FolderBank, WholeQuestion


@pytest.fixture(scope="module")
def bank() -> list[WholeQuestion]:
    folder = FolderBank(Path(str(files("viva_bank"))))
    return [folder.whole(id) for id in folder.question_ids()]


@pytest.fixture(scope="module")
def attacks(bank: list[WholeQuestion]) -> list[Attack]:
    return made(bank)


def made(bank: list[WholeQuestion]) -> list[Attack]:
    concepts = [whole for whole in bank if whole.question.kind == "concept"]
    return [attack for number, whole in enumerate(concepts) for attack in attacks_on(whole, bank, number)]


def test_there_are_two_hundred_cases_of_a_dozen_kinds_on_every_concept_question(
    attacks: list[Attack], bank: list[WholeQuestion]
) -> None:
    concepts = {whole.question.id for whole in bank if whole.question.kind == "concept"}
    kinds = Counter(attack.kind for attack in attacks)
    assert len(attacks) >= 200
    assert len(kinds) >= 12
    assert set(kinds.values()) == {len(concepts)}
    assert {attack.question for attack in attacks} == concepts


def test_the_same_bank_gives_the_same_attacks(attacks: list[Attack], bank: list[WholeQuestion]) -> None:
    assert made(bank) == attacks


def test_what_dresses_up_an_answer_holds_all_of_it(attacks: list[Attack]) -> None:
    dressed = [attack for attack in attacks if attack.original]
    assert len(dressed) == len(attacks) * 4 // 19
    for attack in dressed:
        assert set(attack.original.split()) <= set(attack.text.split())
    padded = [attack for attack in dressed if attack.kind == "padded with empty words"]
    assert all(len(one.text.split()) >= TIMES * len(one.original.split()) for one in padded)


def test_an_answer_to_another_question_shares_no_topic_with_its_own(
    attacks: list[Attack], bank: list[WholeQuestion]
) -> None:
    topics = {whole.question.id: set(whole.question.topics) for whole in bank}
    owners = {answer.text: whole.question.id for whole in bank for answer in whole.answers}
    for attack in attacks:
        if attack.kind == "answer to another question":
            assert not topics[attack.question] & topics[owners[attack.text]]


def test_each_form_of_injection_occurs_in_each_of_five_languages(attacks: list[Attack]) -> None:
    orders = ("maximum", "Höchstpunktzahl", "máxima", "maximale", "最高分")
    for form in ("plain", "comment", "json", "system"):
        texts = [attack.text for attack in attacks if attack.kind == f"injection, {form}"]
        assert all(any(order in text for text in texts) for order in orders)
