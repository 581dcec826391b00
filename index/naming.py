"""What documents are called: titles, and names fit to be shown."""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import PurePosixPath

MAX_TITLE = 200

_MAX_HEADING = 120
_HEAD = 16_384  # a title is looked for in so many characters, however long the document is
_MARKDOWN = frozenset({".md", ".markdown"})
_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n(.*?\r?\n)??(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_FRONT_TITLE = re.compile(r"^title[ \t]*:[ \t]+(\S.*)", re.MULTILINE | re.IGNORECASE)
_QUOTED = re.compile(r"""(["'])(.*)\1""")
_BLOCK_SCALAR = re.compile(r"[|>][-+0-9]*")
_MARKED = re.compile(r"#{1,6}[ \t]+(.*?)(?:[ \t]+#+)?")
_UNDERLINE = re.compile(r"={3,}|-{3,}")
_SEPARATORS = re.compile(r"_+|(?<!\d)[-.]+|[-.]+(?!\d)")
_UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u2800\u3164\uffa0")
_JOINERS = "\u200c\u200d"  # invisible, yet Persian, Hindi and emoji are spelt with them


def title_of(text: str, name: str) -> str:
    """What a person would call the document ``text`` that is filed as ``name``.

    In Markdown: the ``title`` of its front matter; else its first level-one heading, or a heading
    of any level that opens it. In any format: the first line, if it reads as a heading (short,
    alone, underlined or marked with ``#``, and not a sentence). Else the file's name, with the
    separators in it made spaces.

    Never empty, one line, no control or direction marks, at most ``MAX_TITLE`` characters.

    >>> title_of("Washington and Beijing want to ease the tensions.", "news/2021-03_chips.txt")
    '2021-03 chips'
    """
    head = text.lstrip()[:_HEAD]
    path = PurePosixPath(name)
    found = _markdown_titles(head) if path.suffix.lower() in _MARKDOWN else [_heading_line(head)]
    stem = path.name.removesuffix(path.suffix)
    titles = map(clean, [*found, _SEPARATORS.sub(" ", stem), stem, "Untitled"])
    return next(filter(None, titles))


def front_matter(head: str) -> str:
    """The YAML between the lines of dashes that a Markdown file may begin with."""
    found = _FRONT_MATTER.match(head.lstrip())
    return (found[1] or "") if found else ""


def clean(title: str) -> str:
    """One line without invisible marks, cut at ``MAX_TITLE`` characters; may be empty."""
    line = " ".join("".join(map(_cleaned, title)).split()).strip(_JOINERS)
    return line if len(line) <= MAX_TITLE else line[: MAX_TITLE - 1].rstrip() + "…"


def printable(name: str) -> str:
    r"""A file's name on one line, with what would not show, or would mislead, escaped.

    >>> print(printable("minutes\n.txt"))
    minutes\n.txt
    """
    return "".join(map(_escaped, name))


def is_visible(char: str) -> bool:
    """Whether a character leaves a mark on the page: no space, control or format character."""
    unseen = char.isspace() or char in _BLANK_LETTERS
    return not unseen and unicodedata.category(char) not in _UNPRINTABLE


def _cleaned(char: str) -> str:
    if char in _JOINERS or is_visible(char):
        return char
    return "" if unicodedata.category(char) == "Cf" else " "


def _escaped(char: str) -> str:
    if char in _JOINERS or unicodedata.category(char) not in _UNPRINTABLE:
        return char
    return char.encode("unicode_escape").decode("ascii")


def _markdown_titles(head: str) -> Iterator[str]:
    """What may be the title, best first."""
    front = _FRONT_MATTER.match(head)
    body = head[front.end() :].lstrip() if front else head
    if front:
        yield _front_title(front[1] or "")
    yield _inline_text(_markdown_heading(body))
    yield _inline_text(_heading_line(body))


def _front_title(yaml: str) -> str:
    """The value of ``title``, where it stands on one line."""
    found = _FRONT_TITLE.search(yaml)
    value = found[1].strip() if found else ""
    if quoted := _QUOTED.fullmatch(value):
        return quoted[2].replace(f"\\{quoted[1]}", quoted[1]).replace("''", "'")
    return "" if _BLOCK_SCALAR.fullmatch(value) else value


def _markdown_heading(body: str) -> str:
    """The marked-up words of the first level-one heading, or of one that opens the text."""
    from markdown_it import MarkdownIt  # 40 ms, which no question needs

    tokens = MarkdownIt("commonmark").disable("inline").parse(body)
    for at, token in enumerate(tokens):
        if token.type == "heading_open" and token.level == 0 and (at == 0 or token.tag == "h1"):
            return tokens[at + 1].content
    return ""


def _inline_text(marked_up: str) -> str:
    """The words of a line of Markdown as a reader sees them."""
    from markdown_it import MarkdownIt

    (inline,) = MarkdownIt("commonmark").parseInline(marked_up[: 5 * MAX_TITLE])
    shown = {"text", "code_inline", "softbreak", "hardbreak"}
    return "".join(token.content or " " for token in inline.children or [] if token.type in shown)


def _heading_line(head: str) -> str:
    """The first line, without ``#`` marks, if it reads as a heading; else nothing."""
    line, below, *_ = [*map(str.strip, head.splitlines()[:2]), "", ""]
    marked = _MARKED.fullmatch(line)
    stands_out = marked or not below or _UNDERLINE.fullmatch(below)
    if len(line) > _MAX_HEADING or not stands_out or line.endswith((".", ",", ";", ":", "。")):
        return ""
    return marked[1] if marked else line
