"""Does the language model answer that puts answers into words?"""

import asyncio
from urllib.parse import urlsplit

from bot.checking import Check
from bot.endpoint import Endpoint, EndpointError, models

_NAME = "phrasing"
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})


def check_endpoint(endpoint: Endpoint) -> Check:
    """Ask which models are there; nothing is written by them, so that it costs nothing."""
    on = f"on: questions and quotes are sent to {urlsplit(endpoint.url).netloc}"
    try:
        there = asyncio.run(models(endpoint))
    except EndpointError as error:
        fix = "Correct FOOTNOTE_LLM_URL or FOOTNOTE_LLM_KEY, or leave the first empty."
        return Check(_NAME, False, f"{on}, which {error}", fix)
    if there is None:
        return Check(_NAME, True, f"{on}, which answers, but does not tell its models")
    if endpoint.model not in there:
        fix = "Set FOOTNOTE_LLM_MODEL to the name of one that is there."
        return Check(_NAME, False, f"{on}, which has no model of that name", fix)
    return Check(_NAME, True, f"{on}, which has the model", key_advice(endpoint))


def key_advice(endpoint: Endpoint) -> str | None:
    """What to do about a key that others may read on its way; None where they cannot."""
    parts = urlsplit(endpoint.url)
    if endpoint.key is None or parts.scheme == "https" or parts.hostname in _HERE:
        return None
    return "Use https: the key is sent so that others can read it on its way."
