"""Our own texts as pairs, as they are judged at run time: against the wordings that lie nearest to them, and beside a
neighbour where a window holds two sentences."""

import random

import numpy as np

from training.negatives import keywords, negated, swapped, turned
from training.rows import CONTRADICTED, ENTAILED, NEITHER, OwnText, Pair
from viva.answers import Models

_WORDINGS = 2
_BESIDE = 0.3
"""Share of our texts that are read beside a neighbour."""


def nearest_wordings(texts: list[OwnText], models: Models) -> dict[tuple[str, str], tuple[str, ...]]:
    """For each text of each point, by `(text, point)`, the wordings nearest to it by embedding, nearest first."""
    nearest: dict[tuple[str, str], tuple[str, ...]] = {}
    for own in texts:
        near = models.embed(own.wordings) @ models.embed([own.text])[0]
        order = np.argsort(-near, kind="stable")[:_WORDINGS]
        nearest[own.text, own.point] = tuple(own.wordings[int(number)] for number in order)
    return nearest


def own_pairs(
    texts: list[OwnText], nearest: dict[tuple[str, str], tuple[str, ...]], chance: random.Random
) -> list[Pair]:
    """Each text with its nearest wordings, and with the essential half of its point where that has one: who says the point
    says its half, who denies the point does not say all of it."""
    groups: dict[str, list[OwnText]] = {}
    for own in texts:
        groups.setdefault(own.group, []).append(own)
    pairs: list[Pair] = []
    for own in texts:
        text = _beside(own, groups[own.group], chance)
        pairs += [
            Pair(own.question, wording, text, own.allowed, "own", own.group) for wording in nearest[own.text, own.point]
        ]
        if own.half and own.allowed == (ENTAILED,):
            pairs.append(Pair(own.question, own.half, text, (ENTAILED,), "own", own.group))
        elif own.half and own.allowed == (CONTRADICTED,) and chance.random() < 0.5:
            pairs.append(Pair(own.question, own.half, text, (CONTRADICTED, NEITHER), "own", own.group))
    return pairs


def crossed_pairs(texts: list[OwnText], chance: random.Random) -> list[Pair]:
    """Texts about one point as each other's hypothesis, so that a text's truth does not tell its label: what is false
    entails what is equally false, and the true denies the false. Misconceptions are drawn oftener, for they have fewer."""
    about: dict[tuple[str, str, str], dict[tuple[int, ...], list[str]]] = {}
    for own in texts:
        kinds = about.setdefault((own.group, own.question, own.point), {})
        kinds.setdefault(own.allowed, []).append(own.text)
    pairs: list[Pair] = []
    for (group, question, _), kinds in about.items():
        true, false = kinds.get((ENTAILED,), []), kinds.get((CONTRADICTED,), [])
        for _ in range(6 if len(true) < 7 else 3):
            if len(true) > 1:
                one, other = chance.sample(true, 2)
                pairs.append(Pair(question, one, other, (ENTAILED,), "own", group))
            if true and false:
                pairs.append(Pair(question, chance.choice(false), chance.choice(true), (CONTRADICTED,), "own", group))
                pairs.append(Pair(question, chance.choice(true), chance.choice(false), (CONTRADICTED,), "own", group))
        pairs += [
            Pair(question, text, f"{text} {chance.choice(false)}", (ENTAILED,), "own", group)
            for text in chance.sample(false, min(len(false), 3))
        ]
    return pairs


def verbatim_pairs(texts: list[OwnText], chance: random.Random) -> list[Pair]:
    """Each wording of each point said word for word, or nearly so; the same called false; and its words beside another's in
    no order. Without these a model that has met only changed copies of a point takes a copy for a contradiction."""
    wordings = sorted({(own.group, own.question, wording) for own in texts for wording in own.wordings})
    pairs: list[Pair] = []
    for group, question, wording in wordings:
        low = wording[0].lower() + wording[1:].rstrip(".")
        said = (
            wording,
            low,
            f"I would say that {low}.",
            f"Good question. {wording} That is all.",
            f"{low}, as far as I know",
        )
        false = (
            f"The following is false: {wording}",
            f"It is not true that {low}.",
            f"Many believe that {low}, but that is wrong.",
        )
        pairs += [Pair(question, wording, text, (ENTAILED,), "own", group) for text in (wording, chance.choice(said))]
        pairs.append(Pair(question, wording, chance.choice(false), (CONTRADICTED,), "own", group))
        denied, changed = negated(wording) or turned(wording), swapped(wording, chance)
        if denied:
            pairs.append(Pair(question, wording, denied, (CONTRADICTED,), "own", group))
            hedged = [wording, f"{chance.choice(('Or perhaps', 'But maybe', 'Others say:'))} {denied}"]
            pairs.append(Pair(question, wording, " ".join(hedged), (NEITHER,), "own", group))
        if changed:
            pairs.append(Pair(question, wording, changed, (CONTRADICTED, NEITHER), "own", group))
        pairs.append(Pair(question, wording, keywords(wording, chance), (NEITHER,), "own", group))
        salad = f"{wording} {chance.choice(wordings)[2]}".split()
        chance.shuffle(salad)
        pairs.append(Pair(question, wording, " ".join(salad), (NEITHER,), "own", group))
    return pairs


def _beside(own: OwnText, others: list[OwnText], chance: random.Random) -> str:
    """The text, sometimes beside one that leaves its label as it is: a sentence that says another point of the same
    question, or for one that says nothing of the point another such."""
    if chance.random() > _BESIDE:
        return own.text
    if own.allowed == (NEITHER,):
        near = [other for other in others if other.point == own.point and other.allowed == (NEITHER,)]
    else:
        near = [other for other in others if other.point != own.point and other.allowed == (ENTAILED,)]
    if not near:
        return own.text
    texts = [own.text, chance.choice(near).text]
    chance.shuffle(texts)
    return " ".join(texts)
