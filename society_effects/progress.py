"""How far along is it? A progress bar for work of more than two seconds, in terminals and notebooks, never in logs."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")


def progress(items: Iterable[Item], label: str, total: int | None = None) -> Iterator[Item]:
    """Go through the items, with a bar that shows after two seconds where somebody is watching."""
    from tqdm.auto import tqdm

    watched = sys.stderr.isatty() or _in_notebook()
    yield from tqdm(items, desc=label, total=total, delay=2, leave=False, disable=not watched)


def _in_notebook() -> bool:
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return type(shell).__name__ == "ZMQInteractiveShell"
