"""The way to a history that fails: left alone for a while, opened when it can be, greeted then."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot import vault as vaults
from bot.history.store import History
from bot.vault import Vault


async def recall(history: History) -> str:
    return str(await history.recall("k"))


async def test_without_a_history_nothing_is_done() -> None:
    vault = Vault(None)
    assert await vault.tried(recall, "otherwise") == "otherwise"
    assert not await vault.done(recall)
    assert not vault.available
    await vault.close()


async def test_what_is_done_says_so(tmp_path: Path) -> None:
    vault = await Vault.open(tmp_path / "history.sqlite")
    assert await vault.done(lambda kept: kept.remember("k", "v"))
    assert await vault.tried(recall, "") == "v"
    assert vault.available
    await vault.close()


async def test_after_a_failure_the_history_is_left_alone_for_a_while(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    vault = Vault(await History.open(path, patience=0.05), rest=60.0)
    calls = 0

    async def call(history: History) -> str:
        nonlocal calls
        calls += 1
        return await recall(history)

    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN EXCLUSIVE")
        for _ in range(3):
            assert await vault.tried(call, "otherwise") == "otherwise"
    assert calls == 1
    assert not vault.available
    await vault.close()


async def test_who_greets_is_called_now_and_when_the_history_is_opened_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vaults, "_REOPEN", 0.0)
    greeted: list[str] = []

    async def greet(history: History) -> None:
        greeted.append("greeted")

    path = tmp_path / "history.sqlite"
    open_one = await Vault.open(path)
    await open_one.greet(greet)
    assert greeted == ["greeted"]
    await open_one.close()

    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN EXCLUSIVE")
        vault = await Vault.open(path)
        await vault.greet(greet)
        assert greeted == ["greeted"]
    vault._rest = vault._resting_until = 0.0
    await vault.tried(recall, "")
    assert greeted == ["greeted"] * 2
    await vault.close()
