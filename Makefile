# Two commands are all that a newcomer needs: `make demo` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.ready

.DEFAULT_GOAL := help
.PHONY: help setup demo test check soak bench forms errors api security lock pictures clean

help: ## list the commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

setup: $(STAMP) ## make .venv from requirements.lock and install dondoc into it

$(STAMP): requirements.lock pyproject.toml scripts/setup
	@PYTHON=$(PYTHON) scripts/setup
	@touch $@

demo: setup ## watch 898/UBND of quận Cái Răng travel from YAML to its chairman
	@$(BIN)/dondoc demo

test: setup ## all that must hold: style, types, layers, and the suite on both stores, in Chromium and in an editor's language server
	@scripts/system-packages postgresql chromium fonts node dovecot
	@scripts/language-server
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/pytest -n 2 --dist worksteal -m "not long"

check: setup ## style, types and layers only
	@$(BIN)/ruff check . && $(BIN)/mypy && $(BIN)/lint-imports

soak: setup ## the tests that take minutes
	@scripts/system-packages postgresql chromium fonts dovecot
	@$(BIN)/pytest -m long

bench: setup ## the budgets, as ratios measured in one run; writes benchmarks/RESULTS.md
	@scripts/system-packages postgresql wrk
	@$(BIN)/python -m benchmarks

pictures: setup ## the gallery: pages, letters, papers and terminals, made from a played demonstration
	@scripts/system-packages chromium fonts office
	@$(BIN)/python -m scripts.pictures

forms: setup ## the Word forms that come along, made anew
	@$(BIN)/python -m scripts.forms
	@$(BIN)/python -m scripts.report_form

errors: setup ## docs/errors.md, made anew from the explanations of the codes
	@$(BIN)/python -m scripts.errors

api: setup ## docs/api.md, made anew from the interface's own description
	@$(BIN)/python -m scripts.api

security: setup ## the table of docs/security.md, made anew from the tests that carry a number
	@$(BIN)/python -m scripts.security

lock: ## resolve pyproject.toml anew into requirements.lock
	@uv pip compile --universal --generate-hashes --no-emit-index-url --extra dev --python-version 3.11 \
		--custom-compile-command "make lock" --quiet --upgrade pyproject.toml --output-file requirements.lock

clean: ## remove what was built
	@rm -rf .venv .node build dist *.egg-info
