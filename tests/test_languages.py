"""In which language a document is, and that nothing but its language is decided by that."""

import subprocess
import sys
from collections.abc import Mapping
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import DocumentError
from index.languages import iso_code, language_of
from index.parsing import parse
from index.terms import stopwords, words
from tests.corpora import texts

WRITTEN: Mapping[str, str] = MappingProxyType(
    {
        "en": "The museum is open every day but Monday. Visitors can book a guide in advance.",
        "de": "Das Museum ist außer montags täglich geöffnet. Führungen können gebucht werden.",
        "fr": "Le musée est ouvert tous les jours sauf le lundi. Les visites durent une heure.",
        "es": "El museo abre todos los días menos el lunes. Los niños entran sin pagar nada.",
        "it": "Il mercato si tiene ogni sabato mattina nella piazza principale della città.",
        "nl": "De vereniging komt elke eerste dinsdag van de maand bijeen in het buurthuis.",
        "pt": "A piscina municipal abre em junho e fecha no fim de setembro. As crianças pagam.",
        "pl": "Muzeum jest otwarte codziennie oprócz poniedziałku. Dzieci wchodzą za darmo.",
        "sv": "Museet är öppet varje dag utom måndagar. Besökare kan boka en guidad tur.",
        "no": "Museet er åpent hver dag unntatt mandag. Besøkende kan bestille en omvisning.",
        "hr": "Muzej je otvoren svaki dan osim ponedjeljka. Posjetitelji plaćaju ulaznicu.",
        "ru": "Музей открыт каждый день, кроме понедельника. Дети входят бесплатно.",
        "zh": "图书馆每天早上九点开门，晚上八点关门。读者一次最多可以借五本书。",
        "ja": "図書館は毎朝九時に開き、夜八時に閉まります。一度に五冊まで借りることができます。",
        "ko": "도서관은 매일 아침 아홉 시에 열고 저녁 여덟 시에 닫습니다.",
        "th": "ห้องสมุดเปิดทุกวันเวลาเก้าโมงเช้าและปิดเวลาสองทุ่ม",
    }
)
GERMAN = WRITTEN["de"]


@pytest.mark.parametrize("language", WRITTEN)
def test_two_sentences_tell_their_language(language: str) -> None:
    assert language_of(WRITTEN[language]) == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "!?",
        "Das Museum ist neu.",  # short
        "图书馆九点开门。",
        "City: Bern | People: 134,591\nCity: Zürich | People: 421,878\nCity: Genf | Lake: yes",
        "def main(count):\n    for each in range(count):\n        print(each, count + 1)\n" * 3,
        "Milk, eggs, butter, flour, sugar, vanilla, chocolate, cream, bananas, coffee, tea, bread",
        "Rosa canina, Quercus robur, Fagus sylvatica, Acer campestre, Tilia cordata, Betula",
        "Anna Müller, Jean Dupont, Luca Rossi, Pedro García, Piet de Vries, Lars Svensson, Ivo",
        "0123456789 " * 100,
        "zzz " * 100,
    ],
)
def test_what_is_short_or_no_running_text_counts_as_english(text: str) -> None:
    assert language_of(text) == "en"


@pytest.mark.parametrize("length", range(0, 75, 3))
def test_the_beginning_of_a_sentence_is_of_its_language_or_unsure(length: int) -> None:
    for language, text in WRITTEN.items():
        assert language_of(text[:length]) in {language, "en", "no" if language == "sv" else "en"}


def test_only_texts_in_english_hold_many_english_function_words() -> None:
    for language, text in WRITTEN.items():
        found = words(text)
        share = sum(word in stopwords() for word in found) / len(found)
        assert (share >= 0.3) == (language == "en"), (language, share)


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("de", "de"),
        ("DE-at", "de"),
        (" pt_BR ", "pt"),
        ("zh-Hant-TW", "zh"),
        ("yue", "zh"),
        ("nb-NO", "no"),
        ("sr-Latn", "hr"),
        ("deu", ""),
        ("xx", ""),
        ("", ""),
        ("-", ""),
        ("x-default", ""),
    ],
)
def test_a_language_tag_has_the_code_that_it_should(tag: str, code: str) -> None:
    assert iso_code(tag) == code


HTML = '<html lang="{}"><head><title>A</title></head><body><p>{}</p></body></html>'


@pytest.mark.parametrize(
    ("name", "content", "language"),
    [
        ("a.md", f"---\nlang: fr\n---\n\n{GERMAN}", "fr"),
        ("a.md", f'---\ntitle: A\nlanguage: "es-MX"\n---\n\n{GERMAN}', "es"),
        ("a.md", f"---\nlang: klingon\n---\n\n{GERMAN}", "de"),
        ("a.md", f"{GERMAN}\n\nlang: fr", "de"),  # no front matter
        ("a.txt", "Neu.", "en"),
        ("a.html", HTML.format("it-IT", GERMAN), "it"),
        ("a.html", HTML.format("", GERMAN), "de"),
        ("a.html", HTML.format("no such", GERMAN), "de"),
    ],
)
def test_what_a_document_says_of_its_language_counts_before_how_it_looks(
    name: str, content: str, language: str
) -> None:
    assert parse(content.encode(), id=name).language == language


@settings(deadline=None)
@given(texts, st.sampled_from(["", "de", "zh", "ar", "xx"]))
def test_a_language_never_changes_a_text_or_its_offsets(text: str, language: str) -> None:
    front = f"---\nlang: {language}\n---\n" if language else ""
    try:
        found = parse((front + text).encode(), id="a.txt")
    except DocumentError:
        return
    assert found.text == (front + text).removeprefix("\ufeff")
    assert len(found.language) == 2


def test_no_model_is_loaded_for_plain_english() -> None:
    script = (
        "import sys\nfrom index.parsing import parse\n"
        "print([parse(sys.argv[1].encode(), id='a.txt').language, 'py3langid' in sys.modules])"
    )
    for language in ("en", "de"):
        command = [sys.executable, "-c", script, WRITTEN[language]]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert done.stdout == f"{[language, language != 'en']}\n"
