"""Lets the tests of plans import their helpers, however pytest is started."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """A plan, and the folder of its run; never to be changed."""
    from plan_examples import plan

    folder = tmp_path_factory.mktemp("社团 研究")
    own = plan(folder)
    return own, own.run(folder / "结果 一").folder
