"""Every error of the house as one tree, sorted by who must act. Each carries the mend, and its message names the thing
and the place."""


class VivaError(Exception):
    """Something that viva can explain: `str(error)` is one sentence, `mend` says what to do about it."""

    status = 500
    type = "error"

    def __init__(self, says: str, *, mend: str = "") -> None:
        super().__init__(says)
        self.says = says
        self.mend = mend


class CandidateError(VivaError):
    """The candidate (or their client) must act."""

    status = 400
    type = "bad-request"


class NotFound(CandidateError):
    """No such interview, question or track, as far as the asker may know."""

    status = 404
    type = "not-found"


class QuestionLeft(CandidateError):
    """The question that a write was meant for is no longer open; nothing was lost."""

    status = 409
    type = "question_left"


class InterviewClosed(CandidateError):
    """The interview has ended; only an appeal is still taken."""

    status = 409
    type = "closed"


class NotNow(CandidateError):
    """The move is not possible in this state (no hint left, no attempt left, pause not allowed)."""

    status = 409
    type = "not-now"


class KeyReused(CandidateError):
    """The same key came with another body."""

    status = 422
    type = "key-reused"


class StaleDraft(CandidateError):
    """A draft came with a number at or below the stored one."""

    status = 409
    type = "stale-draft"

    def __init__(self, says: str, *, mend: str = "", text: str = "", n: int = 0) -> None:
        super().__init__(says, mend=mend)
        self.text = text
        self.n = n


class TooLarge(CandidateError):
    """A body over the stated limit."""

    status = 413
    type = "too-large"


class NotAllowed(CandidateError):
    """This asker may not do this."""

    status = 403
    type = "not-allowed"


class AuthorError(VivaError):
    """The author of a question or track must act; the message names file, line, key."""

    status = 500
    type = "author"

    def __init__(self, says: str, *, mend: str = "", path: str = "", line: int | None = None, key: str = "") -> None:
        super().__init__(says, mend=mend)
        self.path = path
        self.line = line
        self.key = key


class OperatorError(VivaError):
    """Whoever runs this viva must act (a setting, a lock, a missing environment)."""

    status = 503
    type = "operator"


class Conflict(VivaError):
    """An append was decided on a record that has grown since; read again. Never leaves the walks."""

    status = 409
    type = "conflict"


class BrokenRecord(VivaError):
    """A stored row does not decode or its chain does not hold."""

    type = "broken-record"
