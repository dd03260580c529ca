"""The interviewer: a pure policy that chooses moves, and a voice that finds words for them."""

from viva.dialogue.policy import next_move
from viva.dialogue.voice import AuthorVoice

__all__ = ["AuthorVoice", "next_move"]
