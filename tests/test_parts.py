"""A sentence's vector is the mean of its word pieces in its passage, where the model tells them."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.context import in_context, parts_in_context
from index.embedding import of_parts
from index.encoded_texts import Wanted
from index.indexing import Prepared, build, prepare
from index.library import Library
from index.merging import merged
from index.models import model_files
from index.onnx_encoding import OnnxEncoder
from index.originals.encoder import SentenceEncoder, load_encoder
from index.probing import LEAST_COSINE, difference
from index.records import Answer, Span
from index.snapshot import Snapshot
from tests.corpora import corpora, document
from tests.test_indexing import NOW, documents, tables
from tests.tiny import DIMENSION, make_tiny_model, make_variant, opened_export
from tests.words import WordEncoder

pytestmark = pytest.mark.usefixtures("offline")

TALKS = "Talks\n\nThe group meets every six months. Its chair is Ada Lovelace.\n"
PASSAGE = "Talks: The group meets every six months. Its chair is Ada Lovelace."
MEETS = Span(PASSAGE.index("The group"), PASSAGE.index(" Its chair"))
CHAIR = Span(PASSAGE.index("Its chair"), len(PASSAGE))


class Telling(WordEncoder):
    """Words, which tells the vectors of parts."""

    tells_parts = True


def telling(texts: dict[str, str], before: Snapshot | None = None) -> tuple[Snapshot, list[str]]:
    encoder = Telling()
    prepared = [prepare(one, encoder=encoder, now=NOW) for one in documents(texts)]
    return build(prepared, encoder=encoder, before=before), encoder.embedded


def prepared_of(texts: dict[str, str], encoder: OnnxEncoder) -> list[Prepared]:
    return [prepare(one, encoder=encoder, now=NOW) for one in documents(texts)]


@settings(deadline=None)
@given(corpora)
def test_a_part_stands_where_its_sentence_does(texts: dict[str, str]) -> None:
    for one in documents(texts):
        prepared = prepare(one, encoder=WordEncoder(), now=NOW)
        passages = prepared.segmented.passages
        for passage, text, parts in zip(
            passages, prepared.passage_texts, prepared.parts, strict=True
        ):
            said = [text[part.start : part.end] for part in parts]
            own = [one.text[s.start : s.end] for s in passage.sentences]
            assert said == [" ".join(sentence.split()) for sentence in own]


def test_a_part_is_found_behind_its_context() -> None:
    given = document(TALKS, "a.txt")
    whole, part = Span(TALKS.index("The"), len(TALKS) - 1), Span(TALKS.index("Its"), len(TALKS) - 1)
    text = in_context("Talks: 2019", given, whole)
    (found,) = parts_in_context("Talks: 2019", given, whole, [part])
    assert text[found.start : found.end] == "Its chair is Ada Lovelace."


@settings(deadline=None, max_examples=40)
@given(corpora, corpora)
def test_an_index_with_parts_grows_to_what_it_is_when_made_anew(
    old: dict[str, str], new: dict[str, str]
) -> None:
    before, _ = telling(old)
    grown, embedded = telling(new, before)
    anew, all_ = telling(new)
    assert tables(grown) == tables(anew)
    assert set(embedded) <= set(all_)
    assert telling(new, anew)[1] == []


def test_a_text_is_read_once_and_again_when_it_changes() -> None:
    before, embedded = telling({"a.txt": TALKS})
    assert embedded == [PASSAGE]
    changed = TALKS.replace("Ada", "Eve")
    assert telling({"a.txt": changed}, before)[1] == [PASSAGE.replace("Ada", "Eve")]
    assert telling({"b.txt": TALKS}, before)[1] == []


def test_the_same_sentence_has_another_vector_in_another_passage() -> None:
    snapshot, _ = telling({"a.txt": TALKS, "b.txt": TALKS.replace("Ada", "Eve")})
    assert len(set(snapshot.sentence_keys.tolist())) == 4


def test_a_text_cannot_pass_for_a_part_of_another() -> None:
    posing = Wanted(f"{PASSAGE}\0{MEETS.start}:{MEETS.end}")
    assert posing.key not in Wanted(PASSAGE, (MEETS, CHAIR)).part_keys


def test_a_mean_is_of_the_word_pieces_that_stand_in_a_part() -> None:
    tokens = np.eye(4, 6, dtype=np.float32)
    places = [(0, 0), (0, 3), (4, 7), (7, 9)]  # the first was put around the text
    whole = np.eye(1, 6, 5, dtype=np.float32)[0]
    rows = of_parts(tokens, places, [Span(0, 3), Span(2, 8), Span(20, 30)], whole)
    third = 1 / np.sqrt(3)
    assert rows[0].tolist() == [0, 1, 0, 0, 0, 0]
    np.testing.assert_allclose(rows[1], [0, third, third, third, 0, 0], rtol=1e-6)
    assert rows[2].tolist() == whole.tolist()


def test_a_models_parts_are_the_means_of_what_it_makes_of_their_words(
    bundled: SentenceEncoder, bundled_export: OnnxEncoder
) -> None:
    assert bundled.tells_parts
    assert bundled_export.tells_parts
    (told,) = bundled._model.encode_document([PASSAGE], output_value="token_embeddings")
    tokens = np.asarray(told)
    places = bundled._places(PASSAGE)
    for encoder in (bundled, bundled_export):
        rows, parts = encoder.embed_parts([PASSAGE, "bread"], [[MEETS, CHAIR], []])
        np.testing.assert_allclose(rows, encoder.embed_passages([PASSAGE, "bread"]), atol=1e-5)
        for part, row in zip((MEETS, CHAIR), parts, strict=True):
            inside = [
                at for at, (start, end) in enumerate(places) if part.start <= start < part.end
            ]
            mean = tokens[[at for at in inside if places[at][1] > places[at][0]]].mean(0)
            np.testing.assert_allclose(row, mean / np.linalg.norm(mean), atol=1e-5)


cuts = st.lists(st.integers(0, 120), min_size=2, max_size=2).map(sorted)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(st.text(max_size=100), st.lists(cuts, max_size=3)), max_size=5))
def test_an_exports_parts_are_its_originals(
    bundled: SentenceEncoder,
    bundled_export: OnnxEncoder,
    asked: list[tuple[str, list[list[int]]]],
) -> None:
    texts = [text for text, _ in asked]
    parts = [[Span(*cut) for cut in own] for _, own in asked]
    ours, theirs = (one.embed_parts(texts, parts)[1] for one in (bundled_export, bundled))
    assert len(ours) == len(theirs) == sum(map(len, parts))
    assert (np.sum(ours.astype(np.float64) * theirs, axis=1) >= LEAST_COSINE).all()


def test_what_a_model_wants_before_a_text_is_in_none_of_its_parts(tmp_path: Path) -> None:
    plain = load_encoder(model_files(str(make_tiny_model(tmp_path / "plain"))))
    prompted = load_encoder(
        model_files(str(make_tiny_model(tmp_path / "tiny", prompts={"document": "document: "})))
    )
    text, part = "the group meets", Span(4, 9)
    before = len("document: ")
    moved = Span(before + part.start, before + part.end)
    _, wanted = plain.embed_parts([f"document: {text}"], [[moved]])
    for encoder in (prompted, opened_export(prompted, tmp_path / "exports")):
        _, found = encoder.embed_parts([text], [[part]])
        np.testing.assert_allclose(found, wanted, atol=1e-5)


def test_a_model_that_reads_off_its_first_word_piece_embeds_sentences_by_themselves(
    tiny: Path, tmp_path: Path
) -> None:
    from sentence_transformers.sentence_transformer.modules import Pooling

    first = make_variant(tiny, tmp_path / "first", [Pooling(DIMENSION, pooling_mode="cls")])
    original = load_encoder(model_files(str(first)))
    export = opened_export(original, tmp_path / "exports")
    assert not original.tells_parts
    assert difference(original, export) is None
    prepared = [prepare(document(TALKS, "a.txt"), encoder=export, now=NOW)]
    snapshot = build(prepared, encoder=export)
    alone = export.embed_passages(prepared[0].sentence_texts)
    found = snapshot.sentence_vectors.decoded(np.arange(2))
    assert (np.sum(found * alone, axis=1) > 0.999).all()


def test_a_model_that_pads_in_front_embeds_sentences_by_themselves(
    tiny: Path, tmp_path: Path
) -> None:
    from transformers import AutoTokenizer

    folder = Path(shutil.copytree(tiny, tmp_path / "padded"))
    AutoTokenizer.from_pretrained(folder, padding_side="left").save_pretrained(folder)
    encoder = load_encoder(model_files(str(folder)))
    assert load_encoder(model_files(str(tiny))).tells_parts
    assert not encoder.tells_parts
    prepared = [prepare(document(TALKS, "a.txt"), encoder=encoder, now=NOW)]
    assert len(build(prepared, encoder=encoder).sentence_vectors) == 2


def test_growth_changes_no_byte_of_a_real_index(bundled_export: OnnxEncoder) -> None:
    texts = {"a.txt": TALKS, "b.txt": "Bread\n\nBread is baked daily. It keeps for a week."}
    before = build(prepared_of({"b.txt": texts["b.txt"]}, bundled_export), encoder=bundled_export)
    fresh = build(
        prepared_of({"a.txt": texts["a.txt"]}, bundled_export),
        encoder=bundled_export,
        before=before,
    )
    anew = build(prepared_of(texts, bundled_export), encoder=bundled_export)
    assert tables(merged(before, fresh, kept={"b.txt"})) == tables(anew)


def test_sentences_are_found_by_what_their_passage_says(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "a.txt").write_text(TALKS, "utf-8")
    library = Library.open(seeds=tmp_path / "seeds", data=tmp_path / "data")
    library.refresh()
    outcome = library.ask("who chairs the group?")
    assert isinstance(outcome, Answer), outcome
    assert (
        outcome.citations[0].quote == "The group meets every six months. Its chair is Ada Lovelace."
    )
