"""newsanalysis: who gets to speak in the news, how they are quoted, for whom they speak, in what tone and frame.

The public names are listed in ``__init__.pyi``; each is loaded when it is first used.

>>> import newsanalysis as na
>>> documents = na.documents(["The mayor said the bridge was closed."])
>>> na.attribute(documents).attributions.source.tolist()
['The mayor']
"""

import lazy_loader as lazy

__getattr__, __dir__, __all__ = lazy.attach_stub(__name__, __file__)
