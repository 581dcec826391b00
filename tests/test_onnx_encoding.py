import sysconfig
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from index.errors import EncoderError
from index.feeding import TOKENS_AT_ONCE, in_batches
from index.models import model_files
from index.onnx_encoding import OnnxEncoder
from index.originals.encoder import SentenceEncoder, load_encoder
from index.probing import LEAST_COSINE, PROBES, difference
from tests.tiny import DIMENSION, WORDS, make_tiny_model, make_variant, opened_export, zero_weights

pytestmark = pytest.mark.usefixtures("offline")

SEED = Path(__file__).parents[1] / "seeds" / "000_8be179ed4e282a42.txt"
PAIRS = ("tiny", "bundled")
Pair = tuple[SentenceEncoder, OnnxEncoder]

texts = st.one_of(
    st.text(max_size=60),
    st.text(st.characters(max_codepoint=0x24F, exclude_categories=["Cs"]), max_size=200),
    st.lists(st.sampled_from(WORDS), max_size=150).map(" ".join),
    st.sampled_from(PROBES),
)
slow = settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


def tiny_pair(model: Path, exports: Path) -> Pair:
    original = load_encoder(model_files(str(model)))
    return original, opened_export(original, exports)


@pytest.fixture(scope="module")
def pairs(
    tiny: Path,
    bundled: SentenceEncoder,
    bundled_export: OnnxEncoder,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Pair]:
    """The original and the export of each model."""
    made = tiny_pair(tiny, tmp_path_factory.mktemp("exports"))
    return {"tiny": made, "bundled": (bundled, bundled_export)}


def cosine(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.dot(one.astype(np.float64), other.astype(np.float64)))


@pytest.mark.parametrize("model", PAIRS)
def test_an_export_says_of_itself_what_its_original_says(
    pairs: dict[str, Pair], model: str
) -> None:
    original, export = pairs[model]
    assert (export.identity, export.dimension) == (original.identity, original.dimension)
    assert export.most_pieces == original.most_pieces


@pytest.mark.parametrize("model", PAIRS)
@slow
@given(text=texts)
@example(text="")
@example(text="bread " * 500)
@example(text="[CLS][SEP] [MASK]")
def test_an_export_takes_any_text_apart_as_its_original_does(
    pairs: dict[str, Pair], model: str, text: str
) -> None:
    original, export = pairs[model]
    assert export.pieces(text) == original.pieces(text)
    assert export.is_one_piece(text) == original.is_one_piece(text)


@pytest.mark.parametrize("model", PAIRS)
@slow
@given(text=texts)
@example(text="")
@example(text="bread " * 500)
def test_an_exports_vector_of_any_question_is_its_originals(
    pairs: dict[str, Pair], model: str, text: str
) -> None:
    original, export = pairs[model]
    assert cosine(original.embed_query(text), export.embed_query(text)) >= LEAST_COSINE


@pytest.mark.parametrize("model", PAIRS)
@slow
@given(many=st.lists(texts, max_size=20))
def test_an_exports_vectors_of_any_passages_are_its_originals_in_their_order(
    pairs: dict[str, Pair], model: str, many: list[str]
) -> None:
    original, export = pairs[model]
    short = [text for text in many if len(original.pieces(text)) <= original.most_pieces]
    ours, theirs = export.embed_passages(short), original.embed_passages(short)
    assert (ours.shape, ours.dtype) == (theirs.shape, theirs.dtype)
    assert all(map(lambda *rows: cosine(*rows) >= LEAST_COSINE, ours, theirs))


def test_the_sentences_of_the_seed_document_have_the_same_vectors(pairs: dict[str, Pair]) -> None:
    original, export = pairs["bundled"]
    found = [line for line in SEED.read_text("utf-8").replace(". ", ".\n").split("\n") if line]
    assert len(found) > 20
    ours, theirs = export.embed_passages(found), original.embed_passages(found)
    assert np.abs(ours - theirs).max() < 1e-5


@pytest.mark.parametrize("model", PAIRS)
def test_a_text_that_would_be_cut_is_refused(pairs: dict[str, Pair], model: str) -> None:
    most = pairs[model][1].most_pieces
    with pytest.raises(ValueError, match=f"1 texts have more than {most} word pieces"):
        pairs[model][1].embed_passages(["a", "a " * (most + 1)])
    assert pairs[model][1].embed_passages(["a " * most]).shape[0] == 1


def test_a_question_is_read_as_far_as_it_goes_and_the_next_one_whole(
    pairs: dict[str, Pair],
) -> None:
    export = pairs["tiny"][1]
    before = export.embed_query("bread " * 98)
    assert np.array_equal(export.embed_query("bread " * 97 + "bread is baked"), before)
    assert len(export.pieces("bread " * 300)) == 300
    assert not np.array_equal(export.embed_query("bread " * 97 + "a"), before)


def test_several_threads_may_use_one_export(pairs: dict[str, Pair]) -> None:
    export = pairs["bundled"][1]
    asked = [f"how often does group {number} meet?" for number in range(24)]
    alone = [export.embed_query(text) for text in asked]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(export.embed_query, asked))
        rows = list(pool.map(export.embed_passages, [asked] * 4))
    assert all(map(np.array_equal, alone, together))
    assert all(np.allclose(one, alone, atol=1e-5) for one in rows)


def pooled(*modes: str) -> Callable[[], list[object]]:
    def modules() -> list[object]:
        from sentence_transformers.sentence_transformer.modules import Pooling

        return [Pooling(DIMENSION, pooling_mode=modes)]

    return modules


def dense() -> list[object]:
    from sentence_transformers.sentence_transformer.modules import Dense, Normalize, Pooling

    return [Pooling(DIMENSION), Dense(DIMENSION, 24), Normalize()]


@given(lengths=st.lists(st.integers(2, 512), max_size=40))
def test_each_text_is_in_one_batch_and_no_batch_outgrows_the_cache(lengths: list[int]) -> None:
    found = list(in_batches(lengths))
    assert sorted(at for batch in found for at in batch) == list(range(len(lengths)))
    for batch in found:
        longest = max(lengths[at] for at in batch)
        assert len(batch) == 1 or len(batch) * longest <= TOKENS_AT_ONCE
    ends = [(min(lengths[at] for at in one), max(lengths[at] for at in one)) for one in found]
    assert all(before[1] <= after[0] for before, after in pairwise(ends))


@pytest.mark.parametrize("processors", [1, 2, 3, 64])
def test_batches_side_by_side_give_the_same_vectors(
    pairs: dict[str, Pair], monkeypatch: pytest.MonkeyPatch, processors: int
) -> None:
    export = pairs["tiny"][1]
    many = [f"{word} " * length for length in range(1, 90, 3) for word in ("bread", "group")]
    alone = np.stack([export.embed_passages([text])[0] for text in many])
    monkeypatch.setattr("index.onnx_encoding.processors", lambda: processors)
    assert np.allclose(export.embed_passages(many), alone, atol=1e-5)


VARIANTS: dict[str, Callable[[], list[object]]] = {
    "the first token": pooled("cls"),
    "the largest numbers": pooled("max"),
    "two ways of pooling": pooled("mean", "max"),
    "a mean by the root of the length": pooled("mean_sqrt_len_tokens"),
    "later tokens weigh more": pooled("weightedmean"),
    "the last token": pooled("lasttoken"),
    "another layer": dense,
}


@pytest.mark.parametrize("how", VARIANTS)
def test_models_of_other_make_are_exported_too(tiny: Path, tmp_path: Path, how: str) -> None:
    original, export = tiny_pair(
        make_variant(tiny, tmp_path / "variant", VARIANTS[how]()), tmp_path / "exports"
    )
    assert difference(original, export) is None


def test_a_models_own_prompts_are_put_before_its_texts(tmp_path: Path) -> None:
    prompts = {"query": "query: ", "document": "document: "}
    folder = make_tiny_model(tmp_path / "prompted", prompts=prompts)
    original, export = tiny_pair(folder, tmp_path / "exports")
    assert difference(original, export) is None
    assert np.abs(export.embed_query("a") - export.embed_passages(["a"])[0]).max() > 1e-4


def test_a_model_without_vectors_of_length_one_is_told(copied: Path, tmp_path: Path) -> None:
    zero_weights(copied)
    _, export = tiny_pair(copied, tmp_path / "exports")
    with pytest.raises(EncoderError, match="something else than unit vectors of 32 numbers"):
        export.embed_query("a")
    with pytest.raises(EncoderError, match="something else than unit vectors of 32 numbers"):
        export.embed_passages(["a"])


def test_the_runtime_knows_no_address_to_report_to() -> None:
    folder = Path(sysconfig.get_paths()["platlib"]) / "onnxruntime" / "capi"
    libraries = [
        one for one in folder.iterdir() if {".so", ".pyd", ".dll", ".dylib"} & {*one.suffixes}
    ]
    assert libraries
    for library in libraries:
        assert b"events.data.microsoft.com" not in library.read_bytes(), library.name
