"""Lets the benchmarks import each other when their examples are collected."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
