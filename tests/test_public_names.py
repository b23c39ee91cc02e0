"""Every public name can be had, is explained in full, and shows an example that the suite runs."""

import ast
import doctest
import inspect
import re
import types
from pathlib import Path

import pytest

import newsanalysis as na

STUB = Path(na.__file__).with_suffix(".pyi")
NAMES = [alias.asname for node in ast.parse(STUB.read_text(encoding="utf-8")).body if isinstance(node, ast.ImportFrom) for alias in node.names]
FUNCTIONS = [name for name in NAMES if inspect.isfunction(getattr(na, name))]
MEASURES = [
    name
    for name in FUNCTIONS
    if getattr(na, name).__module__.removeprefix("newsanalysis.")
    in ("measures", "acting", "attitudes", "comparing", "contrasts", "correction", "log_odds", "scoring", "reliability")
]


def test_the_list_of_names_is_in_order_and_without_repetition():
    """One list, by module; a name has one meaning."""
    assert len(set(NAMES)) == len(NAMES)
    assert set(NAMES) <= set(dir(na))


@pytest.mark.parametrize("name", NAMES)
def test_every_name_has_a_docstring_that_begins_with_a_sentence(name):
    """The first line says what it is, and ends."""
    thing = getattr(na, name)
    if name in ("__version__", "Attributor"):
        return
    first = (inspect.getdoc(thing) or "").splitlines()[0]
    assert first
    assert first.endswith((".", "?", ":")), first


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_explains_parameters_and_result(name):
    """Each parameter is named under Parameters; there is a Returns; what it raises on purpose is said by those who check."""
    function = getattr(na, name)
    text = inspect.getdoc(function)
    for parameter in inspect.signature(function).parameters:
        assert re.search(rf"^(\w+, )*\**{parameter}(, \**\w+)*( :|$)", text, re.MULTILINE), f"{name}: parameter {parameter} is not explained"
    if inspect.signature(function).return_annotation not in ("None", None):
        assert "\nReturns\n" in text, name


@pytest.mark.parametrize("name", FUNCTIONS)
def test_options_are_keyword_only(name):
    """At most three things by position (what is worked on); every option by its name."""
    parameters = inspect.signature(getattr(na, name)).parameters.values()
    assert not [p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD and p.default is not p.empty]
    assert len([p for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]) <= 3
    assert len(parameters) <= 5 + (name == "analyse")  # the front door also says where it is done


@pytest.mark.parametrize("name", [name for name in NAMES if isinstance(getattr(na, name), types.FunctionType | type) and name != "Attributor"])
def test_every_name_has_an_example_that_runs(name):
    """Its docstring holds a doctest (which the suite runs with all others)."""
    assert doctest.DocTestParser().get_examples(inspect.getdoc(getattr(na, name))), name


@pytest.mark.parametrize("name", MEASURES)
def test_every_measure_says_how_to_read_it_and_where_it_is_from(name):
    """Unit and range, how to read it, what not to compare, source."""
    text = " ".join(inspect.getdoc(getattr(na, name)).split())
    assert re.search(r"\[-?\d|range|between|per 100|at least|from -?\d", text), f"{name}: no range"
    assert " Notes " in text, f"{name}: how to read it"
    assert re.search(r"not (be )?compare|do not compare|compare only", text, re.IGNORECASE), f"{name}: what not to compare"
    assert re.search(r"Sources?:", text), f"{name}: no source"


def test_errors_are_value_errors():
    """A caller can catch what the package refuses as ValueError."""
    assert issubclass(na.TableError, ValueError)
    assert issubclass(na.codebooks.CodebookError, ValueError)
