"""Export a run to what ships: ``python -m training.tone.export --run RUN --encoder FOLDER --out DIR``.

``--bits 8`` (MiniLM): dynamic int8, 7-bit weights a channel, so that processors without VNNI do not saturate. ``--bits 4`` (MPNet): the layers'
matrices and the word embeddings in blocks of 4-bit numbers (onnxruntime's MatMulNBits and GatherBlockQuantized); products in int8 or fp32.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import Any

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from training.tone.data import LONGEST, TONES
from training.tone.model import Classifier, buckets
from training.tone.train import ENDS, minilm_folder

PLACES = LONGEST + 2


class Exported(nn.Module):
    """The classifier for one sentence, without padding; relative distances from a table instead of a formula."""

    distances: Tensor

    def __init__(self, model: Classifier) -> None:
        super().__init__()
        self.model = model
        relative = model.encoder.relative
        if relative is not None:
            classes = buckets(PLACES)
            by_distance = torch.cat([classes[0].flip(0), classes[1:, 0]])  # key minus query from PLACES - 1 down to -(PLACES - 1)
            self.register_buffer("distances", relative.weight[by_distance].detach().clone())

    def forward(self, ids: Tensor, flags: Tensor) -> Tensor:
        """Scores (1, 3)."""
        model, encoder = self.model, self.model.encoder
        length = ids.shape[1]
        x = encoder.norm(encoder.words(ids) + encoder.places.weight[encoder.first_place : encoder.first_place + length])
        bias = None
        if encoder.relative is not None:
            places = torch.arange(length)
            bias = self.distances[places[:, None] - places[None, :] + PLACES - 1].permute(2, 0, 1)[None]
        for number, layer in enumerate(encoder.layers):
            if number == model.marked:
                x = x + model.flags(flags)
            x = attended(layer, x, bias)
        weight = flags[..., None].to(x.dtype)
        target = (x * weight).sum(1) / weight.sum(1).clamp(min=1.0)
        hidden = torch.tanh(model.hidden(torch.cat([x[:, :1], target[:, None]], -1)))  # three dimensions: a product that is quantized
        scores: Tensor = model.tones(hidden[:, 0])
        return scores


def attended(layer: Any, x: Tensor, bias: Tensor | None) -> Tensor:
    """``Layer.forward`` with attention spelled out."""
    batch, length, width = x.shape
    parts = layer.qkv(x).view(batch, length, 3, layer.heads, width // layer.heads).permute(2, 0, 3, 1, 4)
    scores = parts[0] @ parts[1].transpose(-1, -2) * (width // layer.heads) ** -0.5
    if bias is not None:
        scores = scores + bias
    mixed = layer.out((scores.softmax(-1) @ parts[2]).transpose(1, 2).reshape(batch, length, width))
    x = layer.norm1(x + mixed)
    out: Tensor = layer.norm2(x + layer.down(nn.functional.gelu(layer.up(x))))
    return out


def embedding(weight: Tensor) -> nn.Embedding:
    """An embedding with these weights."""
    made = nn.Embedding(*weight.shape)
    made.weight = nn.Parameter(weight.detach().clone(), requires_grad=False)
    return made


def read_run(runs: list[Path]) -> Classifier:
    """The model of a run, or the one with the mean of several runs' weights."""
    states = [torch.load(run / "ema.pt") for run in runs]
    model = Classifier(states[0]["config"], states[0]["marked"])
    mean = {name: torch.stack([state["model"][name] for state in states]).mean(0) for name in states[0]["model"]}
    model.load_state_dict(mean)
    return model.eval()


def shortened(tokenizer: dict[str, Any], counts: Counter[str], size: int) -> tuple[dict[str, Any], list[int]]:
    """A tokenizer with the most frequent pieces only, and the old ids of those kept; special pieces, letters and marks stay."""
    vocabulary: dict[str, int] = tokenizer["model"]["vocab"]
    special = {one["content"] for one in tokenizer["added_tokens"]}
    must = {piece for piece in vocabulary if piece in special or len(piece.removeprefix("##")) == 1}
    rest = [piece for piece in vocabulary if piece not in must and not piece.startswith("[unused")]
    rest.sort(key=lambda piece: (-counts[piece], vocabulary[piece]))  # BERT's ids are in order of frequency
    kept = sorted([*must, *rest][:size], key=vocabulary.__getitem__)
    ids = [vocabulary[piece] for piece in kept]
    renumbered = {piece: number for number, piece in enumerate(kept)}
    for one in tokenizer["added_tokens"]:
        one["id"] = renumbered[one["content"]]
    tokenizer["model"]["vocab"] = renumbered
    return tokenizer, ids


def four_bits(plain: Path, out: Path, block: int) -> None:
    """Quantize matrices and word embeddings to blocks of 4-bit numbers."""
    from onnxruntime.quantization.matmul_nbits_quantizer import DefaultWeightOnlyQuantConfig, MatMulNBitsQuantizer, QuantFormat

    config = DefaultWeightOnlyQuantConfig(
        block_size=block,
        is_symmetric=False,
        accuracy_level=4,
        quant_format=QuantFormat.QOperator,
        op_types_to_quantize=("MatMul", "Gather"),
        quant_axes=(("MatMul", 0), ("Gather", 1)),
    )
    model = onnx.load(plain)
    small = [node.name for node in model.graph.node if node.op_type == "Gather" and not is_embedding(node, model)]
    quantizer = MatMulNBitsQuantizer(model, nodes_to_exclude=small, algo_config=config)
    quantizer.process()
    quantizer.model.save_model_to_file(str(out))


def is_embedding(node: Any, model: Any) -> bool:
    """Tell whether a Gather reads the word embeddings."""
    sizes = {one.name: list(one.dims) for one in model.graph.initializer}
    return len(sizes.get(node.input[0], [])) == 2 and sizes[node.input[0]][0] > 2000


def export(options: argparse.Namespace) -> None:
    """Write encoder.onnx, encoder.fp32.onnx beside it, tokenizer.json and config.json."""
    model = read_run(options.run)
    options.out.mkdir(parents=True, exist_ok=True)
    tokenizer = json.loads((options.encoder / "tokenizer.json").read_text())
    tokenizer["padding"] = tokenizer["truncation"] = None
    ends = ENDS[model.config["model_type"]]
    if options.vocabulary:
        counts = Counter(json.loads(options.counts.read_text()))
        names = {number: piece for piece, number in tokenizer["model"]["vocab"].items()}
        pieces = [names[end] for end in ends]
        tokenizer, kept = shortened(tokenizer, counts, options.vocabulary)
        model.encoder.words = embedding(model.encoder.words.weight[kept])
        ends = tuple(tokenizer["model"]["vocab"][piece] for piece in pieces)
    (options.out / "tokenizer.json").write_text(json.dumps(tokenizer, ensure_ascii=False))
    plain, small = options.out / "encoder.fp32.onnx", options.out / "encoder.onnx"
    model.encoder.places = embedding(model.encoder.places.weight[: PLACES + model.encoder.first_place])
    inputs = (torch.randint(1000, 2000, (1, 32)), torch.zeros(1, 32, dtype=torch.long).index_fill_(1, torch.tensor([4]), 1))
    axes = {name: {1: "length"} for name in ("ids", "flags")}
    with torch.no_grad():
        torch.onnx.export(
            Exported(model), inputs, str(plain), input_names=["ids", "flags"], output_names=["scores"], dynamic_axes=axes, opset_version=17, dynamo=False
        )
    if options.bits == 4:
        four_bits(plain, small, options.block)
    else:
        extra = {"MatMulConstBOnly": True, "DefaultTensorType": onnx.TensorProto.FLOAT}
        quantize_dynamic(plain, small, per_channel=True, reduce_range=True, weight_type=QuantType.QInt8, extra_options=extra)
    path = options.out / "config.json"
    old = json.loads(path.read_text()) if path.exists() else {"temperature": 1.0}
    path.write_text(json.dumps(old | {"start": ends[0], "separator": ends[1], "longest": LONGEST, "tones": TONES}, indent=1))
    for file in sorted(options.out.iterdir()):
        print(file.name, round(file.stat().st_size / 1e6, 2), "MB")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True, nargs="+", help="run folders; of several the weights are averaged")
    parser.add_argument("--encoder", type=Path, help="folder of the encoder trained from, for its tokenizer; MiniLM without it")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--bits", type=int, choices=(4, 8), default=8)
    parser.add_argument("--block", type=int, default=64)
    parser.add_argument("--vocabulary", type=int, default=0, help="keep so many pieces of the tokenizer; 0: all")
    parser.add_argument("--counts", type=Path, help="how often each piece occurs (JSON), for --vocabulary")
    options = parser.parse_args()
    options.encoder = options.encoder or minilm_folder()
    export(options)


if __name__ == "__main__":
    main()
