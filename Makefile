PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes

.PHONY: demo test proof faults chaos soak goals bench query-counts fuzz lint types check words lock clean

demo: $(VENV)/.runtime  ## set up and run the whole product until Ctrl-C
	@$(BIN)/python manage.py demo

test: $(VENV)/.dev  ## set up and run every test; ARGS="-k words" narrows it
	@$(BIN)/python -m pytest -n 2 --dist loadgroup $(ARGS)

$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
	  || { echo "Python 3.11, 3.12 or 3.13 is needed; nothing was set up. Say which: make PYTHON=python3.12"; exit 1; }
	@echo "making the virtual environment"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.lock | $(BIN)/pip
	@echo "installing what the product needs"
	@$(PIP) -r requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock | $(BIN)/pip
	@echo "installing what the product and its tests need"
	@$(PIP) -r requirements-dev.lock
	@touch $@ $(VENV)/.runtime

bench: $(VENV)/.dev  ## one table of ratios: the EDI engine, orders, huge files, stock and prices, search, caches, pages, finance, growth, migrations; PARTS=pages,search some of it, ARGS=--quick little of it
	@$(BIN)/python -m tests.bench --parts "$(PARTS)" $(ARGS)

faults: $(VENV)/.dev  ## each fault of docs/faults.md at its worst moment, with real processes on servers of their own; ARGS="-k 06" narrows it
	@$(BIN)/python -m pytest -q -s -m chaos tests/live tests/faults/test_matrix.py tests/faults/test_worlds.py tests/faults/test_beyond.py $(ARGS)

chaos: $(VENV)/.dev  ## orders by five channels while things break at random, then every invariant; MINUTES=10 SEED=… repeats a run
	@CHAOS_MINUTES=$(or $(MINUTES),10) CHAOS_SEED=$(SEED) $(BIN)/python -m pytest -q -m chaos tests/faults/test_chaos.py

soak: $(VENV)/.dev  ## the same for HOURS=2, with no more than AHEAD=1500 orders, files and deliveries on their way
	@CHAOS_AHEAD=$(or $(AHEAD),1500) CHAOS_MINUTES=$$(($(or $(HOURS),2) * 60)) CHAOS_SEED=$(SEED) $(BIN)/python -m pytest -q -m chaos tests/faults/test_chaos.py

goals: $(VENV)/.dev  ## how long accepting and sending take at RATE=20 orders a second, by API and files, and with each Redis hung
	@SYNC_SECONDS=$${SYNC_SECONDS:-2} ERP_WAY=direct CHAOS_PROCESSES=$${CHAOS_PROCESSES:-erp_write=4} GOALS_RATE=$(or $(RATE),20) GOALS_SECONDS=$(or $(SECONDS),60) $(BIN)/python -m pytest -q -m chaos tests/faults/test_goals.py

query-counts: $(VENV)/.dev  ## write the number of statements each page sends anew, to be reviewed as a difference
	@QUERY_COUNTS=write $(BIN)/python -m pytest -q tests/web/test_query_counts.py

fuzz: $(VENV)/.dev  ## fifty thousand damaged sets against pyx12, ten thousand damaged files through the database
	@FUZZ_SETS=$(or $(FUZZ_SETS),50000) $(BIN)/python -m pytest -q -s --timeout=0 tests/edi/x12/compiled/test_differential.py
	@FUZZ_FILES=$(or $(FUZZ_FILES),10000) $(BIN)/python -m pytest -q -n 2 -rP --timeout=0 tests/edi/process/test_fuzz.py

proof: $(VENV)/.dev  ## thousands of generated requests to every call of the API, with keys of two dealers and of the house; EXAMPLES=100 of each kind, SEED=… for others
	@API_EXAMPLES=$(or $(EXAMPLES),40) API_SEED=$(or $(SEED),7) $(BIN)/python -m pytest -q -rP --show-capture=no --timeout=0 tests/api/test_schemathesis.py

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(VENV)/.dev
	$(BIN)/mypy

check: export PUBLIC_URL := https://portal.example.com
check: export ALLOWED_HOSTS := portal.example.com
check: export SECRET_KEY := not-a-secret-but-long-enough-to-satisfy-the-deploy-check-0123456789
check: $(VENV)/.dev  ## migrations, published schemas, segment maps, and settings as on a real site
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py canonical_schemas --check
	$(BIN)/python manage.py data_dictionary --check
	$(BIN)/python manage.py personal_data fields --check
	$(BIN)/python manage.py spectacular --validate --fail-on-warn --file /dev/null
	$(BIN)/python manage.py api_schema --check
	$(BIN)/python -m edi.x12.mapgen --check
	$(BIN)/python manage.py check --deploy --fail-level WARNING

words:  ## for maintainers: bring the catalogues and the sources together (needs GNU gettext)
	$(BIN)/python manage.py makemessages --all --no-location --no-obsolete --no-wrap --ignore=tests --ignore=.local --ignore=.venv
	$(BIN)/python manage.py compilemessages --ignore=.venv

lock:  ## for maintainers: resolve again and export (needs uv)
	uv lock --no-config
	uv export -q --no-dev --no-emit-project --no-header -o requirements.lock
	uv export -q --no-dev --extra otel --no-emit-project --no-header -o requirements-otel.lock
	uv export -q --extra otel --no-emit-project --no-header -o requirements-dev.lock

clean:  ## stop the embedded services and forget everything that was set up
	@if test -x $(BIN)/python; then $(BIN)/python -m distportal.embedded wipe; fi
	rm -rf .local $(VENV)
