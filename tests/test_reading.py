"""What a reader is given, and what is made of its numbers."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import EncoderError
from index.feeding import Row
from index.models import ModelIdentity, bundled_folder
from index.network_reading import SPAN_PIECES, Logits, NetworkReader, Scored, best
from index.onnx_reading import OnnxReader
from index.onnx_session import Export, read_whole_tokenizer
from index.pairing import (
    CONTEXT,
    CONTEXT_PIECES,
    QUESTION,
    QUESTION_PIECES,
    SENTENCE,
    Laid,
    Layout,
    ThreeParts,
    Tokenizer,
    TwoParts,
    cut,
    cut_pair,
)
from index.reading import Extract, Reading
from tests.tiny_pairs import make_three_parts

CLS, SEP = 101, 102
MOST = 192
ASKED = "how often does the group meet?"
MEETS = "The group meets every six months."
TEXTS = st.text(max_size=60) | st.text("ab .\u00e9\u6771", max_size=600)
EXTRACTS = st.builds(Extract, TEXTS, TEXTS)
NUMBERS = st.floats(-9, 9, width=32)


@pytest.fixture(scope="module")
def written() -> str:
    return (bundled_folder() / "tokenizer.json").read_text("utf-8")


@pytest.fixture(scope="module")
def tokenizer(written: str) -> Tokenizer:
    return read_whole_tokenizer(written)


@pytest.fixture(scope="module")
def three(tokenizer: Tokenizer) -> ThreeParts:
    return ThreeParts(tokenizer, most_tokens=MOST, first=CLS, between=SEP)


@pytest.fixture(scope="module")
def two(tokenizer: Tokenizer) -> TwoParts:
    return TwoParts(tokenizer, most_tokens=96, first=CLS)


@pytest.fixture(params=["three", "two"])
def layout(request: pytest.FixtureRequest) -> Layout:
    found: Layout = request.getfixturevalue(request.param)
    return found


def ids(tokenizer: Tokenizer, text: str) -> list[int]:
    return list(tokenizer.encode(text, add_special_tokens=False).ids)


def read_back(laid: Laid, sentence: str) -> list[str]:
    """The stretches of the sentence that the row's word pieces stand for."""
    return [sentence[start:end] for start, end in laid.places if end > start]


# Our own reader's rows


def test_the_three_parts_stand_one_after_the_other_each_of_its_type(
    three: ThreeParts, tokenizer: Tokenizer
) -> None:
    (laid,) = three.lay(ASKED, [Extract("Talks", MEETS)])
    asked, context, sentence = (ids(tokenizer, text) for text in (ASKED, "Talks", MEETS))
    assert list(laid.tokens.ids) == [CLS, *asked, SEP, *context, SEP, *sentence, SEP]
    before = len(asked) + len(context) + 3
    types = [QUESTION] * (len(asked) + 2) + [CONTEXT] * len(context)
    types += [QUESTION] + [SENTENCE] * (len(sentence) + 1)
    assert list(laid.tokens.type_ids) == types
    assert laid.none_at == 0
    assert read_back(laid, MEETS) == ["The", "group", "meets", "every", "six", "months", "."]
    assert not laid.places[:before].any()


def test_an_empty_context_leaves_its_two_marks_side_by_side(
    three: ThreeParts, tokenizer: Tokenizer
) -> None:
    (laid,) = three.lay("who?", [Extract("", "Ada.")])
    wanted = [CLS, *ids(tokenizer, "who?"), SEP, SEP, *ids(tokenizer, "Ada."), SEP]
    assert list(laid.tokens.ids) == wanted


def test_of_a_long_question_and_sentence_the_beginning_is_read_of_a_context_the_end(
    three: ThreeParts, tokenizer: Tokenizer
) -> None:
    numbers = " ".join(map(str, range(100, 400)))
    pieces = ids(tokenizer, numbers)
    (laid,) = three.lay(numbers, [Extract(numbers, numbers)])
    head = [CLS, *pieces[:QUESTION_PIECES], SEP, *pieces[-CONTEXT_PIECES:], SEP]
    assert list(laid.tokens.ids) == [*head, *pieces[: MOST - len(head) - 1], SEP]


# Other models' rows


def test_two_parts_are_a_pair_as_the_tokenizer_makes_it(
    two: TwoParts, tokenizer: Tokenizer
) -> None:
    (laid,) = two.lay(ASKED, [Extract("Talks.", MEETS)])
    assert list(laid.tokens.ids) == list(tokenizer.encode(ASKED, f"Talks. {MEETS}").ids)
    assert read_back(laid, MEETS) == ["The", "group", "meets", "every", "six", "months", "."]


def test_a_context_gives_way_word_by_word_before_the_sentence_does(two: TwoParts) -> None:
    context = " ".join(f"word{at}" for at in range(60))
    (laid,) = two.lay(ASKED, [Extract(context, MEETS)])
    assert read_back(laid, MEETS) == ["The", "group", "meets", "every", "six", "months", "."]
    assert 90 < len(laid.tokens.ids) <= 96


def test_no_answer_is_where_the_model_says_or_else_what_comes_first(tokenizer: Tokenizer) -> None:
    for first, none_at in ((SEP, 5), (None, 0), (99_999, 0)):
        layout = TwoParts(tokenizer, most_tokens=96, first=first)
        (laid,) = layout.lay("a b c d", [Extract("", MEETS)])
        assert laid.none_at == none_at


# Both


@given(question=TEXTS, extract=EXTRACTS)
def test_rows_are_never_longer_than_the_model_reads_and_places_lie_in_the_sentence(
    three: ThreeParts, two: TwoParts, question: str, extract: Extract
) -> None:
    for layout, most in ((three, MOST), (two, 96)):
        (laid,) = layout.lay(question, [extract])
        assert len(laid.tokens.ids) == len(laid.tokens.type_ids) == len(laid.places) <= most
        for start, end in laid.places:
            assert 0 <= start <= end <= len(extract.sentence)


@given(text=TEXTS, most=st.integers(0, 20))
def test_what_is_cut_is_a_beginning_with_no_more_pieces_than_wanted(
    tokenizer: Tokenizer, text: str, most: int
) -> None:
    beginning = cut(tokenizer, text, most)
    assert text.startswith(beginning)
    assert len(ids(tokenizer, beginning)) <= most
    if len(ids(tokenizer, text)) <= most:
        assert beginning == text


def test_a_pair_that_fits_is_left_whole_and_another_loses_the_end_of_its_text(
    tokenizer: Tokenizer,
) -> None:
    whole = list(tokenizer.encode("who?", MEETS).ids)
    assert list(cut_pair(tokenizer, "who?", MEETS, len(whole)).ids) == whole
    shorter = list(cut_pair(tokenizer, "who?", MEETS, len(whole) - 2).ids)
    assert shorter == [*whole[:-3], SEP]


# The best stretch


def laid_out(places: list[tuple[int, int]]) -> Laid:
    row = Row([0] * len(places), [0] * len(places))
    return Laid(row, np.array(places, np.int32).reshape(-1, 2), none_at=0)


def scored(starts: list[float], ends: list[float], relevance: float | None = None) -> Scored:
    return Scored(np.array(starts, np.float32), np.array(ends, np.float32), relevance)


def test_the_best_stretch_begins_and_ends_where_the_sum_is_largest() -> None:
    laid = laid_out([(0, 0), (0, 3), (4, 9), (10, 15)])
    found = best(laid, scored([1, 0, 5, 0], [2, 7, 1, 3]))
    assert found == Reading(4, 15, margin=5.0, relevance=5.0)


def test_relevance_is_what_the_model_says_where_it_says_it() -> None:
    laid = laid_out([(0, 0), (0, 3)])
    assert best(laid, scored([0, 1], [0, 1], relevance=-7.5)) == Reading(0, 3, 2.0, -7.5)


def test_no_stretch_lies_outside_of_the_sentence_or_ends_before_it_begins() -> None:
    laid = laid_out([(0, 0), (0, 0), (0, 3), (4, 9), (0, 0)])
    found = best(laid, scored([9, 9, 0, 5, 9], [9, 9, 5, 0, 9]))
    assert (found.start, found.end, found.margin) in {(0, 3, -13.0), (4, 9, -13.0)}


def test_a_sentence_of_no_word_pieces_has_no_stretch() -> None:
    assert best(laid_out([(0, 0)]), scored([5], [5])) == Reading(0, 0, -100.0, -100.0)
    assert best(laid_out([(0, 0)]), scored([5], [5], 3.0)) == Reading(0, 0, -100.0, 3.0)


@pytest.mark.parametrize("apart", [SPAN_PIECES - 1, SPAN_PIECES])
def test_a_stretch_has_at_most_so_many_word_pieces(apart: int) -> None:
    laid = laid_out([(0, 0)] + [(at, at + 1) for at in range(60)])
    starts, ends = [0.0] * 61, [0.0] * 61
    starts[1] = ends[1 + apart] = 10.0
    found = best(laid, scored(starts, ends))
    assert found.margin == (20.0 if apart < SPAN_PIECES else 10.0)
    assert found.end - found.start <= SPAN_PIECES


@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=50))
def test_no_other_stretch_is_better(logits: list[tuple[float, float]]) -> None:
    laid = laid_out([(0, 0)] + [(at, at + 1) for at in range(len(logits) - 1)])
    starts, ends = (np.array(column, np.float32) for column in zip(*logits, strict=True))
    found = best(laid, Scored(starts, ends, None))
    sums = [
        float(starts[i] + ends[j]) - float(starts[0] + ends[0])
        for i in range(1, len(logits))
        for j in range(i, min(len(logits), i + SPAN_PIECES))
    ]
    assert found.margin == (max(sums) if sums else -100.0)


# A network of our own reader's kind


@pytest.fixture(scope="module")
def own(written: str, tmp_path_factory: pytest.TempPathFactory) -> OnnxReader:
    network = make_three_parts(tmp_path_factory.mktemp("own"))
    traits = {"most_tokens": MOST, "padding": 0, "first": CLS, "between": SEP}
    return OnnxReader(Export(network, written, traits), ModelIdentity("own", "0"))


def test_our_own_readers_numbers_are_put_to_the_right_words(
    own: OnnxReader, tokenizer: Tokenizer
) -> None:
    found = own.read(ASKED, [Extract("Talks", MEETS)])
    numbers = ids(tokenizer, MEETS)
    best_of = max(
        (numbers[i] + numbers[j], i, j) for i in range(len(numbers)) for j in range(i, len(numbers))
    )
    words = re.findall(r"\w+|\.", MEETS)
    reading = found[0]
    assert MEETS[reading.start : reading.end] == " ".join(words[best_of[1] : best_of[2] + 1])
    assert reading.margin == best_of[0] - 2 * CLS
    context = len(ids(tokenizer, "Talks"))
    assert reading.relevance == SENTENCE * (len(numbers) + 1) + CONTEXT * context


def test_readings_come_in_the_order_given_whatever_is_read_together(own: OnnxReader) -> None:
    sentences = ["Ada. " * at for at in (40, 1, 0, 25, 3, 60, 2)]
    extracts = [Extract("Talks", one) for one in sentences]
    together = own.read(ASKED, extracts)
    assert together == [own.read(ASKED, [one])[0] for one in extracts]
    assert len({one.relevance for one in together}) == len(sentences)
    assert own.read(ASKED, []) == []


class Broken:
    """A network that gives what it is told to."""

    def __init__(self, **given: Logits) -> None:
        self._given = given

    def run(self, fed: object) -> dict[str, Logits]:
        return self._given


@pytest.mark.parametrize(
    "given",
    [
        {"start_logits": np.zeros((1, 3)), "end_logits": np.zeros((1, 9))},
        {"start_logits": np.zeros((1, 9)), "end_logits": np.full((1, 9), np.nan)},
        {"start_logits": np.full((1, 9), np.inf), "end_logits": np.zeros((1, 9))},
    ],
)
def test_a_network_that_gives_something_else_is_told_with_what_to_do(
    three: ThreeParts, given: dict[str, Logits]
) -> None:
    reader = NetworkReader(Broken(**given), three, padding=0, identity=ModelIdentity("odd", "0"))
    with pytest.raises(EncoderError, match=r"odd gives something else.*FOOTNOTE_READER\.$"):
        reader.read("a b c", [Extract("", "a b")])
