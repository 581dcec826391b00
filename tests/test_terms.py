import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.terms import terms, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The U.S. restrictions' supply-chain", ["us", "restrict", "suppli", "chain"]),
        ("US", ["us"]),
        ("CSIA’s members", ["csia", "member"]),
        ("1,234 and 12.5", ["1234", "12", "5"]),
        ("Bạch Đằng, Tugh Temür", ["bach", "đang", "tugh", "temur"]),
        ("whats the how many of it", []),
        ("東京 मुंबई", ["東京", "म", "बई"]),
        ("J.K. Rowling, e.g. at 5 p.m.", ["jk", "rowl", "eg", "5", "pm"]),
        ("the U.S.-based I.B.M.", ["us", "base", "ibm"]),
        ("semi\u00adconductor co\u200boperation \ufeff", ["semiconductor", "cooper"]),
        ("ﬁnance ＡＢＣ km² don't dont", ["financ", "abc", "km2"]),
        ("state-of-the-art under_score", ["state", "art", "score"]),
        ("", []),
        ("!?…", []),
    ],
)
def test_a_text_has_the_terms_that_it_should(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


def test_words_keep_what_terms_drop() -> None:
    assert words("What's the Group's size?") == ["what", "the", "group", "size"]


@given(st.text(alphabet=st.characters(max_codepoint=0x7F)))
def test_case_never_matters(text: str) -> None:
    assert terms(text.upper()) == terms(text.lower())


@given(st.text(), st.text())
def test_terms_of_two_texts_are_those_of_each(first: str, second: str) -> None:
    assert terms(f"{first} . {second}") == terms(f"{first} .") + terms(second)


@given(st.text())
def test_how_accents_are_encoded_never_matters(text: str) -> None:
    assert words(unicodedata.normalize("NFD", text)) == words(unicodedata.normalize("NFC", text))


@given(st.text())
def test_words_are_folded_and_whole(text: str) -> None:
    assert all(word and not set(word) & set(" _-\n\u00ad\u200b") for word in words(text))
    assert len(terms(text)) <= len(words(text))


@pytest.mark.parametrize("unit", ["a.", "1,", "'s", "a’", "e\u0301", "\u200b", "a_", "U.S. ", "ﷺ"])
def test_no_text_takes_long(unit: str) -> None:
    began = time.process_time()
    terms(unit * 100_000)
    assert time.process_time() - began < 5


@given(st.text("aSt's.,  12x-_U\n", max_size=20))
def test_plain_letters_make_the_words_that_they_make_beside_others(text: str) -> None:
    assert words(f"{text} é") == [*words(text), "e"]
