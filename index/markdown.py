"""The blocks of a Markdown document, read by markdown-it-py (CommonMark with tables)."""

import re
from collections.abc import MutableMapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from index.blocks import Block, Kind, looks_like_heading, unwrapped
from index.records import Span

if TYPE_CHECKING:
    from markdown_it.token import Token

# "---" opens front matter only where a key or a comment follows; else it is a rule.
_FRONT_MATTER = re.compile(
    r"---[ \t]*\r?\n(?=[ \t]*(?:#|[\w\"'-][^:\r\n]*:|---))"
    r".*?(?<=\n)(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)",
    re.DOTALL,
)
_DEEPEST = 100  # levels, two for a list; deeper ones are left out, as Python's stack ends there
_LONGEST_MENU = 4_000  # characters; brackets take a time to read that grows with their square
_LEAVES = frozenset(
    ("heading_open", "paragraph_open", "tr_open", "fence", "code_block", "html_block")
)
_MARKED = re.compile(r"[\[<*_]")  # what links, pictures and bold type are written with
# What no reader of an HTML block sees, or sees as a link.
_NOT_SHOWN = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|a)\b.*?(?:</\1\s*>|\Z)|<[^<>]*>?|&#?\w+;",
    re.DOTALL | re.IGNORECASE,
)


def markdown_blocks(text: str) -> list[Block]:
    """Blocks of Markdown, in reading order, without overlap.

    Marked headings are HEADING, and a bold line that stands alone is a LINE. TEXT are paragraphs
    and list items, unwrapped as in plain text, table rows, and lines of code. A paragraph or list
    item that is nothing but links or pictures (a menu, a row of badges), HTML that shows no words
    besides, and front matter are CHROME; but in a document of nothing but links they are its TEXT.
    Spans are in characters of ``text``: marks such as ``**`` inside a paragraph stay, as the text
    is quoted verbatim.
    """
    from markdown_it import MarkdownIt  # 40 ms, which no question needs

    front = _FRONT_MATTER.match(text)
    skip = front.end() if front else 0
    # Blanked out, not cut off, so that lines and offsets stay.
    body = re.sub(r"[^\r\n]", " ", text[:skip]) + text[skip:]
    references: dict[str, object] = {}
    deep = MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable("table").disable("inline")
    tokens = deep.parse(body, references)
    reader = _Reader(text, references)
    blocks = reader.blocks(tokens, links=Kind.CHROME)
    if not any(block.kind is Kind.TEXT for block in blocks):
        blocks = reader.blocks(tokens, links=Kind.TEXT)
    return [Block(Kind.CHROME, Span(0, skip)), *blocks] if skip else blocks


class _Reader:
    """Finds the tokens of a document in its text."""

    def __init__(self, text: str, references: MutableMapping[str, object]) -> None:
        from markdown_it import MarkdownIt

        self._text = text
        self._references = references
        self._inline = MarkdownIt("commonmark")
        # As Markdown counts lines: LF, CRLF or CR end one.
        ends = [match.end() for match in re.finditer(r"\r\n|\n|\r", text)]
        self._lines = [Span(*edge) for edge in pairwise([0, *ends, len(text)])]

    def blocks(self, tokens: "Sequence[Token]", *, links: Kind) -> list[Block]:
        """The blocks of all tokens; ``links`` is what becomes of paragraphs of nothing else."""
        insides = [*(token.content for token in tokens[1:]), ""]  # of each, in the one behind it
        return [
            block
            for token, inside in zip(tokens, insides, strict=False)
            if token.type in _LEAVES and token.map
            for block in self._leaf(token, inside, self._lines[slice(*token.map)], links)
        ]

    def _leaf(self, token: "Token", inline: str, lines: Sequence[Span], links: Kind) -> list[Block]:
        """The blocks of a token that holds text and no other such token, on the lines it is on."""
        match token.type:
            case "heading_open":
                level = int(token.tag[1:])
                return [Block(Kind.HEADING, span, level) for span in self._whole(lines, inline)]
            case "paragraph_open":
                top = token.level == 0
                whole = self._whole(lines, inline)
                return [b for span in whole for b in self._paragraph(span, inline, top, links)]
            case "tr_open":
                row = self._text[lines[0].start : lines[0].end]
                return _texts(_line_spans(self._text, lines, row))
            case "fence":
                return _texts(_line_spans(self._text, lines[1:], token.content))
            case "code_block":
                return _texts(_line_spans(self._text, lines, token.content))
        shown = _line_spans(self._text, lines, _shown(token.content))
        whole_block = _trim(self._text, Span(lines[0].start, lines[-1].end))
        return _texts(shown) or [Block(Kind.CHROME, whole_block)]

    def _whole(self, lines: Sequence[Span], inline: str) -> list[Span]:
        """The one span of inline content; none if it holds no letter or digit."""
        spans = _line_spans(self._text, lines, inline)
        return [Span(spans[0].start, spans[-1].end)] if spans else []

    def _paragraph(self, span: Span, inline: str, top: bool, links: Kind) -> list[Block]:
        if len(inline) <= _LONGEST_MENU and _MARKED.search(inline):
            (read,) = self._inline.parseInline(inline, self._references)
            parts = read.children or []
            if not _has_own_words(parts):
                return [Block(links, span)]
            if top and _is_bold_line(parts) and looks_like_heading(_words(parts)):
                return [Block(Kind.LINE, span)]
        return _texts(unwrapped(self._text, span))


def _texts(spans: Sequence[Span]) -> list[Block]:
    return [Block(Kind.TEXT, span) for span in spans]


def _has_own_words(parts: "Sequence[Token]") -> bool:
    """Whether a word stands outside of links."""
    depth = 0
    for part in parts:
        if part.type == "html_inline":
            depth += bool(re.match(r"<a\b", part.content)) - part.content.startswith("</a")
        depth += {"link_open": 1, "link_close": -1}.get(part.type, 0)
        shown = part.type in ("text", "code_inline") and depth <= 0
        if shown and any(map(str.isalnum, part.content)):
            return True
    return False


def _is_bold_line(parts: "Sequence[Token]") -> bool:
    """Whether it is one bold stretch on one line, and nothing else."""
    types = [part.type for part in parts if part.content or part.type != "text"]
    others = {"strong_open", "softbreak", "hardbreak"} & set(types[1:])
    return types[:1] == ["strong_open"] and types[-1:] == ["strong_close"] and not others


def _words(parts: "Sequence[Token]") -> str:
    """What a reader sees of inline content."""
    return "".join(part.content for part in parts if part.type in ("text", "code_inline"))


def _line_spans(text: str, lines: Sequence[Span], content: str) -> list[Span]:
    """Where the lines of a token's content stand; those without a letter or digit are left out."""
    return [
        span
        for line, written in zip(lines, content.split("\n"), strict=False)
        if any(map(str.isalnum, written))
        for span in [_found(text, line, written.strip())]
    ]


def _found(text: str, line: Span, written: str) -> Span:
    """Where ``written`` stands on a line; the whole line if it stands there in another form."""
    start = text.find(written, line.start, line.end)
    return Span(start, start + len(written)) if start >= 0 else _trim(text, line)


def _shown(html: str) -> str:
    """Each line of HTML from the first to the last word that it shows; blank if it shows none."""
    masked = _NOT_SHOWN.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), html)
    return "\n".join(
        line[len(shown) - len(shown.lstrip()) : len(shown.rstrip())]
        for line, shown in zip(html.split("\n"), masked.split("\n"), strict=True)
    )


def _trim(text: str, span: Span) -> Span:
    piece = text[span.start : span.end]
    return Span(span.start + len(piece) - len(piece.lstrip()), span.start + len(piece.rstrip()))
