"""What a candidate sees of a question. Law: this is the only derivation, and it copies named fields one by one, so a
new field of `Question` stays hidden until somebody shows it here.
"""

from viva.core.values import Question, QuestionView


def view(question: Question) -> QuestionView:
    """The candidate's view: no check, solution, rubric, note, follow-up, fault or wording of a hint."""
    return QuestionView(
        id=question.id,
        title=question.title,
        kind=question.kind,
        level=question.level,
        minutes=question.minutes,
        topics=question.topics,
        frameworks=question.frameworks,
        starters=question.starters,
        statement=question.statement,
        given=question.given,
        forbid=question.forbid,
        hints=len(question.hints),
    )
