"""How fast this processor multiplies matrices of an encoder's shapes, in onnxruntime: the limit that the encoder can come near to.

onnxruntime reads models in ONNX, which is protobuf; the few messages needed are read and written here, so that no further package is.

>>> model = product(2, 3, 4, whole=False)
>>> [(shape.inner, shape.outer, shape.whole, shape.times) for shape in shapes(model)]
[(3, 4, False, 1)]
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

FLOAT, UINT8, INT8, INT32, INT64 = 1, 2, 3, 6, 7
WHOLE = ("MatMulInteger", "DynamicQuantizeMatMul", "MatMulIntegerToFloat", "QGemm")
PRODUCTS = (*WHOLE, "MatMul", "Gemm", "FusedMatMul")
SECONDS = 0.4
REPEATS = 5


class Shape(NamedTuple):
    """A matrix product with weights: rows of `inner` numbers become rows of `outer`, in whole numbers or not, so many times."""

    inner: int
    outer: int
    whole: bool
    times: int


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes([*out, number])


def _field(number: int, value: int | str | bytes) -> bytes:
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    content = value.encode() if isinstance(value, str) else value
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _input(name: str, kind: int, *dimensions: int) -> bytes:
    shape = b"".join(_field(1, _field(1, size)) for size in dimensions)
    return _field(1, name) + _field(2, _field(1, _field(1, kind) + _field(2, shape)))


def product(rows: int, inner: int, outer: int, *, whole: bool) -> bytes:
    """Return a model that multiplies its input `a` (rows × inner) with fixed weights: 8-bit whole numbers, or floats."""
    some = np.random.default_rng(0)
    weights = some.integers(-63, 64, (inner, outer)).astype(np.int8 if whole else np.float32)
    tensor = _field(1, inner) + _field(1, outer) + _field(2, INT8 if whole else FLOAT) + _field(8, "b") + _field(9, weights.tobytes())
    node = _field(1, "a") + _field(1, "b") + _field(2, "c") + _field(4, "MatMulInteger" if whole else "MatMul")
    graph = _field(1, node) + _field(2, "product") + _field(5, tensor)
    graph += _field(11, _input("a", UINT8 if whole else FLOAT, rows, inner)) + _field(12, _input("c", INT32 if whole else FLOAT, rows, outer))
    return _field(1, 8) + _field(7, graph) + _field(8, _field(1, "") + _field(2, 17))


def _fields(message: memoryview) -> Iterator[tuple[int, Any]]:
    """The fields of a message: whole numbers, or bytes."""
    at = 0

    def varint() -> int:
        nonlocal at
        number = shift = 0
        while True:
            byte = message[at]
            number |= (byte & 127) << shift
            at, shift = at + 1, shift + 7
            if byte < 128:
                return number

    while at < len(message):
        key = varint()
        if key & 7 == 0:
            yield key >> 3, varint()
            continue
        size = {1: 8, 5: 4}.get(key & 7) or varint()
        yield key >> 3, message[at : at + size]
        at += size


def _all(message: memoryview, number: int) -> list[Any]:
    return [value for found, value in _fields(message) if found == number]


def shapes(model: bytes) -> list[Shape]:
    """Return the products with weights in a model, largest first."""
    (graph,) = _all(memoryview(model), 7)
    sizes = {}
    for tensor in _all(graph, 5):
        dimensions = [size for value in _all(tensor, 1) for size in ([value] if isinstance(value, int) else value)]
        sizes[bytes(_all(tensor, 8)[0]).decode()] = dimensions if all(isinstance(size, int) for size in dimensions) else []
    counted: Counter[tuple[int, int, bool]] = Counter()
    for node in _all(graph, 1):
        kind = bytes(_all(node, 4)[0]).decode()
        weights = [sizes[name] for name in (bytes(given).decode() for given in _all(node, 1)) if len(sizes.get(name, [])) == 2]
        if kind in PRODUCTS and weights:
            counted[(weights[0][0], weights[0][1], kind in WHOLE)] += 1
    return sorted((Shape(*shape, times) for shape, times in counted.items()), key=lambda shape: (-shape.inner * shape.outer * shape.times, shape))


def attentions(model: bytes) -> int:
    """Return how many products of two activations a model has: two in each layer of attention."""
    (graph,) = _all(memoryview(model), 7)
    names = {bytes(_all(tensor, 8)[0]) for tensor in _all(graph, 5)}
    kinds = [(bytes(_all(node, 4)[0]).decode(), _all(node, 1)) for node in _all(graph, 1)]
    plain = sum(kind in ("MatMul", "FusedMatMul") and not any(bytes(given) in names for given in inputs) for kind, inputs in kinds)
    return plain + 2 * sum(kind in ("MultiHeadAttention", "Attention") for kind, _ in kinds)


def seconds(model: bytes, feeds: dict[str, np.ndarray]) -> float:
    """Return the CPU seconds of one run of a model, one thread: the median of some repeats, after one to warm up."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return timed(onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"]), feeds)


def timed(session: Any, feeds: dict[str, np.ndarray]) -> float:
    """Return the CPU seconds of one run of a session: the median of some repeats, after one to warm up."""
    begin = time.process_time()
    session.run(None, feeds)
    session.run(None, feeds)
    each = max((time.process_time() - begin) / 2, 1e-6)
    runs = max(1, int(SECONDS / REPEATS / each))
    spent = []
    for _ in range(REPEATS):
        begin = time.process_time()
        for _ in range(runs):
            session.run(None, feeds)
        spent.append((time.process_time() - begin) / runs)
    return float(np.median(spent))


def product_seconds(rows: int, shape: Shape, *, whole: bool) -> float:
    """Return the CPU seconds of one product of this shape."""
    some = np.random.default_rng(1)
    left = some.integers(0, 255, (rows, shape.inner)).astype(np.uint8) if whole else some.random((rows, shape.inner), np.float32)
    return seconds(product(rows, shape.inner, shape.outer, whole=whole), {"a": left})
