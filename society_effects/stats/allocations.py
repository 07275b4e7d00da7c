"""All ways, or many random ways, in which the same students could have been divided into the two groups."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

DEFAULT_SEED = 20260206
ENUMERATED_UP_TO = 20_000
BLOCK = 250
CELLS_AT_ONCE = 500_000


def allocation_blocks(
    n: int, n_chosen: int, resamples: int, seed: int
) -> tuple[int | None, Iterator[NDArray[np.bool_]]]:
    """Allocations in blocks, one row each, True for the chosen: all where there are at most 20,000, else random.

    Returns how many there are when all are listed (None when drawn), and the blocks. Every block draws from a stream
    of its own, so the same seed gives the same answer whatever is done with the blocks.

    >>> total, blocks = allocation_blocks(4, 2, 99, 1)
    >>> total, next(blocks).shape
    (6, (6, 4))
    """
    total = math.comb(n, n_chosen)
    if total <= ENUMERATED_UP_TO:
        return total, iter([_all(n, n_chosen)])
    return None, (drawn_allocations(n, n_chosen, size, stream) for size, stream in streams(n, resamples, seed))


def streams(n: int, resamples: int, seed: int) -> Iterator[tuple[int, np.random.Generator]]:
    """Blocks of resamples of n values, each with its size and its own stream of random numbers.

    >>> [size for size, _ in streams(100, 600, 1)]
    [250, 250, 100]
    """
    block = max(1, min(BLOCK, CELLS_AT_ONCE // max(n, 1)))
    for start, child in zip(
        range(0, resamples, block), np.random.SeedSequence(seed).spawn(-(-resamples // block)), strict=True
    ):
        yield min(block, resamples - start), np.random.default_rng(child)


def drawn_places(n: int, size: int, rng: np.random.Generator) -> NDArray[np.unsignedinteger]:
    """Places below n, each as likely, in the smallest numbers that are drawn fast.

    >>> drawn_places(3, 2, np.random.default_rng(1)).dtype
    dtype('uint16')
    """
    return rng.integers(0, n, size, dtype=np.uint16 if n <= 2**16 else np.uint32)


def drawn_allocations(n: int, n_chosen: int, size: int, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Random allocations, shape (size, n), True for the chosen; each has the same chance.

    Names are drawn with replacement until enough different ones are there; of the larger group, those left out are.

    >>> drawn_allocations(3, 2, 4, np.random.default_rng(1)).sum(axis=1).tolist()
    [2, 2, 2, 2]
    """
    if n_chosen > n / 2:
        return ~drawn_allocations(n, n - n_chosen, size, rng)
    chosen = np.zeros((size, n), dtype=bool)
    rows, lacking = np.arange(size), np.full(size, n_chosen)
    while len(rows):
        places = np.repeat(rows * n, lacking)
        places += drawn_places(n, len(places), rng)
        chosen.reshape(-1)[places] = True
        lacking = n_chosen - chosen[rows].sum(axis=1, dtype=np.int32)
        still = np.flatnonzero(lacking)
        rows, lacking = rows[still], lacking[still]
    return chosen


def p_of_draws(as_far: int, drawn: int, *, exact: bool) -> float:
    """The P value of a permutation test; with random draws never 0.

    Phipson and Smyth (2010) doi:10.2202/1544-6115.1585.

    >>> p_of_draws(0, 999, exact=False)
    0.001
    """
    return as_far / drawn if exact else (as_far + 1) / (drawn + 1)


def _all(n: int, n_chosen: int) -> NDArray[np.bool_]:
    rows = np.array(list(itertools.combinations(range(n), n_chosen)), dtype=int).reshape(-1, n_chosen)
    chosen = np.zeros((len(rows), n), dtype=bool)
    np.put_along_axis(chosen, rows, True, axis=1)
    return chosen
