"""The texts that the bot says, read from its sources: ``python -m bot.extracting``.

Rewrites ``locale/footnote.pot``, and in each language's catalogue adds what is new, to be
translated, and leaves out what is said no more. Whoever calls ``words("…")``, ``words.plural``,
``N_`` or an error that is ``Told`` writes the text out there; and what commands are called and do
is said in their decorators.
"""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.pofile import write_po

from bot.catalogues import FOLDER, LANGUAGES, path_of, read_catalogue
from bot.words import COMMAND

TEMPLATE = FOLDER / "footnote.pot"

_SAYING = frozenset({"words", "N_", "locale_str"})
_NAMING = frozenset({"command", "context_menu", "Group", "ContextMenu"})
_ENGLISH_PLURAL = "nplurals=2; plural=(n != 1);"
_WIDTH = 96

# How long Discord lets a text be: by what it is handed to, or by the keyword there.
_MOST = {
    ("Button", None): 80,
    ("Option", None): 100,
    ("ChooseChannels", None): 150,
    ("Choose", None): 150,
    ("Label", "text"): 45,
    ("Label", "description"): 100,
    ("TextInput", "label"): 45,
    ("TextInput", "placeholder"): 100,
    ("__init__", "title"): 45,
}.items()
_LONGEST_NAME, _LONGEST_DESCRIPTION = 32, 100


@dataclass(frozen=True, slots=True)
class Said:
    """A text in the sources.

    Attributes:
        id: its English; for one that counts, its two forms.
        file: where it stands.
        context: ``COMMAND`` for what a command is called.
        most: how many characters Discord takes, where it is handed over as it is.
    """

    id: str | tuple[str, str]
    file: str
    context: str | None = None
    most: int | None = None


def said_in(sources: dict[str, str]) -> list[Said]:
    """All texts of sources, by file name, in the order in which they stand there.

    Raises:
        ValueError: a text is put together where it should be written out.
    """
    trees = {file: ast.parse(source) for file, source in sources.items()}
    told = told_classes(trees.values())
    found: list[Said] = []
    for file, tree in trees.items():
        saying = (_SAYING - _others(tree)) | told
        parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
            found += _said(call, file, saying, _most(call, parents))
    return found


def told_classes(trees: Iterable[ast.Module]) -> frozenset[str]:
    """The names of the errors that are ``Told``, and of the library's that people are told."""
    classes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    found, before = {"Told", "QuestionError", "DocumentError", "RollbackError"}, 0
    while len(found) > before:
        before = len(found)
        found |= {one.name for one in classes if found & set(map(_name, one.bases))}
    return frozenset(found)


def _others(tree: ast.Module) -> set[str]:
    """The functions of a module that are called like ours and are not."""
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)} | {
        one.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module != "bot.words"
        for one in node.names
    } - {"locale_str"}


def _said(call: ast.Call, file: str, saying: frozenset[str], most: int | None) -> Iterator[Said]:
    name = _name(call.func)
    if isinstance(call.func, ast.Attribute) and name.removeprefix("_") == "words":
        name = "words" if _name(call.func.value) == "self" else ""  # self._words("…")
    elif isinstance(call.func, ast.Call) and _name(call.func.func) == "_words":
        name = "words"  # self._words(interaction)("…")
    if name in saying and call.args:
        yield from (Said(text, file, most=most) for text in _texts(call.args[0], file))
    elif name == "plural" and len(call.args) >= 2:
        forms = [text for part in call.args[:2] for text in _texts(part, file)]
        if len(forms) == 2:
            yield Said((forms[0], forms[1]), file, most=most)
    elif "/gateway/" in file:
        yield from _of_command(name, call, file)


def _of_command(name: str, call: ast.Call, file: str) -> Iterator[Said]:
    """What a command is called and does, and what it takes."""
    given = {one.arg: text for one in call.keywords if (text := _literal(one.value))}
    if name == "describe":
        yield from (Said(text, file, most=_LONGEST_DESCRIPTION) for text in given.values())
    elif name in _NAMING and "name" in given:
        yield Said(given["name"], file, COMMAND, _LONGEST_NAME)
        if "description" in given:
            yield Said(given["description"], file, most=_LONGEST_DESCRIPTION)
    elif name == "Choice" and "name" in given:
        yield Said(given["name"], file, most=100)


def _texts(part: ast.expr, file: str) -> list[str]:
    """The text that is written out, or each of two; none where it is given by a name."""
    if isinstance(part, ast.IfExp):
        return _texts(part.body, file) + _texts(part.orelse, file)
    if isinstance(part, ast.JoinedStr | ast.BinOp):
        raise ValueError(f"{file}:{part.lineno}: write the text out, with names in braces.")
    text = _literal(part)
    return [text] if text else []


def _literal(part: ast.expr) -> str:
    return part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else ""


def _most(call: ast.Call, parents: dict[ast.AST, ast.AST]) -> int | None:
    outer: ast.AST | None = parents.get(call)
    keyword = outer.arg if isinstance(outer, ast.keyword) else None
    if isinstance(outer, ast.keyword):
        outer = parents.get(outer)
    if not isinstance(outer, ast.Call):
        return None
    name = _name(outer.func)
    return next((n for (to, by), n in _MOST if to == name and by in (None, keyword)), None)


def _name(part: ast.AST) -> str:
    if isinstance(part, ast.Attribute):
        return part.attr
    return part.id if isinstance(part, ast.Name) else ""


def template_of(found: Iterable[Said]) -> Catalog:
    """The texts as a catalogue without translations."""
    template = Catalog()
    for one in found:
        note = [f"At most {one.most} characters."] if one.most else []
        template.add(one.id, locations=[(one.file, 0)], auto_comments=note, context=one.context)
    return template


def written(catalogue: Catalog, language: str) -> bytes:
    """A catalogue as its file: the same for the same content, with no times in it."""
    body = BytesIO()
    write_po(
        body,
        catalogue,
        width=_WIDTH,
        omit_header=True,
        ignore_obsolete=True,
        include_lineno=False,
    )
    plural = catalogue.plural_forms if language else _ENGLISH_PLURAL
    header = (
        'msgid ""\nmsgstr ""\n'
        f'"Language: {language.replace("-", "_")}\\n"\n'
        '"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: {plural}\\n"\n\n'
    )
    return header.encode() + body.getvalue().rstrip(b"\n") + b"\n"


def sources(root: Path = FOLDER.parent.parent) -> dict[str, str]:
    """The sources of the bot and the library, by file name."""
    return {
        path.relative_to(root).as_posix(): path.read_text("utf-8")
        for package in ("bot", "index")
        for path in sorted((root / package).rglob("*.py"))
    }


def update(folder: Path = FOLDER) -> None:
    """Bring the template and the catalogues of a folder up to date with the sources."""
    template = template_of(said_in(sources()))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / TEMPLATE.name).write_bytes(written(template, ""))
    for code in LANGUAGES:
        path = path_of(code, folder)
        if code == "en":
            continue
        there = path.is_file()
        catalogue = read_catalogue(path) if there else Catalog(code.replace("-", "_"))
        catalogue.update(template, no_fuzzy_matching=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written(catalogue, code))


if __name__ == "__main__":
    update()
