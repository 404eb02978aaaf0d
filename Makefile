.DEFAULT_GOAL := help
.PHONY: help setup demo run fast check fix attacks browser bench bundle-hash migration definition lock audit scan sbom chaos test fresh environment

PYTHON := .venv/bin/python
PYTEST := $(PYTHON) -m pytest
out ?= var/attacks

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## */  \1\t/' | expand -t 14

setup: ## the environment in .venv and the built assets, with all that checks and tests need
	@setup/environment.sh everything
	@setup/assets.sh

demo: ## a small alliance with filled waves and their releases, on http://127.0.0.1:8000
	@setup/environment.sh
	@setup/assets.sh
	@.venv/bin/tillid demo

run: setup ## the web process alone, reloading when a file changes
	@.venv/bin/tillid web --reload

fast: environment ## the quick tests; one part with T=tests/questionnaires
	@$(PYTEST) -q -n auto -m "not browser and not postgres and not slow" $(T)

check: setup ## style, types, import rules, templates, spelling, definitions
	@setup/check.sh

fix: environment ## mend what can be mended by itself
	@.venv/bin/ruff check --quiet --fix . ; .venv/bin/ruff format . ; .venv/bin/djlint --quiet --reformat templates

attacks: environment ## the intruders, with many more drawn examples, then against whole releases and families (hours; out=FILES)
	@$(PYTEST) -q -n auto --hypothesis-profile many tests/attacks
	@mkdir -p $(out)
	@$(PYTHON) -m tests.attacks.campaign families --out $(out)/families.csv
	@$(PYTHON) -m tests.attacks.campaign whole --out $(out)/whole.csv

browser: setup ## the journeys in Chromium
	@$(PYTEST) -q tests/browser

bench: setup ## what docs/measurements and benchmarks/ report
	@setup/system.sh
	@for script in $(filter-out benchmarks/chaos.py,$(wildcard benchmarks/*.py)); do echo "── $$script"; $(PYTHON) $$script || exit 1; done

bundle-hash: environment ## what the answering and trustees' pages run, built anew from the source: its SHA-256, as the page shows it
	@rm -f survey/static/build/made-from
	@setup/assets.sh
	@cd survey/static/build && sha256sum answering-*.js sealed-*.js trustees-*.js

migration: environment ## a new migration from the models: m="what changes", db=responses for the other database
	@$(PYTHON) setup/migration.py $(or $(db),alliance) "$(m)"

definition: environment ## check one questionnaire and show its path tree and digest: f=questionnaires/definitions/…
	@.venv/bin/tillid questionnaire check $(f)
	@.venv/bin/tillid questionnaire show $(f)

audit: environment ## known faults in what the product is built from; needs the advisories of PyPI and npm
	@setup/audit.sh

scan: environment ## Wapiti against the demo that is up (TILLID_PORT), as nobody and with each role; some ten minutes
	@$(PYTHON) setup/scan.py

sbom: environment ## what the product is built from, as CycloneDX: dist/sbom-python.json and dist/sbom-browser.json
	@setup/sbom.sh

chaos: setup ## every process killed under load, KILLS times (200): nothing lost, nothing twice
	@$(PYTHON) -m benchmarks.chaos $(or $(KILLS),200)

lock: environment ## renew the lock files, with versions at least a week old
	@setup/lock.sh

test: ## everything: checks, all tests, coverage, browser
	@setup/environment.sh everything
	@setup/assets.sh
	@setup/system.sh
	@setup/test.sh

fresh: ## the demo and the tests on a new Debian 12 with python3, make and git (as root, with debootstrap)
	@setup/fresh.sh

environment:
	@setup/environment.sh everything
