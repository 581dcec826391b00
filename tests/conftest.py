"""What tests share: real models, and the lack of a network."""

import shutil
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import settings

from index.models import model_files
from index.onnx_encoding import OnnxEncoder
from index.originals.encoder import SentenceEncoder, load_encoder
from tests.bots import TOKEN, Town, settle
from tests.discord_server import DiscordServer
from tests.places import OPEN_TEXTS, TEXTS, Place
from tests.tiny import make_tiny_model, opened_export

# How long an example takes tells more of the machine than of the code.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


def no_network(patch: pytest.MonkeyPatch) -> None:
    """Let nothing in this process reach out of it."""

    def refuse(*_: object, **__: object) -> NoReturn:
        raise OSError("Tests reach no network.")

    for name in ("connect", "connect_ex", "sendto"):
        patch.setattr(socket.socket, name, refuse)
    patch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    no_network(monkeypatch)


@pytest.fixture(scope="session")
def bundled() -> SentenceEncoder:
    """The bundled model as its makers built it, loaded once, without a network; takes seconds."""
    with pytest.MonkeyPatch.context() as patch:
        no_network(patch)
        return load_encoder(model_files(None))


@pytest.fixture(scope="session")
def bundled_export(
    bundled: SentenceEncoder, tmp_path_factory: pytest.TempPathFactory
) -> OnnxEncoder:
    """The bundled model's export."""
    return opened_export(bundled, tmp_path_factory.mktemp("exports"))


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a model of its own make. Copy it to change it."""
    return make_tiny_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture
def copied(tiny: Path, tmp_path: Path) -> Path:
    """A copy of the tiny model that may be spoilt."""
    return Path(shutil.copytree(tiny, tmp_path / "copy"))


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.fixture
def indexed(place: Place) -> Place:
    """A place where ``TEXTS`` are indexed."""
    place.index(TEXTS)
    place.embedded()
    return place


@pytest.fixture
def public(place: Place) -> Place:
    """A place where ``OPEN_TEXTS`` are indexed."""
    place.index(OPEN_TEXTS)
    place.embedded()
    return place


@pytest.fixture
async def discord() -> AsyncIterator[DiscordServer]:
    """A Discord of our own, which knows the bot's token."""
    async with DiscordServer(token=TOKEN) as server:
        yield server


@pytest.fixture
def town(discord: DiscordServer) -> Town:
    return settle(discord)
