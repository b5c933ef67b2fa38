# make demo        a page, a FastAPI app, two mistakes, and what a browser makes of them
# make test        ruff, mypy and pytest
# make bench       how fast a fetch is
# make browsers    the spec cases in Chromium, Firefox and WebKit, where they are installed
# make adapters    a slice of them in happy-dom and jsdom, which npm installs
# make frameworks  other people's servers, as they are released today
# make wpt         web-platform-tests' cors/, fetch/ and xhr/, of a checkout: make wpt WPT=/path/to/wpt
# make docs        write the pages that come from tables
# make guides      write what pytest prints today into docs/guides
#
# All of them set up .venv first. Needed are make and Python 3.11 or newer with pip and venv.

NEWEST := $(firstword $(foreach v,python3.14 python3.13 python3.12 python3.11 python3 python,\
	$(shell $(v) -c 'import sys; print("$(v)" if sys.version_info >= (3, 11) else "")' 2>/dev/null)))
PYTHON ?= $(if $(NEWEST),$(NEWEST),python3)
UV := $(shell command -v uv 2>/dev/null)
BIN := .venv/bin
READY := .venv/.ready
FRAMEWORKS := .venv-frameworks/.ready
WPT_READY := .venv-wpt/.ready

.PHONY: demo test bench browsers adapters frameworks wpt docs guides clean

demo: $(READY)
	@$(BIN)/corsim demo

test: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n auto --dist loadfile

bench: $(READY)
	$(BIN)/python tests/bench.py

browsers: $(READY)
	$(BIN)/python -m pytest -m browsers tests/conformance

adapters: $(READY)
	npm ci --prefix docs/conformance --no-audit --no-fund
	$(BIN)/python -m pytest -m node tests/conformance

# In an environment of its own, since it brings a hundred packages. Without npm, Express is left
# out, though not in CI.
frameworks: $(FRAMEWORKS)
	command -v npm > /dev/null && npm ci --prefix tests/frameworks/express --no-audit --no-fund || test -z "$$CI"
	.venv-frameworks/bin/python -m pytest -m frameworks -p no:cacheprovider

docs: $(READY)
	$(BIN)/python docs/generate.py

# ENGINE is spec, chromium, firefox or webkit; TESTS are paths in the checkout.
wpt: $(WPT_READY)
	@test -n "$(WPT)" || { echo "name a checkout of web-platform-tests: make wpt WPT=/path/to/wpt"; exit 1; }
	PYTHONPATH=tests .venv-wpt/bin/python -m wpt $(WPT) $(TESTS) --engine $(or $(ENGINE),spec)

guides: $(FRAMEWORKS)
	PYTHONPATH=tests .venv-frameworks/bin/python -m frameworks.guides

# Each made once, and again when the dependencies change.
$(READY): GROUPS := --group demo --group test
$(FRAMEWORKS): GROUPS := --group test --group frameworks
$(WPT_READY): GROUPS := --group wpt
$(READY) $(FRAMEWORKS) $(WPT_READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "corsim needs Python 3.11 or newer, and found: $$($(PYTHON) --version 2>&1)." \
			"Install one, or name it: make PYTHON=/path/to/python3.12"; exit 1; }
ifneq ($(UV),)
	$(UV) venv --quiet --clear --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" $(@D)
	$(UV) pip install --quiet --python $(@D)/bin/python --editable . $(GROUPS)
else
	$(PYTHON) -m venv --clear $(@D)
	$(@D)/bin/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(@D)/bin/python -m pip install --quiet --editable . $(GROUPS)
endif
	@touch $@

clean:
	rm -rf .venv .venv-frameworks .venv-wpt dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
