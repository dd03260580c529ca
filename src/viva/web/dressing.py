"""What the walk gives, with HTML beside its Markdown. Law: only viva's and the authors' words are Markdown; a candidate's
and a person's are text and stay it."""

from typing import NotRequired

from viva.interviews.views import (
    BriefingJson,
    HintJson,
    InterviewJson,
    LineJson,
    OpenQuestionJson,
    ScorecardJson,
    ScoredQuestionJson,
    SolutionJson,
)
from viva.web.markdown import render


class DressedLine(LineJson):
    """A line with `html` where viva said it."""

    html: NotRequired[str]


class DressedQuestion(OpenQuestionJson):
    """A question with its statement as HTML."""

    statement_html: str


class DressedBriefing(BriefingJson):
    """A briefing with its text as HTML."""

    html: str


class DressedHint(HintJson):
    """A hint with its text as HTML."""

    html: str


class DressedSolution(SolutionJson):
    """A solution with its strong answers as HTML."""

    answers_html: list[str]


def dressed_line(line: LineJson) -> LineJson:
    """The line, with `html` where viva said it."""
    if line["who"] != "viva":
        return line
    return DressedLine(**line, html=render(line["text"]))


def dressed_question(question: OpenQuestionJson) -> OpenQuestionJson:
    """The question, with `statement_html`."""
    return DressedQuestion(**question, statement_html=render(question["statement"]))


def dressed_interview(interview: InterviewJson) -> InterviewJson:
    """The interview, with HTML beside everything that is Markdown."""
    question = interview["question"]
    dressed = interview.copy()
    dressed["transcript"] = [dressed_line(line) for line in interview["transcript"]]
    dressed["question"] = None if question is None else dressed_question(question)
    dressed["briefing"] = DressedBriefing(**interview["briefing"], html=render(interview["briefing"]["text"]))
    return dressed


def _dressed_solution(solution: SolutionJson | None) -> SolutionJson | None:
    if solution is None:
        return None
    return DressedSolution(**solution, answers_html=[render(text) for text in solution["answers"]])


def _dressed_scored(question: ScoredQuestionJson) -> ScoredQuestionJson:
    dressed = question.copy()
    dressed["hints"] = [DressedHint(**hint, html=render(hint["text"])) for hint in question["hints"]]
    dressed["solution"] = _dressed_solution(question["solution"])
    return dressed


def dressed_scorecard(scorecard: ScorecardJson) -> ScorecardJson:
    """The scorecard, with HTML beside hints and strong answers."""
    dressed = scorecard.copy()
    dressed["questions"] = [_dressed_scored(question) for question in scorecard["questions"]]
    return dressed
