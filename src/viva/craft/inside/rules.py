"""Every rule of our own, in the order of their ids."""

from .data import DATA
from .evaluation import EVALUATION
from .numerics import NUMERICS
from .plain import PLAIN
from .readymade import READY_MADE
from .rule import Rule
from .scripts import SCRIPTS
from .softmaxes import SOFTMAXES
from .speed import SPEED
from .training import TRAINING

_ALL = (*SOFTMAXES, *EVALUATION, *TRAINING, *DATA, *SPEED, *NUMERICS, *PLAIN, *SCRIPTS, *READY_MADE)
RULES: tuple[Rule, ...] = tuple(sorted(_ALL, key=lambda rule: rule.id))
