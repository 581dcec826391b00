"""Answers as Discord messages: pure, and within Discord's limits for any document and question."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot import wording
from bot.escaping import escaped_within
from bot.layout import Beside, Block, Button, Buttons, Press, Reply, Rule, Text
from bot.quoting import answer_markup, quote_markup, source_markup
from bot.words import Words
from index.records import Abstained, Answer, Citation

GREEN, TEAL, AMBER, GREY, RED = 0x2E9E5B, 0x2A8C9E, 0xC8871E, 0x80848E, 0xC0392B

_ANSWER_ROOM = 300
_QUOTES_ROOM = 1800
_QUESTION = 300
_BIG = 80  # an answer up to this long is set large


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a reply depends on beside its result.

    Attributes:
        row: the stored row that its buttons stand for; empty where nothing could be stored, and
            then there are no buttons.
        private: only the asker sees it.
        shareable: there are others in the channel whom it could be shown to.
        understood: how the question was understood, where that is not as it was typed.
        asked: the question, where the message does not stand below it.
    """

    row: str = ""
    private: bool = False
    shareable: bool = False
    understood: str = ""
    asked: str = ""


def result_reply(result: Answer | Abstained, circumstances: Circumstances, words: Words) -> Reply:
    """An answer, or that the documents do not say."""
    if isinstance(result, Answer):
        return _answer_reply(result, circumstances, words)
    return _abstained_reply(result, circumstances, words)


def notice(markup: str, *, colour: int = GREY) -> Reply:
    """A message of one text, which is markup already."""
    return Reply((Text(markup),), colour)


def _answer_reply(result: Answer, circumstances: Circumstances, words: Words) -> Reply:
    first = result.citations[0]
    short = answer_markup(first, room=_ANSWER_ROOM)
    large = "### " if len(first.answer) <= _BIG else ""
    blocks: list[Block] = [*_asked(circumstances, words)]
    if result.claims:
        blocks.append(_disagreement(result, words))
    elif short:
        blocks.append(Text(f"{large}{short}"))
    blocks += _quotes(result.citations, circumstances, words)
    level = wording.confidence(result.confidence, words)
    blocks.append(Text(f"-# {words('Confidence: {level}', level=level)}"))
    return Reply((*blocks, *_answer_buttons(circumstances, words)), _colour(result.confidence))


def _disagreement(result: Answer, words: Words) -> Text:
    """That the documents disagree: each answer with its quote's number and date, newest first."""
    lines = [f"**{words(wording.DISAGREE)}**"]
    for claim, cited in result.told():
        short = answer_markup(cited, room=_ANSWER_ROOM)
        date = wording.dated(claim, words)
        lines.append(" · ".join(filter(None, (str(claim.n), short, date))))
    return Text("\n".join(lines))


def _abstained_reply(result: Abstained, circumstances: Circumstances, words: Words) -> Reply:
    told = Text(f"**{words(wording.ABSTAINED)}**")
    blocks: list[Block] = [*_asked(circumstances, words), told]
    if result.nearest:
        blocks += [Rule(), Text(words("What comes nearest:"))]
        blocks += _quotes(result.nearest, circumstances, words)
    return Reply((*blocks, *_abstained_buttons(circumstances, words)), GREY)


def _asked(circumstances: Circumstances, words: Words) -> Iterable[Block]:
    if circumstances.asked:
        yield Text(f"-# {_question(circumstances.asked)}")
    if circumstances.understood:
        understood = _question(circumstances.understood)
        yield Text(f"-# {words('Understood as: {question}', question=understood)}")


def _question(question: str) -> str:
    return escaped_within(question.strip(), _QUESTION)


def _quotes(
    citations: tuple[Citation, ...], circumstances: Circumstances, words: Words
) -> list[Block]:
    """Each quote above its source; the room is shared evenly."""
    if not citations:
        return []
    room = _QUOTES_ROOM // len(citations)
    blocks: list[Block] = []
    for at, citation in enumerate(citations):
        markup = f"{quote_markup(citation, room=room)}\n-# {source_markup(citation, words)}"
        button = Button(Press("context", circumstances.row, (at, 0)), words("Show in context"))
        blocks.append(Beside(markup, button) if circumstances.row else Text(markup))
    return blocks


def _answer_buttons(circumstances: Circumstances, words: Words) -> list[Block]:
    row = circumstances.row
    good = Button(Press("good", row), emoji="👍")
    bad = Button(Press("bad", row), emoji="👎")
    return _row([good, bad, *_closing(circumstances, words)], circumstances)


def _abstained_buttons(circumstances: Circumstances, words: Words) -> list[Block]:
    wish = Button(Press("wish", circumstances.row), words("Tell me when they do"), "🔔")
    return _row([wish, *_closing(circumstances, words)], circumstances)


def _closing(circumstances: Circumstances, words: Words) -> list[Button]:
    """Sharing what only the asker sees, or taking away what all see."""
    row = circumstances.row
    if not circumstances.private:
        return [Button(Press("dismiss", row), words("Dismiss"))]
    share = Button(Press("share", row), words("Share"), "📣")
    return [share] if circumstances.shareable else []


def _row(buttons: list[Button], circumstances: Circumstances) -> list[Block]:
    return [Buttons(tuple(buttons))] if circumstances.row else []


def _colour(confidence: float) -> int:
    """The better the answer is known to be, the greener."""
    levels = ((0.85, GREEN), (0.6, TEAL), (0.0, AMBER))
    return next(colour for least, colour in levels if confidence >= least)
