# Every target sets up .venv by itself, from pinned requirements. Needs Python 3.11+ and make.
PYTHON ?= python3
BIN := .venv/bin
# Much of a test is waiting, so twice as many at once as there are processors are faster.
TESTERS = $(shell $(PYTHON) -c 'import os; print(min(8, 2 * (os.cpu_count() or 1)))')

.PHONY: help run demo test check lint bench calibrate evaluate audit pins clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.* ## /\1	/p' Makefile | expand -t 12

run: .venv/ready ## run the bot (reads .env)
	@$(BIN)/ampersand run

demo: .venv/ready ## try it in the browser, without a token
	@$(BIN)/ampersand demo $(ARGS)

test: .venv/ready-dev lint ## everything that must hold
	$(BIN)/python -m pytest --numprocesses $(TESTERS) --dist worksteal $(ARGS)

lint: .venv/ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/ampersand check

check: .venv/ready ## check questions, rules and templates
	@$(BIN)/ampersand check

bench: .venv/ready-dev ## measure, against baselines in the same run
	$(BIN)/python -m benchmarks $(ARGS)

calibrate: .venv/ready-dev ## simulate people: false alarms, shifts found, names
	$(BIN)/python -m benchmarks.calibrate $(ARGS)

evaluate: .venv/ready-dev ## how well free text is read
	$(BIN)/python -m benchmarks.evaluate $(ARGS)

audit: .venv/ready-dev ## look the pinned requirements up among known vulnerabilities (needs the network)
	$(BIN)/python -m pip_audit --require-hashes --disable-pip -r requirements.txt
	$(BIN)/python -m pip_audit --require-hashes --disable-pip -r requirements-dev.txt

pins: ## renew the pinned requirements (needs uv)
	uv pip compile pyproject.toml --extra setup --universal --python-version 3.11 --generate-hashes --no-header -o requirements.txt
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-header -o requirements-dev.txt

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Ampersand needs Python 3.11 or newer; try: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv .venv || \
		{ echo "Python cannot make a virtual environment; on Debian: apt-get install python3-venv"; rm -rf .venv; exit 1; }

.venv/ready: requirements.txt pyproject.toml | .venv/bin/python
	@echo "Setting up .venv (once, a minute or two)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/ready-dev: requirements-dev.txt .venv/ready
	@echo "Setting up the tools for tests (once)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

clean:
	rm -rf .venv
