"""The reader's network: MiniLM with a head for spans and one for relevance."""

from dataclasses import dataclass
from typing import Any, Final

import torch
from torch import nn
from torch.nn import functional
from transformers import BertModel

from benchmarks.training.inputs import Batch
from index.models import bundled_folder

FAR: Final = -1e4
SIZE_OF_HEAD: Final = 32
HEADS: Final = 12
INNER: Final = 1536
"""The encoder's, and so those of a whole network."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How large a network is: its layers, the heads of each, and the neurons behind those."""

    layers: int = 6
    heads: int = HEADS
    inner: int = INNER

    @property
    def context_layers(self) -> int:
        """How many layers read the context: all of one as wide as the encoder, else a third."""
        is_whole = self.heads == HEADS and self.inner == INNER
        return self.layers if is_whole else round(self.layers / 3)


@dataclass(frozen=True)
class Outputs:
    """What the network says.

    Attributes:
        spans: [rows, tokens, 2], logits of first and last piece.
        relevance: [rows], logits.
        layers: what each layer gives, [rows, tokens, width].
    """

    spans: torch.Tensor
    relevance: torch.Tensor
    layers: tuple[torch.Tensor, ...]


class ReaderNetwork(nn.Module):
    """Word pieces to spans and relevance; the vectors of words are those of the encoder, frozen.

    Above ``context_layers``, layers do not read the context, but what those below made of question
    and sentence.
    """

    def __init__(self, shape: Shape = Shape()) -> None:
        super().__init__()
        self.bert: Any = BertModel.from_pretrained(
            str(bundled_folder()),
            add_pooling_layer=False,
            attn_implementation="eager",  # with few tokens twice as fast as torch's own
            hidden_dropout_prob=0.0,  # dice are thrown on one core: half of the time
            attention_probs_dropout_prob=0.0,
        )
        layers = self.bert.encoder.layer
        last = len(layers) - 1
        kept = [round(at * last / max(1, shape.layers - 1)) for at in range(shape.layers)]
        self.context_layers = shape.context_layers
        self.bert.encoder.layer = nn.ModuleList([layers[at] for at in kept])
        for layer in self.bert.encoder.layer:
            narrow(layer, torch.arange(shape.heads), torch.arange(shape.inner))
        self.bert.embeddings.word_embeddings.weight.requires_grad = False
        width = self.bert.config.hidden_size
        self.spans = nn.Linear(width, 2)
        self.relevance = nn.Linear(width, 1)

    def forward(self, batch: Batch) -> Outputs:
        """What it says of rows of word pieces."""
        hidden = self.bert.embeddings(batch.ids, token_type_ids=batch.types)
        seen = [_unseen(batch.mask), _unseen(batch.mask & ~batch.context)]
        layers = []
        for at, layer in enumerate(self.bert.encoder.layer):
            hidden = layer(hidden, seen[at >= self.context_layers])
            layers.append(hidden)
        return Outputs(
            spans=self.spans(hidden).float(),
            relevance=self.relevance(hidden[:, 0]).float()[:, 0],
            layers=tuple(layers),
        )


def _unseen(mask: torch.Tensor) -> torch.Tensor:
    """What is added to the scores of attention, [rows, 1, 1, tokens]."""
    return torch.where(mask, 0.0, FAR)[:, None, None]


def narrow(layer: Any, heads: torch.Tensor, inner: torch.Tensor) -> None:
    """Leave a layer of ``BertModel`` those heads and those neurons only, in place."""
    attention, after = layer.attention.self, layer.attention.output
    held = (heads[:, None] * SIZE_OF_HEAD + torch.arange(SIZE_OF_HEAD)).flatten()
    for name in ("query", "key", "value"):
        setattr(attention, name, _rows(getattr(attention, name), held))
    attention.num_attention_heads, attention.all_head_size = len(heads), len(held)
    after.dense = _columns(after.dense, held)
    layer.intermediate.dense = _rows(layer.intermediate.dense, inner)
    layer.output.dense = _columns(layer.output.dense, inner)


def _rows(given: nn.Linear, kept: torch.Tensor) -> nn.Linear:
    return _linear(given.weight[kept], given.bias[kept])


def _columns(given: nn.Linear, kept: torch.Tensor) -> nn.Linear:
    return _linear(given.weight[:, kept], given.bias)


def _linear(weight: torch.Tensor, bias: torch.Tensor) -> nn.Linear:
    found = nn.Linear(weight.shape[1], weight.shape[0])
    with torch.no_grad():
        found.weight.copy_(weight)
        found.bias.copy_(bias)
    return found


@dataclass(frozen=True)
class Weighing:
    """What each part of the loss counts."""

    spans: float = 1.0
    listwise: float = 1.0
    pointwise: float = 0.3


def loss_of(said: Outputs, batch: Batch, weighing: Weighing = Weighing()) -> torch.Tensor:
    """Mean over the batch's groups."""
    return (
        weighing.spans * _span_loss(said.spans, batch)
        + weighing.listwise * _listwise(said.relevance, batch)
        + weighing.pointwise * _pointwise(said.relevance, batch)
    )


def _span_loss(spans: torch.Tensor, batch: Batch) -> torch.Tensor:
    """Minus the log of the probability of any of the right stretches; the first piece is none."""
    logs = functional.log_softmax(spans.masked_fill(~batch.may_hold[..., None], FAR), dim=1)
    losses = []
    for at, row in enumerate(batch.rows):
        targets = row.targets if row.is_answer else [(0, 0)]
        if targets:
            right = torch.stack([logs[at, start, 0] + logs[at, end, 1] for start, end in targets])
            losses.append(-torch.logsumexp(right, 0) / 2)
    return torch.stack(losses).mean() if losses else spans.sum() * 0


def _listwise(relevance: torch.Tensor, batch: Batch) -> torch.Tensor:
    """Minus the log of the share that answering sentences have of all of their question's."""
    losses = []
    for start, end in zip(batch.edges, batch.edges[1:], strict=False):
        right = torch.tensor([row.is_answer for row in batch.rows[start:end]])
        if right.any() and not right.all():
            own = relevance[start:end]
            losses.append(torch.logsumexp(own, 0) - torch.logsumexp(own[right], 0))
    return torch.stack(losses).mean() if losses else relevance.sum() * 0


def _pointwise(relevance: torch.Tensor, batch: Batch) -> torch.Tensor:
    right = torch.tensor([float(row.is_answer) for row in batch.rows])
    return functional.binary_cross_entropy_with_logits(relevance[: len(right)], right)
