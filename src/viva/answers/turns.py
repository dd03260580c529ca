"""Kinds of turn by simple rules. Law: a doubtful message is an answer, for an answer is kept and graded while a command
acts; so every rule below asks for the whole message to be short and plain, or for words that hardly occur in answers.
"""

import re
from dataclasses import dataclass

from viva.core.evidence import KindProbability, TurnKind, TurnRead
from viva.core.requests import ReadTurn
from viva.ports import Material

_SHORT = 80
"""Characters up to which a message can be a command and nothing else."""

_LONGEST_READ = 4000
"""Characters of a message that the rules look at; the rest changes no rule's answer."""


def _rule(*alternatives: str, before: str = "", after: str = "") -> re.Pattern[str]:
    """Any of the alternatives, between what may or must stand around them."""
    return re.compile(f"{before}(?:{'|'.join(alternatives)}){after}", re.IGNORECASE)


_WHOLE = (
    (
        TurnKind.NEXT,
        _rule(
            r"next(?: (?:one|question))?",
            (
                r"(?:(?:can|could|may) (?:i|we) |i(?:'d| would) like to |i want to |let'?s )?"
                r"skip(?: (?:it|this|this one|(?:this|the) question))?"
            ),
            r"(?:let'?s |let us |please |can we )?(?:move|go) on",
            r"continue",
            r"(?:i'?m |i am )?(?:done|finished|ready for the next(?: one| question)?)",
            r"that'?s (?:it|all)(?: from me)?",
            r"that is (?:it|all)(?: from me)?",
            r"pass",
            before=r"(?:(?:ok(?:ay)?|alright|right|fine|please)[,. ]*)?",
            after=r"(?: please)?",
        ),
    ),
    (
        TurnKind.HINT,
        _rule(
            r"(?:can|could|may) i (?:please )?(?:have|get|take|ask for) ",
            r"(?:(?:can|could|would|will) you )?(?:please )?give me ",
            r"i(?:'d| would) like ",
            r"i(?: could)? (?:need|want|use) ",
            r"",
            before=r"(?:(?:ok(?:ay)?|hm+|sorry|please)[,. ]*)?",
            after=r"(?:(?:a|another|one more|the next|next|the|some|any)(?: (?:small|little))? )?hints?(?: please)?",
        ),
    ),
    (
        TurnKind.REPEAT,
        _rule(
            r"(?:(?:can|could|would) you )?(?:please )?(?:repeat|rephrase)(?: (?:the|that|this))?(?: question)?(?: please)?",
            r"(?:(?:can|could|would) you )?(?:please )?say (?:that|it) again(?: please)?",
            r"i (?:don'?t|do not) (?:understand|get)(?: (?:it|this|that|the question|this question|the task))?",
            r"come again",
            r"pardon(?: me)?",
            r"what was the question(?: again)?",
        ),
    ),
    (
        TurnKind.PAUSE,
        _rule(
            r"(?:(?:can|could|may) (?:we|i) (?:please )?)?(?:have |take )?(?:a )?(?:pause|break|short break)(?: please)?",
            r"one (?:moment|second|sec|minute)(?: please)?",
            r"wait",
            r"hold on",
        ),
    ),
    (
        TurnKind.SMALL_TALK,
        _rule(
            r"hi|hello|hey|good (?:morning|afternoon|evening)",
            r"thanks|thank you",
            r"cool|great|nice|lol|haha",
            r"ready|ok|okay|sure",
            after=r"(?: there| viva)?",
        ),
    ),
    (
        TurnKind.DONT_KNOW,
        _rule(
            r"i (?:really |just )?(?:don'?t|do not) know(?: (?:it|this|that|the answer|this one))?",
            r"no idea",
            r"(?:i have )?no clue",
            r"idk|dunno",
            r"i can(?:'?t|not) (?:answer|remember)(?: (?:that|this|it))?",
            r"i forg[eo]t(?:ten)?",
            r"i give up",
            r"not sure",
            r"i(?:'m| am) not sure",
            before=r"(?:(?:sorry|hm+|honestly|well)[,. ]*)?",
        ),
    ),
)
"""What the whole of a short message, without its closing marks, may be."""

_ANYWHERE = (
    (
        TurnKind.PERSON,
        _rule(
            r"\b(?:talk|speak) (?:to|with) (?:a |an |some )?(?:human|person|real person|someone)\b",
            r"\b(?:want|need) (?:a |to see a )?(?:human|real person)\b",
            r"\bi (?:want to )?(?:complain|dispute|object)\b",
        ),
    ),
    (
        TurnKind.INSTRUCT,
        _rule(
            (
                r"\b(?:ignore|disregard|forget) (?:all |any |your |the )*(?:previous|prior|above|earlier)?\s*"
                r"(?:instructions|rules|prompt)\b"
            ),
            r"\b(?:give|award|grant) (?:me|this answer|this) (?:full|maximum|top) (?:marks|score|points)\b",
            r"\bsystem prompt\b",
            r"\byou are now\b",
        ),
    ),
    (
        TurnKind.ABUSE,
        _rule(
            r"fuck (?:you|off)",
            r"stupid (?:bot|machine)",
            r"you(?:'re| are) (?:an )?(?:idiot|useless|stupid)",
            r"shut up",
            before=r"\b",
            after=r"\b",
        ),
    ),
)
"""What counts wherever it stands."""

_QUESTION = re.compile(
    r"^(?:is|are|do|does|did|can|could|may|should|must|what|which|how|when|where|why|will|would)\b.*\?\s*$",
    re.IGNORECASE | re.DOTALL,
)
_TAKES_BACK = re.compile(
    r"^(?:no,? wait|wait,? no|sorry,? i meant|i meant|correction|let me correct|actually,? (?:no|i was wrong))\b",
    re.IGNORECASE,
)


def read_kinds(text: str) -> tuple[TurnKind, ...]:
    """What a message does, the most telling first; never empty. Linear in the length of what is read of it."""
    plain = " ".join(text[:_LONGEST_READ].replace("’", "'").split()).strip(" .!?…,;:")
    if not plain:
        return (TurnKind.SMALL_TALK,)
    if len(plain) <= _SHORT:
        for kind, rule in _WHOLE:
            if rule.fullmatch(plain):
                return (kind,)
    kinds = [kind for kind, rule in _ANYWHERE if rule.search(plain)]
    if kinds and len(plain) > _SHORT:
        kinds.append(TurnKind.ANSWER)  # a long message that also says something else loses none of its content
    if _TAKES_BACK.match(plain):
        kinds.append(TurnKind.CORRECTION)
    if not kinds and len(plain) <= 2 * _SHORT and _QUESTION.match(text.strip()):
        kinds.append(TurnKind.CLARIFY)
    return tuple(kinds) or (TurnKind.ANSWER,)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleReader:
    """The plug for `ReadTurn` that needs no model."""

    async def __call__(self, request: ReadTurn, material: Material) -> TurnRead:
        """The kinds by rule, each with probability 1: rules do not doubt."""
        kinds = read_kinds(request.text)
        return TurnRead(kinds=tuple(KindProbability(kind=kind, probability=1.0) for kind in kinds))
