# Needs only python3 (3.11 or newer) and make. `make` alone lists the commands.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help run test quick check bench mutants lock docs pictures clean env chromium programs

VENV := .venv
BIN := $(CURDIR)/$(VENV)/bin
STAMP := $(VENV)/.made-of
SAY := printf '%s\n'

# The environment's sources; when they change, the environment is rebuilt.
WANTED := $(shell cat requirements.lock pyproject.toml 2>/dev/null | cksum | tr ' ' -)

export INVO_DEMO ?= 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# Every program starts in half the time if Python may keep what it has compiled.
unexport PYTHONDONTWRITEBYTECODE

help: ## List the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | \
		while IFS='	' read -r name what; do printf '  make %-8s %s\n' "$$name" "$$what"; done

run: env ## Start everything; Ctrl-C stops it. INVO_DEMO=0: no demo, INVO_PORT: another port
	@exec $(BIN)/python -m invo_booking.cli run

test: env chromium programs ## Run all tests, including those in a browser
	@$(BIN)/python bin/run-tests

quick: env ## Run the tests of domain, settings and mail, in under a minute
	@$(BIN)/python bin/run-tests quick

check: env ## Check the code and the lock file without running the code
	@$(SAY) "Layout:"; $(BIN)/ruff format --check .
	@$(SAY) "Rules:"; $(BIN)/ruff check .
	@$(SAY) "Spelling:"; $(BIN)/codespell
	@$(SAY) "Types:"; PATH="$(BIN):$$PATH" $(BIN)/pyright
	@$(SAY) "Imports:"; $(BIN)/lint-imports
	@$(SAY) "Files and lock file:"; $(BIN)/python -m pytest -q tests/platform/test_tree.py
	@$(SAY) "Installed packages:"; $(BIN)/python -m pip check

bench: env ## Measure the slot engine and the API; see docs/performance.md
	@$(BIN)/python -m benchmarks.engine
	@$(BIN)/python -m benchmarks.api

mutants: env ## Test the tests: break the domain in many ways; takes hours. MUTANTS: only of some
	@$(BIN)/python -m pip install --quiet mutmut==3.8.1
	@$(BIN)/python bin/run-mutants $(MUTANTS)

lock: ## Regenerate requirements.lock from pyproject.toml
	@sh bin/lock "$$(sh bin/find-python)"

docs: env ## Regenerate the tables in README.md and docs/ from the code
	@$(BIN)/python bin/make-docs

pictures: env chromium ## Take the pictures of README and docs; SUBJECTS: only of some, such as outlook
	@$(BIN)/python bin/make-pictures $(SUBJECTS)

clean: ## Remove environment, built pages and caches; data stays
	rm -rf $(VENV) .web .web-* .states .reflex .make .pytest_cache .ruff_cache \
		.hypothesis .import_linter_cache mutants test-results *.egg-info

env:
	@if [ "$$(cat $(STAMP) 2>/dev/null)" != "$(WANTED)" ] || ! $(BIN)/python -c ''; then \
		sh bin/make-env "$$(sh bin/find-python)" "$(VENV)" && \
		$(SAY) "$(WANTED)" > $(STAMP); \
	fi

chromium: env
	@sh bin/find-chromium "$(BIN)" > /dev/null

programs: # tests that need one of them say what is missing
	@-sh bin/find-program nginx nginx > /dev/null
	@-sh bin/find-program promtool prometheus > /dev/null
