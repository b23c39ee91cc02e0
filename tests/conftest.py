"""What all tests share: properties are tried on the same examples every time, without a time limit each."""

from hypothesis import settings

settings.register_profile("newsanalysis", max_examples=50, deadline=None, derandomize=True)
settings.load_profile("newsanalysis")
