"""What loading any model takes: a calm library, and an error that says what to do."""

import warnings
from typing import Any

from index.embedding import unfit
from index.errors import EncoderError
from index.models import ModelFiles


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


def load_model(kind: Any, files: ModelFiles) -> Any:
    """A transformers model of one of its ``AutoModelFor…``, all of whose weights are there.

    Raises:
        EncoderError: some are not, as of a model that was made for something else.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model, found = kind.from_pretrained(
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
