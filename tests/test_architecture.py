"""The walls between the rooms, read from the source."""

import ast
import doctest
import importlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = {
    path.relative_to(ROOT).as_posix(): ast.parse(path.read_text("utf-8"))
    for room in ("bot", "index")
    for path in sorted((ROOT / room).rglob("*.py"))
}

# The only files or folders in which a package may be imported.
HOMES: dict[str, str | tuple[str, ...]] = {
    "faiss": "index/faiss_codes.py",
    "torch": "index/originals/runtime.py",
    "sentence_transformers": "index/originals/runtime.py",
    "transformers": "index/originals/runtime.py",
    "onnx": "index/originals/network.py",
    "onnxruntime": "index/onnx_session.py",
    "tokenizers": "index/onnx_session.py",
    "charset_normalizer": "index/decoding.py",
    "lxml": "index/formats/",
    "docx": "index/formats/docx.py",
    "py3langid": "index/languages.py",
    "pypdfium2": "index/formats/pdf.py",
    "trafilatura": "index/formats/html.py",
    "discord": "bot/gateway/",
    "aiohttp": ("bot/gateway/", "bot/endpoint.py"),
    "yarl": "bot/gateway/",
    "aiosqlite": "bot/history/",
    "dotenv": "bot/",
    "bot": "bot/",
    "rich": "bot/",
    "typer": "bot/",
    "watchfiles": "index/watching.py",
    "babel": "bot/",
}
LOADED_LATE = {
    "onnx",
    "onnxruntime",
    "py3langid",
    "sentence_transformers",
    "tokenizers",
    "torch",
    "transformers",
}
COMPOSITION_ROOT = {"bot/cli.py", "bot/__main__.py"}
MUTABLE = {"list", "dict", "set", "bytearray", "Counter", "defaultdict", "deque", "OrderedDict"}


def imports(tree: ast.AST) -> set[str]:
    """Every module or name that is imported anywhere in ``tree``, with the package it is from."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            package = "." * node.level + (node.module or "")
            found |= {f"{package}.{alias.name}" for alias in node.names}
    return found


def packages(tree: ast.AST) -> set[str]:
    return {name.partition(".")[0] for name in imports(tree)}


def runs_at_import(node: ast.AST) -> Iterator[ast.AST]:
    """``node`` and what is in it, but for the insides of functions and what only types need."""
    if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
        yield from (part for child in node.orelse for part in runs_at_import(child))
    elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        yield node
        for child in ast.iter_child_nodes(node):
            yield from runs_at_import(child)


def loaded_at_import(tree: ast.AST) -> set[str]:
    imported = (ast.Import, ast.ImportFrom)
    return {
        name
        for node in runs_at_import(tree)
        if isinstance(node, imported)
        for name in packages(node)
    }


def environment_reads(tree: ast.AST) -> set[str]:
    names = {"os.environ", "os.environb", "os.getenv", "os.getenvb"}
    used = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return names & (used | imports(tree))


def state(tree: ast.Module) -> set[str]:
    """The globals that a function sets, or that hold what can be changed in place."""
    set_later = {n for node in ast.walk(tree) if isinstance(node, ast.Global) for n in node.names}
    assigned = [node for node in tree.body if isinstance(node, ast.Assign | ast.AnnAssign)]
    return set_later | {
        ast.unparse(node.targets[0] if isinstance(node, ast.Assign) else node.target)
        for node in assigned
        if is_mutable(node.value)
    } - {"__all__"}


def is_mutable(value: ast.expr | None) -> bool:
    if isinstance(value, ast.Call):
        return ast.unparse(value.func) in MUTABLE
    literals = ast.List | ast.Dict | ast.Set | ast.ListComp | ast.DictComp | ast.SetComp
    return isinstance(value, literals)


def circle(graph: dict[str, set[str]]) -> list[str]:
    """The modules of one circle of imports, or none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def breaches(look: Callable[[ast.Module], set[str]]) -> dict[str, set[str]]:
    """What ``look`` finds, by file; files where it finds nothing are left out."""
    found = {file: look(tree) for file, tree in SOURCES.items()}
    return {file: wrong for file, wrong in found.items() if wrong}


def importers(package: str) -> set[str]:
    return {file for file, tree in SOURCES.items() if package in packages(tree)}


def test_there_are_sources_to_look_at() -> None:
    assert {"bot/cli.py", "index/parsing.py"} <= SOURCES.keys()


@pytest.mark.parametrize(("package", "home"), HOMES.items())
def test_a_package_is_imported_only_where_it_is_at_home(
    package: str, home: str | tuple[str, ...]
) -> None:
    assert {file for file in importers(package) if not file.startswith(home)} == set()


def test_model_libraries_are_imported_by_functions_only() -> None:
    assert breaches(lambda tree: loaded_at_import(tree) & LOADED_LATE) == {}


def test_importing_the_whole_library_loads_no_model_library_and_no_face() -> None:
    script = (
        "import importlib, pkgutil, sys, index\n"
        "for module in pkgutil.iter_modules(index.__path__):\n"
        "    importlib.import_module(f'index.{module.name}')\n"
        f"print({ {'bot', 'discord', *LOADED_LATE} } & {{*sys.modules}})"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_the_examples_in_docstrings_hold() -> None:
    names = [file.removesuffix(".py").replace("/", ".") for file in SOURCES if "index/" in file]
    results = {name: doctest.testmod(importlib.import_module(name)) for name in names}
    assert {name for name, result in results.items() if result.failed} == set()
    assert sum(result.attempted for result in results.values()) >= 3


def test_the_environment_is_read_in_the_composition_root_only() -> None:
    assert breaches(environment_reads).keys() <= COMPOSITION_ROOT


def test_no_module_keeps_state() -> None:
    assert breaches(state) == {}


def test_no_modules_import_each_other_in_a_circle() -> None:
    names = {file: file.removesuffix(".py").replace("/", ".") for file in SOURCES}
    graph = {}
    for file, tree in SOURCES.items():
        imported = imports(tree)
        imported |= {name.rpartition(".")[0] for name in imported}
        graph[names[file]] = imported & set(names.values())
    assert circle(graph) == []


def test_no_module_is_longer_than_300_lines() -> None:
    lengths = {file: (ROOT / file).read_text("utf-8").count("\n") for file in SOURCES}
    assert {file: length for file, length in lengths.items() if length > 300} == {}


def test_every_module_is_named_for_what_it_is_about() -> None:
    names = {Path(file).stem for file in SOURCES}
    assert names & {"utils", "util", "helpers", "common", "misc"} == set()


SEEN: list[tuple[Callable[[ast.Module], set[str]], str, set[str]]] = [
    (packages, "import bot.cli, os\nfrom discord import app", {"bot", "os", "discord"}),
    (packages, "def f():\n  import faiss", {"faiss"}),
    (loaded_at_import, "import torch.nn", {"torch"}),
    (loaded_at_import, "try:\n  from torch import nn\nfinally: pass", {"torch"}),
    (loaded_at_import, "class A:\n  import torch", {"torch"}),
    (loaded_at_import, "def f():\n  import torch", set()),
    (loaded_at_import, "if TYPE_CHECKING:\n  import torch\nelse:\n  import os", {"os"}),
    (environment_reads, "import os\nprint(os.environ['A'])", {"os.environ"}),
    (environment_reads, "from os import getenv", {"os.getenv"}),
    (environment_reads, "import os\nos.path, world.environ", set()),
    (state, "a = []\nb: dict[str, int] = dict()\nc = {x for x in ()}", {"a", "b", "c"}),
    (state, "def f():\n  global cache\n  cache = 1", {"cache"}),
    (state, "a = ()\nb = frozenset({1})\n__all__ = ['a']\ndef f(): c = []", set()),
]


@pytest.mark.parametrize(("look", "source", "found"), SEEN)
def test_what_breaks_a_wall_is_seen(
    look: Callable[[ast.Module], set[str]], source: str, found: set[str]
) -> None:
    assert look(ast.parse(source)) == found


def test_a_circle_of_imports_is_seen() -> None:
    assert set(circle({"a": {"b"}, "b": {"c"}, "c": {"a"}})) == {"a", "b", "c"}
    assert circle({"a": {"b", "c"}, "b": {"c"}}) == []
