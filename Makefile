# make run    sets everything up, builds the page and serves it
# make test   the same set-up, then every test
# Needs Python 3.11+, Node 20+ and make.
#
# TORCH_INDEX is the package index for torch alone. Empty here: pip's own index. On a machine where that brings a build
# with GPU libraries, PyTorch's public CPU index is  TORCH_INDEX=https://download.pytorch.org/whl/cpu

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
TORCH_INDEX ?=
TORCH_VERSION := $(shell sed -n 's/^torch==//p' constraints.txt)

VENV := .venv
BIN := $(VENV)/bin
PAGE := backend/torchwire/static/index.html
PAGE_SOURCES := $(shell find frontend -path frontend/node_modules -prune -o -type f -print 2>/dev/null)

.PHONY: run setup test proof bench lint check-tools clean

run: setup
	@$(BIN)/torchwire serve --host $(HOST) --port $(PORT)

setup: check-tools $(VENV)/.run-ready $(PAGE)

check-tools:
	@$(PYTHON) .ci/check_tools.py

$(VENV)/.run-ready: pyproject.toml constraints.txt
	@echo "[1/3] Python packages into $(VENV) (torch $(TORCH_VERSION) is about 200 MB, once)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --no-deps $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) torch==$(TORCH_VERSION)
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.test-ready: $(VENV)/.run-ready
	@echo "[test] Python test packages into $(VENV)"
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[test]"
	@touch $@

frontend/node_modules/.ready: frontend/package.json frontend/package-lock.json
	@echo "[2/3] Page packages into frontend/node_modules"
	@cd frontend && npm ci --silent --no-audit --no-fund
	@touch $@

$(PAGE): frontend/node_modules/.ready $(PAGE_SOURCES)
	@echo "[3/3] Building the page"
	@cd frontend && npm run --silent build -- --logLevel warn
	@touch $@

lint: setup $(VENV)/.test-ready
	@echo "[lint] ruff, mypy, import-linter, biome, tsc"
	@$(BIN)/ruff check backend tests
	@$(BIN)/ruff format --check --quiet backend tests
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@cd frontend && npm run --silent check

test: lint
	@echo "[test] page"
	@cd frontend && npm run --silent test
	@echo "[test] backend and browser"
	@$(BIN)/python -m pytest -n 2 --dist worksteal -m "not proof"

clean:
	rm -rf $(VENV) frontend/node_modules backend/torchwire/static
