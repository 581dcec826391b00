"""Documents into passages, and what they are encoded with."""

import re
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.context import (
    MOST_CONTEXT,
    context_of,
    in_context,
    passage_limit,
    passage_room,
)
from index.parsing import parse
from index.records import Document, Passage, Segmented, Span
from index.segmenting import segment
from tests.corpora import texts
from tests.words import WordEncoder

SEEDS = Path(__file__).parent.parent / "seeds"
SEED = "000_8be179ed4e282a42.txt"
PROSE = "The group will meet every six months. Washington sends a dozen experts."
BREAKS = ["\n", "\r\n", "\r", "\n\n", "\r\n\r\n", "\r\r", "\x85", "\u2028", "\t", " ", " \n \n"]
ENGLISH = ["The group", "meets.", "Why?", "U.S.", "“No.", "Never.”", "Title", "Name: Ada", PROSE]
OTHER = ["- Milk", "1.", "漢字。", "مرحبا", "e\u0301", "😀", "\u200b", "(", "[1]", "…", "a" * 40]
WORDS = st.sampled_from(ENGLISH + OTHER)
LAYOUTS = st.lists(st.tuples(WORDS, st.sampled_from(BREAKS)).map("".join)).map("".join) | texts
LIMITS = st.integers(1, 40)


def pieces(text: str) -> list[tuple[int, int]]:
    return WordEncoder().pieces(text)


def letters_as_pieces(text: str) -> list[tuple[int, int]]:
    """A tokenizer that reads the rest of a word cut in two in more pieces than it had in it."""
    return [
        (start, start + 1 if at < 3 else match.end())
        for match in re.finditer(r"\w+|[^\w\s]", text)
        for at, start in enumerate(range(*match.span()))
        if at <= 3
    ]


def document(text: str, id: str = "a.txt", title: str = "Title") -> Document:
    return Document(id=id, title=title, text=text, sha256="", size=len(text.encode()))


def taken_apart(text: str, *, most: int = 60, room: int = 30, id: str = "a.txt") -> Segmented:
    return segment(document(text, id), pieces=pieces, most=most, room=room)


def passages(text: str, *, most: int = 60, room: int = 30, id: str = "a.txt") -> list[str]:
    found = taken_apart(text, most=most, room=room, id=id).passages
    return [text[passage.start : passage.end] for passage in found]


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


# --- passages


def test_neighbouring_paragraphs_share_a_passage_while_they_fit_into_the_room() -> None:
    text = "Title\n\nOne two three four.\n\nFive six.\n\nSeven eight nine ten eleven."
    assert passages(text, room=8) == [
        "One two three four.\n\nFive six.",
        "Seven eight nine ten eleven.",
    ]


def test_a_paragraph_fills_a_passage_up_to_the_most_with_whole_sentences() -> None:
    text = "Title\n\nOne two three. Four five six. Seven eight nine."
    assert passages(text, most=9, room=4) == ["One two three. Four five six.", "Seven eight nine."]


def test_paragraphs_of_two_sections_share_no_passage() -> None:
    text = f"Title\n\n{PROSE}\n\nThe group\n\nIt talks."
    assert passages(text) == [PROSE, "It talks."]


def test_no_passage_stretches_over_furniture() -> None:
    text = "# Title\n\nThe group meets.\n\n[Home](x)\n\nIt talks."
    assert passages(text, id="a.md") == ["The group meets.", "It talks."]


def test_the_marks_of_list_items_count_as_pieces() -> None:
    text = "\n".join(f"{number}. Egg" for number in range(1, 9))
    assert passages(text, most=6, room=6, id="a.md") == [
        "Egg\n2. Egg",
        "Egg\n4. Egg",
        "Egg\n6. Egg",
        "Egg\n8. Egg",
    ]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("one two three four five six seven", ["one two three", "four five six", "seven"]),
        ("one two, three four five", ["one two,", "three four five"]),
        ("one/two/three/four", ["one/two", "/three/", "four"]),
        ("漢。" * 4, ["漢。", "漢。", "漢。", "漢。"]),
        ("a - - - - - - b", ["a - -", "- b"]),
    ],
)
def test_a_sentence_that_is_too_long_is_cut_at_white_space_if_it_can_be(
    text: str, parts: list[str]
) -> None:
    found = taken_apart(text, most=3, room=3)
    assert [text[s.start : s.end] for p in found.passages for s in p.sentences] == parts


@pytest.mark.parametrize(("most", "room"), [(0, 1), (1, 0), (-1, 5)])
def test_limits_without_room_for_a_word_are_refused(most: int, room: int) -> None:
    with pytest.raises(ValueError, match="room for a word piece"):
        taken_apart("Text.", most=most, room=room)


@pytest.mark.parametrize("text", ["", " \n\t", "***\n\n😀", "\u200b"])
def test_a_text_without_words_has_no_passages(text: str) -> None:
    assert passages(text) == []


def test_the_suffix_tells_how_a_document_is_read() -> None:
    text = "# Title\n\nThe group *meets*."
    sections = {
        id: taken_apart(text, id=id).passages[0].section
        for id in ("a.md", "a.MD", "b/c.markdown", "a.txt")
    }
    assert sections == {
        "a.md": Span(2, 7),
        "a.MD": Span(2, 7),
        "b/c.markdown": Span(2, 7),
        "a.txt": Span(0, 7),
    }


def test_the_seed_document_is_taken_apart_by_its_sections() -> None:
    read = parse((SEEDS / SEED).read_bytes(), id=SEED)
    found = segment(read, pieces=pieces, most=224, room=128)
    text = read.text
    sections = [
        (text[p.start :][:11], text[p.section.start :][:12]) for p in found.passages if p.section
    ]
    assert sections == [
        ("Washington ", "The United S"),
        ("The China S", "A working gr"),
        ("Several ana", "A working gr"),
        ("The CSIA st", "Supporting s"),
        ("According t", "Supporting s"),
        ("An announce", "Supporting s"),
    ]
    assert [text[f.start : f.end][:11] for f in found.furniture] == [
        "ARM China C",
        "Share on so",
        "How Does We",
        "Are Thierry",
    ]


# --- invariants


@given(text=LAYOUTS, most=LIMITS, room=LIMITS, id=st.sampled_from(["a.txt", "a.md"]))
def test_passages_are_exact_in_order_and_never_too_long(
    text: str, most: int, room: int, id: str
) -> None:
    found = taken_apart(text, most=most, room=room, id=id)
    for passage in found.passages:
        sentences = passage.sentences
        edges = [at for sentence in sentences for at in (sentence.start, sentence.end)]
        assert edges == sorted(edges)
        assert (passage.start, passage.end) == (edges[0], edges[-1])
        assert len(pieces(text[passage.start : passage.end])) <= most
        quotes = [text[sentence.start : sentence.end] for sentence in sentences]
        assert all(letters(quote) and quote == quote.strip() for quote in quotes)
    assert all(one.end <= other.start for one, other in pairwise(found.passages))


@given(text=LAYOUTS, most=LIMITS, room=LIMITS)
def test_every_letter_of_plain_text_is_in_one_sentence_heading_or_piece_of_furniture(
    text: str, most: int, room: int
) -> None:
    found = taken_apart(text, most=most, room=room)
    headings = {passage.section for passage in found.passages if passage.section}
    sentences = [sentence for passage in found.passages for sentence in passage.sentences]
    spans = sorted([*sentences, *headings, *found.furniture], key=lambda span: span.start)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    left = list(text)
    for span in spans:
        left[span.start : span.end] = "\n" * (span.end - span.start)
    # What is neither is the title, if nothing stands right under it.
    rest = [line for line in "".join(left).splitlines() if letters(line)]
    title = [line for line in text.splitlines() if letters(line)][:1]
    assert rest in ([], title)


@given(text=LAYOUTS, most=st.integers(4, 20))
def test_a_word_that_is_cut_in_two_does_not_make_a_passage_too_long(text: str, most: int) -> None:
    found = segment(document(text), pieces=letters_as_pieces, most=most, room=most)
    sizes = [len(letters_as_pieces(text[p.start : p.end])) for p in found.passages]
    assert max(sizes, default=0) <= most


HOSTILE = {
    "one line": "Word after word. " * 60_000,
    "one sentence": "word " * 100_000,
    "one word": "a" * 1_000_000,
    "blank lines": "\n" * 200_000,
    "short lines": "ab\n" * 50_000,
    "headings": "Ab cd ef gh\n\n" * 20_000,
    "headings and paragraphs": f"Ab cd ef gh\n\n{PROSE}\n\n" * 3_000,
    "brackets": "[" * 50_000,
    "asterisks": "*a " * 20_000,
}


@pytest.mark.parametrize("id", ["a.txt", "a.md"])
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_no_text_takes_long_to_take_apart(text: str, id: str) -> None:
    started = time.process_time()
    taken_apart(text, id=id)
    assert time.process_time() - started < 5


# --- context


@pytest.mark.parametrize(
    ("title", "text", "context"),
    [
        ("Title", "Heading\n\nText.", "Title: Heading"),
        ("Title", "Title\n\nText.", "Title"),
        ("The Title", "The  Title\n\nText.", "The Title"),
        ("Title", "Text.", "Title"),
        ("word " * 40, "Heading\n\nText.", " ".join(["word"] * MOST_CONTEXT)),
    ],
)
def test_the_context_is_the_title_and_the_section(title: str, text: str, context: str) -> None:
    read = document(text, title=title)
    (passage,) = segment(read, pieces=pieces, most=60, room=30).passages
    assert context_of(read, passage, pieces) == context


def test_a_span_is_encoded_on_one_line_behind_its_context() -> None:
    read = document("It meets\n  every \t month.")
    assert in_context("Title", read, Span(0, len(read.text))) == "Title: It meets every month."
    assert in_context("", read, Span(0, 8)) == "It meets"


@pytest.mark.parametrize(
    ("most_pieces", "limit", "room"), [(254, 222, 128), (100, 68, 68), (33, 1, 1), (8, 1, 1)]
)
def test_passages_leave_room_for_their_context(most_pieces: int, limit: int, room: int) -> None:
    assert (passage_limit(most_pieces), passage_room(most_pieces)) == (limit, room)


@given(title=st.text(min_size=1), heading=st.text(max_size=80), body=st.text(max_size=300))
def test_what_is_encoded_is_never_longer_than_the_encoder_reads(
    title: str, heading: str, body: str
) -> None:
    most = WordEncoder.most_pieces
    read = document(f"{heading}\n\n{body}", title=title)
    end = next((end for _, end in pieces(body)[: passage_limit(most)][-1:]), 0)
    start = len(heading) + 2
    passage = Passage(start, start + end, (Span(start, start + end),), Span(0, len(heading)))
    context = context_of(read, passage, pieces)
    text = in_context(context, read, passage.sentences[0])
    assert len(pieces(context)) <= MOST_CONTEXT
    assert len(pieces(text)) <= most
    assert "\n" not in text
