# One target per habit. `make run` and `make test` set everything up themselves.
.DEFAULT_GOAL := help
SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
BENCH := .venv-bench
PEERS := benchmarks/requirements-peers.txt
PIP := -m pip install --quiet --disable-pip-version-check

# The newest Python that is here, or a sentence.
FIND_PYTHON = python=$$(for p in python3.13 python3.12 python3.11 python3; do command -v $$p >/dev/null && \
	  $$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done); \
	if [ -z "$$python" ]; then echo "tmdb_assets needs Python 3.11 or newer with venv: install it (Debian: apt install python3-venv), then run make again." >&2; exit 2; fi

.PHONY: help setup run dev test lint types contracts unit prove bench-sync bench-rebuild bench-client lock clean

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) ## Make .venv with everything in it, at the versions of requirements.lock

$(READY): requirements.lock pyproject.toml
	@$(FIND_PYTHON); \
	echo "Setting up $(VENV) with $$python (once, about a minute) ..."; \
	$$python -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

run: setup ## Fill the warehouse for the recent years and show a carousel
	@$(BIN)/tmdb-assets run

dev: setup ## Run Dagster: pages, schedules, dropped files; Ctrl-C ends all
	@$(BIN)/tmdb-assets dev

test: lint types contracts unit ## What CI runs: style, types, import contracts, tests

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup
	$(BIN)/basedpyright

contracts: setup
	$(BIN)/lint-imports

unit: setup
	$(BIN)/pytest -n auto --dist loadgroup

prove: setup ## Hurt it for up to an hour: faults, kills, runs at once, 200,000 films; ARGS=--write for docs
	$(BIN)/python benchmarks/prove.py $(ARGS)

bench-sync: setup ## Measure a whole run on the real films of ../shared; ARGS=--write for docs
	$(BIN)/python benchmarks/bench_sync.py $(ARGS)

bench-rebuild: setup ## Measure a rebuild stage by stage; ARGS=--write for docs
	$(BIN)/python benchmarks/bench_rebuild.py $(ARGS)

bench-client: $(BENCH)/.ready ## Measure the client against its peers (12 minutes); ARGS=--write for docs
	$(BENCH)/bin/python benchmarks/bench_client.py $(ARGS)

# What cannot be installed becomes a row that says so.
$(BENCH)/.ready: $(PEERS) pyproject.toml
	@$(FIND_PYTHON); $$python -m venv --clear $(BENCH)
	@$(BENCH)/bin/python $(PIP) --require-hashes --requirement $(PEERS) || for each in $$(grep -oE '^[^ ]+==[^ ]+' $(PEERS)); do \
	  $(BENCH)/bin/python $(PIP) --no-deps $$each || echo "$$each cannot be installed here." >&2; done
	@$(BENCH)/bin/python $(PIP) --no-deps --editable .
	@touch $@

lock: ## Pin the newest versions that pyproject.toml allows (needs uv)
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-strip-extras --no-annotate --no-header --quiet --output-file requirements.lock
	uv pip compile pyproject.toml $(PEERS:.txt=.in) --constraint requirements.lock --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-strip-extras --no-annotate --no-header --quiet --output-file $(PEERS)

clean: ## Remove .venv and caches; data stays
	rm -rf $(VENV) $(BENCH) .hypothesis .pytest_cache .ruff_cache .import_linter_cache
