"""Titles of documents, and names made printable."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.naming import MAX_TITLE, clean, is_visible, printable, title_of

PLAIN_TITLES = [
    ("Working together\n\nThey meet every six months.", "Working together"),
    ("Working together\r\n\r\nThey meet.", "Working together"),
    ("Working together\r\rThey meet.", "Working together"),
    ("\n \t\n  Working together  \n\nThey meet.", "Working together"),
    ("\u200bWorking\u202e together\n\nThey meet.", "Working together"),
    ("Working\ttogether\x07 now\n\nThey meet.", "Working together now"),
    ("Working together", "Working together"),
    ("How Does It Work?\n\nWell.", "How Does It Work?"),
    ("Working together\n=====\nThey meet.", "Working together"),
    ("# Working together #\nThey meet.", "Working together"),
    ("# C#\nA language.", "C#"),
    ("نسخهٔ می\u200cخواهم\n\nمتن", "نسخهٔ می\u200cخواهم"),
]
NAMED_AFTER_THE_FILE = [
    "Working together\nThey meet.",
    "They meet every six months.\n\nIn Alaska.",
    "They meet every six months.",
    "Dear all,\n\nwe meet.",
    "To do:\n\nmeet",
    "long " * 25 + "\n\nThey meet.",
    "\u200b\n\nThey meet.",
    "",
]
MARKDOWN_TITLES = [
    ("---\ntitle: Minutes\n---\n# Heading\n", "Minutes"),
    ("---\r\ndate: 2021\r\nTitle:  \"The \\\"group\\\"\"\r\n---\r\n", 'The "group"'),
    ("---\ntitle: 'It''s'\n...\n", "It's"),
    ("---\ntitle: >\n  folded\n---\n# Heading\n", "Heading"),
    ("---\ntitle:\n---\n# Heading\n", "Heading"),
    ("---\n---\n# Heading\n", "Heading"),
    ("---\ntitle: not front matter, as it never ends\n\n# Heading\n", "Heading"),
    ("# **Our** [group](https://a.org/) of `CSIA` &amp; co\n", "Our group of CSIA & co"),
    ("Preface.\n\n## Details\n\n# Main\n", "Main"),
    ("## Opening\n\ntext\n", "Opening"),
    ("Two\nlines\n===\n", "Two lines"),
    ("```\n# a comment in code\n```\n\n# Heading\n", "Heading"),
    ("> # quoted\n\n# Heading\n", "Heading"),
    ("**Minutes**\n\nThey met.\n\n## Details\n", "Minutes"),
    ("# ![logo](logo.png)\n\nThey met.\n", "a file"),
    ("They met.\n\n## Details\n", "a file"),
]  # fmt: skip
STEMS = [
    ("news/2021-03-11_chips-and_trade.txt", "2021-03-11 chips and trade"),
    ("Release v1.2-final.MD", "Release v1.2 final"),
    ("a.b.txt", "a b"),
    ("___.txt", "___"),
    ("line\nbreak\u202e.txt", "line break"),
    ("\u200b", "Untitled"),
    ("", "Untitled"),
]


@pytest.mark.parametrize(("text", "title"), PLAIN_TITLES)
def test_a_first_line_that_reads_as_a_heading_is_the_title(text: str, title: str) -> None:
    assert title_of(text, "a_file.txt") == title


@pytest.mark.parametrize("text", NAMED_AFTER_THE_FILE)
def test_a_document_without_a_heading_is_called_by_its_file(text: str) -> None:
    assert title_of(text, "folder/a_file.txt") == "a file"


@pytest.mark.parametrize(("text", "title"), MARKDOWN_TITLES)
def test_markdown_is_called_by_its_front_matter_or_heading(text: str, title: str) -> None:
    assert title_of(text, "a_file.MD") == title


@pytest.mark.parametrize(("name", "title"), STEMS)
def test_separators_in_a_file_name_become_spaces_but_not_within_numbers(
    name: str, title: str
) -> None:
    assert title_of("They meet.\nOften.", name) == title


def test_a_title_that_is_too_long_is_cut_visibly() -> None:
    title = title_of("# " + "word " * 100, "x.md")
    assert len(title) <= MAX_TITLE
    assert title.endswith("word…")


HOSTILE = st.text(st.sampled_from("#=-\n\r\t *[](`>|'\":.a\u202e\u200b\u2028\0é"), max_size=80)


@given(HOSTILE | st.text(), st.sampled_from(["a.txt", "b.md", "\u200b.md", "c"]))
def test_a_title_is_always_one_short_visible_line(text: str, name: str) -> None:
    title = title_of(text, name)
    assert 0 < len(title) <= MAX_TITLE
    assert any(map(is_visible, title))
    assert title == clean(title)
    assert not {"Cc", "Zl", "Zp"} & set(map(unicodedata.category, title))


@pytest.mark.parametrize(
    "unit", ["[", "![", "`a", "> a\n", "*a_", "# \n", "---\n", "- ", " ", "a\n"]
)
def test_no_markdown_makes_looking_for_a_title_slow(unit: str) -> None:
    text = unit * 1_000_000
    started = time.process_time()
    title_of(text, "x.md")
    assert time.process_time() - started < 1


PRINTABLE = [
    ("minutes 2021.txt", "minutes 2021.txt"),
    ("naïve/日本語\u00a0👩\u200d🚀.txt", "naïve/日本語\u00a0👩\u200d🚀.txt"),
    ("line\nbreak", r"line\nbreak"),
    ("\x1b[31mred", r"\x1b[31mred"),
    ("txt\u202eexe", r"txt\u202eexe"),
    ("two\u2028lines", r"two\u2028lines"),
    ("not\udcffutf8", r"not\udcffutf8"),
]


@pytest.mark.parametrize(("name", "shown"), PRINTABLE)
def test_what_would_not_show_in_a_name_is_escaped(name: str, shown: str) -> None:
    assert printable(name) == shown


@given(st.text(st.characters(exclude_categories=()), min_size=1))
def test_a_printable_name_can_be_written_on_one_line_anywhere(name: str) -> None:
    shown = printable(name)
    assert shown.encode("utf-8")
    assert len(shown.splitlines()) == 1
