"""The shape of the package: who may import whom, what loading it costs, how large its functions are."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "newsanalysis"
LAYERS = [
    {"tables", "quotations", "resampling", "sentences", "palette", "files", "copies", "periods", "_version"},
    {"readers", "codebooks", "display", "tagger"},
    {"found", "attribution", "speakers", "actors", "unitising", "sentiment", "framing", "targets", "tone_model"},
    {
        "measures",
        "sums",
        "origins",
        "tracing",
        "readingtables",
        "searching",
        "corpus_measures",
        "acting",
        "gold",
        "scoring",
        "reliability",
        "alpha",
        "sampling",
        "sheets",
        "variables",
        "hand_codes",
        "methods",
        "annotations",
        "web_annotation",
        "validation",
        "contrasts",
        "attitudes",
        "log_odds",
        "speaking_about",
        "placing",
        "correction",
        "comparing",
    },
    {"figures", "style", "textfigures", "curves", "scorefigures", "gridfigures", "statfigures"},
    {"pipeline", "partitions", "fingerprints", "groups", "results", "manifest", "journal", "engines", "progress", "reproduce", "reports", "cli", "__main__"},
]
WITHIN = ["found", "attribution", "speakers", "actors"]  # layer 2: each may use those before it
HEAVY = ("matplotlib", "jupyter", "jupyterlab", "IPython", "onnxruntime", "dask", "textblob", "pandera", "nltk", "pyarrow", "sentencex")
CPU_SECONDS = 1.0
MOST_PARAMETERS = 5
MORE_PARAMETERS = {"pipeline.py: analyse": 6}  # the front door: inputs, out, and the four choices that belong to nothing smaller
VAGUE = {"df", "data", "tmp"}
MODULES = sorted(PACKAGE.rglob("*.py"))


def room(path: Path) -> str:
    """The module or subpackage a file belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def layer(name: str) -> int:
    """The number of a room's layer."""
    return next(number for number, rooms in enumerate(LAYERS) if name in rooms)


def imports(path: Path) -> set[str]:
    """The rooms that a file imports, on loading or in a function; what only type checkers read does not count."""
    found = set()
    for node in ast.walk(without_type_checking(ast.parse(path.read_text(encoding="utf-8")))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "newsanalysis":
            parts = (node.module or "").split(".")[1:]
            found |= {parts[0]} if parts else {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("newsanalysis.")}
    return found - {"__version__"}


def without_type_checking(tree: ast.AST) -> ast.AST:
    """The tree less its `if TYPE_CHECKING:` blocks."""

    class Cut(ast.NodeTransformer):
        def visit_If(self, node: ast.If) -> ast.AST | list[ast.stmt]:
            self.generic_visit(node)
            return node.orelse if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING" else node

    return Cut().visit(tree)


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of a file."""
    return [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_to_the_same_layer_or_below(path):
    """A module uses only its own layer and those below; in layer 2 found < attribution < speakers < actors."""
    if room(path) == "__init__":
        return
    own = layer(room(path))
    for name in imports(path) - {room(path)}:
        assert layer(name) <= own, f"{room(path)} imports {name}, which lies above it"
        if room(path) in WITHIN and name in WITHIN:
            assert WITHIN.index(name) < WITHIN.index(room(path)), f"{room(path)} imports {name}"


def test_every_room_has_a_layer():
    """A new module is given its place here, on purpose."""
    assert {room(path) for path in MODULES} - {"__init__"} <= set().union(*LAYERS)


@pytest.mark.parametrize(
    "path", [path for path in MODULES if room(path) in ("sentiment", "framing", "palette", "tables")], ids=lambda path: str(path.relative_to(PACKAGE))
)
def test_coders_know_tables_only(path):
    """Tone and frame are coded from tables; only cues need what was found."""
    allowed = {"found", "quotations", "units", "unitising", "tagger", "codebooks", "tables", "sentences", "sentiment", "_version"}
    assert imports(path) - {room(path)} <= allowed


def python(program: str) -> str:
    """Run a program in a fresh interpreter."""
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip()


def test_loading_the_package_is_light():
    """`import newsanalysis` loads none of the heavy libraries."""
    loaded = python("import newsanalysis, sys; print(*sorted({name.split('.')[0] for name in sys.modules}))").split()
    assert not [name for name in loaded if name.startswith(HEAVY)]


def test_loading_the_package_is_quick():
    """`import newsanalysis` takes less than a second of processor time."""
    assert float(python("import time; start = time.process_time(); import newsanalysis; print(time.process_time() - start)")) < CPU_SECONDS


def test_the_command_line_starts_without_the_analysis():
    """`newsanalysis --help` needs no pandas."""
    assert python("import newsanalysis.cli, sys; print('pandas' in sys.modules)") == "False"


def test_computing_needs_no_plotting_library():
    """Nothing but figures and style loads matplotlib."""
    names = ", ".join(f"newsanalysis.{name}" for name in sorted({room(path) for path in MODULES} - LAYERS[4] - {"__init__", "__main__"}))
    assert python(f"import {names}, sys; print('matplotlib' in sys.modules)") == "False"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_functions_have_at_most_five_parameters(path):
    """What needs more is two functions, or wants a table. (self does not count.)"""
    for function in functions(path):
        arguments = function.args
        count = len([a for a in arguments.posonlyargs + arguments.args if a.arg not in ("self", "cls")]) + len(arguments.kwonlyargs)
        most = MORE_PARAMETERS.get(f"{path.name}: {function.name}", MOST_PARAMETERS)
        assert count <= most, f"{function.name} has {count} parameters"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_variables_say_what_they_hold(path):
    """No `df`, `data`, `tmp`: documents, attributions, spans, codes."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    fields = {id(line.target) for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for line in node.body if isinstance(line, ast.AnnAssign)}
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and id(node) not in fields}
    names |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    assert not names & VAGUE


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_randomness_comes_in_by_rng(path):
    """Nobody draws from a hidden generator: no `random` module, no numpy.random but default_rng and Generator."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    modules = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert "random" not in modules
    drawn = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute) and node.value.attr == "random"}
    assert drawn <= {"default_rng", "Generator"}
    public = [function for function in functions(path) if not function.name.startswith("_")]
    assert not [function.name for function in public if "rng" in {argument.arg for argument in function.args.args}]
