# `make help` lists the targets. Each one does its own set-up; nothing but Python 3.11 to 3.14 and make is needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SECONDS ?=
ROW ?=
IN ?=
# compiled modules call each other and Python directly, not by a table of addresses (the same in the Dockerfile)
DIRECT := -fvisibility=hidden -fno-plt
LOCK := --quiet --universal --python-version 3.11.0 --generate-hashes --no-annotate --no-header
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help demo test lint kept mutants native pure system chart docs rooms audit lock clean
.DEFAULT_GOAL := help

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

demo: $(VENV)/demo ## the whole pipeline on this machine; SECONDS=30 ends it by itself
	@$(BIN)/interdict demo $(if $(SECONDS),--seconds $(SECONDS))

test: $(VENV)/dev system ## lint, types, import contracts and every test
	@$(MAKE) --no-print-directory lint
	@$(BIN)/python -m tests.both

lint: $(VENV)/dev ## ruff, mypy strict over tests and benchmarks too, import-linter
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/mypy deploy/install.py docs/examples/*.py # run as they stand, in no package
	@$(BIN)/lint-imports

kept: $(VENV)/dev ## write every golden file anew; read the difference before you keep it
	@$(BIN)/python -m tests.kept $(IN)

mutants: $(VENV)/dev system ## break each invariant in a copy of the tree and see its test fail; ROW="A batch" for one
	@$(BIN)/python -m tests.mutants $(if $(ROW),"$(ROW)")

native: $(VENV)/dev ## the domain compiled to C where it stands (needs a C compiler), about twice as fast
	@$(MAKE) --no-print-directory pure
	@CFLAGS="$(DIRECT) $(CFLAGS)" HATCH_BUILD_HOOK_ENABLE_MYPYC=1 $(BIN)/pip install --quiet --no-deps --editable .
	@# compiled packages look for their modules beside the shared library, of which pip installs a copy elsewhere
	@for shared in *__mypyc.*.so; do rm -f $(VENV)/lib/python*/site-packages/$$shared; done
	@$(BIN)/interdict screen --help > /dev/null

pure: ## take `make native` back; needed before the sources are changed
	@find screening -name '*.so' -delete; rm -f ./*__mypyc.*.so

system: ## Java, Maven, Chromium, Prometheus and npm for the tests on real ones: installed as root under CI, else only named
	@bash tests/kafka/install
	@bash tests/browser/install

chart: $(VENV)/dev ## the Helm chart linted, rendered and held against the manifests; Go builds Helm once, in minutes
	@test -x .cache/helm/helm || GOBIN=$(CURDIR)/.cache/helm go install -trimpath helm.sh/helm/v3/cmd/helm@v3.22.0
	@$(BIN)/pytest tests/ops/test_chart.py

docs: $(VENV)/dev ## the documentation as a site in site/; a dead link is an error
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

rooms: $(VENV)/dev ## the rooms of the code, floor by floor, as the architecture page draws them
	@$(BIN)/python docs/rooms.py

audit: ## known vulnerabilities in the locked dependencies; asks the advisory service over the network
	@$(PYTHON) -m venv .cache/audit
	@.cache/audit/bin/pip install --quiet 'pip-audit>=2.7,<3'
	@.cache/audit/bin/pip-audit --requirement locks/dev.txt --no-deps --disable-pip --strict

lock: ## choose every package's version anew, for every Python from 3.11 to 3.14; asks the package index
	@$(PYTHON) -m venv .cache/lock
	@.cache/lock/bin/pip install --quiet 'uv>=0.9,<1'
	@.cache/lock/bin/uv pip compile $(LOCK) --extra dev --output-file locks/dev.txt pyproject.toml
	@.cache/lock/bin/uv pip compile $(LOCK) --constraint locks/dev.txt --output-file locks/product.txt pyproject.toml
	@.cache/lock/bin/uv pip compile $(LOCK) --constraint locks/dev.txt --extra registry --output-file locks/registry.txt pyproject.toml

clean: pure ## remove the virtual environment and every cache
	rm -rf $(VENV) .cache .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

$(VENV)/demo: pyproject.toml locks/product.txt
	@$(PYTHON) deploy/install.py product
	@touch $@

$(VENV)/dev: pyproject.toml locks/dev.txt
	@$(PYTHON) deploy/install.py dev
	@touch $@ $(VENV)/demo
