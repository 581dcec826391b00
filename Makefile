# Footnote from a checkout: `make ask Q="how often does the group meet?"` is all it takes.
#
# Needs GNU make 3.81 and Python 3.11, or newer. Paths are relative, and what a person types reaches
# the shell in the environment, so that no space, quote or dollar in either means anything.

Q ?= how often does the group meet?
FILE ?=
DATA ?= ../shared/data
WORK ?= bench-work
PYTHON ?=

unexport Q FILE DATA WORK PYTHON
export QUESTION = $(value Q)
export QUESTION_SET = $(value FILE)
export DEV_DATA = $(value DATA)
export BENCH_WORK = $(value WORK)
export WANTED_PYTHON = $(value PYTHON)

# Not .venv/bin/footnote: the shell would read the folder's name there.
FOOTNOTE = .venv/bin/python -m bot
PIP_INSTALL = .venv/bin/python -m pip install --disable-pip-version-check -c .ci/constraints.txt

# A .venv that is half made, has lost its Python, or was made for another folder is made again.
ifneq ($(shell .venv/bin/python -c 'import pip' 2>/dev/null && \
	grep -Fq -- "$$(pwd -P)/.venv" .venv/pyvenv.cfg && echo usable),usable)
UNUSABLE = unusable
endif

.DEFAULT_GOAL = help
.NOTPARALLEL:
.PHONY: help ask run playground pictures chat index eval bench bench-peers test lint check catalogues clean unusable

help:
	@echo 'make ask Q="…"         answer a question from the documents in seeds/'
	@echo 'make run               run the Discord bot'
	@echo 'make playground        try the bot in a browser, without Discord'
	@echo 'make chat              questions one after the other'
	@echo 'make index             bring the index up to date'
	@echo 'make eval FILE=…       score a question set'
	@echo 'make bench DATA=…      measure against the bare encoder and index; WORK=… is kept'
	@echo 'make bench-peers       the same against five peers, which it installs in WORK'
	@echo 'make test              run the tests'
	@echo 'make check             ruff, mypy and the tests'
	@echo 'make pictures          take the pictures of the documentation anew'
	@echo 'make catalogues        bring bot/locale/ up to date with what the bot says'
	@echo 'make clean             remove .venv and caches; the index in data/ stays'
	@echo 'PYTHON=… chooses the Python that .venv is made with.'

ask: .venv/ready
	@$(FOOTNOTE) ask -- "$$QUESTION"

run: .venv/ready
	@$(FOOTNOTE) run

playground: .venv/ready
	@.venv/bin/python -m tests.playground

pictures: .venv/ready-to-test
	@.venv/bin/python -m tests.playground.pictures docs/pictures

chat: .venv/ready
	@$(FOOTNOTE) chat

index: .venv/ready
	@$(FOOTNOTE) index

eval: .venv/ready
	@test -n "$$QUESTION_SET" || { echo 'Name a question set: make eval FILE=questions.jsonl' >&2; exit 2; }
	@$(FOOTNOTE) eval -- "$$QUESTION_SET"

# DATA is a folder of development sets, as benchmarks/dev_sets.py reads them.
bench: .venv/ready
	@.venv/bin/python -m benchmarks.bench "$$DEV_DATA" --work "$$BENCH_WORK"
	@.venv/bin/python -m benchmarks.costs "$$DEV_DATA" --work "$$BENCH_WORK" --out docs/pictures/cost.png

bench-peers: .venv/ready
	@.venv/bin/python -m benchmarks.peers "$$DEV_DATA" --work "$$BENCH_WORK"

# Side by side: many tests wait for a clock more than for the processor.
test: .venv/ready-to-test
	@.venv/bin/python -m pytest -n auto --dist worksteal

lint: .venv/ready-to-test
	@.venv/bin/python -m ruff check
	@.venv/bin/python -m ruff format --check
	@.venv/bin/python -m mypy

check: lint test

catalogues: .venv/ready
	@.venv/bin/python -m bot.extracting

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/ready: .venv/pyvenv.cfg pyproject.toml .ci/constraints.txt
	$(PIP_INSTALL) -e .
	@touch $@

.venv/ready-to-test: .venv/pyvenv.cfg pyproject.toml .ci/constraints.txt
	$(PIP_INSTALL) -e '.[test]'
	@touch .venv/ready $@

.venv/pyvenv.cfg: $(UNUSABLE)
	@set -- python3 python3.13 python3.12 python3.11; \
	test -z "$$WANTED_PYTHON" || set -- "$$WANTED_PYTHON"; \
	found=; \
	for python in "$$@"; do \
		if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
		then found=$$python; break; fi; \
	done; \
	if test -z "$$found"; then \
		echo "Footnote needs Python 3.11 or newer, which is none of: $$*." >&2; \
		echo 'Install it, or say where it is: make ask PYTHON=/path/to/python3' >&2; \
		exit 1; \
	fi; \
	rm -rf .venv; \
	"$$found" -m venv "$$(pwd -P)/.venv" && .venv/bin/python -c 'import pip' || { \
		rm -rf .venv; \
		echo "$$found cannot make a virtual environment: its venv or pip is missing." >&2; \
		echo 'On Debian and Ubuntu: sudo apt install python3-venv' >&2; \
		exit 1; \
	}
