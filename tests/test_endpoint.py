"""A language model's endpoint over a real socket: whatever it does, the answer stands."""

import asyncio
import json
import logging
import socket
from collections.abc import Iterator, Sequence
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.checking_endpoint import check_endpoint, key_advice
from bot.endpoint import Endpoint, EndpointError, Limits, write
from bot.phrasing import Phraser
from bot.secret import Secret
from bot.sse import Events
from index.records import Abstained, Answer, Claim, Phrase
from tests.llm_server import KEY, MODEL, STREAM, LlmServer, delta, event, llm_server, streamed
from tests.places import ASKED, Place, answered
from tests.test_phrasing import PROSE, assert_stands

GOOD = "The group meets every six months [1]."
KEPT = (Phrase("The group meets every six months.", (1,)),)
HURRIED = Limits(seconds=0.4, size=20_000)
SAYS = [{"role": "user", "content": "?"}]


@pytest.fixture
def llm() -> Iterator[LlmServer]:
    with llm_server() as server:
        yield server


def endpoint(llm: LlmServer, *, model: str = MODEL) -> Endpoint:
    return Endpoint(llm.url, model, Secret(KEY))


def phrase(place: Place, llm: LlmServer, *, limits: Limits | None = None) -> tuple[Phrase, ...]:
    library = place.library()
    phraser = Phraser(library, endpoint(llm), limits)
    return asyncio.run(phraser.phrase(library.ask(ASKED)))


# Well


def test_what_is_written_and_supported_is_there(public: Place, llm: LlmServer) -> None:
    llm.says(GOOD)
    assert phrase(public, llm) == KEPT


def test_the_model_is_asked_once_with_its_name_and_key_for_a_stream(
    public: Place, llm: LlmServer
) -> None:
    llm.says(GOOD)
    phrase(public, llm)
    (request,) = llm.requests
    assert (request.method, request.path) == ("POST", "/v1/chat/completions")
    assert request.headers["Authorization"] == f"Bearer {KEY}"
    assert request.json["model"] == MODEL
    assert request.json["stream"] is True
    data = json.loads(request.json["messages"][-1]["content"])
    assert data["question"] == ASKED
    assert data["quotes"][0] == {"n": 1, "quote": "The group meets every six months."}
    assert "talks.txt" not in str(request.json)


def test_without_a_key_none_is_sent(llm: LlmServer) -> None:
    llm.says(GOOD)
    assert asyncio.run(write(Endpoint(llm.url, MODEL), SAYS)) == GOOD
    assert "Authorization" not in llm.requests[0].headers


@pytest.mark.parametrize("size", [1, 2, 1000])
def test_it_does_not_matter_in_which_pieces_an_answer_comes(llm: LlmServer, size: int) -> None:
    whole = b"".join(streamed("Voilà [1]. 会议", size=3))
    llm.chunks = [whole[at : at + size] for at in range(0, len(whole), size)]
    assert asyncio.run(write(endpoint(llm), SAYS)) == "Voilà [1]. 会议"


def test_an_end_may_be_told_in_either_way_and_thoughts_are_left_out(llm: LlmServer) -> None:
    thinking = event({"choices": [{"delta": {"reasoning_content": "Hm."}}]})
    usage = event({"choices": [], "usage": {"total_tokens": 9}})
    llm.chunks = [b": keep-alive\n\n", thinking, delta("Yes."), usage, event("[DONE]")]
    assert asyncio.run(write(endpoint(llm), SAYS)) == "Yes."
    llm.chunks = [delta("Yes."), delta("", finish="length"), usage]
    assert asyncio.run(write(endpoint(llm), SAYS)) == "Yes."


# Badly: status, headers, chunks, and what is logged

BAD: list[tuple[int, dict[str, str], Sequence[bytes], str]] = [
    (500, {}, [b"oops"], "answered with status 500"),
    (401, {}, [b'{"error": "bad key"}'], "answered with status 401"),
    (429, {"Retry-After": "1"}, [], "answered with status 429"),
    (307, {"Location": "/v1/elsewhere"}, [], "redirects elsewhere"),
    (308, {"Location": "http://evil.example/v1"}, [], "redirects elsewhere"),
    (200, {"Content-Type": "application/json"}, [b"{}"], "stream of events"),
    (200, {"Content-Type": "text/html"}, [b"<p>Login</p>"], "stream of events"),
    (200, {"Content-Encoding": "gzip"}, streamed(GOOD), "compressed"),
    (200, {}, [], "cut off"),
    (200, {}, [delta(GOOD)], "cut off"),
    (200, {}, [delta(GOOD), b'data: {"choices": ['], "cannot be read"),
    (200, {}, [b"data: no json\n\n"], "cannot be read"),
    (200, {}, [b"data: \xff\xfe\n\n"], "cannot be read"),
    (200, {}, [b"data: " + b"[" * 15_000 + b"\n\n"], "cannot be read"),
    (200, {}, [event([1])], "reports an error"),
    (200, {}, [delta(GOOD), event({"error": {"message": KEY}})], "reports an error"),
    (200, {}, [event({"choices": 7})], "something else than choices"),
    (200, {}, [event({"choices": [{"delta": {"content": ["x"]}}]})], "something else than text"),
    (200, {}, [delta(GOOD), delta(None, finish="content_filter")], "another reason"),
    (200, {}, [delta("x" * 9_000)] * 3, "more than 20000 bytes"),
    (200, {}, [b"data: " + b"x" * 9_000] * 3, "more than 20000 bytes"),
]


@pytest.mark.parametrize(("status", "headers", "chunks", "told"), BAD)
def test_an_endpoint_that_fails_takes_nothing_away_and_is_logged_without_the_key(
    public: Place,
    llm: LlmServer,
    caplog: pytest.LogCaptureFixture,
    status: int,
    headers: dict[str, str],
    chunks: Sequence[bytes],
    told: str,
) -> None:
    llm.status, llm.chunks = status, chunks
    llm.headers = {"Content-Type": STREAM} | headers
    assert phrase(public, llm, limits=Limits(seconds=10, size=20_000)) == ()
    (record,) = [one for one in caplog.records if one.name == "bot.phrasing"]
    assert (record.levelno, record.exc_info) == (logging.WARNING, None)
    assert told in record.getMessage()
    assert KEY not in caplog.text
    assert len(llm.requests) == 1  # neither a second try, nor a redirect followed


def test_a_connection_that_breaks_in_the_middle_gives_nothing(
    public: Place, llm: LlmServer
) -> None:
    llm.chunks, llm.cut = [delta(GOOD)], True
    assert phrase(public, llm) == ()
    assert len(llm.requests) == 1


def test_nobody_at_that_address_is_no_trouble(
    public: Place, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = LlmServer(f"http://127.0.0.1:{taken.getsockname()[1]}/v1")
        assert phrase(public, nobody) == ()
    assert "could not be reached" in caplog.text
    assert KEY not in caplog.text


def test_what_is_no_http_is_no_trouble() -> None:
    async def garbage(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"\x00\xff nonsense\r\n\r\n")
        writer.close()

    async def ask() -> None:
        async with await asyncio.start_server(garbage, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            with pytest.raises(EndpointError, match="could not be reached"):
                await write(Endpoint(f"http://127.0.0.1:{port}", MODEL), SAYS)

    asyncio.run(ask())


# Slowly


@pytest.mark.parametrize("pause", [0.05, 60.0], ids=["drip", "hang"])
def test_the_whole_answer_has_to_be_there_in_time(
    public: Place, llm: LlmServer, caplog: pytest.LogCaptureFixture, pause: float
) -> None:
    llm.chunks, llm.pause = [delta("x")] * 1000, pause
    assert phrase(public, llm, limits=HURRIED) == ()
    assert "took longer than 0.4 s" in caplog.text


def test_only_a_few_are_written_at_once_and_the_others_are_left_alone(
    public: Place, llm: LlmServer
) -> None:
    llm.chunks, llm.pause = streamed(GOOD, size=100), 0.2
    library = public.library()
    found = library.ask(ASKED)
    phraser = Phraser(library, endpoint(llm))

    async def many() -> list[tuple[Phrase, ...]]:
        return await asyncio.gather(*(phraser.phrase(found) for _ in range(12)))

    given = asyncio.run(many())
    assert given == [KEPT] * 8 + [()] * 4
    assert len(llm.requests) == 8
    assert asyncio.run(phraser.phrase(found)) == KEPT


# Maliciously

EVIL = (
    "It was founded by Bob Smith [1].",
    "The group meets every 6 months [1].",
    "The group meets every six months, see https://evil.example [1].",
    "[The group](https://evil.example) meets every six months [1].",
    "@everyone The group meets every six months [1].",
    "The group meets every six months [2].",
    "The group meets every six months [7].",
    "The group meets every six months.",
    "The group does not meet every six months [1].",
    "`The group meets every six months` [1].",
    "The group\u202e meets every six months [1].",
    "The secret password of the cellar is swordfish [1].",
)


@pytest.mark.parametrize("prose", EVIL)
def test_what_the_quotes_do_not_say_is_not_shown(public: Place, llm: LlmServer, prose: str) -> None:
    llm.says(prose)
    assert phrase(public, llm) == ()
    llm.says(f"{prose} {GOOD}")
    assert phrase(public, llm) == KEPT


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PROSE)
def test_whatever_is_sent_what_is_shown_is_marked_and_quoted(
    public: Place, llm: LlmServer, prose: str
) -> None:
    found = answered(public.library().ask(ASKED))
    llm.says(prose.encode(errors="replace").decode())
    for told in phrase(public, llm):
        assert_stands(told.text, told.marks, {one.n: one.quote for one in found.citations})


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.binary(max_size=60) | st.sampled_from([delta(GOOD), event("[DONE]")]), max_size=6)
)
def test_no_bytes_make_it_raise(public: Place, llm: LlmServer, chunks: list[bytes]) -> None:
    llm.chunks = [chunk for chunk in chunks if chunk]
    assert phrase(public, llm, limits=HURRIED) in ((), KEPT)


# Not at all


def test_nothing_is_sent_where_there_is_no_answer_or_documents_disagree(
    public: Place, llm: LlmServer
) -> None:
    llm.says(GOOD)
    library = public.library()
    phraser = Phraser(library, endpoint(llm))
    found = answered(library.ask(ASKED))
    silent = Abstained(ASKED, 0.1, found.citations, found.generation, 0.0)
    claims = (Claim(1, "2021", True), Claim(2, "2020", True))
    disputed = Answer(ASKED, "x", 0.9, found.citations, found.generation, 0.0, claims)
    assert asyncio.run(phraser.phrase(silent)) == asyncio.run(phraser.phrase(disputed)) == ()
    assert llm.requests == []


def test_an_error_of_our_own_takes_nothing_away_either(
    public: Place, llm: LlmServer, caplog: pytest.LogCaptureFixture
) -> None:
    llm.says(GOOD)
    library = public.library()
    found = library.ask(ASKED)
    public.source.encoder.most_pieces = "broken"  # type: ignore[assignment]
    assert asyncio.run(Phraser(library, endpoint(llm)).phrase(found)) == ()
    assert "TypeError" in caplog.text


# Events


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\n"))), st.data())
def test_events_are_read_alike_however_they_are_cut(texts: list[str], data: st.DataObject) -> None:
    end = data.draw(st.sampled_from(["\n", "\r\n", "\r"]))
    sent = "".join(f": note{end}id: 1{end}data: {text}{end}{end}" for text in texts).encode()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(sent)), max_size=5)))
    events = Events()
    edges = [0, *cuts, len(sent)]
    found = [one for a, b in pairwise(edges) for one in events.feed(sent[a:b])]
    assert found + events.end() == texts


def test_an_event_may_have_several_lines_and_no_end() -> None:
    events = Events()
    assert events.feed(b"\xef\xbb\xbfdata: a\ndata:b\n\n\ndata: c") == ["a\nb"]
    assert events.end() == ["c"]


# The check


def test_the_check_tells_that_it_is_on_and_whether_the_model_is_there(llm: LlmServer) -> None:
    found = check_endpoint(endpoint(llm))
    host = llm.url.split("/")[2]
    assert (found.name, found.ok, found.fix) == ("phrasing", True, None)
    assert found.detail == f"on: questions and quotes are sent to {host}, which has the model"
    assert llm.requests[0].headers["Authorization"] == f"Bearer {KEY}"
    assert not llm.asked()  # nothing is written, which might cost


def test_the_check_tells_what_is_wrong(llm: LlmServer) -> None:
    assert not check_endpoint(endpoint(llm, model="another")).ok
    llm.status, llm.headers = 302, {"Location": "/v1/other"}
    assert "redirects" in check_endpoint(endpoint(llm)).detail
    llm.status = 401
    refused = check_endpoint(endpoint(llm))
    assert not refused.ok
    assert "401" in refused.detail
    assert KEY not in str(refused)
    llm.status, llm.models = 200, None
    assert check_endpoint(endpoint(llm)).ok


@pytest.mark.parametrize(
    ("url", "key", "warned"),
    [
        ("http://llm.example/v1", KEY, True),
        ("http://llm.example/v1", None, False),
        ("https://llm.example/v1", KEY, False),
        ("http://localhost:11434/v1", KEY, False),
        ("http://[::1]:11434/v1", KEY, False),
    ],
)
def test_the_check_warns_of_a_key_that_is_sent_in_the_open(
    url: str, key: str | None, warned: bool
) -> None:
    assert bool(key_advice(Endpoint(url, MODEL, Secret(key) if key else None))) == warned
