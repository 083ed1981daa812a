# make run         sets everything up, builds the page and serves it
# make setup       the set-up alone; leaves .venv
# make test        the same set-up with the test packages, then every test
# make proof       the whole lists, at most 45 minutes; writes dated tables into docs/
# make bench       the benchmarks; writes docs/performance.md
# make load        three hundred students on this machine, about 6 minutes; writes docs/load.md
# make screenshot  writes docs/images/ from the running product
# make clean       removes all that the others made
#
# Needs make, Python 3.11+ and Node 20+.   HOST, PORT: where to serve.   PYTHON: which Python makes .venv.
# TORCH_INDEX: the package index for torch alone. Empty is pip's own index; where that would bring libraries for GPUs,
# several GB that nothing here uses, torch is taken from PyTorch's CPU index instead.

HOST ?= 127.0.0.1
PORT ?= 8000
ifeq ($(origin PYTHON),undefined)
PYTHON := $(or $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done),python3)
endif
TORCH_INDEX ?=
TORCH_VERSION := $(shell sed -n 's/^torch==//p' constraints.txt)

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
PAGE := backend/torchwire/static/index.html
PAGE_SOURCES := $(shell find frontend/src frontend/public -type f ! -name '*.test.*' ! -path '*/testing/*' 2>/dev/null) \
	$(addprefix frontend/,index.html docs.html vite.config.ts tsconfig.json)

.DELETE_ON_ERROR:
.PHONY: run setup test proof bench load screenshot lint lint-backend lint-page test-page test-setup check-tools clean

run: setup
	@exec $(BIN)/torchwire serve --host $(HOST) --port $(PORT)

setup: check-tools $(VENV)/.run-ready $(PAGE)

check-tools:
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed, $(PYTHON) was not found." \
		"Install it from python.org or your system's packages." >&2; exit 1; }
	@$(PYTHON) .ci/check_tools.py

$(VENV)/.run-ready: pyproject.toml constraints.txt
	@echo "[1/3] Python packages into $(VENV): torch $(TORCH_VERSION) (about 200 MB, once) and the server"
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -c 'from importlib.metadata import version; assert version("torch").split("+")[0] == "$(TORCH_VERSION)"' \
		2>/dev/null || $(PIP) install -qq --no-deps torch==$(TORCH_VERSION) \
		$$($(BIN)/python .ci/torch_index.py $(TORCH_VERSION) $(TORCH_INDEX))
	@$(PIP) install -qq --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.test-ready: $(VENV)/.run-ready
	@echo "[test] Python test packages into $(VENV)"
	@$(PIP) install -qq --constraint constraints.txt --editable ".[test]"
	@$(PIP) install -qq --no-deps --constraint constraints.txt torchvision
	@touch $@

frontend/node_modules/.ready: frontend/package.json frontend/package-lock.json
	@echo "[2/3] Page packages into frontend/node_modules"
	@cd frontend && npm ci --silent --no-audit --no-fund
	@touch $@

$(PAGE): frontend/node_modules/.ready $(PAGE_SOURCES)
	@echo "[3/3] Building the page"
	@cd frontend && npm run --silent build -- --logLevel warn
	@touch $@

# A browser for the tests of the canvas: the system's Chromium, else Playwright's own.
test-setup: setup $(VENV)/.test-ready
	@command -v chromium >/dev/null || { echo "[test] Chromium, unless it is there" && $(BIN)/playwright install chromium; }

lint: lint-backend lint-page

lint-backend: test-setup
	@echo "[lint] ruff, mypy, import-linter"
	@$(BIN)/ruff check --quiet backend tests .ci
	@$(BIN)/ruff format --check --quiet backend tests .ci
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo >$(VENV)/imports.log || { cat $(VENV)/imports.log; exit 1; }

lint-page: test-setup
	@echo "[lint] biome, tsc"
	@cd frontend && npm run --silent check

test-page: lint-page
	@echo "[test] the page's parts (vitest)"
	@cd frontend && npm run --silent test

# What looks at Python and what looks at the page go side by side.
test: test-setup
	@$(MAKE) --no-print-directory --jobs=2 lint-backend test-page
	@echo "[test] backend and browser (pytest)"
	@$(BIN)/python -m pytest -n 2 --dist worksteal --durations 12 --durations-min 5 -m "not proof"

proof: test-setup
	@echo "[proof] the whole lists, at most 45 minutes; writes into docs/"
	@TORCHWIRE_WRITE_DOCS=1 $(BIN)/python -m pytest -n 2 --dist worksteal --durations 12 --durations-min 30 -m proof
	@$(BIN)/python -m tests.bench.load

load: test-setup
	@$(BIN)/python -m tests.bench.load

bench: test-setup
	@$(BIN)/python -m tests.bench

screenshot: test-setup
	@$(BIN)/python -m tests.bench.screenshot

clean:
	rm -rf $(VENV) frontend/node_modules backend/torchwire/static backend/*.egg-info build test-results
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find backend tests -name __pycache__ -prune -exec rm -rf {} +
