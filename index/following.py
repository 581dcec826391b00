"""Follow-up questions made whole from the turn before, by rules.

"And where?" after "How often does the group meet?" asks "where does the group meet?"; "Who leads
it?" asks "Who leads the group?".
"""

from index.fragments import piece_of, put_in, question_alone
from index.previous import Previous
from index.questions import LONGEST_QUESTION
from index.referring import resolved
from index.wording import OPENING, has_words


def complete(question: str, previous: Previous | None) -> str:
    """``question`` as it reads without the turn before; itself if it is whole.

    All its words are the question's, or stand in ``previous``. What would be longer than a question
    may be is left as it is.

    >>> complete("and where?", Previous("How often does the group meet?"))
    'where does the group meet?'
    >>> complete("Who leads it?", Previous("How often does the group meet?"))
    'Who leads the group?'
    """
    if previous is None or len(question) > LONGEST_QUESTION:
        return question
    whole = _made_whole(question, previous)
    return whole if len(whole) <= LONGEST_QUESTION else question


def _made_whole(question: str, previous: Previous) -> str:
    asked, before = OPENING.sub("", question.strip()), previous.question.strip()
    if not has_words(before) or not has_words(asked):
        return question
    alone = question_alone(asked, before)
    if alone is not None:
        return alone
    piece = piece_of(asked, opened=asked != question.strip())
    pointed = resolved(asked if piece is None else piece, previous)
    if piece is None:
        return question if pointed is None else pointed
    if not has_words(piece):
        return question
    return put_in(piece, before) if pointed is None else f"what about {pointed.rstrip('?')}?"
