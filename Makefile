# Everything a developer or operator runs. `make run` and `make test` set up what they need.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
DATA ?= ../shared/data
# Processes that share the tests, at most four: each takes one or two gigabytes.
WORKERS ?= auto
# Tests start many processes: without byte code each would compile everything anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run demo test covered coverage lint bench soak clean lock training

run: $(VENV)/.runtime   ## set up, replay the bundled crisis, serve API and console
	$(BIN)/fengsui demo

demo: $(VENV)/.runtime  ## the same, but exit after the replay
	$(BIN)/fengsui demo --once

test: $(VENV)/.dev      ## the test suite, without what needs servers that are not there
	$(BIN)/pytest -q -m "not soak and not gpu and not benchmark" -n $(WORKERS) --maxprocesses 4 --dist loadfile $(PYTEST_ARGS)

covered: $(VENV)/.dev   ## every branch of playbooks/ and of the incident's lifecycle has a test
	$(BIN)/coverage erase
	$(BIN)/pytest -q -n $(WORKERS) --maxprocesses 4 --cov=playbooks --cov=service.incidents --cov-report= \
	  tests/playbooks tests/service/incidents/test_lifecycle.py
	$(BIN)/coverage report --fail-under=100 --include='playbooks/*,service/incidents/lifecycle.py'

coverage: $(VENV)/.dev  ## every test, with the branches that all of them together reach: 90 % at least
	$(BIN)/coverage erase
	$(MAKE) test PYTEST_ARGS="--cov --cov-report="
	$(BIN)/coverage report --fail-under=90

lint: $(VENV)/.dev      ## format, style, types, import contracts, shipped content
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/fengsui check

bench: $(VENV)/.dev     ## print the tables of bench/; DATA is the folder of the corpora, FP32 a run to compare with
	$(BIN)/python bench/analyzer.py $(DATA)/topics/weibo_2020.jsonl.gz
	$(BIN)/python bench/store.py
	$(BIN)/python -m bench.indicators
	$(BIN)/python -m bench.timers
	$(BIN)/python -m bench.store_scale --data $(DATA)
	test -z "$$FENGSUI_TEST_ELASTICSEARCH_URL" || $(BIN)/python -m bench.store_scale --engine elasticsearch --data $(DATA)
	$(BIN)/python bench/replay.py
	$(BIN)/python -m bench.accuracy --data $(DATA)
	$(BIN)/python -m bench.classify_inprocess --data $(DATA)
	$(BIN)/python -m bench.classify_http --data $(DATA) $(if $(FP32),--fp32 $(FP32))
	$(BIN)/python -m bench.classify_words $(DATA)/topics/weibo_2020.jsonl.gz
	$(BIN)/python -m bench.decision_figures
	$(BIN)/python -m bench.matcher $(DATA)/topics/weibo_2020.jsonl.gz
	$(BIN)/python -m bench.swap
	$(BIN)/python -m bench.detection --data $(DATA)
	$(BIN)/python -m bench.bursts --data $(DATA)
	$(BIN)/python -m bench.spread --data $(DATA)
	$(BIN)/python -m bench.copies_cost --data $(DATA)
	$(BIN)/python -m bench.flood --data $(DATA)
	$(BIN)/python -m bench.flood_memory --data $(DATA)
	$(BIN)/python -m bench.five_cascades --data $(DATA)
	$(BIN)/python -m bench.topics --data $(DATA)
	$(BIN)/python -m bench.stories --data $(DATA)
	! command -v chromium >/dev/null || $(BIN)/python -m bench.console

soak: $(VENV)/.dev      ## what takes minutes to hours: ≥ 100 kills, 5,000 simulated runs, ten minutes of fuzzing
	FENGSUI_SOAK_KILLS=$${FENGSUI_SOAK_KILLS:-100} FENGSUI_FUZZ_SECONDS=$${FENGSUI_FUZZ_SECONDS:-600} \
	  $(BIN)/pytest -q -m soak --timeout=7200

lock: $(VENV)/.dev      ## write the lock files anew from pyproject.toml
	$(BIN)/pip install -q uv
	$(BIN)/uv pip compile -q pyproject.toml --extra postgres --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --no-annotate -o requirements.lock
	$(BIN)/uv pip compile -q pyproject.toml --extra postgres --extra dev --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --no-annotate -o requirements-dev.lock
	$(BIN)/uv pip compile -q pyproject.toml --extra postgres --extra dev --extra training --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --no-annotate \
	  | awk '/^[a-z]/ { keep = !/^(torch|triton|cuda|nvidia)[-a-z0-9]*==/ } keep' > requirements-training.lock

training: $(VENV)/.training ## what the extra [training] needs, with torch's CPU build where pip finds one

clean:                  ## remove everything that the other targets made
	rm -rf $(VENV) var .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage htmlcov

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV) || python3 -m venv $(VENV)

# A stamp per set of packages: done again when its lock file changes. A lock names every package, so pip
# resolves nothing (--no-deps): asked for an extra (coverage[toml]), its resolver takes a release newer than
# the locked one and refuses it for want of a hash. `pip check` then tells a package that a lock left out.
$(VENV)/.runtime: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install -q --no-compile --no-deps --require-hashes -r requirements.lock
	$(BIN)/pip install -q --no-deps -e .
	$(BIN)/pip -q check
	touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install -q --no-compile --no-deps --require-hashes -r requirements-dev.lock
	$(BIN)/pip install -q --no-deps -e .
	$(BIN)/pip -q check
	touch $@

# torch is not in the lock: its GPU build draws in gigabytes that a CPU has no use for.
$(VENV)/.training: requirements-training.lock $(VENV)/.dev
	$(BIN)/pip install -q --no-compile torch==2.13.0
	$(BIN)/pip install -q --no-compile --no-deps --require-hashes -r requirements-training.lock
	touch $@
