"""Readers and rerankers of two layers that know a few words, made on the spot."""

import warnings
from pathlib import Path
from typing import Any

from index.feeding import INPUTS
from tests.tiny import WORDS

READS = 126


def make_reader(folder: Path) -> Path:
    """Save a model for question answering in BERT's manner; the same one every time."""
    from transformers import BertConfig, BertForQuestionAnswering

    return _save(folder, BertForQuestionAnswering(BertConfig(**_shape())), _wordpieces(folder))


def make_other_reader(folder: Path) -> Path:
    """The same in RoBERTa's manner: pieces of bytes, no types, and places behind the padding's."""
    from transformers import RobertaConfig, RobertaForQuestionAnswering

    tokenizer = _bytes()
    shape = _shape() | {"vocab_size": len(tokenizer), "pad_token_id": 1, "type_vocab_size": 1}
    shape |= {"max_position_embeddings": READS + 2}
    return _save(folder, RobertaForQuestionAnswering(RobertaConfig(**shape)), tokenizer)


def make_reranker(folder: Path, *, labels: int = 1) -> Path:
    """Save a cross-encoder with so many scores."""
    from transformers import BertConfig, BertForSequenceClassification

    config = BertConfig(**_shape())
    config.num_labels = labels
    return _save(folder, BertForSequenceClassification(config), _wordpieces(folder))


def _shape() -> dict[str, Any]:
    import torch

    torch.manual_seed(7)
    return {
        "vocab_size": len(WORDS),
        "hidden_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "intermediate_size": 64,
        "max_position_embeddings": 128,
        "initializer_range": 0.5,  # far from zero, so that another word gives other numbers
    }


def _wordpieces(folder: Path) -> Any:
    from transformers import BertTokenizer

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vocab.txt").write_text("".join(f"{word}\n" for word in WORDS))
    return BertTokenizer(vocab=str(folder / "vocab.txt"), model_max_length=READS)


def _bytes() -> Any:
    from transformers import RobertaTokenizer

    marks = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    signs = [chr(at) for at in range(33, 127)] + [
        chr(at) for at in range(0xA1, 0x144) if at != 0xAD
    ]
    vocabulary = {sign: at for at, sign in enumerate([*marks, *signs])}
    return RobertaTokenizer(vocab=vocabulary, merges=[], model_max_length=READS)


def _save(folder: Path, model: Any, tokenizer: Any) -> Path:
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.save_pretrained(folder)
        tokenizer.save_pretrained(folder)
    return folder


def make_three_parts(folder: Path) -> Path:
    """Write a network of our own reader's kind: types and pieces in, three kinds of logits out.

    Its logits can be told by hand: a word piece begins and ends a stretch by its number alone, and
    relevance is how many word pieces are of type 1.
    """
    import onnx
    from onnx import TensorProto, helper

    floats = TensorProto.FLOAT
    nodes = [
        helper.make_node("Cast", ["input_ids"], ["start_logits"], to=floats),
        helper.make_node("Cast", ["input_ids"], ["end_logits"], to=floats),
        helper.make_node("Cast", ["token_type_ids"], ["types"], to=floats),
        helper.make_node("ReduceSum", ["types", "axis"], ["relevance"], keepdims=0),
        helper.make_node("Identity", ["attention_mask"], ["read"]),
    ]
    axis = helper.make_tensor("axis", TensorProto.INT64, [1], [1])
    shape = ["texts", "tokens"]
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, shape) for name in INPUTS]
    outputs = [
        helper.make_tensor_value_info("start_logits", floats, shape),
        helper.make_tensor_value_info("end_logits", floats, shape),
        helper.make_tensor_value_info("relevance", floats, ["texts"]),
    ]
    graph = helper.make_graph(nodes, "reader", inputs, outputs, initializer=[axis])
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    path = folder / "reader.onnx"
    onnx.save_model(made, str(path))
    return path
