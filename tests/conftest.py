"""What all tests share: properties are tried on the same examples every time, without a time limit each."""

import pytest
from hypothesis import settings

settings.register_profile("newsanalysis", max_examples=50, deadline=None, derandomize=True)
settings.load_profile("newsanalysis")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Where pytest-mpl is installed, compare pictures without being asked to."""
    if hasattr(config.option, "mpl") and not config.option.mpl_generate_path:
        config.option.mpl = True
