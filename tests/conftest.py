"""Settings of all tests."""

import os
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("steady", derandomize=True, deadline=None, max_examples=40)
settings.register_profile("searching", deadline=None, max_examples=500)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


DRAWN = Path(__file__).parent / "figures"
"""Drawings take their time: all tests here with several cases are thinned."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Of a test marked ``thinned`` one case of five runs with the quick tests, and all with the slow ones.

    Five has no divisor in common with the usual numbers of values of a parameter, so that each value keeps its turn.
    """
    seen = Counter()
    for item in items:
        drawn = DRAWN in item.path.parents and hasattr(item, "callspec")
        if drawn or item.get_closest_marker("thinned"):
            if seen[item.function] % 5:
                item.add_marker("slow")
            seen[item.function] += 1
