# `make report` and `make test` each set up all they need, from Python >= 3.11 alone. `make help` lists the targets.

PYTHON ?= python3
PERIOD ?= 2026-10
ARGS   ?=

VENV  := .venv
BIN   := $(VENV)/bin
READY := $(VENV)/.ready
UV    := $(BIN)/uv

# Without compiled bytecode every start costs twice as much; some machines switch it off.
unexport PYTHONDONTWRITEBYTECODE
unexport PYTHONHOME
unexport PYTHONPATH
unexport VIRTUAL_ENV

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup report test browser lab app lint format bench lock samples clean

help: ## this list
	@sed -n 's/^\([a-z]*\):[^#]*## /\1\t/p' Makefile | while IFS="$$(printf '\t')" read -r target what; do \
	  printf '  make %-10s %s\n' "$$target" "$$what"; done

setup: $(READY) ## the environment in .venv, as locked; nothing to do when it is up to date

# uv itself comes from the lock too: the lines from its name to its last hash.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + \
	  sys.version.split()[0] + ": make PYTHON=python3.12 ...")'
	@test -x $(BIN)/pip || $(PYTHON) -m venv --clear $(VENV) || { \
	  echo "python -m venv failed: install your system's venv package (Debian: python3-venv) and try again" >&2; exit 1; }
	sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > $(VENV)/uv.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $(VENV)/uv.txt
	$(UV) pip sync --quiet --python $(BIN)/python --require-hashes --compile-bytecode requirements.lock
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

report: $(READY) ## the sample clients' reports, into data/samples/reports
	$(BIN)/kpi-toolkit report --workspace data/samples --period $(PERIOD) $(ARGS)

test: $(READY) browser ## all tests (ARGS="-k name" for some)
	$(BIN)/python -m pytest --numprocesses=logical --dist=loadfile $(ARGS)

browser: $(READY) ## a Chromium and CJK fonts for the tests that open pages
	@.ci/browser $(BIN)/python

lab: $(READY) ## JupyterLab on the sample workspace
	$(BIN)/kpi-toolkit lab --workspace data/samples $(ARGS)

app: $(READY) ## the live report on the sample workspace
	$(BIN)/kpi-toolkit app --workspace data/samples $(ARGS)

lint: $(READY) ## format, style, types, import direction
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY) ## puts format and import order right
	$(BIN)/ruff check --select I --fix .
	$(BIN)/ruff format .

bench: $(READY) ## measures against plain pandas and hand-written DuckDB
	$(BIN)/python -m benchmarks $(ARGS)

samples: $(READY) ## rewrites data/samples from its seed
	$(BIN)/python data/simulation $(ARGS)

# Newest versions that fit pyproject.toml: make lock ARGS=--upgrade
lock: $(READY) ## rewrites requirements.lock from pyproject.toml
	$(UV) pip compile pyproject.toml --quiet --extra dev --universal --python-version 3.11 --generate-hashes \
	  --no-strip-extras --custom-compile-command 'make lock' --output-file requirements.lock $(ARGS)

clean: ## removes the environment and everything that was made from the sources
	rm -rf $(VENV) dist build data/samples/reports data/samples/.kpi \
	  .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
