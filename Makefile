# `make verify` and `make test` do everything, their own virtual environment included.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
CRATES := examples/Cargo.toml packages/Cargo.toml tests/zoo/rust/Cargo.toml
# What needs the registry is formatted here, and built where the zoo is run.
FORMATTED := $(CRATES) tests/zoo/packages/Cargo.toml
MATRIX ?= --all-toolchains

.DEFAULT_GOAL := help
.PHONY: help verify audit mutants matrix test check format lint types crates site serve record texts bench zoo picture docs dist clean

help:  ## This list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

verify: $(VENV)/.installed  ## Build and run both sides of every example, and judge them
	@$(BIN)/harness verify

audit: $(VENV)/.installed  ## Prove that every check can fail, and keep the figures
	@$(BIN)/harness audit --json docs/audit.json
	@$(BIN)/python -m harness.documents

mutants: $(VENV)/.installed  ## Break the programs in ways that nobody declared, and keep the figures
	@$(BIN)/harness mutate --figures docs/mutants.json
	@$(BIN)/python -m harness.documents

matrix: $(VENV)/.installed  ## Verify with every Python and every Rust of this machine
	@$(BIN)/harness verify $(MATRIX)

test: $(VENV)/.installed-dev  ## The harness's own tests
	@$(BIN)/python -m pytest -q --numprocesses auto --dist loadfile

site: $(VENV)/.installed  ## Write the site for browsing the pairs into build/site
	@$(BIN)/harness site

serve: $(VENV)/.installed  ## Write the site, and serve it on this machine
	@$(BIN)/harness site --serve 8000

record: $(VENV)/.installed  ## Keep what the pages show, for whoever has a fresh copy
	@$(BIN)/harness verify
	@$(BIN)/harness site --gather --keep

texts: $(VENV)/.installed  ## Is every text of the site translated, and no translation stale?
	@$(BIN)/harness site --check --skeleton

check: format lint types crates texts test verify  ## Everything that a change must pass

format: $(VENV)/.installed-dev  ## Is the Python formatted?
	@$(BIN)/ruff format --check harness tests

lint: $(VENV)/.installed-dev  ## ruff over harness and tests, and over the programs
	@$(BIN)/ruff check harness tests
	@$(BIN)/ruff check --config examples/ruff.toml examples
	@$(BIN)/ruff check --config packages/ruff.toml packages

types: $(VENV)/.installed-dev  ## mypy --strict over harness and tests, and over the programs
	@$(BIN)/mypy harness tests
	@$(BIN)/python -m tests.script_types

crates: $(VENV)/.installed-dev  ## rustfmt and clippy over the crates that compile
	@set -e; for manifest in $(FORMATTED); do cargo fmt --check --all --manifest-path $$manifest; done
	@set -e; for manifest in $(CRATES); do \
	  cargo clippy --quiet --all-targets --target-dir .harness/target/clippy --manifest-path $$manifest -- -D warnings; \
	done

bench: $(VENV)/.installed-dev  ## Measure what the harness costs
	@$(BIN)/python -m tests.bench

zoo: $(VENV)/.installed-dev  ## Run the zoo of correct programs under many schedules
	@$(BIN)/python -m tests.zoo

picture: $(VENV)/.installed-dev  ## Take the picture of a page that README.md shows
	@$(BIN)/python -m tests.site.picture

docs: $(VENV)/.installed  ## Bring the generated parts of docs/ and README.md up to date
	@$(BIN)/python -m harness.authoring.reference > docs/spec.md
	@$(BIN)/python -m harness.documents

dist: $(VENV)/.installed-dev  ## Build wheel and sdist, and try them in empty environments
	@rm -rf build/dist build/lib build/bdist.* && $(BIN)/python -m build --outdir build/dist
	@$(BIN)/python -m tests.dist build/dist

clean:  ## Remove what the other targets make
	rm -rf $(VENV) .harness build examples/target packages/target

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "make: $(PYTHON) must be Python 3.11 or newer; name one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 3; }
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: pyproject.toml | $(VENV)/.python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --config-settings editable_mode=compat --editable .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml | $(VENV)/.python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --config-settings editable_mode=compat --editable '.[dev]'
	@touch $@ $(VENV)/.installed
