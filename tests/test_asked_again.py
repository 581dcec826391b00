"""Questions that were asked before: what is remembered of them, and when it is not."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.service import Service
from index.errors import UnknownDocument
from index.library import Library
from index.records import Abstained, Answer
from index.retrieving import retrieve
from tests.places import ASKED, TALKS, Place, answered

EVERY = frozenset({"", "news"})


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """How often an index was really looked at."""
    found: list[object] = []

    def counted(*arguments: object, **named: object) -> object:
        found.append(arguments)
        return retrieve(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr("index.asking.retrieve", counted)
    return found


def told(outcome: Answer | Abstained) -> Answer | Abstained:
    return replace(outcome, seconds=0.0)


def test_a_question_asked_again_is_answered_the_same_without_a_look(
    indexed: Place, looked: list[object]
) -> None:
    library = indexed.library()
    first, second = library.ask(ASKED), library.ask(ASKED)
    assert len(looked) == 1
    assert told(first) == told(second)
    assert first.seconds != second.seconds
    assert min(first.seconds, second.seconds) > 0


def test_a_question_with_another_word_scope_document_or_threshold_is_another(
    indexed: Place, looked: list[object]
) -> None:
    library = indexed.library()
    library.ask(ASKED)
    library.ask(ASKED + " ")
    library.ask(ASKED, collections=frozenset({"news"}))
    library.ask(ASKED, document="news/talks.txt")
    library.ask(ASKED, min_confidence=1)
    assert len(looked) == 5
    assert isinstance(library.ask(ASKED, min_confidence=1), Abstained)
    assert isinstance(library.ask(ASKED), Answer)
    nearest = library.ask(ASKED, collections=frozenset({""}), min_confidence=0)
    assert {one.document for one in answered(nearest).citations} == {"bread.txt"}


def test_what_may_not_be_seen_any_more_is_not_answered_from_memory(indexed: Place) -> None:
    library = indexed.library()
    library.ask(ASKED, document="news/talks.txt", collections=EVERY)
    with pytest.raises(UnknownDocument):
        library.ask(ASKED, document="news/talks.txt", collections=frozenset({""}))


def often(library: Library) -> str:
    return answered(library.ask(ASKED)).answer


def test_no_outcome_outlives_its_generation_be_it_indexed_or_rolled_back(place: Place) -> None:
    place.index({"talks.txt": TALKS})
    library = place.library()
    assert [often(library), often(library)] == ["every six months"] * 2
    place.write({"talks.txt": TALKS.replace("six", "nine")})
    library.refresh()
    assert [often(library), often(library)] == ["every nine months"] * 2
    library.roll_back()
    assert [often(library), often(library)] == ["every six months"] * 2
    library.refresh(release=True)
    assert often(library) == "every nine months"


def test_another_generation_of_the_same_name_is_another(place: Place, tmp_path: Path) -> None:
    place.index({"talks.txt": TALKS})
    library = place.library()
    assert often(library) == "every six months"
    other = Place(tmp_path / "other")
    other.index({"talks.txt": TALKS.replace("six", "nine")})
    kept = library._state.serve()
    assert library.generation == "000001"
    elsewhere = other.library()._state.serve()
    assert elsewhere.name == kept.name
    library._state._loaded = replace(library._state._loaded, serving=elsewhere)  # type: ignore[type-var]
    assert often(library) == "every nine months"


def test_the_text_of_a_question_is_forgotten_when_it_is_to_be(
    indexed: Place, looked: list[object]
) -> None:
    library = indexed.library()
    library.ask(ASKED)
    assert kept(library) == (1, 1)
    library.forget_questions()
    assert kept(library) == (0, 0)
    library.ask(ASKED)
    assert len(looked) == 2


def kept(library: Library) -> tuple[int, int]:
    """How many outcomes and how many vectors are remembered."""
    return len(library._state.serve().outcomes), len(library._encoder._vectors)


def test_only_the_last_questions_are_kept(indexed: Place) -> None:
    library = indexed.library()
    for n in range(520):
        library.ask(f"how often does group {n} meet?")
    assert kept(library) == (512, 520)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    asked=st.lists(
        st.tuples(
            st.sampled_from([ASKED, "what keeps for a week?", "where do rockets land?"]),
            st.sampled_from([None, EVERY, frozenset({""}), frozenset({"news"})]),
            st.sampled_from([None, 0.0, 1.0]),
        ),
        max_size=12,
    )
)
def test_whatever_was_asked_before_an_answer_is_what_a_new_process_gives(
    indexed: Place, asked: list[tuple[str, frozenset[str] | None, float | None]]
) -> None:
    library = indexed.library()
    for question, collections, least in asked:
        found = library.ask(question, collections=collections, min_confidence=least)
        anew = indexed.library().ask(question, collections=collections, min_confidence=least)
        assert told(found) == told(anew)


async def test_what_was_asked_before_all_is_forgotten_and_is_answered_then_is_not_kept(
    indexed: Place,
) -> None:
    library = indexed.library()
    service = Service(library)
    await service.start()
    try:
        ask = library.ask

        def forgotten_meanwhile(question: str, **how: object) -> Answer | Abstained:
            service.forget_questions()
            return ask(question, **how)  # type: ignore[arg-type]

        library.ask = forgotten_meanwhile  # type: ignore[method-assign]
        await service.ask(ASKED, person=1, scope=EVERY)
        assert kept(library)[0] == 0
        library.ask = ask  # type: ignore[method-assign]
        await service.ask(ASKED, person=1, scope=EVERY)
        assert kept(library)[0] == 1
        service.forget_questions()
        assert kept(library) == (0, 0)
    finally:
        await service.stop()
