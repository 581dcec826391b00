"""Training the reader: it is given what the reader is given, learns, and is exported unchanged."""

import copy
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.training.articles import folds
from benchmarks.training.distilling import distance, drawn_from
from benchmarks.training.export import exported, in_eight_bits
from benchmarks.training.inputs import Example, Group, Inputs, batch_of, in_batches
from benchmarks.training.network import ReaderNetwork, Shape
from benchmarks.training.readers import shape_of
from benchmarks.training.train import fit
from index.bundled_reader import BundledReader, opened
from index.models import ModelIdentity
from index.pairing import SENTENCE
from index.reading import Extract

QUESTION = "how often does the group meet?"
MEETS = "The working group meets every six months in Berlin."
BREAD = "Bread is baked daily from wheat, water, salt and yeast."
OFTEN = (MEETS.index("every"), MEETS.index("every") + len("every six months"))
SMALL = Shape(layers=3, heads=6, inner=768)
GROUP = Group(
    QUESTION,
    (
        Example("Group", MEETS, is_answer=True, spans=(OFTEN,)),
        Example("", BREAD, is_answer=False),
    ),
)


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    return Inputs()


@pytest.fixture(scope="module")
def network() -> ReaderNetwork:
    torch.manual_seed(0)
    return ReaderNetwork(SMALL).eval()


@pytest.fixture(scope="module")
def trained(inputs: Inputs) -> ReaderNetwork:
    torch.manual_seed(0)
    network = ReaderNetwork(SMALL)
    fit(network, lambda _: iter([GROUP] * 8), inputs, epochs=3, rows=4, rate=1e-3)
    return network


@pytest.fixture(scope="module")
def in_floats(network: ReaderNetwork, tmp_path_factory: pytest.TempPathFactory) -> BundledReader:
    return as_reader(exported(network), tmp_path_factory.mktemp("floats"))


def as_reader(network: bytes, folder: Path) -> BundledReader:
    path = folder / "network.onnx"
    path.write_bytes(network)
    return opened(path, ModelIdentity("trained", ""))


def test_a_stretch_is_marked_where_its_word_pieces_are(
    inputs: Inputs, in_floats: BundledReader
) -> None:
    encoded = inputs.encode(QUESTION, GROUP.examples[0])
    (laid,) = in_floats.lay(QUESTION, [Extract("Group", MEETS)])
    ((first, last),) = encoded.targets
    assert MEETS[laid.places[first, 0] : laid.places[last, 1]] == "every six months"
    start, end = encoded.readable
    assert MEETS[laid.places[start, 0] : laid.places[end - 1, 1]] == MEETS


@given(st.text(max_size=40), st.text(max_size=80), st.integers(0, 80), st.integers(0, 80))
@settings(deadline=None, max_examples=50)
def test_whatever_is_trained_on_fits_in_a_batch(
    inputs: Inputs, question: str, sentence: str, start: int, end: int
) -> None:
    example = Example("", sentence, is_answer=True, spans=((start, end),))
    batch = batch_of([[inputs.encode(question, example)]])
    (row,) = batch.rows
    assert batch.mask[0].sum() == len(row.ids)
    assert batch.mask[1:].sum() == 0  # rows that only round the number up
    for first, last in row.targets:
        assert row.readable[0] <= first <= last < row.readable[1]


def test_batches_hold_each_question_once(inputs: Inputs) -> None:
    dice = random.Random(0)
    groups = [
        [inputs.encode(" ".join(["word"] * dice.randint(1, 30)), one) for one in GROUP.examples]
        for _ in range(20)
    ]
    found = [group for batch in in_batches(groups, rows=6, seed=0) for group in batch]
    assert sorted(map(id, found)) == sorted(map(id, groups))


def test_no_article_is_left_out_twice_and_none_never() -> None:
    articles = [f"article {number}" for number in range(8)]
    assert sorted(one for apart in folds(articles) for one in apart) == articles


@pytest.mark.parametrize("shape", [SMALL, Shape(layers=2)])
def test_the_export_says_what_the_network_says(
    inputs: Inputs, shape: Shape, tmp_path: Path
) -> None:
    torch.manual_seed(0)
    network = ReaderNetwork(shape).eval()
    in_floats = as_reader(exported(network), tmp_path)
    laid = in_floats.lay(QUESTION, [Extract("Group", MEETS), Extract("", BREAD)])
    batch = batch_of([[inputs.encode(QUESTION, one) for one in GROUP.examples]])
    with torch.no_grad():
        said = network(batch)
    for at, one in enumerate(laid):
        (found,) = in_floats.scored([one])
        told = [
            0,
            *np.flatnonzero(np.equal(one.tokens.type_ids, SENTENCE)),
        ]  # of no others a stretch begins or ends
        np.testing.assert_allclose(found.starts[told], said.spans[at, told, 0], atol=1e-4)
        np.testing.assert_allclose(found.ends[told], said.spans[at, told, 1], atol=1e-4)
        assert found.relevance == pytest.approx(float(said.relevance[at]), abs=1e-4)


def test_what_is_read_of_a_sentence_does_not_depend_on_what_is_read_beside_it(
    network: ReaderNetwork, tmp_path: Path
) -> None:
    reader = as_reader(in_eight_bits(exported(network)), tmp_path)
    extracts = [Extract("", BREAD), Extract("Group", MEETS), Extract("", f"{BREAD} {MEETS}")]
    alone = [reader.read(QUESTION, [one])[0] for one in extracts]
    assert reader.read(QUESTION, extracts) == alone


def test_eight_bits_take_a_quarter_and_say_nearly_the_same(
    network: ReaderNetwork, in_floats: BundledReader, tmp_path: Path
) -> None:
    floats = exported(network)
    whole = in_eight_bits(floats)
    assert len(whole) < len(floats) / 3
    reader = as_reader(whole, tmp_path)
    (laid,) = in_floats.lay(QUESTION, [Extract("Group", MEETS)])
    ((near,), (exact,)) = (one.scored([laid]) for one in (reader, in_floats))
    np.testing.assert_allclose(near.starts, exact.starts, rtol=1e-6, atol=0.2)


def test_training_teaches_where_the_answer_stands(trained: ReaderNetwork, tmp_path: Path) -> None:
    reader = as_reader(in_eight_bits(exported(trained)), tmp_path)
    meets, bread = reader.read(QUESTION, [Extract("Group", MEETS), Extract("", BREAD)])
    assert MEETS[meets.start : meets.end] == "every six months"
    assert meets.margin > 0 > bread.margin
    assert meets.relevance > bread.relevance


def test_a_network_is_as_large_as_it_is_told(network: ReaderNetwork) -> None:
    assert shape_of(network.state_dict()) == SMALL


def test_a_narrow_network_reads_the_context_low_down_only() -> None:
    assert Shape(layers=6).context_layers == 6
    assert Shape(layers=6, heads=8, inner=768).context_layers == 2


def test_upper_layers_do_not_read_the_context(inputs: Inputs, network: ReaderNetwork) -> None:
    batch = batch_of([[inputs.encode(QUESTION, GROUP.examples[0])]])
    other = torch.where(batch.context, inputs.encode("bread", GROUP.examples[1]).ids[1], batch.ids)
    assert not torch.equal(other, batch.ids)

    def said(ids: torch.Tensor) -> torch.Tensor:
        with torch.no_grad():
            found: torch.Tensor = network(replace(batch, ids=ids)).spans[0]
        return found

    assert not torch.allclose(said(other), said(batch.ids), atol=1e-3)
    network.context_layers = 0
    try:
        rest = ~batch.context[0]
        torch.testing.assert_close(said(other)[rest], said(batch.ids)[rest])
    finally:
        network.context_layers = 1


def test_a_network_drawn_whole_says_the_same(inputs: Inputs, trained: ReaderNetwork) -> None:
    batch = batch_of([[inputs.encode(QUESTION, one) for one in GROUP.examples]])
    drawn = drawn_from(trained, SMALL, [batch])
    with torch.no_grad():
        torch.testing.assert_close(drawn(batch).spans, trained(batch).spans)
        assert float(distance(trained(batch), drawn(batch), batch)) == pytest.approx(0, abs=1e-6)


def test_what_counts_for_nothing_is_left_out(inputs: Inputs, trained: ReaderNetwork) -> None:
    batch = batch_of([[inputs.encode(QUESTION, one) for one in GROUP.examples]])
    idle = copy.deepcopy(trained)
    with torch.no_grad():
        for layer in idle.bert.encoder.layer:
            layer.output.dense.weight[:, 1::2] = 0
            layer.attention.output.dense.weight[:, 32:64] = 0
        said = idle(batch)
    half = drawn_from(idle, replace(SMALL, heads=5, inner=384), [batch])
    assert shape_of(half.state_dict()) == replace(SMALL, heads=5, inner=384)
    with torch.no_grad():
        torch.testing.assert_close(half(batch).spans, said.spans)
        torch.testing.assert_close(half(batch).relevance, said.relevance)


def test_who_is_taught_comes_nearer_to_the_teacher(inputs: Inputs, trained: ReaderNetwork) -> None:
    batch = batch_of([[inputs.encode(QUESTION, one) for one in GROUP.examples]])
    student = drawn_from(trained, Shape(layers=2, heads=3, inner=384), [batch])

    def apart() -> float:
        with torch.no_grad():
            return float(distance(trained(batch), student(batch), batch))

    before = apart()
    fit(
        student,
        lambda _: iter([GROUP] * 8),
        inputs,
        epochs=3,
        rows=4,
        rate=1e-3,
        teacher=trained,
    )
    assert apart() < before / 2
