# SPDX-License-Identifier: EUPL-1.2
# Two commands are enough: `make run` and `make test`. Both make what they need in .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test check content-check format benchmarks clean

run: $(VENV)/.ready-run ## start the bot with the web chat and Montfoort's content
	$(BIN)/buurtbrug run

test: $(VENV)/.ready-test ## style, types, imports, content and all tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/buurtbrug content check
	$(BIN)/pytest --numprocesses auto --dist loadfile

format: $(VENV)/.ready-test ## put every file into the common style
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

requirements: pyproject.toml ## pin anew, with hashes
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-annotate --custom-compile-command 'make requirements' --output-file requirements.txt pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-annotate --custom-compile-command 'make requirements' --extra dev --output-file requirements-dev.txt pyproject.toml

clean: ## remove what make has made; data/ stays
	rm -rf $(VENV) *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

$(VENV)/.ready-run: requirements.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Buurtbrug needs Python 3.11 or newer")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.ready-test: requirements-dev.txt $(VENV)/.ready-run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@
