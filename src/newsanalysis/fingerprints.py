"""What tells one attributor of the user's own from another: its program and all that it holds, or why that cannot be said with certainty."""

from __future__ import annotations

import builtins
import functools
import hashlib
import inspect
import re
import sys
import types
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import PurePath
from typing import Any

_PLAIN = (type(None), bool, int, float, complex, str, bytes, type(...), PurePath, range)


class _UncertainError(Exception):
    """What cannot be told from another of its kind."""


def fingerprint(attributor: object) -> tuple[str, str | None]:
    """Tell an attributor from others: by its version, or, where it has none, by its program and what it holds.

    Parameters
    ----------
    attributor : str or callable
        As `analyse` takes it.

    Returns
    -------
    str, str or None
        What it is known by, and, where another may be known by the same, what in it cannot be told apart.

    Examples
    --------
    >>> from functools import partial
    >>> one, two = partial(sorted, reverse=True), partial(sorted, reverse=False)
    >>> fingerprint(one) == fingerprint(partial(sorted, reverse=True)), fingerprint(one) == fingerprint(two)
    (True, False)
    >>> fingerprint(partial(sorted, key=iter([])))[1]
    'list_iterator'
    """
    if isinstance(attributor, str):
        return attributor, None
    named = getattr(attributor, "version", None)
    if isinstance(named, str) and named:
        return named, None
    try:
        pieces = "\n".join(_told(attributor, {}))
    except (_UncertainError, RecursionError) as error:
        return f"{type(attributor).__module__}.{type(attributor).__qualname__}", str(error) if isinstance(
            error, _UncertainError
        ) else "all that it holds, which is deep"
    return hashlib.sha256(pieces.encode("utf-8", "surrogatepass")).hexdigest(), None


def _told(what: Any, seen: dict[int, Any]) -> Iterator[str]:
    """Yield what a value is, and what it holds; what was told already is only named."""
    if isinstance(what, _PLAIN) and type(what).__module__ in ("builtins", "pathlib"):
        yield f"{type(what).__name__} {what!r}"
        return
    if id(what) in seen:
        yield f"as {list(seen).index(id(what))}"
        return
    if len(seen) > 100_000:
        raise _UncertainError(f"all that it holds, which is much ({type(what).__name__})")
    seen[id(what)] = what
    yield from _held(what, seen)


def _held(what: Any, seen: dict[int, Any]) -> Iterator[str]:
    kind = type(what)
    if kind in (list, tuple):
        yield f"{kind.__name__} {len(what)}"
        for one in what:
            yield from _told(one, seen)
    elif kind is dict:
        yield f"dict {len(what)}"
        for name, value in what.items():
            yield from _told(name, seen)
            yield from _told(value, seen)
    elif kind in (set, frozenset) and all(isinstance(one, _PLAIN) for one in what):
        yield f"{kind.__name__} {sorted(map(repr, what))}"
    elif kind is re.Pattern:
        yield f"pattern {what.pattern!r} {what.flags}"
    elif kind is functools.partial:
        yield from _several("partial", seen, what.func, what.args, what.keywords, vars(what))
    elif kind is types.MethodType:
        yield from _several("method", seen, what.__func__, what.__self__)
    elif kind in (staticmethod, classmethod):
        yield from _several(kind.__name__, seen, what.__func__)
    elif kind is property:
        yield from _several("property", seen, what.fget)
    elif kind is functools.cached_property:
        yield from _several("cached_property", seen, what.func)
    elif kind is functools._lru_cache_wrapper:
        yield from _several("cached", seen, what.__wrapped__)
    elif isinstance(what, types.ModuleType):
        if not (known := _foreign(what.__name__)):
            raise _UncertainError(f"the module {what.__name__}")
        yield f"module {what.__name__} {known}"
    elif isinstance(what, types.FunctionType | types.BuiltinFunctionType | type):
        yield from _program(what, seen)
    else:
        yield from _object(what, seen)


def _several(name: str, seen: dict[int, Any], *held: Any) -> Iterator[str]:
    yield name
    for one in held:
        yield from _told(one, seen)


def _program(what: Any, seen: dict[int, Any]) -> Iterator[str]:
    """A function or a class: by name and version if a library brings it, else by all that is in it."""
    name = f"{what.__module__}.{what.__qualname__}"
    bound = getattr(what, "__self__", None) if isinstance(what, types.BuiltinFunctionType) else None
    if bound is not None and not isinstance(bound, types.ModuleType | type):
        yield from _several(f"method {what.__qualname__}", seen, bound)
    elif (known := _foreign(what.__module__)) and "<locals>" not in what.__qualname__:
        yield f"{name} {known}"
    elif isinstance(what, types.FunctionType):
        yield f"function {name}"
        yield from _code(what.__code__, what.__globals__, seen)
        held = []
        for name, cell in zip(what.__code__.co_freevars, what.__closure__ or (), strict=True):
            try:
                held.append((name, cell.cell_contents))
            except ValueError:  # not filled yet
                held.append((name, None))
        yield from _several("holds", seen, what.__defaults__, what.__kwdefaults__, held, vars(what))
    elif isinstance(what, type):
        yield f"class {name}"
        yield from _several("of", seen, *what.__bases__)
        for name, value in sorted(vars(what).items()):
            if (
                isinstance(value, types.FunctionType)
                or not (name.startswith(("__", "_abc_")) or inspect.isdatadescriptor(value))
                or isinstance(value, property)
            ):
                yield name
                yield from _told(value, seen)
    else:
        raise _UncertainError(name)


def _code(code: types.CodeType, names: dict[str, Any], seen: dict[int, Any]) -> Iterator[str]:
    """A piece of program, those within it, and what it names outside itself."""
    yield f"{code.co_code.hex()} {code.co_names} {code.co_varnames} {code.co_freevars}"
    for one in code.co_consts:
        if isinstance(one, types.CodeType):
            yield from _code(one, names, seen)
        else:
            yield from _told(one, seen)
    for name in code.co_names:
        if name in names:
            yield from _several(name, seen, names[name])
        elif hasattr(builtins, name):
            yield name


def _object(what: Any, seen: dict[int, Any]) -> Iterator[str]:
    """An object of a class: the class, and what stands in its attributes and slots; one of a library cannot be looked into."""
    kind = type(what)
    library = next((base for base in kind.__mro__ if base is not object and _foreign(base.__module__) and base.__module__ not in ("abc", "typing")), None)
    if library is not None:
        raise _UncertainError(kind.__qualname__ if library is kind else f"{kind.__qualname__} ({library.__qualname__})")
    yield from _several("object", seen, kind)
    state = dict(getattr(what, "__dict__", {}))
    for base in kind.__mro__:
        slots = vars(base).get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            mangled = f"_{base.__name__.lstrip('_')}{name}" if name.startswith("__") and not name.endswith("__") else name
            if name not in ("__dict__", "__weakref__") and hasattr(what, mangled):
                state[f"{base.__qualname__}.{name}"] = getattr(what, mangled)
    yield from _several("state", seen, dict(sorted(state.items())))


def _foreign(module: str | None) -> str | None:
    """Return the version of what a module belongs to: Python, this package or an installed library; None for the user's own."""
    top = (module or "").partition(".")[0]
    if top in sys.stdlib_module_names and top != "__main__":
        return "python"
    if top == "newsanalysis":
        return "newsanalysis"
    file = str(getattr(sys.modules.get(top), "__file__", None) or "")
    if "site-packages" not in file and "dist-packages" not in file:
        return None
    try:
        return version(top)
    except PackageNotFoundError:
        return str(getattr(sys.modules[top], "__version__", "")) or None
