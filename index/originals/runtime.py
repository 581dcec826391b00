"""The one module that imports torch and what is built on it, and only when a model is loaded.

That takes seconds and half a gigabyte, which asking should not cost.
"""

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.embedding import unfit
from index.errors import EncoderError
from index.models import ModelFiles

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

    SentenceModel: TypeAlias = SentenceTransformer
    Tensor: TypeAlias = torch.Tensor

_OPSET: Final = 17


def calm_down() -> None:
    """Have the libraries print nothing, and compute on one thread."""
    import torch
    from transformers.utils import logging

    # On a busy machine two threads wait for each other: a question took 300 ms instead of 15.
    torch.set_num_threads(1)
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]


def not_loaded(files: ModelFiles, error: Exception) -> EncoderError:
    """What to tell a person whose model made the libraries stumble."""
    reason = str(error).strip().partition("\n")[0].rstrip(".") or type(error).__name__
    return EncoderError(
        f"The model {files.identity.name} cannot be loaded: {reason}. {files.role.expected}"
    )


def load_sentence_model(folder: Path) -> "SentenceModel":
    """A sentence-transformers model; raises whatever the library makes of a damaged one."""
    from sentence_transformers import SentenceTransformer

    calm_down()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return SentenceTransformer(
            str(folder),
            device="cpu",
            local_files_only=True,
            trust_remote_code=False,
            model_kwargs={"use_safetensors": True},
        )


def load_model(kind: str, files: ModelFiles) -> Any:
    """A transformers model of one of its ``AutoModelFor…``, all of whose weights are there.

    Raises:
        EncoderError: some are not, as of a model that was made for something else.
    """
    import transformers

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model, found = getattr(transformers, kind).from_pretrained(
            str(files.folder),
            local_files_only=True,
            trust_remote_code=False,
            use_safetensors=True,
            output_loading_info=True,
        )
    if found["missing_keys"]:  # the library would make them up
        raise unfit(files.identity, f"is not {files.role.wanted}", setting=files.role.setting)
    return model.eval()


def load_tokenizer(files: ModelFiles) -> Any:
    """The tokenizer of a transformers model.

    Raises:
        EncoderError: there is none, or not one that tells where its word pieces stand.
    """
    from transformers import AutoTokenizer

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tokenizer: Any = AutoTokenizer.from_pretrained(
            str(files.folder), local_files_only=True, trust_remote_code=False
        )
    if len(tokenizer) <= len(tokenizer.all_special_tokens):  # it was made up, and knows no word
        raise unfit(files.identity, "has no tokenizer", setting=files.role.setting)
    if not getattr(tokenizer, "backend_tokenizer", None):
        why = "has a tokenizer that does not tell where its word pieces stand"
        raise unfit(files.identity, why, setting=files.role.setting)
    return tokenizer


def tensors(made: Mapping[str, Any]) -> "dict[str, Tensor]":
    """Those of some values that are tensors."""
    import torch

    return {name: one for name, one in made.items() if isinstance(one, torch.Tensor)}


def run(
    model: Any, fed: Mapping[str, NDArray[np.int64]], outputs: Sequence[str]
) -> dict[str, NDArray[np.float32]]:
    """What a model gives for a batch, by the names of ``outputs``."""
    import torch

    given = {name: torch.from_numpy(one) for name, one in fed.items()}
    with torch.inference_mode():
        found = model(**given)
    return {name: found[name].float().numpy() for name in outputs}


def traced(
    model: Any,
    sample: "Mapping[str, Tensor]",
    *,
    outputs: Mapping[str, Sequence[str]],
    forward: "Callable[[dict[str, Tensor]], Any]",
    attending: Any,
) -> bytes:
    """What ``forward`` does with tensors of these names, for any number of texts and tokens.

    ``model`` is what it does that with, and ``attending`` the transformers model within.
    ``outputs`` names what ``forward`` gives, each with those of its axes, from the first, that are
    as long as there are ``texts`` or ``tokens``.
    """
    import torch

    class Whole(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *tensors: torch.Tensor) -> Any:
            return forward(dict(zip(sample, tensors, strict=True)))

    written: Any = BytesIO()  # which its types forbid, and it takes
    axes = dict.fromkeys(sample, ("texts", "tokens")) | dict(outputs)
    # What is not told to evaluate is left learning afterwards, the model within too.
    with _plain_attention(attending), warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Whole().eval(), tuple(sample.values()), written, opset_version=_OPSET,
            input_names=list(sample), output_names=list(outputs),
            dynamic_axes={name: dict(enumerate(ones)) for name, ones in axes.items()},
            dynamo=False,  # the newer way took 7 s for 1, and its networks a quarter more time
        )  # fmt: skip
    network: bytes = written.getvalue()
    return network


@contextmanager
def _plain_attention(part: Any) -> Iterator[None]:
    """Attention step by step, which the other runtime puts together again better."""
    before = part.config._attn_implementation
    part.set_attn_implementation("eager")
    try:
        yield
    finally:
        part.set_attn_implementation(before)
