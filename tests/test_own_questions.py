"""Our own natural questions: what they tell can be found; nothing of the articles is in them."""

import json
from collections import Counter
from pathlib import Path

import pytest

from benchmarks import dev_sets
from benchmarks.dev_sets import OURS, read_ours

FILE = Path(dev_sets.__file__).with_name("natural.jsonl")
ROWS = [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]


def test_each_article_has_fifty_none_twice() -> None:
    assert set(Counter(row["article"] for row in ROWS).values()) == {50}
    asked = Counter((row["article"], row["question"]) for row in ROWS)
    assert set(asked.values()) == {1}


def test_answers_are_told_by_their_places_alone() -> None:
    for row in ROWS:
        assert set(row) == {"article", "question", "spans"}
        assert row["spans"] == sorted(row["spans"])
        assert all(0 <= start < end for start, end in row["spans"])


def test_answers_are_read_from_the_articles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "squad-dev" / "documents").mkdir(parents=True)
    text = "The harbour\n\nIt was dredged in 1921. The work began in 1921.\n"
    (tmp_path / "squad-dev" / "documents" / "harbour.txt").write_text(text)
    first = text.index("1921")
    spans = [[first, first + 4], [text.rindex("1921"), text.rindex("1921") + 4]]
    rows = [
        {"article": "harbour.txt", "question": "when was it dug out", "spans": spans},
        {"article": "harbour.txt", "question": "how deep is it", "spans": []},
    ]
    ours = tmp_path / "ours.jsonl"
    ours.write_text("".join(json.dumps(row) + "\n" for row in rows))
    monkeypatch.setattr(dev_sets, "_OURS", ours)
    found, unanswered = read_ours(tmp_path)
    assert (found.answers, found.document) == (("1921",), "harbour.txt")
    assert found.places == tuple(start for start, _ in spans)
    assert (unanswered.answers, unanswered.document, unanswered.places) == ((), None, ())
    assert found.group == OURS
    assert found.is_natural
