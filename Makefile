# make figures: set up once, run the notebooks, rewrite figures/   make test: the whole test suite   make lab: JupyterLab on notebooks/00_contents.ipynb
# Needs Python >= 3.11 with pip, and make. Without make: the three pip lines in README.md do the same.

BIN := .venv/bin
ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
endif
PY := $(BIN)/python
READY := .venv/.ready
LAB_READY := .venv/.ready-lab
PYTHON ?=
# JupyterLab fetches no news and looks for no new version of itself: nothing leaves the computer.
QUIET := --LabApp.news_url=None --LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate

.PHONY: help figures test lab docs clean

help:
	@echo "make figures   run the notebooks and rewrite figures/"
	@echo "make test      check code, documentation and notebooks"
	@echo "make lab       open JupyterLab on the contents of the notebooks"
	@echo "make docs      build the documentation site into docs/_build/html"
	@echo "make clean     remove .venv and caches"
	@echo "The first of them sets up .venv with the locked dependencies: lab and figures with those of the notebooks, test and docs with all."
	@echo "PYTHON=... chooses the interpreter."

figures: $(LAB_READY)
	@$(PY) -m newsanalysis reproduce

test: $(READY)
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@$(PY) -m pytest -q --cov --cov-report=term:skip-covered tests src/newsanalysis
	@$(PY) -m pytest -q --nbval --nbval-current-env --nbval-cell-timeout 120 --nbval-sanitize-with tests/nbval_sanitize.cfg notebooks

lab: $(LAB_READY)
	@$(PY) -m jupyterlab --LabApp.default_url=/lab/tree/notebooks/00_contents.ipynb $(QUIET)

docs: $(READY)
	@$(PY) -m sphinx -q -W --keep-going -c docs -d docs/_build/doctrees . docs/_build/html
	@$(PY) docs/_site/check.py docs/_build/html
	@echo "docs/_build/html/index.html"

clean:
	rm -rf docs/_build .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage

# A changed lock or pyproject.toml sets up again; an interrupted set-up is not taken for a finished one.
# What the notebooks need is a part of what the tests need: who has the whole has the part.
$(READY): requirements.lock requirements-lab.lock pyproject.toml
	@rm -f $(READY) $(LAB_READY)
	$(FIND_PYTHON)
	@echo "Installing the locked libraries of the notebooks and the tests into .venv (once; about 1.3 GB and two to ten minutes) ..."
	$(call INSTALL,requirements.lock)
	@touch $(READY) $(LAB_READY)

$(LAB_READY): requirements-lab.lock pyproject.toml
	@rm -f $(READY) $(LAB_READY)
	$(FIND_PYTHON)
	@echo "Installing the locked libraries of the notebooks into .venv (once; about 0.9 GB and one to five minutes) ..."
	$(call INSTALL,requirements-lab.lock)
	@touch $(LAB_READY)

define INSTALL
@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1)
@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
endef

define FIND_PYTHON
@if ! $(PY) -c "import sys, pip; sys.exit(sys.version_info < (3, 11))" 2>/dev/null; then \
	  for found in $(PYTHON) python3.13 python3.12 python3.11 python3 python ""; do \
	    if [ -z "$$found" ]; then \
	      echo "newsanalysis needs Python 3.11 or newer, and none was found. Install one, or name it: make figures PYTHON=/path/to/python3" >&2; exit 2; \
	    fi; \
	    if "$$found" -c "import sys; sys.exit(sys.version_info < (3, 11))" 2>/dev/null; then break; fi; \
	    if [ -n "$(PYTHON)" ]; then echo "PYTHON=$(PYTHON) is no Python 3.11 or newer." >&2; exit 2; fi; \
	  done; \
	  echo "Making .venv with $$("$$found" --version) ..."; \
	  "$$found" -m venv --clear .venv; \
	fi
endef
