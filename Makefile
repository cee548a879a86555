# make run and make test are all that a newcomer needs; each installs what it needs by itself.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.PHONY: run test lint format rules bench faults screenshots clean

run: $(INSTALLED)
	@$(BIN)/kontakt up

test: $(INSTALLED)
	@$(BIN)/python -m pytest $(TESTS)

lint: $(INSTALLED)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: $(INSTALLED)
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

rules: $(INSTALLED)
	@$(BIN)/python tests/rules.py

bench: $(VENV)/.bench
	@$(BIN)/python -m tests.bench

faults: $(INSTALLED)
	@$(BIN)/python -m pytest tests/faults -m faults

screenshots: $(INSTALLED)
	@$(BIN)/python -m pytest tests/deployments/test_up.py --screenshots docs/pictures

$(INSTALLED): pyproject.toml constraints.txt
	@echo "Installing into $(VENV), a minute or two the first time ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt \
		--only-binary :all: --no-binary kontaktwerk --editable ".[dev,demo]"
	@touch $@

$(VENV)/.bench: $(INSTALLED)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt \
		--editable ".[bench]"
	@touch $@

clean:
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
