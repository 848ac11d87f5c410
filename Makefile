# Everything sets itself up: the only things that must be there are Python 3.11+, git, make and a package index.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
# Worker processes of pytest; `make test WORKERS=0` runs in one process.
WORKERS ?= auto
# Seconds a test. The signal fails that test alone. It is no setting: the demo's environment has no pytest-timeout.
TIMEOUT := --timeout-method signal --timeout
PYTEST := $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal --durations=10
# What the tests run patterns on; `make test-all` takes every pin.
SMALL_PINS := itsdangerous click attrs cookiecutter
# The agent programs, and the tests with them.
AGENTS := tests/agent_programs

.PHONY: help demo test test-all test-agents coverage check docs bench library picture wheel clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/.runtime ## The main job on a small example and on real packages
	@$(BIN)/python examples/demo.py

test: $(VENV)/.dev ## The whole test suite
	$(BIN)/pytest-orchestrator fixtures fetch $(SMALL_PINS)
	$(PYTEST) $(TIMEOUT) 300

test-all: $(VENV)/.dev ## The same, with every pinned package and an installed wheel, which takes long
	$(BIN)/pytest-orchestrator fixtures fetch
	PYTEST_ORCHESTRATOR_TEST_PINS=all $(PYTEST) $(TIMEOUT) 1800

test-agents: $(VENV)/.dev ## The guide's settings with Codex, Claude Code and the MCP Inspector (needs Node.js and 1 GB)
	npm install --no-save --prefix $(AGENTS) --cache $(AGENTS)/.npm --ignore-scripts --no-audit --no-fund
	node $(AGENTS)/node_modules/@anthropic-ai/claude-code/install.cjs # its only install script: links the program
	$(BIN)/python -m pytest $(TIMEOUT) 300 $(AGENTS)

coverage: $(VENV)/.dev ## The test suite with branch coverage (fails under 95 %)
	$(BIN)/pytest-orchestrator fixtures fetch $(SMALL_PINS)
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n $(WORKERS) --dist worksteal $(TIMEOUT) 600
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

check: $(VENV)/.dev ## Linters, types, architecture, generated files
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest-orchestrator patterns build --check
	$(BIN)/zizmor --offline --quiet --strict-collection .
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(BIN)/check-jsonschema --builtin-schema custom.github-workflows-require-timeout .github/workflows/*.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-actions .github/actions/*/action.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-issue-forms .github/ISSUE_TEMPLATE/[!c]*.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-issue-config .github/ISSUE_TEMPLATE/config.yml
	$(BIN)/pre-commit validate-config
	$(BIN)/pre-commit validate-manifest

docs: $(VENV)/.docs ## The documentation as a site in site/; a broken link is an error
	$(BIN)/sphinx-build --fresh-env --fail-on-warning --keep-going --quiet --conf-dir docs --doctree-dir build/doctrees . site

bench: $(VENV)/.dev ## Speed, as ratios within one run
	$(BIN)/pytest-orchestrator fixtures fetch
	$(BIN)/python tests/benchmarks/run.py

library: $(VENV)/.runtime ## Rewrite what is generated: the patterns' index and the published schemas
	$(BIN)/pytest-orchestrator patterns build
	$(BIN)/python -m pytest_orchestrator.commands.schemas

picture: $(VENV)/.runtime ## Redraw docs/demo.svg from the demo's own output
	$(BIN)/python examples/picture.py

wheel: $(VENV)/.dev ## Build dist/*.whl
	$(BIN)/python -m build --wheel --outdir dist .

clean: ## Remove everything that make made
	rm -rf $(VENV) .demo dist build site $(AGENTS)/node_modules $(AGENTS)/.npm .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage*

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0] + ": make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: $(VENV)/bin/python pyproject.toml constraints.txt
	$(INSTALL) --editable '.[all]'
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime
	$(INSTALL) --editable '.[dev]'
	@touch $@

$(VENV)/.docs: $(VENV)/.runtime
	$(INSTALL) --editable '.[docs]'
	@touch $@
