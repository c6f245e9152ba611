# Needs only make and CPython 3.11; `make setup` brings the rest. All paths are relative, so any folder name will do.
.DEFAULT_GOAL := help
.PHONY: help setup run prepare test proofs check bench chaos soak

# The first CPython 3.11 found; say `make setup PYTHON=/path/to/python3.11` to choose another.
PYTHON ?= $(shell for p in python3.11 python3 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null && { command -v "$$p"; break; }; done)

# Measuring data that is not part of the project; benchmarks leave it out where it is absent.
SHARED ?= $(or $(TIEPDAN_SHARED),../shared)/data

export RASA_TELEMETRY_ENABLED := false
export SQLALCHEMY_SILENCE_UBER_WARNING := 1
export TF_CPP_MIN_LOG_LEVEL := 3

help: ## Show what there is to call
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

setup: ## Make both Python environments from the lock files (a second when they are there)
	@if [ -z "$(PYTHON)" ]; then \
		echo "make: CPython 3.11 was not found. On Debian 12: apt-get install python3.11 python3.11-venv;" \
			"elsewhere: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11" >&2; exit 1; fi
	@"$(PYTHON)" -m bot.bootstrap

run: setup ## Prepare what is missing, start the assistant and print its address (Ctrl-C stops it)
	@exec .venv/bin/tiepdan run

prepare: setup ## Train and build what is missing, without starting
	@.venv/bin/tiepdan prepare

# A process for each core, and not more than four: each may have a browser, a database and a stack of its own.
test: prepare ## Run the whole test suite (ARGS=… passes arguments to pytest; -n 0 runs it in one process)
	@.venv/bin/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile $(ARGS)

proofs: prepare ## Run the tests that take minutes each (everybody together while processes die; a small soak)
	@.venv/bin/python -m pytest -m proof $(ARGS)

check: setup ## Lint, formatting, types, layering and Rasa's training data
	.venv/bin/python -m ruff check .
	.venv/bin/python -m ruff format --check .
	.venv/bin/python -m mypy
	.venv/bin/python -m mypy --python-executable .venv-rasa/bin/python nlu/pipeline/*.py
	.venv/bin/lint-imports
	.venv-rasa/bin/python -m rasa data validate --config config.yml --domain nlu/domain --data nlu/data

bench: prepare ## Measure speed beside stock Rasa, answers beside BM25, and the rest; writes pages in docs/
	@.venv/bin/tiepdan bench turns --output docs/performance.md
	@.venv/bin/tiepdan bench acknowledge --output docs/performance.md
	@.venv/bin/tiepdan bench retrieval --output docs/quality.md $(if $(wildcard $(SHARED)),--shared "$(SHARED)") \
		--locked tests/data/locked/retrieval.jsonl
	@.venv/bin/tiepdan bench nlu --output docs/quality.md
	@.venv/bin/tiepdan bench complaints --locked tests/data/locked --output docs/complaints.md
	@.venv/bin/tiepdan bench suggest --output docs/suggestions.md
	@.venv/bin/tiepdan bench calls --output docs/calls.md

chaos: setup ## Kill service and backend at random while 200 cases are handed over; writes docs/reliability.md
	@.venv/bin/python -m tests.chaos.run --output docs/reliability.md $(ARGS)

soak: prepare ## Kill the service while 2,000 people write on failing platforms; writes docs/channels-reliability.md
	@.venv/bin/python -m tests.chaos.soak --output docs/channels-reliability.md $(ARGS)
