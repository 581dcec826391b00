"""The blocks of a Markdown document, read by markdown-it-py (CommonMark with tables)."""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.blocks import Block, Kind, looks_like_heading
from index.records import Span

_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n.*?\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_LEAVES = frozenset(("paragraph_open", "tr_open", "fence", "code_block", "html_block"))


def markdown_blocks(text: str) -> list[Block]:
    """Blocks of Markdown, in reading order, without overlap.

    Marked headings are HEADING. A paragraph or list item that is nothing but links or pictures (a
    menu, a row of badges) and front matter are CHROME. Spans are in characters of ``text``: marks
    such as ``**`` inside a paragraph stay, as the text is quoted verbatim.
    """
    front = _FRONT_MATTER.match(text)
    skip = front.end() if front else 0
    starts = _line_starts(text)
    blocks = [Block(Kind.CHROME, Span(0, skip))] if skip else []
    masked = re.sub(r"[^\r\n]", " ", text[:skip]) + text[skip:]
    tokens = MarkdownIt("commonmark").enable("table").parse(masked)
    for token, inline in _leaves(tokens):
        span = _span(text, starts, token, inline)
        if span.start < span.end and (not blocks or span.start >= blocks[-1].span.end):
            blocks.append(_block(text, span, token, inline))
    return blocks


def _leaves(tokens: list[Token]) -> Iterator[tuple[Token, Token | None]]:
    """Tokens that hold text and no other such token, each with its inline content, if any."""
    for at, token in enumerate(tokens):
        if token.type == "heading_open" or token.type in _LEAVES:
            following = tokens[at + 1] if at + 1 < len(tokens) else None
            yield token, following if following and following.type == "inline" else None


def _block(text: str, span: Span, token: Token, inline: Token | None) -> Block:
    if token.type == "heading_open":
        return Block(Kind.HEADING, span, level=int(token.tag[1:]))
    if token.type == "html_block" or (inline and _only_links(inline)):
        return Block(Kind.CHROME, span)
    alone = token.type == "paragraph_open" and token.level == 0 and "\n" not in inline_text(inline)
    if alone and _is_bold_line(inline) and looks_like_heading(inline_text(inline)):
        return Block(Kind.LINE, span)
    return Block(Kind.TEXT, span)


def inline_text(inline: Token | None) -> str:
    """The words of an inline token as a reader sees them."""
    children = (inline.children if inline else None) or []
    return "".join(
        "\n" if child.type in ("softbreak", "hardbreak") else child.content
        for child in children
        if child.type in ("text", "code_inline", "softbreak", "hardbreak")
    )


def _only_links(inline: Token) -> bool:
    """Whether every word stands in a link (or there are only pictures)."""
    depth = 0
    for child in inline.children or []:
        depth += {"link_open": 1, "link_close": -1}.get(child.type, 0)
        shown = child.type in ("text", "code_inline") and not depth
        if shown and any(map(str.isalnum, child.content)):
            return False
    return any(child.type in ("link_open", "image") for child in inline.children or [])


def _is_bold_line(inline: Token | None) -> bool:
    types = [
        child.type
        for child in (inline.children if inline else None) or []
        if child.content or child.nesting
    ]
    return types[:1] == ["strong_open"] and types[-1:] == ["strong_close"]


def _line_starts(text: str) -> list[int]:
    """Where each line starts as Markdown counts lines (LF, CRLF or CR end one)."""
    starts = [0, *(match.end() for match in re.finditer(r"\r\n|\n|\r", text))]
    return [*starts, len(text)]


def _span(text: str, starts: list[int], token: Token, inline: Token | None) -> Span:
    """Where a token's content stands, without list marks, ``#`` and outer white space."""
    first, last = token.map or [0, 0]
    start, end = starts[first], starts[min(last, len(starts) - 1)]
    if token.type == "fence":
        start, end = starts[first + 1], max(starts[first + 1], starts[max(first + 1, last - 1)])
    elif inline and inline.content and token.type != "tr_open":
        lines = inline.content.split("\n")
        found = text.find(lines[0].strip(), start, end)
        start = found if found >= 0 else start
        if token.type == "heading_open" and found >= 0:
            end = start + len(lines[0].strip())
    piece = text[start:end]
    return Span(start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip()))
