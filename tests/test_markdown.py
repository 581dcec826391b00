"""Markdown into blocks."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.blocks import Block
from index.markdown import markdown_blocks

PROSE = "The group will meet every six months to keep abreast of the latest advances in the field."

# Each text with its blocks as kind and text.
READ: list[tuple[str, list[tuple[str, str]]]] = [
    ("", []),
    ("Para.", [("text", "Para.")]),
    # headings
    (
        "# A\n\n## B ##\nOne.\n\nC\n=\n\nTwo.\n",
        [
            ("heading 1", "A"),
            ("heading 2", "B"),
            ("text", "One."),
            ("heading 1", "C"),
            ("text", "Two."),
        ],
    ),
    ("Two\nlines\n---\nx", [("heading 2", "Two\nlines"), ("text", "x")]),
    ("# **Bold** [C#](x)\n", [("heading 1", "**Bold** [C#](x)")]),
    ("- # In a list\n", [("heading 1", "In a list")]),
    ("**Opening hours**\n\nNine.", [("line", "**Opening hours**"), ("text", "Nine.")]),
    ("**We open at nine.**\n\nx", [("text", "**We open at nine.**"), ("text", "x")]),
    ("**a** and **b**", [("text", "**a** and **b**")]),
    # lists and quotations
    (
        "- Milk\n* Eggs and\n  bread\n\n  More.\n1. One\n   - Sub\n",
        [
            ("text", "Milk"),
            ("text", "Eggs and\n  bread"),
            ("text", "More."),
            ("text", "One"),
            ("text", "Sub"),
        ],
    ),
    ("- [ ] Call Bob\n- [x] Done", [("text", "[ ] Call Bob"), ("text", "[x] Done")]),
    ("> One line\n> and another.\n", [("text", "One line\n> and another.")]),
    # lines that were wrapped, and lines of their own
    ("It is wrapped\nby hand.", [("text", "It is wrapped\nby hand.")]),
    ("Name: Ada\nBorn: 1815\n", [("text", "Name: Ada"), ("text", "Born: 1815")]),
    ("Roses are red  \nViolets too", [("text", "Roses are red"), ("text", "Violets too")]),
    # each row of a table
    (
        "| Day | Hours |\n|---|---|\n| Monday | 9 to 5 |\n| [Sunday](x) | none |\n\nThat is all.",
        [
            ("text", "| Day | Hours |"),
            ("text", "| Monday | 9 to 5 |"),
            ("text", "| [Sunday](x) | none |"),
            ("text", "That is all."),
        ],
    ),
    # each line of code
    ("```sh\npip install it\n\nmake\n```\n", [("text", "pip install it"), ("text", "make")]),
    ("~~~\nnot closed\nlast", [("text", "not closed"), ("text", "last")]),
    ("> ```\n> quoted\n> ```", [("text", "quoted")]),
    ("    one\n      two\n", [("text", "one"), ("text", "two")]),
    # front matter, and a rule that opens no front matter
    ("---\ntitle: X\n---\n# T\nPara.", [
        ("chrome", "---\ntitle: X\n---\n"),
        ("heading 1", "T"),
        ("text", "Para."),
    ]),
    ("---\r\n#X\r\nt: Y\r\n...\r\nx", [("chrome", "---\r\n#X\r\nt: Y\r\n...\r\n"), ("text", "x")]),
    ("---\nPara one.\n\n---\n\nPara two.", [("text", "Para one."), ("text", "Para two.")]),
    ("---\ntitle: X\n\nPara.", [("text", "title: X"), ("text", "Para.")]),
    # links and pictures alone are a menu; with a word they are not
    ("[Home](a) | [About](b)\n\nPara.", [("chrome", "[Home](a) | [About](b)"), ("text", "Para.")]),
    ("[![ci](x)](y) ![b](z)\n\nPara.", [("chrome", "[![ci](x)](y) ![b](z)"), ("text", "Para.")]),
    ("- [One](1)\n- [`Two`](2)\n- x", [
        ("chrome", "[One](1)"),
        ("chrome", "[`Two`](2)"),
        ("text", "x"),
    ]),
    ("<a href=x>One</a> <a href=y>Two</a>\n\nx", [
        ("chrome", "<a href=x>One</a> <a href=y>Two</a>"),
        ("text", "x"),
    ]),
    ("[One][1]\n\nx\n\n[1]: http://x.y", [("chrome", "[One][1]"), ("text", "x")]),
    ("See [the docs](x) for more.", [("text", "See [the docs](x) for more.")]),
    ("[The docs](x): nine", [("text", "[The docs](x): nine")]),
    # ... unless there is nothing else
    ("# Links\n\n- [One](1)\n- [Two](2)", [
        ("heading 1", "Links"),
        ("text", "[One](1)"),
        ("text", "[Two](2)"),
    ]),
    # HTML: the words that it shows besides links
    ("<p align=center>\n<img src=x>\n<a href=y>Docs</a> |\n</p>\n\nx", [
        ("chrome", "<p align=center>\n<img src=x>\n<a href=y>Docs</a> |\n</p>"),
        ("text", "x"),
    ]),
    ("<!-- not\nshown -->\n\nx", [("chrome", "<!-- not\nshown -->"), ("text", "x")]),
    ("<details><summary>Hours</summary>\nWe open <b>at nine</b>, and\n<br>\n</details>", [
        ("text", "Hours"),
        ("text", "We open <b>at nine</b>, and"),
    ]),
    ("<td>Monday&nbsp;</td><td>9</td>\n\nx <b>y</b>", [
        ("text", "Monday&nbsp;</td><td>9"),
        ("text", "x <b>y</b>"),
    ]),
    ("<style>\np { color: red }\n</style>\n\nx", [
        ("chrome", "<style>\np { color: red }\n</style>"),
        ("text", "x"),
    ]),
    # marks stay, as text is quoted verbatim
    ("\\# **Not** a _heading_ &amp; `code`.", [("text", "\\# **Not** a _heading_ &amp; `code`.")]),
]  # fmt: skip

LETTERS = "abcXYZéß漢ф"
WORDS = st.text(st.sampled_from(LETTERS), min_size=1, max_size=6)
MARKS = ["*", "_", "**", "`", "[", "]", "(x)", "!", "<i>", "\\", "&", "|", " ", "  "]
STARTS = ["", "- ", "  ", "    ", "1. ", "> ", "# ", "## ", "* ", "|"]
RULES = st.sampled_from(["", "", "```", "~~~", "===", "---", "|-|-|", "***"])
INLINE = st.lists(WORDS | st.sampled_from(MARKS), min_size=1, max_size=6).map("".join)
LINES = RULES | st.tuples(st.sampled_from(STARTS), INLINE).map("".join)
ENDS = st.sampled_from(["\n", "\r\n", "\r", "\n\n"])
TEXTS = st.lists(st.tuples(LINES, ENDS).map("".join), max_size=12).map("".join)


def shown(text: str, blocks: list[Block]) -> list[tuple[str, str]]:
    return [
        (
            f"{block.kind.value} {block.level}" if block.level else block.kind.value,
            text[block.span.start : block.span.end],
        )
        for block in blocks
    ]


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


@pytest.mark.parametrize(("text", "blocks"), READ)
def test_markdown_is_read_as_it_is_shown(text: str, blocks: list[tuple[str, str]]) -> None:
    assert shown(text, markdown_blocks(text)) == blocks


@pytest.mark.parametrize(("text", "blocks"), [case for case in READ if "\r" not in case[0]])
def test_windows_line_ends_make_no_difference(text: str, blocks: list[tuple[str, str]]) -> None:
    written = text.replace("\n", "\r\n")
    assert shown(written, markdown_blocks(written)) == [
        (kind, quoted.replace("\n", "\r\n")) for kind, quoted in blocks
    ]


@given(text=TEXTS | st.text(max_size=50))
def test_blocks_are_exact_and_in_order(text: str) -> None:
    blocks = markdown_blocks(text)
    edges = [0, *(at for b in blocks for at in (b.span.start, b.span.end)), len(text)]
    assert edges == sorted(edges)
    assert all(letters(quoted) or kind == "chrome" for kind, quoted in shown(text, blocks))


@given(text=TEXTS)
def test_every_letter_of_the_text_is_in_a_block(text: str) -> None:
    quoted = "".join(quoted for _, quoted in shown(text, markdown_blocks(text)))
    assert [c for c in quoted if c in LETTERS] == [c for c in text if c in LETTERS]


def test_lists_may_be_nested_deep() -> None:
    text = "\n".join(f"{'  ' * depth}- item {depth}" for depth in range(45))
    assert letters(text) == letters(
        "".join(quoted for _, quoted in shown(text, markdown_blocks(text)))
    )


HOSTILE = {
    "brackets": "[" * 50_000,
    "brackets on lines": ("[" * 3_000 + "\n\n") * 30,
    "pictures": "![" * 50_000,
    "links": "[a](" * 20_000,
    "asterisks": "*a " * 20_000,
    "bold": "**a *b " * 10_000,
    "underscores": "*_" * 50_000,
    "backticks": "`a " * 50_000,
    "backticks of many lengths": " ".join("`" * n for n in range(1, 400)),
    "quotations": "> " * 50_000 + "a",
    "nested lists": "- " * 50_000 + "a",
    "nested lists on lines": "".join("  " * n + "- a\n" for n in range(300)),
    "tags": "<a" * 50_000,
    "comments": "<!--" * 50_000,
    "tags on a line": "<p>" + "<a>" * 50_000,
    "entities": "&amp;" * 50_000,
    "backslashes": "\\" * 100_000,
    "table": "|a" * 20_000 + "\n" + "|-" * 20_000 + "\n",
    "rows": "|a|b|\n|-|-|\n" + "|c|d|\n" * 10_000,
    "references": "".join(f"[a{n}]: b\n" for n in range(10_000)),
    "fences": "```\n" * 20_000,
    "front matter": "---\n" + "a: b\n" * 50_000,
    "one line": "Word after word. " * 60_000,
    "blank lines": "\n" * 200_000,
    "paragraphs": "Ab *cd*\n\n" * 20_000,
    "lines": "ab\n" * 100_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_no_text_takes_long_to_read(text: str) -> None:
    started = time.process_time()
    markdown_blocks(text)
    assert time.process_time() - started < 5
