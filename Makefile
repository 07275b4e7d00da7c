# Everyday commands. `make demo` and `make test` set up everything they need on a fresh machine.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: demo test check slow coverage notebooks docs bench wheel clean

demo: .venv/demo  ## the main job: bundled cohort and published tables, reports in demo_output/
	$(BIN)/society-effects demo --out demo_output

test: .venv/test  ## all quick tests and doctests
	$(BIN)/python -m pytest -q -n 2 --dist loadfile

check: .venv/dev  ## format, lint, types, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(MAKE) test

slow: .venv/test  ## simulations (coverage, type I error), and a longer search by hypothesis
	$(BIN)/python -m pytest -q -m slow
	HYPOTHESIS_PROFILE=searching $(BIN)/python -m pytest -q -n 2 tests/study tests/stats tests/tables

coverage: .venv/test  ## which lines and branches the quick tests run; at least 95 %
	$(BIN)/coverage run -m pytest -q
	$(BIN)/coverage report --skip-covered

notebooks: .venv/test  ## run every notebook top to bottom
	$(BIN)/python notebooks/build.py

docs: .venv/docs  ## the documentation in both languages, in docs/_build/html; its code is run, its links are followed
	rm -rf docs/_build
	$(BIN)/sphinx-build -W --keep-going -q -j 2 -b html docs docs/_build/html
	$(BIN)/sphinx-build -W --keep-going -q -j 2 -t zh -c docs -b html docs/zh docs/_build/html/zh
	$(BIN)/python docs/check_site.py docs/_build/html

bench: .venv/bench  ## ratios against other packages, written to docs/benchmarks.md
	$(BIN)/python tests/bench/run.py

wheel: .venv/dev
	$(BIN)/hatchling build -t wheel -d dist

clean:
	rm -rf .venv dist build demo_output docs/_build

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/demo: .venv/bin/python pyproject.toml constraints.txt
	$(PIP) -e . && touch $@
.venv/test: .venv/bin/python pyproject.toml constraints.txt
	$(PIP) -e '.[test]' && touch $@
.venv/dev: .venv/bin/python pyproject.toml constraints.txt
	$(PIP) -e '.[dev]' && touch $@
.venv/docs: .venv/bin/python pyproject.toml constraints.txt
	$(PIP) -e '.[docs]' && touch $@
.venv/bench: .venv/bin/python pyproject.toml constraints.txt
	$(PIP) -e '.[bench,test]' && touch $@
