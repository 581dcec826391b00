from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import save_file

from index.errors import EncoderError
from index.onnx_session import WORDS, OnnxNetwork
from index.originals.network import borrowed, exported
from index.word_vectors import WordTable, WordVectors, tables_of

PIECES, DIMENSION = 3_000, 8  # more than are kept
ROWS = np.random.default_rng(3).standard_normal((PIECES, DIMENSION)).astype(np.float32)


def written(path: Path, *, before: bytes = b"", after: bytes = b"") -> WordTable:
    path.write_bytes(before + ROWS.astype("<f4").tobytes() + after)
    return WordTable(path, len(before), PIECES, DIMENSION)


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> WordTable:
    return written(tmp_path_factory.mktemp("words") / "w.bin", before=b"xyz", after=b"more")


shapes = st.lists(st.integers(0, 5), min_size=1, max_size=3)


@given(st.data(), shapes)
def test_rows_are_those_of_the_file(
    table: WordTable, data: st.DataObject, shape: list[int]
) -> None:
    count = int(np.prod(shape))
    numbers = st.lists(st.integers(0, PIECES - 1), min_size=count, max_size=count)
    pieces = np.array(data.draw(numbers), np.int64).reshape(shape)
    found = WordVectors(table).of(pieces)
    assert found.dtype == np.float32
    assert np.array_equal(found, ROWS[pieces])


def test_many_threads_may_read_at_once(table: WordTable) -> None:
    vectors = WordVectors(table)

    def read(seed: int) -> bool:
        pieces = np.random.default_rng(seed).integers(0, PIECES, (20, 30))
        return np.array_equal(vectors.of(pieces), ROWS[pieces])

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(read, range(80)))


@pytest.mark.parametrize("piece", [-1, PIECES, 2**40])
def test_a_word_piece_that_is_not_there_is_refused(table: WordTable, piece: int) -> None:
    with pytest.raises(ValueError, match="between 0 and 2999"):
        WordVectors(table).of(np.array([[0, piece]]))


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=r"cannot be read from gone\.bin: No such file"):
        WordVectors(WordTable(tmp_path / "gone.bin", 0, PIECES, DIMENSION))


def test_a_file_that_is_cut_is_told(tmp_path: Path) -> None:
    cut = written(tmp_path / "w.bin")
    vectors = WordVectors(cut)
    cut.file.write_bytes(cut.file.read_bytes()[:-1])
    with pytest.raises(EncoderError, match="the file is too short"):
        vectors.of(np.array([PIECES - 1]))


def test_a_folder_is_no_file_of_words(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="cannot be read"):
        WordVectors(WordTable(tmp_path, 0, PIECES, DIMENSION)).of(np.array([0]))


# What is taken out of a network.


def network(
    *,
    change: Callable[[onnx.GraphProto], None] = lambda graph: None,
    outputs: Sequence[str] = ("found",),
) -> bytes:
    """A network that looks word pieces up and doubles their vectors."""
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["looked"]),
        helper.make_node("Add", ["looked", "looked"], ["found"]),
    ]
    shape = ["texts", "tokens"]
    graph = helper.make_graph(
        nodes,
        "a",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, shape)],
        [helper.make_tensor_value_info(one, TensorProto.FLOAT, None) for one in outputs],
        [numpy_helper.from_array(ROWS, "table")],
    )
    change(graph)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    whole: bytes = made.SerializeToString()
    return whole


def results(
    folder: Path, whole: bytes, pieces: NDArray[np.int64]
) -> dict[str, NDArray[np.float32]]:
    made = exported(whole, weights="w.bin", tokenizer="", traits={})
    (folder / "n.onnx").write_bytes(made.network)
    (folder / "w.bin").write_bytes(made.weights)
    words = made.words and WordTable(folder / "w.bin", *made.words[1:])
    return OnnxNetwork(folder / "n.onnx", words or None).run({"input_ids": pieces})


def test_vectors_of_words_are_taken_out_and_given_to_the_network(tmp_path: Path) -> None:
    made = exported(network(), weights="w.bin", tokenizer="", traits={})
    assert made.words == (None, 0, PIECES, DIMENSION)
    assert len(made.network) < 1_000
    assert len(made.weights) == ROWS.nbytes
    graph = onnx.load_model_from_string(made.network).graph
    assert WORDS in [one.name for one in graph.input]
    pieces = np.array([[5, 7, 2_999], [0, 0, 1]])
    assert np.array_equal(results(tmp_path, network(), pieces)["found"], 2 * ROWS[pieces])


def test_vectors_that_the_model_has_in_a_file_are_not_kept_again(tmp_path: Path) -> None:
    made = exported(network(), weights="w.bin", tokenizer="", traits={})
    assert borrowed(made, tmp_path) == made
    (tmp_path / "part").mkdir()
    tensors: dict[str, NDArray[Any]] = {
        "near": ROWS + 1,
        "other": ROWS[1:],
        "whole": ROWS.astype(np.float64),
        "found": ROWS,
    }
    save_file(tensors, tmp_path / "part" / "m.safetensors", {"format": "np"})
    small = borrowed(made, tmp_path)
    assert (small.network, small.weights) == (made.network, b"")
    assert small.words
    assert small.words[0] == "part/m.safetensors"
    found = WordVectors(WordTable(tmp_path / small.words[0], *small.words[1:]))
    assert np.array_equal(found.of(np.arange(PIECES)), ROWS)


def test_a_network_with_its_words_borrows_none(tmp_path: Path) -> None:
    made = exported(network(change=tied), weights="w.bin", tokenizer="", traits={})
    save_file({"found": ROWS}, tmp_path / "m.safetensors")
    assert borrowed(made, tmp_path) == made


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff" * 20,
        (2**40).to_bytes(8, "little"),
        (2).to_bytes(8, "little") + b"[]",
        (3).to_bytes(8, "little") + b"{x}",
        (8).to_bytes(8, "little") + b'{"a": 1}',
    ],
)
def test_a_file_that_holds_no_tables_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "m.safetensors").write_bytes(content)
    with pytest.raises(EncoderError, match=r"cannot be read from m\.safetensors"):
        tables_of(tmp_path / "m.safetensors")


def tied(graph: onnx.GraphProto) -> None:
    """The table is used for something else too, as where words are told again at the end."""
    graph.node.append(helper.make_node("ReduceMax", ["table"], ["other"], keepdims=0))
    graph.output.append(helper.make_tensor_value_info("other", TensorProto.FLOAT, None))


def shown(graph: onnx.GraphProto) -> None:
    """What was looked up is told."""
    graph.output.append(helper.make_tensor_value_info("looked", TensorProto.FLOAT, None))


def twice(graph: onnx.GraphProto) -> None:
    """Word pieces are looked up in two places."""
    graph.initializer.append(numpy_helper.from_array(-ROWS, "second"))
    graph.node.append(helper.make_node("Gather", ["second", "input_ids"], ["other"]))
    graph.output.append(helper.make_tensor_value_info("other", TensorProto.FLOAT, None))


def made_up(graph: onnx.GraphProto) -> None:
    """The table is worked out in the network."""
    graph.initializer[0].name = "before"
    graph.node.insert(0, helper.make_node("Neg", ["before"], ["negative"]))
    graph.node.insert(1, helper.make_node("Neg", ["negative"], ["table"]))


def moved(graph: onnx.GraphProto) -> None:
    """Numbers of word pieces are shifted first."""
    graph.initializer.append(numpy_helper.from_array(np.array(0, np.int64), "none"))
    graph.node.insert(0, helper.make_node("Add", ["input_ids", "none"], ["shifted"]))
    graph.node[1].input[1] = "shifted"


def across(graph: onnx.GraphProto) -> None:
    """Columns are looked up, not rows."""
    graph.initializer[0].CopyFrom(numpy_helper.from_array(np.ascontiguousarray(ROWS.T), "table"))
    graph.node[0].attribute.append(helper.make_attribute("axis", 1))


@pytest.mark.parametrize("change", [tied, shown, twice, made_up, moved, across])
def test_a_network_of_another_kind_keeps_them(
    tmp_path: Path, change: Callable[[onnx.GraphProto], None]
) -> None:
    whole = network(change=change)
    assert exported(whole, weights="w.bin", tokenizer="", traits={}).words is None
    pieces = np.array([[5, 7, 2_999]])
    expected = 2 * (ROWS.T[:, pieces] if change is across else ROWS[pieces])
    assert np.array_equal(results(tmp_path, whole, pieces)["found"], expected)
