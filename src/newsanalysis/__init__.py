"""newsanalysis: who gets to speak in the news, how they are quoted, for whom they speak, in what tone and frame.

The public names are listed in ``__init__.pyi``; each is loaded when it is first used.

>>> import newsanalysis as na
>>> documents = na.documents(["The mayor said the bridge was closed."])
>>> na.attribute(documents).attributions.source.tolist()
['The mayor']
"""

import lazy_loader as lazy

_get, __dir__, __all__ = lazy.attach_stub(__name__, __file__)


def __getattr__(name: str) -> object:
    """Load a public name when it is first used; for one that there is not, say which may be meant."""
    try:
        return _get(name)
    except AttributeError:
        from difflib import get_close_matches

        near = get_close_matches(name, __all__, n=1)
        if name.startswith("_") or not near:
            raise
        raise AttributeError(f"newsanalysis has no {name!r}; did you mean {near[0]!r}?", name=name) from None
