"""Words of several languages as terms, and those of questions to documents in several."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.stemming import asked_in, asked_terms, is_unspaced, terms_in
from index.terms import terms
from tests.corpora import questions, texts

LANGUAGES = ["en", "de", "fr", "es", "it", "ru", "hi", "zh", "ja", "vi"]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "The treaties of the House", "treati hous"),
        ("de", "Die Verträge des Hauses; Häuser, Straßen", "vertrag haus haus strass"),
        ("fr", "L’école fondée, les écoles fondées aujourd'hui", "ecol fond ecol fond aujourd'hui"),
        ("es", "Los niños y la niña abrían las bibliotecas", "nin nin abri bibliotec"),
        ("it", "dell'acqua fondato, fondata", "acqua fond fond"),
        ("ru", "новый музей, новые музеи", "нов муз нов муз"),
        ("vi", "đường phố", "đuong pho"),  # no stemmer
        ("hi", "मुंबई में", "मुंब म"),
        ("zh", "北京大学 A4 书", "北京 京大 大学 a4 书"),
        ("ja", "東京タワーは333m", "東京 京タ タワ ワー ーは 333m"),
        ("de", "", ""),
    ],
)
def test_a_text_has_the_terms_of_its_language(language: str, text: str, expected: str) -> None:
    mark = "" if language == "en" else f"{language}:"
    assert terms_in(text, language) == [f"{mark}{term}" for term in expected.split()]


@given(texts)
def test_english_has_the_terms_that_it_always_had(text: str) -> None:
    assert terms_in(text, "en") == terms(text)


@given(questions | texts)
def test_documents_in_english_alone_are_asked_for_the_terms_of_the_text(text: str) -> None:
    english = frozenset({"en"})
    found = asked_terms(text, asked_in(text, languages=english), languages=english)
    assert [one.term for one in found] == terms(text)
    assert not any(one.forms for one in found)


@settings(deadline=None)
@given(texts, st.sampled_from(LANGUAGES))
def test_a_text_asked_for_as_it_stands_has_every_term_that_it_is_counted_as(
    text: str, language: str
) -> None:
    found = asked_terms(text, language, languages=frozenset({language, "en"}))
    forms = {form for one in found for form in (one.term, *one.forms)}
    assert set(terms_in(text, language)) <= forms


@settings(deadline=None)
@given(texts, st.sampled_from(LANGUAGES), st.sampled_from(LANGUAGES))
def test_terms_of_two_languages_are_never_the_same(text: str, one: str, other: str) -> None:
    assert one == other or not set(terms_in(text, one)) & set(terms_in(text, other))


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Wer war in der Halle?", "de"),
        ("Who was in the hall?", "en"),
        ("Où est la salle ?", "fr"),
        ("¿Dónde está la sala?", "es"),
        ("图书馆什么时候开门？", "zh"),
        ("Ada Lovelace", "en"),
        ("", "en"),
    ],
)
def test_a_question_is_in_the_language_of_its_function_words(question: str, language: str) -> None:
    held = frozenset({"en", "de", "fr", "es", "zh"})
    assert asked_in(question, languages=held) == language
    assert asked_in(question, languages=held - {language} | {"en"}) != language or language == "en"


def test_a_word_is_one_term_in_all_languages_and_function_words_are_of_the_question() -> None:
    languages = frozenset({"en", "de", "fr"})
    (bridge,) = asked_terms("Die Brücken?", "de", languages=languages)
    assert (bridge.term, bridge.forms) == ("brucken", ("de:bruck", "fr:brucken"))
    die, slowly = asked_terms("do they die slowly?", "en", languages=languages)
    assert (die.term, die.forms) == ("die", ("fr:di",))
    assert slowly.forms == ("de:slowly", "fr:slowly")


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("北京", True),
        ("カ", True),
        ("서울", True),
        ("ไทย", True),
        ("Straße", False),
        ("मुंबई", False),
    ],
)
def test_writing_without_spaces_is_known_by_its_letters(word: str, expected: bool) -> None:
    assert is_unspaced(word) is expected
