"""Whether a text is mostly English, told by its small words. Law: a doubtful text counts as English, for what is English is
graded and what is not only waits for a person."""

import re
import unicodedata

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_FENCE = re.compile(r"```.*?(?:```|\Z)|\$[^$\n]*\$|`[^`\n]*`", re.DOTALL)
_LEAST_WORDS = 8
_LONGEST = 20_000

_ENGLISH = frozenset(
    "the of and to in is that it for as with are on be this by which from at or an not but they their its if can then "
    "we you each because so than when have has was will more all one what how these between into does do there only "
    "i would also use used makes".split()
)
_OTHERS = frozenset(
    "der die das und ist nicht ein eine einen mit für auf werden wird sich dass auch durch bei aus den dem oder von zu "
    "le la les des et est une dans que qui pour sur pas avec sont ce cette par plus du au aux ne se elle il "
    "el los las una es por con para como más pero su sus entre cada se del lo y "
    "il gli che di non per sono della del nel come più anche alla dei una con questo "
    "os um uma não mais dos das ao pelo isso são entre também com em no na "
    "het een van en dat niet zijn met voor op ook wordt worden bij naar te de "
    "nie jest się na do że jak przez oraz dla po od ale czy "
    "ve bir bu için ile olarak daha olan çok de da".split()
)


def mostly_english(text: str) -> bool:
    """Whether the words of a text, code and formulas left out, are mostly English or too few to tell."""
    prose = _FENCE.sub(" ", text[:_LONGEST])
    words = [word.lower() for word in _WORD.findall(prose)]
    letters = [letter for letter in prose if letter.isalpha()]
    foreign = sum(not unicodedata.name(letter, "LATIN").startswith(("LATIN", "GREEK")) for letter in letters)
    if len(letters) >= _LEAST_WORDS and foreign > len(letters) / 2:
        return False
    if len(words) < _LEAST_WORDS:
        return True
    english = sum(word in _ENGLISH for word in words)
    other = sum(word in _OTHERS and word not in _ENGLISH for word in words)
    return other <= english or other < len(words) * 0.15
