"""Follow-up questions made whole from the turn before, by rules.

"And where?" after "How often does the group meet?" asks "where does the group meet?"; "Who leads
it?" asks "Who leads the group?".
"""

from index.fragments import piece_of, put_in, question_alone
from index.previous import Previous
from index.referring import resolved
from index.wording import OPENING, has_words


def complete(question: str, previous: Previous | None) -> str:
    """``question`` as it reads without the turn before; itself if it is whole.

    All its words are the question's, or stand in ``previous``.

    >>> complete("and where?", Previous("How often does the group meet?"))
    'where does the group meet?'
    >>> complete("Who leads it?", Previous("How often does the group meet?"))
    'Who leads the group?'
    """
    asked = OPENING.sub("", question.strip())
    if previous is None or not has_words(previous.question) or not has_words(asked):
        return question
    before = previous.question.strip()
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
