# Everything a developer or operator runs. `make run` and `make test` set up what they need.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run demo test lint bench soak clean lock

run: $(VENV)/.runtime   ## set up, replay the bundled crisis, serve API and console
	$(BIN)/fengsui demo

demo: $(VENV)/.runtime  ## the same, but exit after the replay
	$(BIN)/fengsui demo --once

test: $(VENV)/.dev      ## the test suite, without what needs servers that are not there
	$(BIN)/pytest -q -m "not soak and not gpu and not benchmark" $(PYTEST_ARGS)

lint: $(VENV)/.dev      ## format, style, types, import contracts, shipped content
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/fengsui check

bench: $(VENV)/.dev     ## print the tables of bench/
	$(BIN)/python bench/analyzer.py
	$(BIN)/python bench/store.py
	$(BIN)/python bench/replay.py

soak: $(VENV)/.dev      ## what takes minutes to hours: ≥ 100 kills, ten minutes of fuzzing
	FENGSUI_SOAK_KILLS=$${FENGSUI_SOAK_KILLS:-100} FENGSUI_FUZZ_SECONDS=$${FENGSUI_FUZZ_SECONDS:-600} \
	  $(BIN)/pytest -q -m soak --timeout=7200

lock: $(VENV)/.dev      ## write both lock files anew from pyproject.toml
	$(BIN)/pip install -q uv
	$(BIN)/uv pip compile -q pyproject.toml --extra postgres --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --no-annotate -o requirements.lock
	$(BIN)/uv pip compile -q pyproject.toml --extra postgres --extra dev --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --no-annotate -o requirements-dev.lock

clean:                  ## remove everything that the other targets made
	rm -rf $(VENV) var .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage htmlcov

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV) || python3 -m venv $(VENV)

# A stamp per set of packages: done again when its lock file changes.
$(VENV)/.runtime: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install -q --require-hashes -r requirements.lock
	$(BIN)/pip install -q --no-deps -e .
	touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install -q --require-hashes -r requirements-dev.lock
	$(BIN)/pip install -q --no-deps -e .
	touch $@
