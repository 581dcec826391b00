"""Answers as Discord messages: pure, and within Discord's limits for any document and question."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot import aging, wording
from bot.escaping import escaped, escaped_within, units
from bot.layout import (
    MOST_TEXT,
    Beside,
    Block,
    Button,
    Buttons,
    Press,
    Reply,
    Rule,
    Text,
    count_text,
)
from bot.quoting import answer_markup
from bot.words import Words
from index.fates import KEPT, Changed, Fate
from index.records import Abstained, Answer, Citation, Phrase

GREEN, TEAL, AMBER, GREY, RED = 0x2E9E5B, 0x2A8C9E, 0xC8871E, 0x80848E, 0xC0392B

_ANSWER_ROOM = 300
_QUOTES_ROOM = 1800
_QUESTION = 300
_NAME = 60
_MOST_MISSING = 3
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
        fates: what became of its quotes since; of those beyond the last nothing.
        prose: what a language model made of it, as far as the quotes support that.
    """

    row: str = ""
    private: bool = False
    shareable: bool = False
    understood: str = ""
    asked: str = ""
    fates: tuple[Fate, ...] = ()
    prose: tuple[Phrase, ...] = ()

    def fate(self, at: int) -> Fate:
        """What became of a quote, by its place among them."""
        return self.fates[at] if at < len(self.fates) else KEPT


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
    fate = circumstances.fate(0)
    blocks: list[Block] = [*_asked(circumstances, words)]
    if result.claims and _is_disputed_still(result, circumstances):
        blocks.append(_disagreement(result, words))
    elif short:
        blocks.append(Text(f"{large}{short if aging.is_supported(fate) else aging.struck(short)}"))
    blocks += _quotes(result.citations, circumstances, words)
    blocks.append(_closing_line(result, fate, words))
    whole = Reply((*blocks, *_answer_buttons(circumstances, words)), _colour(result, fate))
    return _with_prose(whole, circumstances, words)


def _with_prose(reply: Reply, circumstances: Circumstances, words: Words) -> Reply:
    """The reply with prose above its answer, as many sentences as there is room for."""
    head = f"-# {words(wording.PHRASED)}"
    room = MOST_TEXT - count_text(reply) - units(head)
    told: list[str] = []
    for phrase in circumstances.prose:
        told.append(escaped(wording.phrase(phrase)))
        if sum(map(units, told)) + len(told) > room:
            told.pop()
            break
    if not told:
        return reply
    at = len([*_asked(circumstances, words)])
    above = Text("\n".join((head, " ".join(told))))
    return replace(reply, blocks=(*reply.blocks[:at], above, *reply.blocks[at:]))


def _closing_line(result: Answer, fate: Fate, words: Words) -> Text:
    """How sure the answer is, as long as the documents say it."""
    if not aging.is_supported(fate):
        return aging.closing(fate, words)
    level = wording.confidence(result.confidence, words)
    told = words("Confidence: {level}", level=level)
    return Text(f"-# {_doubt(result, words)}{told}")


def _doubt(result: Answer | Abstained, words: Words) -> str:
    """What the question names and the quotes do not, and a space; or nothing."""
    missing = [escaped_within(name, _NAME) for name in result.missing[:_MOST_MISSING]]
    return f"{wording.doubt(missing, words)} " if missing else ""


def _is_disputed_still(result: Answer, circumstances: Circumstances) -> bool:
    """Whether the documents still say all that contradicts each other."""
    return all(aging.is_supported(circumstances.fate(claim.n - 1)) for claim in result.claims)


def _disagreement(result: Answer, words: Words) -> Text:
    """That the documents disagree: each answer with its quote's number and date, newest first."""
    lines = [f"**{words(wording.DISAGREE)}**"]
    for claim, cited in result.told():
        short = answer_markup(cited, room=_ANSWER_ROOM)
        date = wording.dated(claim, words)
        lines.append(" · ".join(filter(None, (str(claim.n), short, date))))
    return Text("\n".join(lines))


def _abstained_reply(result: Abstained, circumstances: Circumstances, words: Words) -> Reply:
    told = Text(f"**{words(wording.ABSTAINED)}** {_doubt(result, words)}".strip())
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
        markup = aging.cited_markup(citation, circumstances.fate(at), room=room, words=words)
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


def _colour(result: Answer, fate: Fate) -> int:
    """The better the answer is known to be, the greener; not at all where it is no more."""
    if not aging.is_supported(fate):
        return AMBER if isinstance(fate, Changed) else GREY
    levels = ((0.85, GREEN), (0.6, TEAL), (0.0, AMBER))
    return next(colour for least, colour in levels if result.confidence >= least)
