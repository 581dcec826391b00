import random
import re
import string
import time
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.spelling import Speller

CORPUS = Counter(
    re.findall(
        r"\w+",
        "the committee of the government meets every month in harvard students study imperialism"
        " and the regulations imperative presides president"
        " the empower were where naïveté casts costs" + 11 * " emperor",
    )
)
COMMON = frozenset({"bread", "rocket", "casts", "government", "studies", "pride"})


@pytest.fixture
def speller() -> Speller:
    return Speller(CORPUS, is_word=COMMON.__contains__)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("how ofen does the comittee meet", "how often does the committee meet"),
        ("the goverment?", "the government?"),
        ("studnets!", "students!"),
        ("Imperalism in Harvrad", "Imperialism in Harvard"),
        ("WHO RUNS THE GOVERMENT", "WHO RUNS THE GOVERNMENT"),
        ("the comittee's goverment’s", "the committee's government’s"),
        ("Imperalísm", "Imperialism"),
        ("wich stduents", "which students"),
        ("the presidant", "the president"),  # whose stem is that of "presides"
        ("imperalism", "imperialism"),  # whose stem is that of "imperative"
    ],
)
def test_a_slip_is_mended(speller: Speller, typed: str, meant: str) -> None:
    assert speller.mend(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "How come a rocket eats bread?",  # common words that the corpus lacks
        "students regulation committees",  # inflections of its words
        "emporer",  # one slip from "empower", two from the far more frequent "emperor"
        "gvmt xx qq",  # too short to tell
        "cests",  # as near to "casts" as to "costs"
        "bommittee",  # begins with another letter
        "2019 774 C++ @everyone **",
        "Ofte\u0301n, the naïveté of committée",  # accents are no slips
        "",
    ],
)
def test_what_is_not_surely_a_slip_stays(speller: Speller, typed: str) -> None:
    assert speller.mend(typed) == typed


@given(st.lists(st.sampled_from(sorted(CORPUS))).map(" ".join))
def test_words_of_the_corpus_are_never_changed(text: str) -> None:
    assert Speller(CORPUS, is_word=COMMON.__contains__).mend(text) == text


def test_writing_without_spaces_is_never_changed() -> None:
    corpus = {"她什么时候出生": 3, "図書館の本": 1}
    typed = "她什么时侯出生 図書館の木"
    assert Speller(corpus, is_word=COMMON.__contains__).mend(typed) == typed


@given(st.text(max_size=60))
def test_mending_twice_changes_nothing_more(text: str) -> None:
    speller = Speller(CORPUS, is_word=COMMON.__contains__)
    assert speller.mend(speller.mend(text)) == speller.mend(text)


def test_an_empty_corpus_mends_question_words_only() -> None:
    speller = Speller({}, is_word=COMMON.__contains__)
    assert speller.mend("how ofen does the comittee meet") == "how often does the comittee meet"


def test_a_question_of_too_many_unknown_words_stays(speller: Speller) -> None:
    foreign = "wie viele Firmen haben sich denn diesem Verband schon einmal angeschlossen gestern"
    assert speller.mend("goverment") == "government"
    assert speller.mend(f"{foreign} oder heute goverment") == f"{foreign} oder heute goverment"


@pytest.fixture(scope="module")
def large() -> Speller:
    chance = random.Random(7)
    words = {"".join(chance.choices(string.ascii_lowercase, k=9)) for _ in range(100_000)}
    return Speller(dict.fromkeys(words, 1), is_word=COMMON.__contains__)


@pytest.mark.parametrize(
    ("question", "seconds"),
    [
        ("how ofen does the comittee of the goverment meet", 0.2),
        (" ".join(f"zq{letter}xjkvw" for letter in string.ascii_lowercase[:12]), 1),
        (" ".join(f"zq{letter}xjkvw" for letter in string.ascii_lowercase) * 7, 0.2),
        ("a" * 2_000, 1),
    ],
    ids=["misspelt", "twelve words", "many words", "one long word"],
)
def test_a_large_vocabulary_does_not_keep_the_asker_waiting(
    large: Speller, question: str, seconds: float
) -> None:
    began = time.process_time()
    large.mend(question)
    assert time.process_time() - began < seconds
