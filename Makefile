# Two commands: `git clone …` and `make run`. Needs python3, git and make; everything else is fetched.

PYTHON ?= python3
BIN := $(or $(UV_PROJECT_ENVIRONMENT),.venv)/bin

.PHONY: help run setup test check clean

help: ## this list
	@sed -n 's/^\([a-z]*\):[^#]*## /  make \1  \t/p' Makefile

run: setup ## set up what is missing, then start Breakwater on this machine
	@$(BIN)/breakwater up

setup: ## packages into .venv and a trained assistant, nothing started
	@$(PYTHON) scripts/setup

test: setup ## the tests; what this machine lacks is skipped and named (scripts/test takes pytest's arguments)
	@scripts/test

check: setup ## what must hold before every commit: format, lint, types, data, tests
	@scripts/check

clean: ## removes what set-up, training and tests made; never var/, where the conversations are
	rm -rf .venv .tools .rasa .mypy_cache .ruff_cache .pytest_cache .hypothesis build *.egg-info models/*.tar.gz
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
