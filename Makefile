.PHONY: help demo test test-upstream bench scale dist lint i18n screenshots lock clean
.DEFAULT_GOAL := help
DEVENV := $(or $(PYTHON),python3) scripts/devenv
PORT ?= 8069

help: ## Show the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile

demo: python ## Serve Odoo with a company's story in it (PORT=8069)
	@$(DEVENV) demo $(PORT)

test: python ## Run the whole suite, browser tests included
	@$(DEVENV) test

test-upstream: python ## Compare the suites of core and OCA without and with the addon
	@$(DEVENV) upstream

bench: python ## Measure the addon beside core's own way (SIZES="S L", REPETITIONS=7)
	@$(DEVENV) run python bench $(SIZES) $(REPETITIONS:%=--repetitions=%)

scale: python ## Show several servers on one database, and a replica
	@$(DEVENV) run python bench/scale.py

dist: python ## Write the wheels and the ZIP to install elsewhere, into dist/
	@$(DEVENV) dist

lint: python ## Check style and conventions
	@$(DEVENV) run pre-commit run --all-files

# LANG is always set in a shell: only one given to make counts
i18n: python ## Renew the translation template and merge it (LANG=xx starts a language)
	@$(DEVENV) i18n $(if $(filter command line,$(origin LANG)),$(LANG))

screenshots: python ## Take the pictures of the documentation anew
	@$(DEVENV) screenshots

lock: python ## Renew the lock files from requirements/*.in and package.json
	@$(DEVENV) lock

clean: python ## Remove the development environment
	@$(DEVENV) clean

.PHONY: python
python:
	@command -v "$(or $(PYTHON),python3)" >/dev/null || { \
	    echo "Python is missing: install Python 3.10 to 3.13 (Debian: apt install python3 python3-venv) or name it in PYTHON." >&2; exit 1; }
