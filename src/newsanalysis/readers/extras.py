"""Libraries that only some formats need: loaded when such a file is read, and named with their pip line when they are not there."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from newsanalysis.readers.contract import ReadError


class MissingLibraryError(ReadError, ImportError):
    """A format whose library is not installed; the message gives the command that installs it.

    >>> issubclass(MissingLibraryError, ReadError)
    True
    """


def need(module: str, extra: str, what: str) -> Any:
    """Return a module, or say how to install it.

    Parameters
    ----------
    module : str
        What is imported, as in ``lxml.html``.
    extra : str
        The extra of this package that brings it.
    what : str
        What is to be read with it, in the plural.

    Returns
    -------
    module
        The module.

    Raises
    ------
    MissingLibraryError
        It is not installed; names the pip line.

    Examples
    --------
    >>> need("json", "vendors", "Factiva files").__name__
    'json'
    >>> need("no_such_library", "vendors", "Factiva files")
    Traceback (most recent call last):
    newsanalysis.readers.extras.MissingLibraryError: Factiva files are read with no_such_library, which is not installed; run: pip install ...
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != module.partition(".")[0]:
            raise
    library = module.partition(".")[0]
    raise MissingLibraryError(f'{what} are read with {library}, which is not installed; run: pip install "newsanalysis[{extra}]"')
