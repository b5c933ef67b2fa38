# make demo     a page, a FastAPI app, two mistakes, and what a browser makes of them
# make test     ruff, mypy and pytest
# make bench    how fast a fetch is
# make browsers the spec cases in Chromium, Firefox and WebKit, where they are installed
# make adapters a slice of them in happy-dom and jsdom, which npm installs
# make frameworks  one policy in everybody's CORS middleware, which pip and npm install
# make docs     write the pages that come from tables
#
# All of them set up .venv first. Needed are make and Python 3.11 or newer with pip and venv.

NEWEST := $(firstword $(foreach v,python3.14 python3.13 python3.12 python3.11 python3 python,\
	$(shell $(v) -c 'import sys; print("$(v)" if sys.version_info >= (3, 11) else "")' 2>/dev/null)))
PYTHON ?= $(if $(NEWEST),$(NEWEST),python3)
UV := $(shell command -v uv 2>/dev/null)
BIN := .venv/bin
READY := .venv/.ready

.PHONY: demo test bench browsers adapters frameworks docs clean

demo: $(READY)
	@$(BIN)/corsim demo

test: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest

bench: $(READY)
	$(BIN)/python tests/bench.py

browsers: $(READY)
	$(BIN)/python -m pytest -m browsers tests/conformance

adapters: $(READY)
	npm ci --prefix docs/conformance --no-audit --no-fund
	$(BIN)/python -m pytest -m node tests/conformance

frameworks: $(READY)
ifneq ($(UV),)
	$(UV) pip install --quiet --python $(BIN)/python --group frameworks
else
	$(BIN)/python -m pip install --quiet --group frameworks
endif
	npm ci --prefix tests/frameworks/express --no-audit --no-fund
	$(BIN)/python -m pytest -m frameworks tests/frameworks

docs: $(READY)
	$(BIN)/python docs/generate.py

# Made once, and again when the dependencies change.
$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "corsim needs Python 3.11 or newer, and found: $$($(PYTHON) --version 2>&1)." \
			"Install one, or name it: make PYTHON=/path/to/python3.12"; exit 1; }
ifneq ($(UV),)
	$(UV) venv --quiet --clear --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" .venv
	$(UV) pip install --quiet --python $(BIN)/python --editable . --group demo --group test
else
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --editable . --group demo --group test
endif
	@touch $@

clean:
	rm -rf .venv dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
