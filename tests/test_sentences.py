"""Sentences: exact, whole, and split where a reader would."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.records import Span
from index.sentences import split_sentences

# Each paragraph, with "|" between its sentences.
SPLIT = [
    "He left.| She came!| Why?| Good.",
    "One sentence without an end",
    # abbreviations, initials, decimals, times
    "The U.S. Secretary of State came.| He left.",
    "It was announced after U.S. Secretary of State Antony Blinken met Wang Yi.",
    "Dr. Smith met Mr. Jones at 5 p.m. on Monday.| He left.",
    "J. R. R. Tolkien wrote it.| J.K. Rowling did not.",
    "It costs 3.5 million.| Version 2.0.1 is out.| See www.example.com.",
    "No. 5 is alive.| He said so.",
    "He works for Acme Inc. in St. Petersburg.| It grows.",
    # ellipses
    "Perhaps he will undo the restrictions… |For the moment, he does not.",
    "He went... |And came.",
    "It was… however fine.| He went... and came.",
    "“Perhaps…” |“For now.”",
    # quotations of several sentences
    "He asked: “Why?| Because I said so.| Now go.” |She left.",
    'He said "No.| Never." and left.| Fine.',
    "„Nein.| Niemals.“ |Er ging.",
    "She said, “No.” and left.",
    "They work “through dialogue and cooperation.”.| The SIA agrees.",
    "“China will be competitive when it must be.”.",
    # closing marks belong to the sentence before
    "He left.) |She came.”) |They went.",
    "*He left.* |She **came.** |Then __they__ went.",
    # notes belong to the sentence before
    "He left.[citation needed] |She came.",
    "He left. [citation needed] |She came.",
    "He left.[12] |She came.[13][14] |They met.[note 1]",
    "He left.:19-1 |She came.:4-5:24 |They met.",
    "He spoke. |[He] was clear.| [The group] agreed.",
    # a list's number belongs to what it numbers
    "1. Open the lid.| 2. Press start.| c) Wait.",
    "The answer is in Section 3.| The law is clear.",
    "It says yes to everything, and that is all.| 7.",
    # other scripts
    "中文句子。|你好吗？|好。",
    "Привет.| Как дела?| Хорошо.",
    "مرحبا بكم.| كيف الحال؟| جيد.",
    "नमस्ते।| आप कैसे हैं?",
    "Cafe\u0301 noir.| E\u0301te\u0301 indien.",
    "Great 😀.| Fine 👨‍👩‍👧!| Done.",
    # lines broken by hand, and white space of any kind
    "A line that was\nwrapped by hand.| Next\r\nsentence\there.",
    "One.\x85|Two.\u2028|Three.\xa0|Four.",
    # marks without words
    "... He left. ...",
    "* * * He left. * * *",
    "“",
    "?!",
    "",
    " \t\n",
]
WORDS = ["He left.", "Why?", "U.S.", "3.5", "she", "1.", "a)", "漢字。", "ف", "é", "e\u0301", "😀"]
MARKS = ["…", "...", "“", "”", '"', "’", "(", ")", "*", "!", "[1]", "[a]", ":19-1", "\u200b"]
SPACES = [" ", "  ", "\n", "\r\n", "\r", "\t", "\u2028", "\x85", "\x1c"]
PIECES = st.sampled_from(WORDS + MARKS + SPACES) | st.text(max_size=5)
TEXTS = st.lists(PIECES, max_size=30).map("".join)


def sentences(text: str) -> list[str]:
    return [text[s.start : s.end] for s in split_sentences(text, Span(0, len(text)))]


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


@pytest.mark.parametrize("marked", SPLIT)
def test_a_paragraph_is_split_where_a_reader_would_split_it(marked: str) -> None:
    expected = [part.strip() for part in marked.split("|") if letters(part)]
    assert sentences(marked.replace("|", "")) == expected


@given(before=TEXTS, text=TEXTS, after=TEXTS)
def test_sentences_are_exact_in_order_and_lose_no_letter(
    before: str, text: str, after: str
) -> None:
    paragraph = Span(len(before), len(before) + len(text))
    whole = before + text + after
    found = split_sentences(whole, paragraph)
    edges = [paragraph.start, *(at for s in found for at in (s.start, s.end)), paragraph.end]
    assert edges == sorted(edges)
    quoted = [whole[s.start : s.end] for s in found]
    assert all(letters(quote) and quote == quote.strip() for quote in quoted)
    assert letters("".join(quoted)) == letters(text)


@given(text=TEXTS)
def test_a_sentence_does_not_depend_on_how_its_lines_are_broken(text: str) -> None:
    joined = "".join(" " if char.isspace() else char for char in text)
    assert split_sentences(text, Span(0, len(text))) == split_sentences(joined, Span(0, len(text)))


@pytest.mark.parametrize("size", [3_990, 4_010, 9_000])
def test_a_sentence_is_whole_wherever_it_stands_in_a_long_paragraph(size: int) -> None:
    sentence = "Washington met Beijing in “Alaska” for 3.5 hours."
    text = " ".join([sentence] * (2 + size // len(sentence)))
    assert set(sentences(text)) == {sentence}


def test_a_sentence_may_be_longer_than_any_window() -> None:
    long = "word " * 5_000 + "end."
    assert sentences(f"{long} He left.") == [long, "He left."]


HOSTILE = {
    "brackets": "[" * 50_000,
    "capital brackets": "Why? [A" * 20_000,
    "quotes": '"' * 50_000,
    "opening quotes": "“a. " * 20_000,
    "dots": "." * 50_000,
    "ellipses": "… A" * 20_000,
    "ellipses and spaces": "…" + " " * 100_000,
    "exclamations": "<!--" * 50_000,
    "notes": "a.[1] " * 20_000,
    "verse numbers": "a. :1-1" + ":1-1" * 20_000,
    "asterisks": "*a. " * 20_000,
    "backticks": "`" * 50_000,
    "Chinese": "漢字。" * 100_000,
    "one word": "a" * 1_000_000,
    "one line": "Word after word. " * 60_000,
    "one sentence": "word " * 200_000,
    "blank": " " * 1_000_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_no_text_takes_long_to_split(text: str) -> None:
    started = time.process_time()
    quoted = sentences(text)
    assert time.process_time() - started < 5
    assert letters("".join(quoted)) == letters(text)
