# Every target does all its own set-up first; the second time that takes a moment.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
SET_UP := $(PYTHON) scripts/set_up.py
BIN    := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help run test test-long check bench lock messages clean

help:
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: ## start the demo on http://localhost:5000 (another port: make run PORT=8000)
	@$(SET_UP) run
	@PORTAL_MODE=demo exec $(BIN)/portal serve

test: ## all tests but the long ones (some of them: make test ARGS="-k sign_in")
	@$(SET_UP) test
	@$(BIN)/pytest -n 2 --dist loadfile -m "not long" $(ARGS)

test-long: ## races, kills, bulk and load
	@$(SET_UP) test
	@$(BIN)/pytest -m long $(ARGS)

check: ## linters, types, import contracts, translations, generated documents: under a minute
	@$(SET_UP) check
	@$(BIN)/python scripts/check.py

bench: ## the benchmarks, or some of them: make bench ONLY=P1,P5
	@$(SET_UP) test
	@ONLY="$(ONLY)" $(BIN)/python -m bench

lock: ## resolve the dependencies anew and lock them with their hashes
	@$(SET_UP) check
	@$(BIN)/python scripts/lock.py

messages: ## collect the texts and bring translations/ up to date (a new language: make messages ADD=it)
	@$(SET_UP) check
	@$(BIN)/python scripts/catalogues.py update $(ADD)

clean: ## remove what set-up made; the data in instance/ stay
	@rm -rf .venv .tools .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache test-results
	@rm -rf *.egg-info && find portal tests scripts bench -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true
	@rm -f translations/*/LC_MESSAGES/*.mo
