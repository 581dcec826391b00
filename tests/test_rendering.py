"""Answers as Discord messages: within the limits, harmless, and true to the document."""

import dataclasses
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogues import Languages
from bot.escaping import clipped, clipped_middle, code, escaped, escaped_lines, units
from bot.inert import flat, inert
from bot.layout import (
    MOST_BUTTONS,
    MOST_COMPONENTS,
    MOST_ID,
    MOST_LABEL,
    MOST_TEXT,
    Press,
    Reply,
    count_components,
    count_text,
    read_press,
)
from bot.rendering import Circumstances, result_reply
from bot.surroundings import page_around
from bot.words import ENGLISH, Words
from index.aging import locate
from index.fates import GONE, KEPT, Changed, Fate, Moved
from index.records import Abstained, Answer, Citation, Claim, Span

SIGNS = "\\*_~`|<>[]()@#-+:/.!&0123456789 \n\t\u200b\u202eax日😀"
hostile = st.text(st.sampled_from(SIGNS), max_size=60)
attacks = st.sampled_from(
    [
        "@everyone", "<@123>", "<@&1>", "<#5>", "<:a:1>", "<t:1:R>", "</ask:1>",  "https://x.org/a",
        "http://x",
        "[a](https://b.c)", "[a]\n(b)", "**b**", "__u__", "*i*", "~~s~~", "||s||", "`c`",
        "```\nblock\n```", "> q", ">>> q", "# h", "-# s", "- l", "1. l", "discord.gg/abc",
        "discord.com/invite/abc", ":smile:", "<https://x.org>", "steam://run",
    ]
)  # fmt: skip
wild = st.one_of(
    hostile, st.lists(attacks | hostile, max_size=5).map("".join), st.text(max_size=80)
)

LANGUAGES = Languages.load()
tongues = st.sampled_from([*LANGUAGES.spoken.values()])

# What Discord gives a meaning to, in a text whose escapes are taken out.
ACTIVE = re.compile(
    r"[*_~`|<>\[\]@]|://|:\w+:|discord\.gg|discord\.com|^\s*(?:[#+-]|\d+[.)])", re.IGNORECASE
)
ESCAPE = re.compile(r"\\([^0-9A-Za-z\s])")


def shown(markup: str) -> str:
    """What Discord shows of markup that holds nothing but escapes."""
    return ESCAPE.sub(r"\1", markup)


def active(markup: str) -> str | None:
    """The first thing in markup that has a meaning."""
    found = ACTIVE.search(ESCAPE.sub("\0", markup))
    return found and found[0]


@given(wild)
def test_escaped_text_means_nothing_and_shows_every_letter(text: str) -> None:
    assert active(escaped(text)) is None
    assert shown(escaped(text)) == flat(text)
    assert "\n" not in escaped(text)
    assert len(escaped(text)) <= 2 * len(text) + 1


@given(wild)
def test_escaped_lines_mean_nothing_and_keep_their_ends(text: str) -> None:
    assert [active(line) for line in escaped_lines(text).split("\n")] == [None] * (
        text.count("\n") + 1
    )
    assert shown(escaped_lines(text)) == inert(text)


@pytest.mark.parametrize(
    "text", ["@everyone", "https://x.org", "discord.gg/a", "# h", "1. a", ":a:"]
)
def test_what_is_not_escaped_is_seen_by_these_tests(text: str) -> None:
    assert active(text) is not None


@given(wild)
def test_code_holds_its_text_or_escapes_it(text: str) -> None:
    found = code(text)
    line = flat(text).strip()
    assert found == f"`{line}`" or (active(found) is None and shown(found) == line)


def test_hostile_text_is_escaped_in_time_proportional_to_it() -> None:
    for text in ("*" * 300_000, ":a" * 150_000, "discord." * 40_000, "\\" * 300_000, "1" * 300_000):
        assert shown(escaped(text)) == text


@given(wild, st.integers(1, 80))
def test_a_clipped_text_keeps_its_length_and_its_ends(text: str, length: int) -> None:
    for cut in (clipped(text, length), clipped_middle(text, length)):
        assert len(cut) <= length
        assert cut == text if len(text) <= length else "…" in cut
    assert text.startswith(clipped(text, length).rstrip("…").rstrip())


def test_units_count_what_lies_beyond_the_basic_plane_twice() -> None:
    assert units("aé日😀") == 5


@given(st.from_regex(r"[a-z]{1,8}", fullmatch=True), st.from_regex(r"[\w-]{0,16}", fullmatch=True),
       st.lists(st.integers(-999, 999), max_size=3))  # fmt: skip
def test_a_press_is_read_back_from_its_id(action: str, row: str, numbers: list[int]) -> None:
    if not row.isascii():
        return
    press = Press(action, row, tuple(numbers))
    assert read_press(press.id) == press
    assert len(press.id) <= MOST_ID


@pytest.mark.parametrize(
    "id", ["", "fn:", "fn:a", "other:a:b", "fn:A:b", "fn:a:b:x", "fn:a:b:1:2:3:4"]
)
def test_a_foreign_id_is_no_press(id: str) -> None:
    assert read_press(id) is None


@st.composite
def citations(draw: st.DrawFn, n: int = 1) -> Citation:
    big = st.integers(1, 40)
    before, answer, after = (draw(wild) * draw(big) for _ in range(3))
    answer = answer or "x"
    quote = before + answer + after
    whole = draw(st.booleans())
    start = draw(st.integers(0, 10**6))
    begin = start if whole else start + len(before)
    return Citation(
        n=n,
        document=draw(wild.filter(bool)) * draw(big),
        title=draw(wild) * draw(big),
        start=start,
        end=start + len(quote),
        lines=(draw(big), draw(big)),
        page=draw(st.none() | big),
        quote=quote,
        answer_start=begin,
        answer_end=start + len(quote) if whole else begin + len(answer),
        section=draw(st.none() | wild.map(lambda one: one * 30)),
    )


def claimed(n: int) -> st.SearchStrategy[Claim]:
    dates = st.sampled_from(["", "2021", "2021-03", "2021-03-11", "1499-12-31"])
    return st.builds(Claim, n=st.just(n), date=dates, is_own=st.booleans())


@st.composite
def results(draw: st.DrawFn) -> Answer | Abstained:
    found = tuple(draw(citations(n)) for n in range(1, draw(st.integers(1, 3)) + 1))
    confidence = draw(st.floats(0, 1))
    question = draw(wild) * draw(st.integers(1, 50))
    if draw(st.booleans()):
        claims = tuple(draw(claimed(n)) for n in range(1, draw(st.integers(0, len(found))) + 1))
        return Answer(question, found[0].answer, confidence, found, "000001", 0.1, claims)
    return Abstained(question, confidence, found[: draw(st.integers(0, 3))], "000001", 0.1)


fates = st.one_of(
    st.just(KEPT),
    st.just(GONE),
    st.builds(Moved, citations()),
    st.builds(Changed, citations()),
)
circumstances = st.builds(
    Circumstances,
    row=st.sampled_from(["", "abcdefghij123456"]),
    private=st.booleans(),
    shareable=st.booleans(),
    understood=wild.map(lambda one: one * 30),
    asked=wild.map(lambda one: one * 30),
    fates=st.lists(fates, max_size=3).map(tuple),
)


def assert_within_limits(reply: Reply) -> None:
    assert count_components(reply) <= MOST_COMPONENTS
    assert count_text(reply) <= MOST_TEXT
    assert all(text.strip() for text in reply.texts())
    ids = [button.press.id for button in reply.buttons()]
    assert len(ids) == len({*ids})
    for button in reply.buttons():
        assert 1 <= len(button.press.id) <= MOST_ID
        assert len(button.label) <= MOST_LABEL
        assert button.label or button.emoji
    for block in reply.blocks:
        assert len(getattr(block, "buttons", "x")) in range(1, MOST_BUTTONS + 1)


@given(results(), circumstances)
def test_every_reply_keeps_discords_limits_in_every_language(
    result: Answer | Abstained, around: Circumstances
) -> None:
    for words in LANGUAGES.spoken.values():
        assert_within_limits(result_reply(result, around, words))


@given(results(), circumstances)
def test_answer_quotes_and_buttons_are_the_same_in_every_language(
    result: Answer | Abstained, around: Circumstances
) -> None:
    def documents_words(words: Words) -> list[str]:
        """The lines that are a document's own, and the paths, of a reply in a language."""
        lines = "\n".join(result_reply(result, around, words).texts()).split("\n")
        own = [line for line in lines if line.startswith((">", "###"))]
        return own + [found for line in lines for found in re.findall(r"`[^`]+`", line)]

    english, *others = LANGUAGES.spoken.values()
    pressed = [one.press for one in result_reply(result, around, english).buttons()]
    for words in others:
        assert documents_words(words) == documents_words(english)
        assert [one.press for one in result_reply(result, around, words).buttons()] == pressed


@given(results(), circumstances, tongues)
def test_every_line_of_a_reply_is_ours_and_what_it_quotes_is_inert(
    result: Answer | Abstained, around: Circumstances, words: Words
) -> None:
    for text in result_reply(result, around, words).texts():
        for line in text.split("\n"):
            bare = re.sub(r"^(?:### |-# |> )", "", ESCAPE.sub("\0", line))
            bare = re.sub(r"~~(.+?)~~", r"\1", bare)
            # No list begins with a bold number; nor does anything else that needs a line's start.
            bare = re.sub(r"\*\*(.+?)\*\*", "\0\\1", bare)
            bare = re.sub(r"`[^`]+`", "", bare)  # what is in code has no meaning
            found = ACTIVE.search(re.sub(r"^\d+ · ", "", bare))
            assert found is None, (line, found)


CITED = Citation(
    n=1, document="news/talks.txt", title="Talks", start=10, end=44, lines=(3, 3), page=None,
    quote="The group meets every six months.", answer_start=26, answer_end=42, section=None,
)  # fmt: skip
ANSWER = Answer("how often?", "every six months", 0.93, (CITED,), "000001", 0.02)


def test_an_answer_is_bold_quoted_and_sourced() -> None:
    reply = result_reply(ANSWER, Circumstances(row="r"), words=ENGLISH)
    assert list(reply.texts()) == [
        "### **every six months**",
        "> The group meets **every six months**.\n-# 1 · Talks · `news/talks.txt` · line 3",
        "-# Confidence: high, 93%",
    ]
    labels = [button.label or button.emoji for button in reply.buttons()]
    assert labels == ["Show in context", "👍", "👎", "Dismiss"]


YEARLY = Citation(
    n=1, document="rules.txt", title="Rules", start=0, end=27, lines=(2, 2), page=None,
    quote="The group meets every year.", answer_start=16, answer_end=26, section=None,
)  # fmt: skip
DISAGREEING = Answer(
    "how often?", "every year", 0.93, (YEARLY, replace(CITED, n=2)), "000001", 0.02,
    (Claim(1, "2021-03-11", True), Claim(2, "2019", False)),
)  # fmt: skip


def test_answers_that_disagree_are_both_told_with_their_dates() -> None:
    reply = result_reply(DISAGREEING, Circumstances(row="r"), words=ENGLISH)
    assert list(reply.texts()) == [
        "**The documents disagree:**\n"
        "1 · **every year** · dated March 11, 2021\n"
        "2 · **every six months** · file of 2019",
        "> The group meets **every year**.\n-# 1 · Rules · `rules.txt` · line 2",
        "> The group meets **every six months**.\n-# 2 · Talks · `news/talks.txt` · line 3",
        "-# Confidence: high, 93%",
    ]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("de", "**Die Dokumente widersprechen sich:**\n1 · **every year** · Datum: 11. März 2021"),
        (
            "es",
            "**Los documentos se contradicen:**\n1 · **every year** · fecha: 11 de marzo de 2021",
        ),
        ("zh-CN", "**文档之间存在矛盾：**\n1 · **every year** · 日期：2021年3月11日"),
    ],
)
def test_a_disagreement_is_told_in_the_reader_s_language(language: str, told: str) -> None:
    words = LANGUAGES.spoken[language]
    first, *_ = result_reply(DISAGREEING, Circumstances(row="r"), words).texts()
    assert first.startswith(told)


def test_only_what_is_private_can_be_shared_and_only_where_others_are() -> None:
    def actions(*, private: bool, shareable: bool) -> list[str]:
        around = Circumstances(row="r", private=private, shareable=shareable)
        return [
            button.press.action for button in result_reply(ANSWER, around, words=ENGLISH).buttons()
        ][3:]

    assert actions(private=True, shareable=True) == ["share"]
    assert actions(private=True, shareable=False) == []
    assert actions(private=False, shareable=True) == ["dismiss"]


def test_without_a_row_there_are_no_buttons() -> None:
    assert list(result_reply(ANSWER, Circumstances(), words=ENGLISH).buttons()) == []


def test_an_abstention_says_so_shows_what_is_nearest_and_offers_to_tell() -> None:
    reply = result_reply(
        Abstained("who?", 0.1, (CITED,), "000001", 0.1), Circumstances(row="r"), words=ENGLISH
    )
    first, second, third = reply.texts()
    assert (first, second) == ("**The documents don't say.**", "What comes nearest:")
    assert "`news/talks.txt` · line 3" in third
    assert [one.press.action for one in reply.buttons()] == ["context", "wish", "dismiss"]


def longest(sign: str) -> tuple[Citation, ...]:
    """Three citations of which everything is as long as it may be."""
    quote = sign * 2000
    return tuple(
        Citation(
            n, sign * 300, sign * 200, 0, len(quote), (99_998, 99_999), 9_999, quote,
            20, 20 + 140, section=f"{sign * 199}s",
        )
        for n in (1, 2, 3)
    )  # fmt: skip


@pytest.mark.parametrize("sign", ["q", "*", "😀"])
def test_the_longest_reply_of_all_keeps_the_limits_with_all_of_it_changed(sign: str) -> None:
    found = longest(sign)
    around = Circumstances(
        row="r" * 16,
        asked=sign * 400,
        understood=sign * 401,
        fates=tuple(map(Changed, found)),
    )
    for words in LANGUAGES.spoken.values():
        for result in (
            Answer("q", found[0].answer, 0.5, found, "1", 0.1),
            Abstained("q", 0.1, found, "1", 0.1),
        ):
            assert_within_limits(result_reply(result, around, words))


def aged(*fates: Fate) -> Reply:
    return result_reply(ANSWER, Circumstances(row="r", fates=fates), words=ENGLISH)


def test_an_answer_that_is_not_supported_any_more_is_struck_and_not_said_to_be_sure() -> None:
    quote = "It meets every year."
    end = CITED.start + len(quote)
    now = dataclasses.replace(
        CITED, quote=quote, end=end, answer_start=CITED.start, answer_end=end, lines=(9, 9)
    )
    assert list(aged(Changed(now)).texts()) == [
        "### ~~**every six months**~~",
        "-# The document said:\n> ~~The group meets **every six months**.~~\n-# It says now:\n"
        "> It meets every year.\n-# 1 · Talks · `news/talks.txt` · line 9",
        "-# ✏️ The document has changed since. Ask again for what it says now.",
    ]
    assert list(aged(GONE).texts()) == [
        "### ~~**every six months**~~",
        "> ~~The group meets **every six months**.~~\n"
        "-# 1 · Talks · `news/talks.txt` · no longer in the documents",
        "-# 🗑️ What answered this is no longer in the documents.",
    ]
    for reply in (aged(Changed(now)), aged(GONE)):
        assert list(reply.buttons()) == list(aged().buttons())


def test_an_answer_that_moved_says_where_it_stands_and_nothing_else() -> None:
    now = dataclasses.replace(CITED, document="b.txt", lines=(5, 5))
    assert [one.replace("`b.txt` · line 5", "`news/talks.txt` · line 3")
            for one in aged(Moved(now)).texts()] == list(aged().texts())  # fmt: skip
    assert aged(Moved(now)).colour == aged().colour


def test_a_quote_behind_the_first_ages_without_the_answer() -> None:
    second = dataclasses.replace(CITED, n=2)
    answer = dataclasses.replace(ANSWER, citations=(CITED, second))
    around = Circumstances(fates=(KEPT, GONE))
    large, first, gone, sure = result_reply(answer, around, words=ENGLISH).texts()
    assert "~~" not in large + first + sure
    assert gone.startswith("> ~~")
    assert "Confidence" in sure


def test_a_long_quote_is_cut_about_its_answer() -> None:
    quote = f"{'before ' * 500}IT IS HERE{' after' * 500}"
    at = quote.index("IT")
    cited = Citation(1, "a", "A", 0, len(quote), (1, 1), None, quote, at, at + 10)
    reply = result_reply(
        Answer("q", "IT IS HERE", 0.5, (cited,), "1", 0.1), Circumstances(), words=ENGLISH
    )
    (text,) = [one for one in reply.texts() if one.startswith(">")]
    assert "before **IT IS HERE** after" in text
    assert text.startswith("> …")


# Around a quote

documents = st.lists(
    wild | st.sampled_from(["\n", "\n\n", "word " * 300, "w" * 2000]), min_size=1, max_size=12
).map("".join)


@given(documents.filter(str.strip), st.data())
def test_pages_about_a_quote_cover_the_document_once(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    quote = Span(start, end)
    pages = [page_around(text, quote, 0)]
    assert pages[0].span.start <= start < pages[0].span.end
    while pages[0].earlier:
        pages.insert(0, page_around(text, quote, -len(pages)))
    behind = 1
    while pages[-1].later:
        pages.append(page_around(text, quote, behind))
        behind += 1
    assert "".join(text[one.span.start : one.span.end] for one in pages) == text
    assert page_around(text, quote, 10**6) == pages[-1]
    for page in pages:
        assert units(page.markup) <= 2400


def test_the_quote_is_marked_line_by_line() -> None:
    text = "First.\n\nThe group\nmeets often. It does.\n\nLast."
    quote = Span(text.index("The"), text.index(" It"))
    page = page_around(text, quote, 0)
    assert page.markup == "First.\n\n**The group**\n**meets often.** It does.\n\nLast."
    assert (page.earlier, page.later) == (False, False)


@pytest.mark.parametrize(
    ("text", "start", "found"),
    [
        ("a cat", 2, 2),
        ("a big cat", 2, 6),
        ("cat cat cat", 5, 4),
        ("a dog", 2, None),
        ("cat", 99, 0),
    ],
)
def test_a_quote_is_found_where_it_was_or_nearest_to_it(
    text: str, start: int, found: int | None
) -> None:
    span = locate(text, "cat", start)
    assert (span and span.start) == found


@pytest.mark.parametrize("words", [*LANGUAGES.spoken.values()])
def test_what_the_quotes_do_not_name_is_told_escaped(words: Words) -> None:
    missing = ("2019", "@everyone", "**Ada**", "Bo", "Cy")
    told = Answer("who?", CITED.answer, 0.5, (CITED,), "000001", 0.1, missing=missing)
    untold = Abstained("who?", 0.1, (CITED,), "000001", 0.1, missing=missing)
    for result in (told, untold):
        texts = result_reply(result, Circumstances(row="r"), words=words).texts()
        (line,) = [text for text in texts if "2019" in text]
        assert "@everyone" not in ESCAPE.sub("\0", line)
        assert "**Ada**" not in line
        assert "Bo" not in line  # three are enough


def test_where_all_is_named_nothing_is_told_to_be_missing() -> None:
    told = Answer("who?", CITED.answer, 0.5, (CITED,), "000001", 0.1)
    texts = result_reply(told, Circumstances(row="r"), words=ENGLISH).texts()
    assert not any("Nothing here" in text for text in texts)
