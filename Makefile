# Two commands matter: `make run` starts everything on one machine, `make test` checks everything.
# Needed: Linux, Python 3.11 or newer, Node.js 20.19 or newer. Root, Docker or a system Redis are not.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules --no-print-directory

# 3.12 and 3.11 first: for these the embedded Redis comes ready built, newer ones need a C compiler.
PYTHON ?= $(shell for p in python3.12 python3.11 python3 python3.13 python3.14; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
PIP := .venv/bin/python -m pip --disable-pip-version-check --quiet
FRONTEND := webui/frontend
NPM := npm --prefix $(FRONTEND) --no-fund --no-audit --no-update-notifier --loglevel=error

# Each step leaves a stamp named after the hash of what it depends on: nothing changed, nothing to do.
hash = $(shell cat $(1) 2>/dev/null | sha256sum | cut -c1-16)
FRONTEND_SOURCES := $(shell find $(FRONTEND) -name node_modules -prune -o -type f -print 2>/dev/null | LC_ALL=C sort)
RUNTIME := .venv/stamp-runtime-$(call hash,requirements.txt constraints.txt pyproject.toml)
DEV := .venv/stamp-dev-$(call hash,requirements.txt requirements-dev.txt constraints.txt pyproject.toml)
MODULES := $(FRONTEND)/node_modules/.stamp-$(call hash,$(FRONTEND)/package-lock.json)
PAGES := webui/static/.stamp-$(call hash,$(FRONTEND_SOURCES))
measure = name=$$(basename $(1) .py); echo "== $$name"; .venv/bin/python -m tests.benchmarks.$$name

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

.PHONY: run
run: $(RUNTIME) $(PAGES) ## Install what is missing, then start everything with a simulated switch
	@exec .venv/bin/zuoxi run

# Three processes on two cores: many tests wait for calls to ring and for programs to start.
.PHONY: test
test: lint test-frontend chromium ## Run every check that this machine can run (15 minutes at most)
	.venv/bin/python -m pytest --numprocesses 3 --dist loadfile

.PHONY: lint
lint: $(DEV) $(MODULES) ## Check style, types and the rules of import
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	$(NPM) run lint

.PHONY: test-frontend
test-frontend: $(MODULES) $(PAGES) ## Run the frontend's unit tests
	$(NPM) run test

.PHONY: bench
bench: $(DEV) ## Measure the parts on this machine; prints ratios
	@for file in tests/benchmarks/bench_*.py; do $(call measure,$$file); done

.PHONY: bench-switch
bench-switch: $(DEV) ## Measure with a real FreeSWITCH (FREESWITCH_HOME, or freeswitch on the PATH)
	@for file in tests/benchmarks/switch_*.py; do $(call measure,$$file); done

.PHONY: bench-scale
bench-scale: $(DEV) ## Measure lists and reports over 10,000,000 calls (PostgreSQL; 40 GB, two hours)
	@for file in tests/benchmarks/scale_*.py; do $(call measure,$$file); done

.PHONY: bench-wall
bench-wall: $(DEV) $(PAGES) chromium ## Measure the seat monitor with 1,000 agents in a browser (six minutes)
	@for file in tests/benchmarks/wall_*.py; do $(call measure,$$file); done

.PHONY: diagrams
diagrams: $(DEV) ## Draw docs/states.md from the tables of the state machines
	@.venv/bin/python -m orchestrator.domain.diagrams > docs/states.md

.PHONY: constraints
constraints: | needs-python ## Pin again what the requirements bring along (constraints.txt)
	@folder=$$(mktemp -d) && $(PYTHON) -m venv $$folder && $$folder/bin/pip install --quiet -r requirements-dev.txt \
		&& $$folder/bin/pip freeze > constraints.txt && rm -rf $$folder

.PHONY: clean
clean: ## Remove what was installed and built; var/ with its data stays
	rm -rf .venv $(FRONTEND)/node_modules webui/static *.egg-info
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .benchmarks
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Browser tests use the system's Chromium. Without one, and without the right to install it, they are skipped
# and say so.
.PHONY: chromium
chromium:
	@if command -v chromium chromium-browser google-chrome >/dev/null; then exit 0; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo 'Installing Chromium for the browser tests'; \
		{ apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends \
			chromium fonts-noto-cjk >/dev/null; } || echo 'Chromium could not be installed: browser tests will be skipped.'; \
	else echo 'No Chromium here: browser tests will be skipped. Install the package "chromium" to run them.'; fi

.PHONY: needs-python
needs-python:
	@[ -n "$(PYTHON)" ] || { echo 'Python 3.11 or newer is needed: install it, or name it with `make PYTHON=/path/to/python3`.' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo '$(PYTHON) lacks the venv module: install it (on Debian and Ubuntu the package python3-venv).' >&2; exit 1; }

.PHONY: needs-node
needs-node:
	@node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || a == 20 && b >= 19 ? 0 : 1)' \
		2>/dev/null && npm --version >/dev/null 2>&1 \
		|| { echo 'Node.js 20.19 or newer with npm is needed to build the pages: install it and try again.' >&2; exit 1; }

.venv/bin/python: | needs-python
	@echo 'Creating .venv'
	@$(PYTHON) -m venv --clear .venv

$(RUNTIME): | .venv/bin/python
	@echo 'Installing Python packages'
	@$(PIP) install --constraint constraints.txt -r requirements.txt
	@$(PIP) install --no-deps --editable .
	@rm -f .venv/stamp-runtime-* && touch $@

$(DEV): | .venv/bin/python
	@echo 'Installing Python packages for development'
	@$(PIP) install --constraint constraints.txt -r requirements-dev.txt
	@$(PIP) install --no-deps --editable .
	@rm -f .venv/stamp-* && touch $@ $(RUNTIME)

$(MODULES): | needs-node
	@echo 'Installing JavaScript packages'
	@$(NPM) ci
	@touch $@

$(PAGES): $(MODULES)
	@echo 'Building the pages'
	@$(NPM) run build
	@rm -f webui/static/.stamp-* && touch $@

# Passwords for docker-compose.yml, made once and never overwritten.
.env:
	@umask 077; for name in REDIS POSTGRES ESL; do \
		echo "$${name}_PASSWORD=$$(head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n')"; done > $@
	@echo 'Made .env; add SIP_IP=, the address that phones and carriers reach.'
