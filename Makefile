# Every target is described by `make help`. Nothing here needs more than Python 3.11+ and make.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/sh

PYTHON := .venv/bin/python
INSTALLED := .venv/installed

.PHONY: help run demo test sure format lint types imports canary data-map lock clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' | awk -F'|' '{printf "%-18s %s\n", $$1, $$2}'

$(INSTALLED): requirements-dev.txt bin/find-python
	@python="$$(sh bin/find-python)" || exit 1; "$$python" -m venv .venv \
	  || { echo "No virtual environment could be made: install Python's venv module (Debian: apt-get install python3-venv)." >&2; exit 1; }
	@echo "Installing the pinned requirements (once)…"
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $(INSTALLED)

run: $(INSTALLED) ## start everything with the sandbox, print where to look, stay until Ctrl-C
	@$(PYTHON) -m sandbox run

demo: $(INSTALLED) ## play the four jobs end to end against the sandbox and print a report
	@$(PYTHON) -m sandbox demo

test: $(INSTALLED) ## run the tests, on a real PostgreSQL and a real Redis
	@$(PYTHON) -m pytest

sure: $(INSTALLED) ## format, lint, types, import rules, tests, coverage: what CI runs
	@$(PYTHON) -m ruff format --check .
	@$(MAKE) --no-print-directory lint types imports
	@$(PYTHON) -m pytest --cov --cov-report=term-missing:skip-covered

format: $(INSTALLED) ## put the code in the one format
	@$(PYTHON) -m ruff format .
	@$(PYTHON) -m ruff check --fix .

lint: $(INSTALLED) ## ruff
	@$(PYTHON) -m ruff check .

types: $(INSTALLED) ## mypy, strict for the service
	@$(PYTHON) -m mypy

imports: $(INSTALLED) ## the contracts on who may import whom
	@.venv/bin/lint-imports --no-cache

canary: $(INSTALLED) ## run the demo and search every store and output for the sandbox's personal markers
	@$(PYTHON) -m pytest tests/integration/test_canary.py

data-map: $(INSTALLED) ## write docs/data-map.md from the columns' classification
	@mkdir -p docs && $(PYTHON) -m support_bridge.tables > docs/data-map.md

lock: $(INSTALLED) ## compile requirements*.in into the pinned files (needs uv)
	@command -v uv >/dev/null || { echo "uv is missing: pip install uv" >&2; exit 1; }
	@uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header requirements.in -o requirements.txt
	@uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header requirements-dev.in -o requirements-dev.txt

clean: ## remove the virtual environment and what the tools left
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage
