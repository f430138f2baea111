# Everything a newcomer, a developer and CI call. `make demo` and `make test` install what they lack first.
SHELL := /bin/bash
.ONESHELL:
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
BIN := .venv/bin
export PYTHONDONTWRITEBYTECODE := 1

.PHONY: help setup system assets messages run demo check test e2e agent-windows test-windows format wire lock bench clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

setup: $(BIN)/.ready assets messages ## make .venv with everything, browser parts and translations; the command is .venv/bin/pomost

system: ## install the system packages that are missing (apt, when root or sudo)
	@ops/system-packages

$(BIN)/.ready: requirements/dev.txt pyproject.toml ops/system-packages
	@ops/system-packages
	ops/python-environment
	touch $@

node_modules/.ready: package.json package-lock.json $(BIN)/.ready
	@ops/npm ci --ignore-scripts --no-audit --no-fund
	touch $@

assets: node_modules/.ready ## copy fonts, icons and Bootstrap to where pages find them
	@$(BIN)/python -m pomost.ui.assets

messages: $(BIN)/.ready ## compile translations
	@ops/compile-messages

run: setup ## serve the desk on 127.0.0.1:8000 with the data in ./var
	$(BIN)/pomost serve

demo: setup ## start everything with sample data and a virtual desktop; stop with Ctrl+C
	@exec $(BIN)/pomost demo

check: setup ## all checks that need no running: types, style, layers, templates, translations
	@ops/check

test: check ## everything CI runs
	@ops/test

e2e: setup ## only the whole stories with browsers and the real app
	$(BIN)/pytest tests/e2e

agent-windows: setup ## assemble the customer's app for Windows: build/pomost-agent-windows.zip; DESK=https://… puts its address in
	$(BIN)/python ops/agent-windows $(if $(DESK),--desk $(DESK))

test-windows: setup ## only the whole session with the app of the zip, under Wine
	$(BIN)/pytest tests/windows

format: setup ## put Python and templates into shape
	$(BIN)/ruff check --fix src tests bench
	$(BIN)/ruff format src tests bench

wire: setup ## write what is made from the wire's tables: wire.d.ts, the word lists' module, the protocol's page
	$(BIN)/python -m pomost.wire.generate

lock: setup ## pin all requirements anew, with hashes and without hosts
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --extra server --extra agent --extra demo --extra dev pyproject.toml --output-file requirements/dev.txt

clean: ## remove what was made (not ./var, where data lives)
	rm -rf .venv node_modules build dist src/pomost/ui/static/vendor
