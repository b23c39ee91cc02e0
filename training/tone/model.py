"""The classifier: a BERT or MPNet encoder that is told which pieces are the target, and a head on [CLS] and the target. Plain torch."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F

TONE_COUNT = 3
BUCKETS = 32

PARTS = {
    "bert": {
        "query": "attention.self.query",
        "key": "attention.self.key",
        "value": "attention.self.value",
        "out": "attention.output.dense",
        "norm1": "attention.output.LayerNorm",
        "up": "intermediate.dense",
        "down": "output.dense",
        "norm2": "output.LayerNorm",
    },
    "mpnet": {
        "query": "attention.attn.q",
        "key": "attention.attn.k",
        "value": "attention.attn.v",
        "out": "attention.attn.o",
        "norm1": "attention.LayerNorm",
        "up": "intermediate.dense",
        "down": "output.dense",
        "norm2": "output.LayerNorm",
    },
}


def buckets(length: int) -> Tensor:
    """MPNet's classes of relative distance (T5's): (length, length)."""
    places = torch.arange(length)
    distance = places[:, None] - places[None, :]
    half, exact = BUCKETS // 2, BUCKETS // 4
    size = distance.abs()
    far = exact + (torch.log(size.clamp(min=1).float() / exact) / math.log(128 / exact) * (half - exact)).long()
    return torch.where(size < exact, size, far.clamp(max=half - 1)) + half * (distance < 0)


class Layer(nn.Module):
    """A layer of BERT or MPNet."""

    def __init__(self, width: int, heads: int, inner: int, eps: float) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.norm1 = nn.LayerNorm(width, eps=eps)
        self.up = nn.Linear(width, inner)
        self.down = nn.Linear(inner, width)
        self.norm2 = nn.LayerNorm(width, eps=eps)

    def forward(self, x: Tensor, bias: Tensor | None, dropout: float) -> Tensor:
        """Hidden states (batch, pieces, width) after the layer; ``bias`` is added to attention's scores."""
        batch, length, width = x.shape
        qkv = self.qkv(x).view(batch, length, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(qkv[0], qkv[1], qkv[2], attn_mask=bias)
        mixed = self.out(mixed.transpose(1, 2).reshape(batch, length, width))
        x = self.norm1(x + F.dropout(mixed, dropout, self.training))
        inner = self.down(F.gelu(self.up(x)))
        out: Tensor = self.norm2(x + F.dropout(inner, dropout, self.training))
        return out


class Encoder(nn.Module):
    """Embeddings and layers."""

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__()
        width, eps = config["hidden_size"], config["layer_norm_eps"]
        self.words = nn.Embedding(config["vocab_size"], width)
        self.places = nn.Embedding(config["max_position_embeddings"], width)
        self.first_place = 2 if config["model_type"] == "mpnet" else 0
        self.norm = nn.LayerNorm(width, eps=eps)
        heads = config["num_attention_heads"]
        self.relative = nn.Embedding(BUCKETS, heads) if config["model_type"] == "mpnet" else None
        self.layers = nn.ModuleList(Layer(width, heads, config["intermediate_size"], eps) for _ in range(config["num_hidden_layers"]))

    def embed(self, ids: Tensor, dropout: float) -> Tensor:
        """First hidden states."""
        places = self.places.weight[self.first_place : self.first_place + ids.shape[1]]
        return F.dropout(self.norm(self.words(ids) + places), dropout, self.training)

    def bias(self, mask: Tensor | None, length: int) -> Tensor | None:
        """What is added to attention's scores: relative distance, and nothing looks at padding."""
        found = None
        if self.relative is not None:
            found = self.relative(buckets(length)).permute(2, 0, 1)[None]
        if mask is not None:
            padding = (1.0 - mask[:, None, None, :].float()) * -1e4
            found = padding if found is None else found + padding
        return found


class Classifier(nn.Module):
    """Encoder, an embedding that marks the target before layer ``marked``, and the head."""

    def __init__(self, config: dict[str, Any], marked: int = 0, dropout: float = 0.1) -> None:
        super().__init__()
        self.config, self.marked, self.dropout = dict(config), marked, dropout
        self.encoder = Encoder(config)
        width = config["hidden_size"]
        self.flags = nn.Embedding(2, width)
        nn.init.zeros_(self.flags.weight)
        self.hidden = nn.Linear(2 * width, width)
        self.tones = nn.Linear(width, TONE_COUNT)

    def prefix(self, ids: Tensor, mask: Tensor | None) -> Tensor:
        """States before the layer at which the target is marked: the same for all targets of a sentence."""
        x = self.encoder.embed(ids, self.dropout)
        bias = self.encoder.bias(mask, ids.shape[1])
        for layer in self.encoder.layers[: self.marked]:
            x = layer(x, bias, self.dropout)
        return x

    def suffix(self, x: Tensor, flags: Tensor, mask: Tensor | None) -> Tensor:
        """Scores (batch, 3) from states before the marked layer."""
        x = x + self.flags(flags)
        bias = self.encoder.bias(mask, x.shape[1])
        for layer in self.encoder.layers[self.marked :]:
            x = layer(x, bias, self.dropout)
        weight = flags[..., None].to(x.dtype)
        target = (x * weight).sum(1) / weight.sum(1).clamp(min=1.0)
        both = F.dropout(torch.cat([x[:, 0], target], -1), self.dropout, self.training)
        hidden = torch.tanh(self.hidden(both))
        if self.training:  # several draws of dropout in one step (Inoue 2019)
            return torch.stack([self.tones(F.dropout(hidden, 0.3)) for _ in range(4)])
        scores: Tensor = self.tones(hidden)
        return scores

    def forward(self, ids: Tensor, flags: Tensor, mask: Tensor | None = None) -> Tensor:
        """Scores of the tones: (batch, 3), in training (draws, batch, 3)."""
        return self.suffix(self.prefix(ids, mask), flags, mask)


def read_config(folder: Path, layers: int = 0) -> dict[str, Any]:
    """The encoder's configuration, with fewer layers if asked."""
    config: dict[str, Any] = json.loads((folder / "config.json").read_text())
    config["num_hidden_layers"] = layers or config["num_hidden_layers"]
    return config


def read_encoder(encoder: Encoder, config: dict[str, Any], folder: Path) -> None:
    """Weights of a Hugging Face checkpoint; BERT's first token type is added to the places."""
    kind = config["model_type"]
    old = {k.removeprefix(f"{kind}."): v.float() for k, v in load_file(folder / "model.safetensors").items()}
    places = old["embeddings.position_embeddings.weight"]
    if kind == "bert":
        places = places + old["embeddings.token_type_embeddings.weight"][0]
    new = {
        "words.weight": old["embeddings.word_embeddings.weight"],
        "places.weight": places,
        "norm.weight": old["embeddings.LayerNorm.weight"],
        "norm.bias": old["embeddings.LayerNorm.bias"],
    }
    if encoder.relative is not None:
        new["relative.weight"] = old["encoder.relative_attention_bias.weight"]
    parts = PARTS[kind]
    for number in range(len(encoder.layers)):
        for what in ("weight", "bias"):
            theirs = {ours: old[f"encoder.layer.{number}.{name}.{what}"] for ours, name in parts.items()}
            new[f"layers.{number}.qkv.{what}"] = torch.cat([theirs.pop(part) for part in ("query", "key", "value")])
            new |= {f"layers.{number}.{ours}.{what}": value for ours, value in theirs.items()}
    encoder.load_state_dict(new)
