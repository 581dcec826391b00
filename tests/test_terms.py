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
