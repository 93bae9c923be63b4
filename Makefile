# One target per habit. `make run` and `make test` set everything up themselves.
.DEFAULT_GOAL := help
SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help setup run dev test lint types contracts unit bench-sync lock clean

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) ## Make .venv with everything in it, at the versions of requirements.lock

$(READY): requirements.lock pyproject.toml
	@python=$$(for p in python3.13 python3.12 python3.11 python3; do command -v $$p >/dev/null && \
	  $$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done); \
	if [ -z "$$python" ]; then echo "tmdb_assets needs Python 3.11 or newer with venv: install it (Debian: apt install python3-venv), then run make again." >&2; exit 2; fi; \
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

bench-sync: setup ## Measure a whole run on the real films of ../shared
	$(BIN)/python benchmarks/bench_sync.py

lock: ## Pin the newest versions that pyproject.toml allows (needs uv)
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-strip-extras --no-annotate --no-header --quiet --output-file requirements.lock

clean: ## Remove .venv and caches; data stays
	rm -rf $(VENV) .hypothesis .pytest_cache .ruff_cache .import_linter_cache
