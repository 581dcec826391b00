import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from index.encoders import LoadedEncoder, ModelSource
from index.errors import EncoderError, IndexMissing
from index.library import Library
from index.models import BUNDLED, Prefixes
from index.records import Answer
from tests.corpora import write_seeds
from tests.tiny import DIMENSION, make_tiny_model, zero_weights

pytestmark = pytest.mark.usefixtures("offline")

TEXTS = ["bread is baked daily", "the group meets every six months", "a", "b"]
PROMPTS = {"query": "query: ", "document": "document: "}


@pytest.fixture(scope="module")
def encoder(tiny: Path) -> LoadedEncoder:
    return ModelSource(str(tiny)).load()


@pytest.fixture(scope="module")
def prompted(tmp_path_factory: pytest.TempPathFactory) -> LoadedEncoder:
    folder = make_tiny_model(tmp_path_factory.mktemp("models") / "prompted", prompts=PROMPTS)
    return ModelSource(str(folder)).load()


def test_a_local_model_gives_unit_vectors_in_the_order_of_its_texts(
    encoder: LoadedEncoder, tiny: Path
) -> None:
    vectors = encoder.embed_passages(TEXTS)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(TEXTS), encoder.dimension) == (len(TEXTS), DIMENSION)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    alone = np.stack([encoder.embed_query(text) for text in TEXTS])
    assert np.allclose(vectors, alone, atol=1e-4)
    assert np.abs(vectors[0] - vectors[1]).max() > 0.01
    assert encoder.identity == ModelSource(str(tiny)).identify()


def test_no_texts_give_no_vectors(encoder: LoadedEncoder) -> None:
    vectors = encoder.embed_passages([])
    assert (vectors.shape, vectors.dtype) == ((0, DIMENSION), np.dtype(np.float32))


def test_pieces_stand_where_their_words_stand(encoder: LoadedEncoder) -> None:
    text = "The groups, baked."
    assert [text[start:end] for start, end in encoder.pieces(text)] == [
        "The", "group", "s", ",", "baked", ".",
    ]  # fmt: skip
    assert encoder.is_one_piece("group")
    assert not encoder.is_one_piece("groups")
    assert encoder.pieces("") == []


def test_a_text_of_as_many_pieces_as_are_read_is_read_to_its_end(encoder: LoadedEncoder) -> None:
    assert encoder.most_pieces == 98  # a hundred, and one piece before and one behind
    words = ["bread"] * (encoder.most_pieces - 1)
    one, other = encoder.embed_passages([" ".join([*words, "a"]), " ".join([*words, "group"])])
    assert np.abs(one - other).max() > 1e-4


def test_a_text_that_would_be_cut_is_refused(encoder: LoadedEncoder) -> None:
    with pytest.raises(ValueError, match="1 texts have more than 98 word pieces"):
        encoder.embed_passages(["a", "bread " * 99])


def test_a_question_that_is_too_long_is_read_as_far_as_it_goes(encoder: LoadedEncoder) -> None:
    long = encoder.embed_query("bread " * 500)
    assert np.allclose(long, encoder.embed_query("bread " * 98), atol=1e-5)


def test_a_models_own_prompts_are_put_before_its_texts(
    encoder: LoadedEncoder, prompted: LoadedEncoder
) -> None:
    plain = encoder.embed_passages([f"document: {text}" for text in TEXTS])
    assert np.allclose(prompted.embed_passages(TEXTS), plain, atol=1e-5)
    asked = encoder.embed_query("query: the group")
    assert np.allclose(prompted.embed_query("the group"), asked, atol=1e-5)
    assert np.abs(prompted.embed_query("a") - prompted.embed_passages(["a"])[0]).max() > 1e-4


def test_a_prompt_takes_room_from_what_is_read(
    encoder: LoadedEncoder, prompted: LoadedEncoder
) -> None:
    assert prompted.most_pieces == encoder.most_pieces - 2  # "document" and ":"
    words = ["bread"] * (prompted.most_pieces - 1)
    one, other = prompted.embed_passages([" ".join([*words, "a"]), " ".join([*words, "group"])])
    assert np.abs(one - other).max() > 1e-4
    with pytest.raises(ValueError, match="word pieces"):
        prompted.embed_passages(["bread " * (prompted.most_pieces + 1)])


def remove_tokenizer(folder: Path) -> None:
    for path in folder.glob("tokenizer*"):
        path.unlink()


def empty(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()


SPOILT: dict[str, Callable[[Path], object]] = {
    "torn weights": lambda folder: (folder / "model.safetensors").write_bytes(
        b"\x08\0\0\0\0\0\0\0"
    ),
    "other weights": lambda folder: (folder / "config.json").write_text(
        (folder / "config.json").read_text().replace('"hidden_size": 32', '"hidden_size": 64')
    ),
    "no configuration": lambda folder: (folder / "config.json").unlink(),
    "garbage for a configuration": lambda folder: (folder / "config.json").write_text("{"),
    "garbage for a list of modules": lambda folder: (folder / "modules.json").write_text("[{}]"),
    "modules of others": lambda folder: (folder / "modules.json").write_text(
        '[{"idx": 0, "name": "0", "path": "", "type": "shutil.rmtree"}]'
    ),
    "garbage for pooling": lambda folder: (folder / "1_Pooling" / "config.json").write_text(
        '{"pooling": "odd"}'
    ),
    "garbage for a tokenizer": lambda folder: (folder / "tokenizer.json").write_text("{}"),
    "no tokenizer": remove_tokenizer,
    "nothing": empty,
}


@pytest.mark.parametrize("how", SPOILT)
def test_a_spoilt_model_is_told_with_what_to_do(copied: Path, how: str) -> None:
    SPOILT[how](copied)
    with pytest.raises(EncoderError, match="FOOTNOTE_MODEL") as caught:
        ModelSource(str(copied)).load()
    assert "\n" not in str(caught.value)


def test_a_model_without_vectors_of_length_one_is_told(copied: Path) -> None:
    zero_weights(copied)
    encoder = ModelSource(str(copied)).load()
    told = "something else than unit vectors of 32 numbers"
    with pytest.raises(EncoderError, match=told):
        encoder.embed_query("a")
    with pytest.raises(EncoderError, match=told):
        encoder.embed_passages(["a"])


def test_a_model_that_reads_too_little_is_told(tmp_path: Path) -> None:
    folder = make_tiny_model(tmp_path / "narrow", reads=16)
    with pytest.raises(EncoderError, match="narrow reads 14 word pieces of a text; 64 are needed"):
        ModelSource(str(folder)).load()


def test_a_model_whose_tokenizer_tells_no_places_is_told(tiny: Path, tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(tiny / "tokenizer.json"))
    model = SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_dim=8)], device="cpu")
    model.save_pretrained(str(tmp_path / "static"), create_model_card=False)
    with pytest.raises(EncoderError, match="static cannot be loaded"):
        ModelSource(str(tmp_path / "static")).load()


def test_a_missing_model_is_told_with_what_to_do(tmp_path: Path) -> None:
    for missing in (str(tmp_path / "none"), "nobody/no-such-model"):
        with pytest.raises(EncoderError, match="FOOTNOTE_MODEL"):
            ModelSource(missing).load()


def test_the_bundled_model_loads_without_a_network(bundled: LoadedEncoder) -> None:
    assert bundled.identity.name == BUNDLED
    assert (bundled.dimension, bundled.most_pieces) == (384, 254)
    near, far = bundled.embed_passages(["How often do they meet?", "Bread is baked in an oven."])
    query = bundled.embed_query("The group will meet every six months.")
    assert query @ near > 0.5 > 0.2 > query @ far
    assert bundled.is_one_piece("bread")
    assert not bundled.is_one_piece("sourdoughs")


def test_a_library_is_asked_with_a_local_model_and_not_with_what_became_of_it(
    copied: Path, tmp_path: Path
) -> None:
    write_seeds(tmp_path / "seeds", {"talks.txt": "Talks\n\nThe group meets every six months."})

    def library() -> Library:
        return Library.open(seeds=tmp_path / "seeds", data=tmp_path / "data", model=str(copied))

    assert library().refresh().passages == 1
    answer = library().ask("how often does the group meet?", min_confidence=0)
    assert isinstance(answer, Answer)
    assert answer.answer == "every six months"
    (copied / "config_sentence_transformers.json").write_text('{"prompts": {"query": "query: "}}')
    with pytest.raises(IndexMissing, match="another model"):
        library().ask("how often does the group meet?")
    assert library().refresh().generation == "000002"
    assert library().ask("how often does the group meet?").generation == "000002"


def test_prefixes_go_before_texts_and_an_index_made_with_others_is_not_asked(
    copied: Path, tmp_path: Path
) -> None:
    write_seeds(tmp_path / "seeds", {"talks.txt": "Talks\n\nThe group meets every six months."})
    given = Prefixes("query: ", "document: ")
    plain = ModelSource(str(copied)).load()
    for exports in (None, tmp_path / "models"):
        model = ModelSource(str(copied), exports=exports, prefixes=given).load()
        asked, found = model.embed_query("the group"), model.embed_passages(["the group"])[0]
        assert np.allclose(asked, plain.embed_query("query: the group"), atol=1e-5)
        assert np.allclose(found, plain.embed_passages(["document: the group"])[0], atol=1e-5)
        assert model.most_pieces == plain.most_pieces - 2

    def library(prefixes: Prefixes) -> Library:
        seeds, data = tmp_path / "seeds", tmp_path / "data"
        return Library.open(seeds=seeds, data=data, model=str(copied), prefixes=prefixes)

    assert library(given).refresh().passages == 1
    assert library(given).ask("does the group meet?").generation == "000001"
    with pytest.raises(IndexMissing, match="another model"):
        library(Prefixes("query: ", None)).ask("does the group meet?")
