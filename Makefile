# Everything a fresh machine with Python 3.11 or later, pip and make needs:
#
#   make demo     a real app, a page, a mistake, and what the page may read
#   make test     the linter, the types, and every test and example
#   make bench    what a fetch costs, in ratios
#   make docs     the pages of docs/ that are made from tables
#
# uv is used where it is installed; it is not needed.

# The newest Python that runs and is new enough, unless one is given: make test PYTHON=python3.13
PYTHON ?= $(shell for python in python3.14 python3.13 python3.12 python3.11 python3; do \
	if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo $$python; break; fi; done)

BIN := .venv/bin

ifneq ($(shell command -v uv 2>/dev/null),)
install = uv pip install --quiet --python $(BIN)/python --editable . --group $(1)
else
install = $(BIN)/python -m pip install --quiet --disable-pip-version-check --editable . --group $(1)
endif

.PHONY: demo test bench docs clean

demo: .venv/demo.stamp
	@$(BIN)/corsim demo

test: .venv/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -q

bench: .venv/test.stamp
	@$(BIN)/python tests/bench.py

docs: .venv/test.stamp
	@$(BIN)/python docs/generate.py

clean:
	rm -rf .venv dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis

.venv/made.stamp:
	@test -n "$(PYTHON)" || { echo "corsim needs Python 3.11 or later: name one with 'make PYTHON=/path/to/python3'" >&2; exit 1; }
	@echo "Making .venv with $(PYTHON) ..."
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'	# knows --group
	@touch $@

.venv/%.stamp: .venv/made.stamp pyproject.toml
	@echo "Installing corsim and its group '$*' ..."
	@$(call install,$*)
	@touch $@
