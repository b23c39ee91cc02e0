"""Narrow the encoder: ``python -m training.prune --start RUN/ema.pt --out NARROW.pt --inner 768 --data DIR``.

Of the units between the two matrices of each feed-forward block those are kept whose removal would change the loss most, by a
first-order estimate, the mean of |activation x gradient| over training windows (Molchanov et al. 2017, ICLR, eq. 9). Less arithmetic at
run time; training goes on from the narrow weights.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.data import load, stream, windows
from training.model import Tagger
from training.train import WEIGHTS, collate, encoder_folder, read_checkpoint, read_tokenizer


def importance(model: Tagger, batches: list[dict[str, Tensor]]) -> list[Tensor]:
    """Mean |activation x gradient| of every inner unit of every layer."""
    sums = [torch.zeros(layer.up.out_features) for layer in model.encoder.layers]
    kept: dict[int, Tensor] = {}

    def hook(number: int) -> Callable[[nn.Module, Any, Tensor], None]:
        def keep(_module: nn.Module, _inputs: Any, output: Tensor) -> None:
            output.retain_grad()
            kept[number] = output

        return keep

    handles = [layer.up.register_forward_hook(hook(n)) for n, layer in enumerate(model.encoder.layers)]
    generator = torch.Generator().manual_seed(0)
    for batch in batches:
        model.zero_grad()
        losses = model.loss(batch, generator)
        torch.stack([WEIGHTS[name] * value for name, value in losses.items()]).sum().backward()
        for number, output in kept.items():
            assert output.grad is not None
            # the gradient at the unit's value behind GELU is that before it over GELU's slope; |x * g| of the value itself is used
            sums[number] += (F.gelu(output.detach()) * output.grad).abs().sum((0, 1))
    for handle in handles:
        handle.remove()
    return sums


def narrow(model: Tagger, inner: int, weight: list[Tensor]) -> Tagger:
    """A model with the ``inner`` most important units of each layer."""
    made = Tagger(dict(model.config, intermediate_size=inner), 0.0)
    state = model.state_dict()
    for number in range(len(model.encoder.layers)):
        keep = weight[number].topk(inner).indices.sort().values
        name = f"encoder.layers.{number}."
        state[name + "up.weight"] = state[name + "up.weight"][keep]
        state[name + "up.bias"] = state[name + "up.bias"][keep]
        state[name + "down.weight"] = state[name + "down.weight"][:, keep]
        print(f"layer {number}: {float(weight[number][keep].sum() / weight[number].sum()):.3f} of the importance kept")
    made.load_state_dict(state)
    return made


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--start", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--inner", type=int, default=768)
    parser.add_argument("--batches", type=int, default=60)
    options = parser.parse_args()
    torch.set_num_threads(1)
    model = read_checkpoint(options.start, 0.0)
    documents = random.Random(7).sample(load(options.data / "polnear_train.jsonl"), 200)
    items = windows(stream(documents, {}, read_tokenizer(encoder_folder()), 7, True), 256, 7)
    batches = [collate([next(items) for _ in range(4)]) for _ in range(options.batches)]
    made = narrow(model, options.inner, importance(model, batches))
    torch.save({"ema": made.state_dict(), "config": made.config, "step": 0}, options.out)


if __name__ == "__main__":
    main()
