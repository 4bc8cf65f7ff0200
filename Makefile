# make run     start the desk and the sandbox on this machine, and print one address
# make test    every check and every test, on SQLite and on PostgreSQL
# make check   the gate alone: format, lint, types, layers, house rules
# make bench   floors and product side by side
# make crash   kill the server again and again, on both databases
# make outage  WeChat's API is away for ten minutes under load, three times
# make reset   forget the data of `make run`
# make lock    after changing a pin in pyproject.toml (needs uv)

SHELL := /bin/sh
.DEFAULT_GOAL := help
# Where it is set, each of the many programs that the tests start compiles the whole desk anew.
unexport PYTHONDONTWRITEBYTECODE
.PHONY: help setup setup-dev run reset gates check test-tools test bench crash outage lock clean

# The first Python that is new enough and that the pins were made for.
FITS := import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 13))
PYTHON := $(shell for p in python3.11 python3 python3.12 python; do \
	"$$p" -c '$(FITS)' >/dev/null 2>&1 && echo "$$p" && break; done)

BIN := .venv/bin
SEED ?= 20261124
WORKERS ?= 3
TESTS ?=
LAYERS := bot cli domain handlers jobs models nlp sandbox services web
TYPED := $(sort $(dir $(wildcard $(addsuffix /*.py,$(LAYERS) bench migrations tests tools)))) $(wildcard *.py)

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

.python:
	@test -n "$(PYTHON)" || { \
		echo "setup: Python 3.11 or 3.12 is needed and none is on PATH" >&2; exit 1; }
.PHONY: .python

setup: .python
	@$(PYTHON) -m tools.environment
	@$(PYTHON) -m tools.vendor

setup-dev: .python
	@$(PYTHON) -m tools.environment --dev
	@$(PYTHON) -m tools.vendor

run: setup
	@$(BIN)/python run.py demo

reset:
	rm -rf var

gates: setup-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy $(TYPED)
	$(BIN)/lint-imports --no-logo
	$(BIN)/deptry .
	$(BIN)/vulture $(TYPED)

check: gates
	$(BIN)/pytest -q -n 0 tests/house

test-tools: setup-dev
	@$(BIN)/python -m tools.binaries

# The gates run beside the tests, on the time in which those wait; what they found is said last.
test: setup-dev test-tools
	@said=$$(mktemp); trap 'rm -f "$$said"' EXIT; \
	$(MAKE) --no-print-directory gates >"$$said" 2>&1 & gates=$$!; \
	$(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder -p randomly --randomly-seed=$(SEED) $(TESTS); \
	code=$$?; wait $$gates || { cat "$$said"; exit 1; }; exit $$code

bench: setup-dev test-tools
	$(BIN)/python -m bench
	$(BIN)/python -m bench.console --tickets 1000 100000 1000000 --write
	$(BIN)/python -m bench.flood --write

crash: setup-dev test-tools
	ITDESK_SIM_STEPS=5000 $(BIN)/pytest -n 0 tests/faults/test_reach_sim.py
	$(BIN)/pytest -n 0 -m crash tests/faults

outage: setup-dev test-tools
	ITDESK_OUTAGE_SECONDS=600 $(BIN)/pytest -n 0 tests/e2e/test_api_outage.py

UV ?= $(firstword $(wildcard $(BIN)/uv) uv)
COMPILE = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-emit-find-links
lock:
	$(COMPILE) pyproject.toml -o requirements.txt
	$(COMPILE) --group pyproject.toml:dev -c requirements.txt -o requirements-dev.txt

clean: reset
	rm -rf .venv .cache .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
