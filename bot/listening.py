"""What a message wants, read from its text alone, for channels where the bot only listens.

Precision comes before recall: a question that is passed over can be asked again by mention, and an
answer that nobody asked for annoys everybody. Time grows with the length of the text, no faster.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from bot import chatter

LONGEST_CHAT = 600
"""Characters; of what is longer, a paste, only the last sentence is taken for a question."""

_CLOSERS = "\"'”’»)]"
_QUOTES = '"“„«‘'
_ENDS = "?!.…？！。"
_ABBREVIATIONS = chatter.words("dr. mr. mrs. ms. prof. st. no. vs. etc. approx. e.g. i.e.")
_COMMAND = re.compile(r"\s*(?:[!/$%&;+~=.\-]+\w|\?\w)")
_TO_OTHERS = re.compile(r"<@[!&]?\d+>|(?<!\S)@\w")
_LAUGHTER = re.compile(r"[😂🤣💀😭😆🙃🤡]|(?<!\S)/[sj]\b")
_UNSAID = re.compile(
    r"```.*?(?:```|\Z)|^>[^\n]*|https?://\S+|<a?:\w+:\d+>|<t:\d+(?::\w)?>|[*~|#]|\u200b",
    re.DOTALL | re.MULTILINE,
)
_MENTION = re.compile(r"<@!?[0-9]+>")
_DISCORDS_OWN = re.compile(
    r"<(?:a?:\w{1,32}:\d+|@[!&]?\d+|#\d+|t:-?\d+(?::\w)?|/[^<>:]{1,100}:\d+|id:\w+)>|https?://\S+"
)
_INLINE_CODE = re.compile(r"`[^`\n]*`")
_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_ACRONYM_DOT = re.compile(r"(?<=\b[^\W\d_])\.(?=[^\W\d_]\b|\s)")
_CJK_END = re.compile(r"(?<=[。？！])")


def looks_like_question(text: str) -> bool:
    """Whether a message in a channel asks what documents could answer.

    Not so chatter, commands, code, what is said to somebody else, or a tag as in "isn't it?".
    """
    if _COMMAND.match(text) or _TO_OTHERS.search(text) or _LAUGHTER.search(text):
        return False
    said = [each for each in _sentences(text) if not is_thanks(each.text)]
    if len(text) > LONGEST_CHAT:
        return bool(said) and said[-1].is_asked and _asks(said[-1])
    return any(_asks(each) for each in said if each.is_asked or each is said[-1])


def question_of_post(title: str, body: str) -> str | None:
    """The question of a forum's post: its title, else the first sentence of its body, that asks."""
    if looks_like_question(title):
        return " ".join(title.split())
    asking = (each.text for each in _sentences(body) if looks_like_question(each.text))
    return next(asking, None)


def addressed(content: str, bot: int, roles: Collection[int] = ()) -> str:
    """What a message says to the bot: ``content`` without mentions of it and of its roles.

    White space is tidied, and mentions of others stay. May be empty.
    """
    names = "|".join([f"!?{bot}", *(f"&{role}" for role in roles)])
    tidy = " ".join(content.split())
    called = re.match(rf"(?:<@(?:{names})>[,:;]? ?)*", tidy)
    said = tidy[called.end() :] if called else tidy
    said = re.sub(rf" ?<@(?:{names})>(?=[,.;:!?])", "", said)
    return " ".join(re.sub(rf"<@(?:{names})>", " ", said).split())


def plain_question(text: str) -> str:
    """What is asked, without what Discord writes with numbers and signs.

    Mentions, custom emoji, times and web addresses hold nothing that documents could answer, but
    their numbers would be looked for.

    >>> plain_question("how often does the group meet <:why:42> <@7>?")
    'how often does the group meet ?'
    """
    return " ".join(_DISCORDS_OWN.sub(" ", text).split())


def nameless(text: str) -> str:
    """The text without mentions of people, whose ids are theirs to have deleted."""
    return _MENTION.sub("", text).strip()


def is_thanks(text: str) -> bool:
    """Whether a message is mere courtesy or a reaction, to which nobody need reply."""
    if "?" in text or "？" in text:
        return False
    worded = chatter.PICTURE.sub(" ", text.lower().replace("’", "'"))
    words = [chatter.LENGTHENED.sub(r"\1\1", word) for word in _WORD.findall(worded)]
    if not words or len(words) > chatter.COURTESY_WORDS:
        return not words and worded.strip() != text.lower().strip()
    plain = [chatter.LENGTHENED.sub(r"\1", word) for word in _WORD.findall(worded)]
    fits = any(chatter.COURTESY.fullmatch(" ".join(form) + " ") for form in (words, plain))
    return fits and not chatter.NO_COURTESY.issuperset(words)


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence as typed, and how it ends."""

    text: str

    @property
    def end(self) -> str:
        body = self.text.rstrip(_CLOSERS)
        return body[len(body.rstrip(_ENDS)) :]

    @property
    def is_asked(self) -> bool:
        return bool(set(self.end) & set("?？")) and not set(self.end) & set("!！")


def _sentences(text: str) -> list[_Sentence]:
    """The sentences in what is said itself: no code, quoted lines or links, and none wordless."""
    said = _INLINE_CODE.sub(" code ", _UNSAID.sub(" ", text))
    lines = _CJK_END.sub(" ", said).splitlines()
    cut = [piece for line in lines for piece in _cut(line.split())]
    return [_Sentence(piece) for piece in cut if any(map(str.isalnum, piece))]


def _cut(words: list[str]) -> Iterator[str]:
    start = 0
    for at, word in enumerate(words, 1):
        following = words[at] if at < len(words) else "."
        if _ends_sentence(word) and not set(following) <= set(_ENDS):
            yield " ".join(words[start:at])
            start = at
    yield " ".join(words[start:])


def _ends_sentence(word: str) -> bool:
    body = word.rstrip(_CLOSERS)
    if not body.endswith("."):
        return body.endswith(tuple(_ENDS))
    return body.lower() not in _ABBREVIATIONS and "." not in body.strip(".")


def _asks(sentence: _Sentence) -> bool:
    """Whether a sentence is a question for documents."""
    if set(sentence.end) & set("!！") or sentence.text[0] in _QUOTES:
        return False
    if sentence.is_asked and _asks_in_cjk(sentence.text):
        return True
    folded = _ACRONYM_DOT.sub("", sentence.text.lower().replace("’", "'"))
    if chatter.TAG.search(folded.rstrip(_CLOSERS)):
        return False
    words = _WORD.findall(folded)
    while words and words[0] in chatter.OPENERS:
        del words[0]
    if not chatter.NOISE.isdisjoint(words):
        return False
    clauses = [" ".join(words)]
    if sentence.is_asked and "," in folded:
        clauses.append(" ".join(_WORD.findall(folded.rpartition(",")[2])))
    return any(_clause_asks(clause, sentence) for clause in clauses)


def _clause_asks(clause: str, sentence: _Sentence) -> bool:
    if chatter.SMALL_TALK.match(clause) or chatter.POINTING.search(clause):
        return False
    if frame := chatter.FRAME.match(clause):
        return _asks_within(clause[frame.end() :], frame[0], asked=sentence.is_asked)
    clause = chatter.PREPOSITION.sub("", clause, count=1)
    generic = chatter.GENERIC_YOU.match(clause)
    if not chatter.YOU.isdisjoint(clause[generic.end() if generic else 0 :].split()):
        return False
    if sentence.is_asked and _asks_elsewhere(clause):
        return True
    if chatter.INVERTED.match(clause) and (sentence.is_asked or not sentence.end):
        return _content(clause) >= _least(clause)
    if chatter.HOW_TO.match(clause) or chatter.WHO_DOES.match(clause):
        return not sentence.end.startswith((".", "…")) and _content(clause) >= 2
    return sentence.is_asked and _content(clause) >= 2 and _asks_plainly(clause)


def _asks_within(rest: str, frame: str, *, asked: bool) -> bool:
    """Whether "does anyone know …", "tell me …", "I wonder …" goes on with a question."""
    if not chatter.YOU.isdisjoint(rest.split()) or chatter.SMALL_TALK.match(rest):
        return False
    if "wonder" in frame and not {"i", "me", "my", "i'm"}.isdisjoint(rest.split()):
        return False
    if chatter.ASKED_FOR.match(rest):
        return _content(rest) >= (2 if rest.startswith(("if ", "whether ", "why ")) else 1)
    return asked and bool(chatter.EXPLAINED.search(frame)) and rest.startswith("the ")


def _least(clause: str) -> int:
    """How many words of content make it a question for documents, not for who is there."""
    return 2 if clause.startswith("why") or chatter.HOW_IS.match(clause) else 1


def _asks_plainly(clause: str) -> bool:
    """Whether it asks for its subject, or for yes or no."""
    if chatter.OF_SUBJECT.match(clause):
        return True
    return bool(chatter.YES_OR_NO.match(clause)) and not chatter.ADVICE.match(clause)


def _asks_elsewhere(clause: str) -> bool:
    """Whether it asks in another European language."""
    talk = chatter.ELSEWHERE_TALK.match(clause)
    return bool(chatter.ELSEWHERE.match(clause)) and not talk and _content(clause) >= 2


def _asks_in_cjk(text: str) -> bool:
    """Whether it asks in Chinese, Japanese or Korean, which put the question word anywhere."""
    long_enough = len(chatter.CJK.findall(text)) >= chatter.CJK_LEAST
    return long_enough and bool(chatter.CJK_ASKS.search(text)) and not chatter.CJK_TALK.search(text)


def _content(clause: str) -> int:
    """How many different words say something a document could answer."""
    words = set(clause.split()) - chatter.LIGHT
    return sum(len(word) > 1 and not word.isdecimal() for word in words)
