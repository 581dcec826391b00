"""A sentence-transformers model of two layers that knows a few words, made on the spot."""

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from index.exports import WEIGHTS, ExportStore
from index.onnx_encoding import OnnxEncoder
from index.originals.encoder import SentenceEncoder

WORDS = (
    "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "group", "meets", "every", "six", "months",
    "bread", "is", "baked", "daily", "query", "document", ":", ".", "a", "b", "##s", "##ly",
)  # fmt: skip
DIMENSION = 32


def make_tiny_model(
    folder: Path, *, prompts: Mapping[str, str] | None = None, reads: int = 100
) -> Path:
    """Save a model that reads ``reads`` word pieces; the same one every time."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _save(folder, dict(prompts or {}), reads)
    return folder


def _save(folder: Path, prompts: dict[str, str], reads: int) -> None:
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizer
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    torch.manual_seed(7)
    base = folder.with_name(f"{folder.name}-base")
    base.mkdir(parents=True)
    (base / "vocab.txt").write_text("".join(f"{word}\n" for word in WORDS))
    config = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=DIMENSION,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=128,
        initializer_range=0.5,  # far from zero, so that another word gives another vector
    )
    BertModel(config).save_pretrained(base)
    BertTokenizer(vocab=str(base / "vocab.txt")).save_pretrained(base)
    reader = Transformer(str(base), max_seq_length=reads)
    modules = [reader, Pooling(DIMENSION)]
    made = SentenceTransformer(modules=modules, device="cpu", prompts=prompts)
    made.save_pretrained(str(folder), create_model_card=False)


def make_variant(tiny: Path, folder: Path, modules: Sequence[Any]) -> Path:
    """Save a model that reads as ``tiny`` does, and goes on with other ``modules``."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Transformer

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reader = Transformer(str(tiny), max_seq_length=100)
        made = SentenceTransformer(modules=[reader, *modules], device="cpu")
        made.save_pretrained(str(folder), create_model_card=False)
    return folder


def zero_weights(folder: Path) -> None:
    """Make each vector of the model in ``folder`` one of zeros."""
    from safetensors.numpy import load_file, save_file

    weights = load_file(folder / "model.safetensors")
    save_file({name: 0 * array for name, array in weights.items()}, folder / "model.safetensors")


def opened_export(original: SentenceEncoder, folder: Path) -> OnnxEncoder:
    """The export of a model, made anew and opened."""
    store = ExportStore(folder)
    with store.writing():
        draft = store.draft(original.identity, original.export(weights=WEIGHTS))
    return OnnxEncoder(draft, original.identity)
