"""docs/measures.md: its examples run, and its second half is what the docstrings say."""

import importlib.util
import re
import warnings
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[1] / "docs" / "measures.md"
if not PAGE.is_file():
    pytest.skip("docs/ is not part of this copy", allow_module_level=True)
SPEC = importlib.util.spec_from_file_location("measures_page", Path(__file__).parent / "measures_page.py")
measures_page = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(measures_page)


def test_examples_run():
    """The blocks of code run one after the other, and every line that stands alone gives a table with rows."""
    known = {}
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "corrected_share: hand-coded units are few")
        for block in re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL):
            exec(block, known)
            for call in re.findall(r"^na\..*?(?=\s*#|$)", block, flags=re.MULTILINE):
                assert len(eval(call, known)), call


def test_no_example_silences_the_reader():
    """What a reader copies leaves the warnings of his session as they are."""
    assert "simplefilter" not in PAGE.read_text(encoding="utf-8")


def test_the_page_is_current():
    """Made anew from the docstrings, the page is the same."""
    text = PAGE.read_text(encoding="utf-8")
    assert measures_page.page(text) == text


def test_every_measure_has_its_part():
    """No part is empty: formula, range, reading, source."""
    for name in measures_page.NAMES:
        assert all(measures_page.parts(name).values()), name
