"""The tagger: MiniLM with a CRF over BIO tags of words and two pointer heads. Plain torch; weights read from safetensors."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F

TAG_COUNT = 7
BUCKETS = 32
SHAPES = 8
LINKS = ("cue", "source")  # content -> cue, cue -> source


def allowed() -> Tensor:
    """Legal BIO transitions: I-x only after B-x or I-x."""
    legal = torch.ones(TAG_COUNT, TAG_COUNT, dtype=torch.bool)
    for inside in (2, 4, 6):
        legal[:, inside] = False
        legal[inside - 1, inside] = legal[inside, inside] = True
    return legal


def bucket(distance: Tensor) -> Tensor:
    """Signed distances in pieces to BUCKETS classes: exact up to 4, then by powers of the square root of two."""
    half = BUCKETS // 2
    size = distance.abs().clamp(min=1).float()
    far = (4 + torch.floor(2 * torch.log2(size / 4))).clamp(max=half - 1).long()
    index = torch.where(distance.abs() <= 4, distance.abs(), far)
    return torch.where(distance < 0, index, index + half)


class Layer(nn.Module):
    """A BERT layer."""

    def __init__(self, width: int, heads: int, inner: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.norm1 = nn.LayerNorm(width, eps=1e-12)
        self.up = nn.Linear(width, inner)
        self.down = nn.Linear(inner, width)
        self.norm2 = nn.LayerNorm(width, eps=1e-12)
        self.dropout = dropout

    def forward(self, x: Tensor) -> Tensor:
        """Hidden states (batch, pieces, width) after the layer."""
        batch, length, width = x.shape
        qkv = self.qkv(x).view(batch, length, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(qkv[0], qkv[1], qkv[2])
        mixed = self.out(mixed.transpose(1, 2).reshape(batch, length, width))
        x = self.norm1(x + F.dropout(mixed, self.dropout, self.training))
        inner = self.down(F.gelu(self.up(x)))
        return self.norm2(x + F.dropout(inner, self.dropout, self.training))


class Encoder(nn.Module):
    """A BERT encoder without padding: every window is full."""

    def __init__(self, config: dict[str, Any], dropout: float) -> None:
        super().__init__()
        width = config["hidden_size"]
        self.words = nn.Embedding(config["vocab_size"], width)
        self.places = nn.Embedding(config["max_position_embeddings"], width)
        self.types = nn.Embedding(2, width)
        self.shapes = nn.Embedding(SHAPES, width)
        nn.init.zeros_(self.shapes.weight)
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.layers = nn.ModuleList(
            Layer(width, config["num_attention_heads"], config["intermediate_size"], dropout) for _ in range(config["num_hidden_layers"])
        )
        self.dropout = dropout

    def forward(self, ids: Tensor, shapes: Tensor) -> Tensor:
        """Hidden states (batch, pieces, width) of windows of piece ids and shapes."""
        x = self.words(ids) + self.shapes(shapes) + self.places.weight[: ids.shape[1]] + self.types.weight[0]
        x = F.dropout(self.norm(x), self.dropout, self.training)
        for layer in self.layers:
            x = layer(x)
        return x

    def read(self, path: Path) -> None:
        """Weights of a Hugging Face BERT checkpoint."""
        old = {k.removeprefix("bert."): v.float() for k, v in load_file(path).items()}
        new = {
            "words.weight": old["embeddings.word_embeddings.weight"],
            "places.weight": old["embeddings.position_embeddings.weight"],
            "types.weight": old["embeddings.token_type_embeddings.weight"],
            "norm.weight": old["embeddings.LayerNorm.weight"],
            "norm.bias": old["embeddings.LayerNorm.bias"],
        }
        names = {"attention.output.dense": "out", "attention.output.LayerNorm": "norm1", "intermediate.dense": "up"}
        names |= {"output.dense": "down", "output.LayerNorm": "norm2"}
        for number in range(len(self.layers)):
            layer = f"encoder.layer.{number}."
            for kind in ("weight", "bias"):
                parts = [old[f"{layer}attention.self.{p}.{kind}"] for p in ("query", "key", "value")]
                new[f"layers.{number}.qkv.{kind}"] = torch.cat(parts)
                for theirs, ours in names.items():
                    new[f"layers.{number}.{ours}.{kind}"] = old[f"{layer}{theirs}.{kind}"]
        new["shapes.weight"] = self.shapes.weight.detach()
        self.load_state_dict(new)


class Tagger(nn.Module):
    """Encoder, tag scores, CRF transitions, and query and key vectors of the two links."""

    def __init__(self, config: dict[str, Any], dropout: float = 0.1, link_width: int = 128) -> None:
        super().__init__()
        self.config = dict(config, link_width=link_width)
        self.encoder = Encoder(config, dropout)
        width = config["hidden_size"]
        self.tags = nn.Linear(width, TAG_COUNT)
        self.vectors = nn.Linear(width, 4 * link_width)
        self.distance = nn.Parameter(torch.zeros(2, BUCKETS))
        self.none = nn.Parameter(torch.zeros(2))
        self.transitions = nn.Parameter(torch.zeros(TAG_COUNT, TAG_COUNT))
        self.link_width = link_width

    def forward(self, ids: Tensor, shapes: Tensor) -> tuple[Tensor, Tensor]:
        """Tag scores (batch, pieces, 7) and link vectors (batch, pieces, 4 * link width: cue query, key, source query, key)."""
        hidden = self.encoder(ids, shapes)
        hidden = F.dropout(hidden, self.encoder.dropout, self.training)
        return self.tags(hidden), self.vectors(hidden) / math.sqrt(math.sqrt(self.link_width))

    def link_scores(self, vectors: Tensor, link: int) -> Tensor:
        """Scores (batch, from, to) of one link between all pieces; piece 0 is "none"."""
        query, key = vectors.chunk(4, -1)[2 * link : 2 * link + 2]
        length = vectors.shape[1]
        places = torch.arange(length)
        bias = self.distance[link][bucket(places[None, :] - places[:, None])]
        bias = torch.cat([self.none[link].expand(length, 1), bias[:, 1:]], 1)
        return query @ key.transpose(1, 2) + bias

    def loss(self, batch: dict[str, Tensor], generator: torch.Generator) -> dict[str, Tensor]:
        """CRF, tag and link losses, each a mean per word asked."""
        scores, vectors = self(batch["ids"], batch["shapes"])
        tags, links = batch["tags"], batch["links"]
        asked = tags >= 0
        out = {"tag": F.cross_entropy(scores[asked], tags[asked]), "crf": self.crf(scores, tags, batch["first"])}
        for link, (pointing, begin) in enumerate((((5, 6), 3), ((3, 4), 1))):
            rows = ((tags == pointing[0]) | (tags == pointing[1])) & (links >= 0)
            noise = torch.rand(tags.shape, generator=generator) < 0.02
            candidates = (tags == begin) | (noise & batch["first"])
            candidates[:, 0] = True
            which, where = rows.nonzero(as_tuple=True)
            if len(which) == 0:
                continue
            table = self.link_scores(vectors, link).masked_fill(~candidates[:, None, :], -1e4)[which, where]
            target = links[which, where]
            known = candidates[which, target]
            out[LINKS[link]] = F.cross_entropy(table[known], target[known])
        return out

    def crf(self, scores: Tensor, tags: Tensor, first: Tensor) -> Tensor:
        """Negative log-likelihood per word of the tags, given legal transitions; words without a tag are summed out."""
        transitions = self.transitions.masked_fill(~allowed(), -1e4)
        counts = first.sum(1)
        length = int(counts.max())
        packed = torch.zeros(len(tags), length, TAG_COUNT)
        gold = torch.full((len(tags), length), -100)
        inside = torch.arange(length)[None] < counts[:, None]
        packed[inside] = scores[first]
        gold[inside] = tags[first]
        free = (gold < 0)[..., None] | F.one_hot(gold.clamp(min=0), TAG_COUNT).bool()
        both = torch.stack([packed, packed.masked_fill(~free, -1e4)])  # all paths, paths through the gold tags
        alpha = both[:, :, 0]
        for step in range(1, length):
            following = torch.logsumexp(alpha[..., None] + transitions, -2) + both[:, :, step]
            alpha = torch.where(inside[:, step][None, :, None], following, alpha)
        total = torch.logsumexp(alpha, -1)
        return (total[0] - total[1]).sum() / counts.sum()
