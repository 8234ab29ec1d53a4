# Everything happens in .venv/, which the first call makes. Needs Python 3.11 or later with venv.
PYTHON ?= python3
BIN = .venv/bin
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: feeds test lint types unit outside servers fuzz kills openapi bench messages reference clean

feeds: .venv/installed
	$(BIN)/feedtool build

test: lint types unit

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/dev
	$(BIN)/mypy --config-file setup.cfg

unit: .venv/dev
	$(BIN)/pytest -n 4 --dist worksteal

# what some tests need from npm; the browser and Java are the system's own
outside:
	npm install --prefix tests/node --no-audit --no-fund

# what some tests publish to, and the hub they tell: real servers on this machine
servers: .venv/dev
	$(INSTALL) -c constraints.txt -e '.[dev,servers]'

# the same tests with far more cases
fuzz: .venv/dev
	FEEDTOOL_FUZZ=long $(BIN)/pytest -n 4 --dist worksteal

kills: .venv/dev
	FEEDTOOL_KILLS=100 $(BIN)/pytest tests/test_killed.py tests/test_publish_killed.py tests/test_sync_killed.py tests/test_sync_faults.py

# what is asked of SoundCloud, and what its double answers, against the vendor's own file:
# make openapi FILE=.../api.yaml
openapi: .venv/dev
	$(INSTALL) openapi-schema-validator
	FEEDTOOL_SOUNDCLOUD_OPENAPI=$(abspath $(FILE)) $(BIN)/pytest tests/vendor_openapi.py tests/test_sync_soundcloud.py

# ratios against the script that one would write instead
bench: .venv/bench
	$(BIN)/python -m bench.run --all --explain docs/explanation/speed.md

# after changing a message: collect it, translate it in the .po file, compile
messages: .venv/dev
	$(BIN)/pybabel -q extract -F babel.cfg -k N_ -o feedtool/locale/feedtool.pot --omit-header --no-location --sort-output feedtool
	$(BIN)/pybabel -q update -i feedtool/locale/feedtool.pot -d feedtool/locale -D feedtool --ignore-pot-creation-date --no-wrap
	$(BIN)/pybabel -q compile -d feedtool/locale -D feedtool

# docs/reference/ from the code, and what commands print into the other pages
reference: .venv/dev
	$(BIN)/python -m docs.reference
	$(BIN)/python -m docs.examples

.venv/installed: setup.cfg constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(INSTALL) -c constraints.txt -e .
	touch $@

.venv/dev: .venv/installed
	$(INSTALL) -c constraints.txt -e '.[dev]'
	touch $@

.venv/bench: .venv/dev
	$(INSTALL) -c constraints.txt -e '.[dev,bench]'
	touch $@

clean:
	rm -rf .venv .feedtool public build *.egg-info
