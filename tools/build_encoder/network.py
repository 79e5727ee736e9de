"""The network that is tuned and shipped: a sentence's vector, what it says of every label, and which of its words
are the age of the person at risk.

Every label looks at the whole message with an attention of its own, so that half a sentence in a long story counts as
much as a message of its own.
"""

from __future__ import annotations

import torch
from torch.nn.functional import normalize
from transformers import MPNetModel

WIDTH = 768


class Network(torch.nn.Module):
    """Token ids → `sentence` (n, 768), `labels` (n, labels) and `ages` (n, tokens) as log-odds, and `speaks` (n,
    labels, tokens): how much each token adds to each label."""

    def __init__(self, mpnet: MPNetModel, labels: int) -> None:
        super().__init__()
        self.mpnet = mpnet
        self.whole = torch.nn.Linear(WIDTH, labels)
        self.looks = torch.nn.Parameter(torch.randn(labels, WIDTH) * 0.02)
        self.says = torch.nn.Parameter(torch.randn(labels, WIDTH) * 0.02)
        self.age = torch.nn.Linear(WIDTH, 1)
        self.drop = torch.nn.Dropout(0.1)

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
        words = self.mpnet(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state.float()
        mask = attention_mask.unsqueeze(-1).to(words.dtype)
        sentence = normalize((words * mask).sum(1) / mask.sum(1), dim=-1)
        dropped = self.drop(words)
        look = torch.matmul(self.looks, words.transpose(1, 2)) + (1.0 - mask.transpose(1, 2)) * -1e4
        said = torch.matmul(self.says, dropped.transpose(1, 2))
        speaks = look.softmax(-1) * said
        labels = self.whole(self.drop(sentence)) + speaks.sum(-1)
        return sentence, labels, self.age(dropped).squeeze(-1), speaks

    def begin_at(self, shares: torch.Tensor) -> None:
        """Before it learned anything, every label is as likely as it is common."""
        with torch.no_grad():
            self.whole.bias.copy_(torch.log(shares / (1 - shares)))
