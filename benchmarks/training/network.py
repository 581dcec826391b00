"""The reader's network: MiniLM with a head for spans and one for relevance."""

from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torch.nn import functional
from transformers import BertModel

from benchmarks.training.inputs import Batch
from index.models import bundled_folder

FAR = -1e4


class ReaderNetwork(nn.Module):
    """Word pieces to spans and relevance; the vectors of words are those of the encoder, frozen."""

    def __init__(self, *, layers: int = 6) -> None:
        super().__init__()
        self.bert: Any = BertModel.from_pretrained(
            str(bundled_folder()),
            add_pooling_layer=False,
            attn_implementation="eager",  # with few tokens twice as fast as torch's own
            hidden_dropout_prob=0.0,  # dice are thrown on one core: half of the time
            attention_probs_dropout_prob=0.0,
        )
        kept = [
            round(at * (len(self.bert.encoder.layer) - 1) / max(1, layers - 1))
            for at in range(layers)
        ]
        self.bert.encoder.layer = nn.ModuleList([self.bert.encoder.layer[at] for at in kept])
        self.bert.embeddings.word_embeddings.weight.requires_grad = False
        width = self.bert.config.hidden_size
        self.spans = nn.Linear(width, 2)
        self.relevance = nn.Linear(width, 1)

    def forward(
        self, ids: torch.Tensor, mask: torch.Tensor, types: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """[rows, tokens, 2] and [rows]: logits of first and last piece, and of relevance."""
        hidden = self.bert(
            input_ids=ids, attention_mask=mask, token_type_ids=types
        ).last_hidden_state
        return self.spans(hidden).float(), self.relevance(hidden[:, 0]).float()[:, 0]


@dataclass(frozen=True)
class Weighing:
    """What each part of the loss counts."""

    spans: float = 1.0
    listwise: float = 1.0
    pointwise: float = 0.3


def loss_of(
    network: nn.Module,
    batch: Batch,
    weighing: Weighing = Weighing(),
) -> torch.Tensor:
    """Mean over the batch's groups."""
    spans, relevance = network(batch.ids, batch.mask, batch.types)
    return (
        weighing.spans * _span_loss(spans, batch)
        + weighing.listwise * _listwise(relevance, batch)
        + weighing.pointwise * _pointwise(relevance, batch)
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
