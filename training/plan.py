"""What is learnt, in which order, from which data. Everything here was chosen on held-out questions of training files."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from training.batches import Encoded, Joiner
from training.learn import Stage
from training.negatives import negatives_of, padded_of
from training.own import crossed_pairs, nearest_wordings, own_pairs, verbatim_pairs
from training.rows import ENTAILED, Pair, beetle_references, held_out, own_texts, pairs_of, read_rows, without
from viva.answers import Models

SEED = 20261125
HELD_SHARE = 0.12
"""Share of the questions of each set that training never sees: they choose thresholds and calibrate."""

DEVELOPMENT = ("optimizers", "long-range-dependencies", "tokenization-choices")
"""Our own questions that training never sees."""

ENTAILMENT = ("nli-lingnli.train", "nli-cad.train", "nli-conj.all", "nli-scone.all", "nli-rte.all")
GRADED = ("scientsbank.train", "beetle.train", "saf-en.train")


@dataclass(frozen=True, slots=True)
class Plan:
    """The stages, each with what gives the pairs of an epoch, and the pairs held out."""

    stages: tuple[tuple[Stage, Callable[[int], Sequence[Encoded]]], ...]
    held: dict[str, list[Pair]]


def read_plan(data: Path, pairs: Path, bank: Path, joiner: Joiner, *, small: bool = False) -> Plan:
    """The plan for the data folder, our pairs and our bank; `small` takes every thirtieth of our texts."""
    entailment = [pair for name in ENTAILMENT for pair in pairs_of(read_rows(data, name), name)]
    graded = {name: pairs_of(read_rows(data, name), name) for name in GRADED}
    own = own_texts(pairs, bank)[:: 30 if small else 1]
    held_groups = {
        group for found in graded.values() for group in held_out({pair.group for pair in found}, HELD_SHARE, SEED)
    } | {f"own/{id}" for id in DEVELOPMENT}
    references = beetle_references(data)
    nearest = nearest_wordings(own, Models())

    def entail(epoch: int) -> list[Encoded]:
        chance = random.Random(SEED + epoch)
        positives = [pair for pair in entailment if pair.allowed == (ENTAILED,)]
        some = chance.sample(positives, min(len(positives), 2500))
        made = [new for pair in some for new in negatives_of(pair, positives, chance)]
        return [joiner.join(pair) for pair in [*entailment, *chance.sample(made, min(len(made), 9000))]]

    def judge(epoch: int) -> list[Encoded]:
        chance = random.Random(SEED + 100 + epoch)
        seen = [
            _reworded(pair, references, chance) for found in graded.values() for pair in without(found, held_groups)
        ]
        ours = own_pairs([text for text in own if text.group not in held_groups], nearest, chance)
        positives = [pair for pair in [*seen, *ours, *ours] if pair.allowed == (ENTAILED,)]
        made = [
            new
            for pair in chance.sample(positives, len(positives) // 5)
            for new in negatives_of(pair, positives, chance)
        ]
        kept = chance.sample(entailment, min(len(entailment), 6000))
        return [joiner.join(pair) for pair in [*seen, *ours, *ours, *made, *kept]]

    def ours(epoch: int) -> list[Encoded]:
        chance = random.Random(SEED + 200 + epoch)
        seen = [
            _reworded(pair, references, chance) for found in graded.values() for pair in without(found, held_groups)
        ]
        texts = [text for text in own if text.group not in held_groups]
        pairs = [*own_pairs(texts, nearest, chance), *crossed_pairs(texts, chance)]
        positives = [pair for pair in pairs if pair.allowed == (ENTAILED,)]
        some = chance.sample(positives, len(positives) // 6)
        made = [new for pair in some for new in negatives_of(pair, positives, chance)]
        padded = padded_of(chance.sample(pairs, len(pairs) // 8), chance)
        kept = [*chance.sample(seen, min(len(seen), 4000)), *chance.sample(entailment, min(len(entailment), 2000))]
        return [joiner.join(pair) for pair in [*pairs, *made, *padded, *kept]]

    def verbatim(epoch: int) -> list[Encoded]:
        chance = random.Random(SEED + 300 + epoch)
        texts = [text for text in own if text.group not in held_groups]
        pairs = [*own_pairs(texts, nearest, chance), *crossed_pairs(texts, chance)]
        kept = chance.sample(pairs, len(pairs) // 2)
        seen = [pair for found in graded.values() for pair in without(found, held_groups)]
        padded = padded_of(chance.sample(pairs, len(pairs) // 16), chance)
        exact = verbatim_pairs(texts, chance)
        return [joiner.join(pair) for pair in [*exact, *kept, *padded, *chance.sample(seen, min(len(seen), 1200))]]

    held = {
        name: [pair for pair in found if pair.group in held_groups] for name, found in [*graded.items(), ("own", own)]
    }
    stages = (
        (Stage(name="entail", epochs=1, rate=1.2e-4), entail),
        (Stage(name="judge", epochs=2, rate=8e-5), judge),
        (Stage(name="ours", epochs=1, rate=5e-5), ours),
        (Stage(name="verbatim", epochs=1, rate=4e-5), verbatim),
    )
    return Plan(stages, held)


def _reworded(pair: Pair, references: dict[str, list[str]], chance: random.Random) -> Pair:
    """A Beetle pair with one of its question's good references."""
    found = references.get(pair.group.partition("/")[2]) if pair.source == "beetle.train" else None
    return (
        Pair(pair.question, chance.choice(found), pair.answer, pair.allowed, pair.source, pair.group) if found else pair
    )
