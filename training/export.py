"""Export a checkpoint to what ships: ``python -m training.export --run RUN --out DIR``."""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor
from torch.nn import functional as F

from training.model import Layer, Tagger, allowed
from training.train import encoder_folder, read_checkpoint


class FusedAttention(torch.autograd.Function):
    """Attention as onnxruntime's one operator."""

    @staticmethod
    def forward(_context: Any, query: Tensor, _key: Tensor, _value: Tensor, _heads: int) -> Tensor:
        """Only the shape matters here."""
        return query

    @staticmethod
    def symbolic(graph: Any, query: Any, key: Any, value: Any, heads: int) -> Any:
        """The operator."""
        out = graph.op("com.microsoft::MultiHeadAttention", query, key, value, num_heads_i=heads)
        out.setType(query.type())
        return out


def fused_layer(layer: Layer, x: Tensor) -> Tensor:
    """``Layer.forward`` for export."""
    query, key, value = layer.qkv(x).chunk(3, -1)
    x = layer.norm1(x + layer.out(FusedAttention.apply(query, key, value, layer.heads)))
    out: Tensor = layer.norm2(x + layer.down(F.gelu(layer.up(x))))
    return out


def averaged(runs: list[Path]) -> Tagger:
    """The model with the mean of the runs' weights (those of two workers that trained together)."""
    models = [read_checkpoint(run / "ema.pt", 0.0) for run in runs]
    states = [model.state_dict() for model in models]
    models[0].load_state_dict({name: torch.stack([state[name] for state in states]).mean(0) for name in states[0]})
    return models[0].eval()


def export(runs: list[Path], out: Path, reduced: bool = True, optimize: bool = True) -> None:
    """Write encoder.onnx (int8), encoder.fp32.onnx beside it, tokenizer.json and config.json."""
    state = torch.load(runs[0] / "ema.pt")
    folder = encoder_folder()
    model = averaged(runs)
    if optimize:
        for layer in model.encoder.layers:
            layer.forward = partial(fused_layer, layer)
    out.mkdir(parents=True, exist_ok=True)
    plain = out / "encoder.fp32.onnx"
    with tempfile.TemporaryDirectory() as name:
        raw = Path(name) / "raw.onnx"
        torch.onnx.export(
            model,
            (torch.ones(1, 32, dtype=torch.long), torch.zeros(1, 32, dtype=torch.long)),
            str(raw),
            input_names=["ids", "shapes"],
            output_names=["tags", "vectors"],
            dynamic_axes={name: {0: "batch", 1: "length"} for name in ("ids", "shapes", "tags", "vectors")},
            opset_version=17,
            dynamo=False,
        )
        fused(raw, plain) if optimize else shutil.copy(raw, plain)
        quantize_dynamic(
            plain,
            out / "encoder.onnx",
            per_channel=True,
            reduce_range=reduced,
            weight_type=QuantType.QInt8,
            extra_options={"MatMulConstBOnly": True, "DefaultTensorType": onnx.TensorProto.FLOAT},
        )
    tokenizer = json.loads((folder / "tokenizer.json").read_text())
    tokenizer["padding"] = tokenizer["truncation"] = None
    (out / "tokenizer.json").write_text(json.dumps(tokenizer, ensure_ascii=False))
    transitions = model.transitions.masked_fill(~allowed(), -1e4)
    numbers = {
        "transitions": transitions.tolist(),
        "distance": model.distance.tolist(),
        "none": model.none.tolist(),
        "separator": 102,
        "start": 101,
        "window": 254,
        "overlap": 28,
        "step": state["step"],
    }
    path = out / "config.json"
    old = json.loads(path.read_text()) if path.exists() else {}
    path.write_text(json.dumps(old | numbers, indent=1))


def fused(source: Path, target: Path) -> None:
    """Fuse layer norms, GELU and attention."""
    from onnxruntime.transformers import optimizer
    from onnxruntime.transformers.fusion_options import FusionOptions

    options = FusionOptions("bert")
    options.enable_embed_layer_norm = False
    result = optimizer.optimize_model(str(source), "bert", num_heads=12, hidden_size=384, optimization_options=options, opt_level=0)
    print(result.get_fused_operator_statistics())
    made = result.model
    if all(o.domain != "com.microsoft" for o in made.opset_import):
        made.opset_import.append(onnx.helper.make_opsetid("com.microsoft", 1))
    onnx.save(made, str(target))


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True, nargs="+", help="run folders; of several the weights are averaged")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--full-range", action="store_true", help="8-bit weights; exact only on processors with VNNI")
    parser.add_argument("--unfused", action="store_true")
    options = parser.parse_args()
    export(options.run, options.out, not options.full_range, not options.unfused)


if __name__ == "__main__":
    main()
