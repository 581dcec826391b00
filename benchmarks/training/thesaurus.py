"""Questions said otherwise: words changed for those whose vectors are near.

People ask "who invented it?" of a text that says "devised". The vectors of words that the encoder
begins with know that; trained on reworded questions, the reader leans less on equal words.
"""

import random
import re
from typing import Final

import numpy as np
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from index.models import bundled_folder
from index.terms import terms

_NEAR: Final = 0.45  # cosine
_MOST: Final = 6
_LOOKED_AT: Final = 25
_SHORTEST: Final = 4  # letters
_CHANGED: Final = 0.35  # of the words that have others
_WORD = re.compile(r"[A-Za-z]+")


class Thesaurus:
    """Words near others among the encoder's own whole words."""

    def __init__(self) -> None:
        folder = bundled_folder()
        vectors = load_file(folder / "model.safetensors")["embeddings.word_embeddings.weight"]
        self._vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._words = {row: word for word, row in self._tokenizer.get_vocab().items()}
        self._near: dict[str, list[str]] = {}

    def near(self, word: str) -> list[str]:
        """Words of another stem that are near to a word in lower case, nearest first."""
        if word not in self._near:
            self._near[word] = self._found(word)
        return self._near[word]

    def _found(self, word: str) -> list[str]:
        row = self._tokenizer.token_to_id(word)
        own = terms(word)
        if row is None or len(word) < _SHORTEST or not own:
            return []
        cosines = self._vectors @ self._vectors[row]
        best = [at for at in np.argsort(-cosines)[1:_LOOKED_AT] if cosines[at] >= _NEAR]
        near = [self._words[int(at)] for at in best]
        stems = {one: terms(one) for one in near if one.isalpha() and one.isascii()}
        return [one for one, found in stems.items() if found and found != own][:_MOST]

    def reworded(self, question: str, dice: random.Random) -> str:
        """The question with some of its words changed."""

        def other(match: re.Match[str]) -> str:
            near = self.near(match[0].lower())
            return dice.choice(near) if near and dice.random() < _CHANGED else match[0]

        return _WORD.sub(other, question)
