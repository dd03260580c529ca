"""The interviewer's words. Every phrase has several wordings that say the same; `{name}` is filled from a move's facts.

Law: nothing here praises, blames or grades; it says what happens next.
"""

from types import MappingProxyType

_BRIEF = (
    "I am a program, not a person. I ask everyone the same questions, and I grade what you say and what your code does, "
    "never how you sound, how fast you type or how long you think. "
)

PHRASES = MappingProxyType(
    {
        "brief_practice": (
            _BRIEF
            + "Your code runs against hidden checks, and you see the result at once. Hints are there if you want them; "
            "the scorecard lists them. Say *next* whenever you want to move on.",
        ),
        "brief_screening": (
            _BRIEF
            + "Your code runs against hidden checks; the result comes on the scorecard after the end, with the reason "
            "for every point. Hints are there if you want them; the scorecard lists them. Say *next* to move on.",
        ),
        "brief_live": (_BRIEF + "A person leads this interview; I keep the plan, the clock and the notes.",),
        "pose_code": (
            (
                "Question {number} of {of}: **{title}**. It stands beside this conversation, with an editor under "
                "it. Run tries the visible examples, Submit hands in. Think aloud here if you like."
            ),
            (
                "Now some code, question {number} of {of}: **{title}**. The task is beside this conversation. Run as "
                "often as you like; Submit when you want it judged."
            ),
            (
                "Question {number} of {of} is a coding one: **{title}**. Read it in peace. Run shows the visible "
                "examples, Submit hands in for all checks."
            ),
        ),
        "pose_words": (
            (
                "Question {number} of {of}: **{title}**. Answer here in your own words, in one message or several. "
                "Say *next* when you are done."
            ),
            (
                "Let us talk, question {number} of {of}: **{title}**. Write as you would say it; add to it as often "
                "as you like, then say *next*."
            ),
            (
                "Question {number} of {of} is one for words: **{title}**. Take your time. Several messages are fine; "
                "*next* ends it."
            ),
        ),
        "pose_code_after_time": (
            (
                "The time for that question is over, and what stood there is handed in as it was. Question "
                "{number} of {of}: **{title}**. It stands beside this conversation, with an editor under it."
            ),
        ),
        "pose_words_after_time": (
            (
                "The time for that question is over, and what stood there is handed in as it was. Question {number} of "
                "{of} is one for words: **{title}**. Answer here, in one message or several; *next* ends it."
            ),
        ),
        "accept": (
            "Thank you, I have that. Add to it or mend it if you like; say *next* when you are done.",
            "Noted. You may add something or correct yourself; *next* takes us on.",
            "I have written that down. If something is missing, add it; otherwise say *next*.",
        ),
        "accept_more": ("Added.", "I have that too.", "Noted as well."),
        "aloud": (
            "I am listening. What you say here is kept; your code is what the checks judge.",
            "Noted. Go on thinking aloud if it helps; the checks look at the code alone.",
        ),
        "dont_know": (
            "That is a fair answer, and it is recorded as just that. Let us go on.",
            "Good to know where the edge is; I have noted it. On to the next one.",
        ),
        "dont_know_last": ("That is a fair answer, and it is recorded as just that.",),
        "dont_know_code": (
            "That is all right. You can take a hint, hand in what you have (parts count), or say *next* to move on.",
            "No harm done. A hint may help, a part of the solution counts too, and *next* moves on.",
        ),
        "receive": ("I have your attempt.", "Received.", "Your attempt is in."),
        "verdict_full": (
            "{count} You can still change it, or say *next* to move on.",
            "{count} Say *next* when you want to go on.",
        ),
        "verdict_part": (
            "{count} The result beside the editor says what each missing one found. You may submit again.",
            "{count} See under the editor what was tried and what came back. Submit again as often as you like.",
        ),
        "verdict_unscored": (
            "I could not judge that attempt. {why} It costs you no attempt: submit again, or ask for a person.",
        ),
        "verdict_words": (
            "**{title}**: {count}\n\n{points}\n\nThe scorecard has each point beside your own words.",
            "On **{title}**: {count}\n\n{points}\n\nOn the scorecard each of them stands beside your own words.",
        ),
        "verdict_words_unscored": ("**{title}**: I could not grade what you said. {why}",),
        "hint": ("Hint {level} of {of}. {text}",),
        "hint_none": ("That was the last hint I have for this question.", "There are no more hints for this one."),
        "repeat": ("In simpler words: {text}", "Once more, more simply: {text}"),
        "clarify": (
            (
                "I am a program, and I cannot answer questions yet; I would rather say so than guess. Nothing is asked "
                "that the statement does not say, and *repeat* says it in simpler words. Code is graded by what it "
                "does in the checks, words by what they say. Your time is at the top, and a person can be asked for."
            ),
            (
                "That is beyond what I can answer: I am a program, and so far I know only the statement, which *repeat* "
                "says in simpler words. It holds all that is asked. Checks grade what code does, words are graded by "
                "what they say, the time left is at the top, and a person can be asked for."
            ),
        ),
        "pause": ("Of course. Press Pause at the top: the clock stops until you press it again.",),
        "pause_not": (
            (
                "This interview runs on one clock, so I cannot pause it. Taking a moment to think costs you nothing "
                "but the moment."
            ),
        ),
        "person": (
            (
                "I have noted that you want a person. Whoever runs this viva sees it, and the scorecard keeps it. "
                "You can go on meanwhile, or stop here."
            ),
        ),
        "decline_instruct": (
            (
                "I keep to the same rules for everyone, so I cannot act on that. It changes nothing about your "
                "grades. Shall we go on with the question?"
            ),
        ),
        "decline_abuse": (
            (
                "I would like to keep this civil. Nothing you write here is graded for its tone. Let us go on with "
                "the question."
            ),
        ),
        "move_on": ("Right, on to the next.", "Let us move on.", "On we go."),
        "move_on_last": ("Right.", "Good, that was the last question."),
        "close_done_after_time": (
            (
                "The time for that question is over, and what stood there is handed in as it was. It was the last one. "
                "Thank you. Your scorecard gives the reason for every point, and you can dispute any of them there."
            ),
        ),
        "close_done": (
            (
                "That was everything I wanted to ask. Thank you. Your scorecard gives the reason for every point, "
                "and you can dispute any of them there."
            ),
        ),
        "close_finished": (
            (
                "We stop here, as you asked. What you handed in is still graded. Your scorecard gives the reason for "
                "every point."
            ),
        ),
        "close_time": (
            (
                "The time is up. What stood in the editor and the message box has been handed in as it was. Your "
                "scorecard gives the reason for every point."
            ),
        ),
    }
)
