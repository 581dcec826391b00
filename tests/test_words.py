"""The bot's own words: the same things said in every language, whatever a catalogue holds."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages import Catalog, Message
from babel.numbers import format_percent
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogues import (
    FOLDER,
    LANGUAGES,
    Languages,
    fields,
    language_of,
    path_of,
    read_catalogue,
    words_from,
)
from bot.excerpt import NoLines, parse_lines
from bot.extracting import TEMPLATE, Said, said_in, sources, template_of, update, written
from bot.wording import confidence
from bot.words import COMMAND, ENGLISH, Told, Words

TRANSLATED = [code for code in LANGUAGES if code != "en"]
SAID = said_in(sources())
SPOKEN = Languages.load()

EXAMPLE = "how often does the group meet?"  # asked of documents, in their language

HEAD = (
    'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    '"Language: de\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
)


def entry(id: str, string: str, *, above: str = "") -> str:
    return f'{above}msgid "{id}"\nmsgstr "{string}"\n\n'


def german(tmp_path: Path, *entries: str) -> Words:
    path = path_of("de", tmp_path)
    path.parent.mkdir(parents=True)
    path.write_text(HEAD + "".join(entries), "utf-8")
    return Languages.load(tmp_path).words("de")


# What is said


def test_a_text_is_translated_before_its_values_are_put_in(tmp_path: Path) -> None:
    words = german(tmp_path, entry("{count} of {name}", "{name}: {count}"))
    assert words("{count} of {name}", count=3, name="{count}") == "{count}: 3"
    assert words("Not there: {count}", count=3) == "Not there: 3"
    assert words("") == ENGLISH("") == ""


BROKEN = {
    "a value left out": entry("{count} cats", "Katzen"),
    "a value of another name": entry("{count} cats", "{zahl} Katzen"),
    "a value too many": entry("{count} cats", "{count} Katzen von {name}"),
    "a brace left open": entry("{count} cats", "{count Katzen"),
    "a look into a value": entry("{count} cats", "{count.__class__} Katzen"),
    "another way of writing it": entry("{count} cats", "{count!r} Katzen"),
    "nothing": entry("{count} cats", ""),
    "a guess": entry("{count} cats", "{count} Hunde", above="#, fuzzy\n"),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_translation_is_not_used(tmp_path: Path, broken: str) -> None:
    words = german(tmp_path, broken, entry("dog", "Hund"))
    assert words("{count} cats", count=3) == "3 cats"
    assert words("dog") == "Hund"


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_translation_whatever_raises_at_a_persons_face(
    tmp_path_factory: pytest.TempPathFactory, one: str, other: str
) -> None:
    catalogue = Catalog("de")
    catalogue.add("{count} cats", one)
    catalogue.add(("{count} cat", "{count} cats of {name}"), (one, other))
    path = tmp_path_factory.mktemp("any") / "footnote.po"
    path.write_bytes(written(catalogue, "de"))
    words = words_from(path, "de")
    assert words("{count} cats", count=3)
    assert words.plural("{count} cat", "{count} cats of {name}", 3, name="Ada")


def test_plurals_follow_the_languages_rule() -> None:
    def documents(code: str, count: int) -> str:
        return SPOKEN.words(code).plural("{count} document", "{count} documents", count)

    assert [documents("en", n) for n in (0, 1, 2)] == ["0 documents", "1 document", "2 documents"]
    assert [documents("de", n) for n in (0, 1, 2)] == ["0 Dokumente", "1 Dokument", "2 Dokumente"]
    assert [documents("fr", n) for n in (0, 1, 2)] == ["0 document", "1 document", "2 documents"]
    assert [documents("es", n) for n in (1, 2)] == ["1 documento", "2 documentos"]
    assert [documents("zh-CN", n) for n in (1, 2)] == ["1 份文档", "2 份文档"]


def test_one_form_may_leave_out_how_many_there_are(tmp_path: Path) -> None:
    both = 'msgid "{count} cat"\nmsgid_plural "{count} cats"\n'
    words = german(tmp_path, f'{both}msgstr[0] "eine Katze"\nmsgstr[1] "{{count}} Katzen"\n')
    assert [words.plural("{count} cat", "{count} cats", n) for n in (1, 2)] == [
        "eine Katze",
        "2 Katzen",
    ]


@pytest.mark.parametrize(
    ("code", "percent", "many", "decimal"),
    [
        ("en", "93%", "1,234,567", "12.5"),
        ("de", "93\xa0%", "1.234.567", "12,5"),
        ("fr", "93\xa0%", "1\u202f234\u202f567", "12,5"),
        ("es", "93\xa0%", "1.234.567", "12,5"),
        ("zh-CN", "93%", "1,234,567", "12.5"),
    ],
)
def test_numbers_are_written_as_the_language_does(
    code: str, percent: str, many: str, decimal: str
) -> None:
    words = SPOKEN.words(code)
    assert words.percent(0.93) == percent
    assert words.number(1234567) == many
    assert words.number(12.5, "0.0") == decimal


@given(st.floats(0, 1) | st.integers(0, 1000).map(lambda tenths: tenths / 1000))
def test_english_percents_are_those_that_a_library_of_languages_writes(share: float) -> None:
    assert ENGLISH.percent(share) == format_percent(share, locale="en")


@given(st.floats(0, 1))
def test_no_confidence_is_wholly_sure_in_any_language(value: float) -> None:
    for words in SPOKEN.spoken.values():
        assert "100" not in confidence(value, words)


def test_what_is_told_of_an_error_can_be_said_in_any_language() -> None:
    with pytest.raises(NoLines) as caught:
        parse_lines("{x}")
    assert str(caught.value).startswith("'{x}' is no range of lines")
    assert caught.value.said(SPOKEN.words("de")).startswith("'{x}' ist kein Zeilenbereich")
    assert str(Told("{literally}")) == "{literally}"  # there is nothing to put in


# Whose language


@pytest.mark.parametrize(
    ("given_code", "language"),
    [
        ("de", "de"),
        ("fr", "fr"),
        ("es-ES", "es"),
        ("es-419", "es"),
        ("zh-CN", "zh-CN"),
        ("zh-TW", "zh-CN"),
        ("en-US", "en"),
        ("en-GB", "en"),
        ("ja", "en"),
        ("", "en"),
        (None, "en"),
        ("de/../..", "en"),
    ],
)
def test_each_of_discords_locales_has_a_language(given_code: str | None, language: str) -> None:
    assert language_of(given_code) == language
    assert SPOKEN.words(given_code).language == language


def test_a_missing_catalogue_speaks_english(tmp_path: Path) -> None:
    assert Languages.load(tmp_path).words("de")("Nothing.") == "Nothing."


# The catalogues, as they are shipped


def messages(code: str) -> Iterator[tuple[Message, str, str]]:
    """Each message of a catalogue, with each of its forms, English and translated."""
    for message in read_catalogue(path_of(code)):
        if isinstance(message.id, str):
            if message.id:
                yield message, message.id, str(message.string)
        else:
            many = message.id[-1]
            for form in message.string or ():
                yield message, many, str(form)


def keys(catalogue: Catalog) -> set[tuple[str | None, str]]:
    ids = ((one.context, one.id if isinstance(one.id, str) else one.id[0]) for one in catalogue)
    return {(context, id) for context, id in ids if id}


def test_the_template_is_what_the_sources_say() -> None:
    assert TEMPLATE.read_bytes() == written(template_of(SAID), ""), "run: make catalogues"


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_catalogue_holds_what_is_said_and_nothing_else(code: str) -> None:
    assert keys(read_catalogue(path_of(code))) == keys(template_of(SAID)), "run: make catalogues"


@pytest.mark.parametrize("code", TRANSLATED)
def test_everything_is_translated_and_nothing_guessed(code: str) -> None:
    amiss = [english for one, english, said in messages(code) if not said.strip() or one.fuzzy]
    assert amiss == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_translation_takes_the_same_values(code: str) -> None:
    for message, english, said in messages(code):
        optional = {"count!None:"} if message.pluralizable else set()
        wanted, got = set(fields(english) or ()), set(fields(said) or ())
        assert wanted - optional <= got <= wanted, said


def shape(markup: str) -> tuple[object, ...]:
    """Its marks that mean something: bold, code, line ends, what opens a line, and pictures."""
    opening = [re.match(r"(?:-# |> |### |- )?", line) for line in markup.split("\n")]
    pictures = re.findall(r"[\u2190-\u2bff\U0001f300-\U0001faff✅⚠️]", markup)
    bare = re.sub(r"\*\*", "", markup)
    return (
        markup.count("**"),
        bare.count("*"),
        markup.count("`"),
        [found[0] for found in opening if found],
        pictures,
        re.findall(r"\(?https?://\S+", markup),
    )


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_translation_has_the_same_markup(code: str) -> None:
    for _, english, said in messages(code):
        assert shape(said) == shape(english), said
        assert said == said.strip() or english != english.strip(), said


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_translation_is_as_short_as_discord_wants_it(code: str) -> None:
    words = SPOKEN.words(code)
    limited = [one for one in SAID if one.most]
    assert {one.most for one in limited} >= {32, 80, 100}
    for one in limited:
        forms = (one.id,) if isinstance(one.id, str) else one.id
        for form in forms:
            said = words.name(form) if one.context else words(form)
            assert 1 <= len(said) <= (one.most or 0), said


def commands_of(text: str) -> set[str]:
    """The commands that a text names: "/collection link" in back-ticks."""
    return set(re.findall(r"`(/[\w-]+(?: [\w-]+)?)", text))


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_command_is_named_as_it_is_called_in_that_language(code: str) -> None:
    words = SPOKEN.words(code)
    for _, english, said in messages(code):
        called = {
            "/" + " ".join(map(words.name, command[1:].split(" ")))
            for command in commands_of(english)
        }
        assert commands_of(said) == called, said


@pytest.mark.parametrize("code", TRANSLATED)
def test_the_typography_is_the_languages_own(code: str) -> None:
    straight = re.compile(r'(?<!=)"')
    for message, english, said in messages(code):
        if '"' not in english:
            assert not straight.search(said), said
        said = said.replace(EXAMPLE, "")
        if code == "fr" and message.context is None:
            assert not re.search(r"[^\s\xa0\u202f][?!;]|[^\s\xa0\u202f]:(?!//)", said), said
            assert "'" not in said, said
        if code == "zh-CN":
            assert "你" not in said, said  # 您 throughout
        if code == "de":
            assert not re.search(r"\b(?:Sie|Ihre?)\b", said), said  # du throughout


# Where the texts come from


def ids(source: str, file: str = "bot/a.py") -> list[object]:
    return [one.id for one in said_in({file: source})]


def test_what_is_said_is_found_in_the_sources() -> None:
    assert ids('words("a")\nself._words("b" "c", n=1)\nN_("d")') == ["a", "bc", "d"]
    assert ids('words.plural("one", "many", n)') == [("one", "many")]
    assert ids('words("a" if x else "b")\nwords(x)\nchatter.words("c")') == ["a", "b"]
    assert ids("def words(text): ...\nwords('a')") == []
    assert ids("from bot.chatter import words\nwords('a')") == []


def test_errors_that_are_told_are_found_by_what_they_derive_from() -> None:
    classes = "class A(Told): ...\nclass B(A, ValueError): ...\nclass C(Exception): ..."
    found = said_in({"bot/a.py": classes, "bot/b.py": 'raise B("b", n=1)\nraise C("c")'})
    assert [one.id for one in found] == ["b"]


def test_commands_are_found_with_how_long_they_may_be() -> None:
    source = '@tree.command(name="ask", description="Ask it")\n@describe(to="Whom")\ndef ask(): ...'
    file = "bot/gateway/a.py"
    assert {(one.id, one.context, one.most) for one in said_in({file: source})} == {
        ("ask", COMMAND, 32),
        ("Ask it", None, 100),
        ("Whom", None, 100),
    }
    assert ids(source) == []  # the terminal speaks English
    (label,) = said_in({file: 'Button(press, words("Share"), "x")'})
    assert label == Said("Share", file, most=80)


@pytest.mark.parametrize("source", ['words(f"a {b}")', 'words("a" + b)', 'raise Told(f"{a}")'])
def test_a_text_that_is_put_together_is_refused(source: str) -> None:
    with pytest.raises(ValueError, match=r"^bot/a\.py:1: write the text out"):
        ids(source)


def test_bringing_the_catalogues_up_to_date_keeps_translations(tmp_path: Path) -> None:
    path = path_of("de", tmp_path)
    path.parent.mkdir(parents=True)
    path.write_text(HEAD + entry("Nothing matches.", "Gar nichts.") + entry("gone", "weg"), "utf-8")
    update(tmp_path)
    words = Languages.load(tmp_path).words("de")
    assert words("Nothing matches.") == "Gar nichts."
    assert words("gone") == "gone"
    once = {file: file.read_bytes() for file in tmp_path.rglob("footnote.po*")}
    update(tmp_path)
    assert {file: file.read_bytes() for file in once} == once
    assert len(once) == len(LANGUAGES)
    assert FOLDER not in path.parents
