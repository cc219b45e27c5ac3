# Every target sets up what it needs: Python 3.11 or newer, make and a package index are enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
COMPILED := $(VENV)/.compiled
BENCH_VENV := .venv-bench
BENCH_READY := $(BENCH_VENV)/.ready
LOCK := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate \
	--upgrade --quiet

.DEFAULT_GOAL := help
.PHONY: help demo preview test test-browser screenshots test-thorough test-faults test-kafka test-definition test-again compiled check docs \
	lock lock-crates lock-kafka secrets bench bench-full bench-alerts clean

help: ## what there is to do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(COMPILED) ## the whole path on a simulated community, next to the truth; ends by itself
	@rm -rf .hubbub-demo
	@$(BIN)/hubbub demo --data .hubbub-demo

preview: $(COMPILED) ## the dashboards on the demo's data in a browser, until Ctrl-C
	@$(BIN)/hubbub dashboards preview --demo

test: $(COMPILED) ## all tests, on small worlds
	@$(BIN)/python -m pytest -n 4 --dist loadfile -m "not thorough and not browser"

test-definition: $(READY) ## the fold and the pipeline without the compiled fold
	@HUBBUB_COMPILED=false $(BIN)/python -m pytest -n 4 --dist loadfile -m "not thorough" tests/streams/test_*pipeline* \
		tests/streams/test_forgetting.py tests/streams/test_rebuild.py tests/streams/test_same_tables.py \
		tests/streams/test_waiting.py tests/streams/test_two_owners.py tests/streams/test_poison.py

test-thorough: $(COMPILED) ## the tests that take large and real worlds
	@$(BIN)/python -m pytest -n 2 --dist load -m thorough

test-faults: $(COMPILED) ## workers killed, stalled and replayed until it hurts; make test has a short round of it
	@HUBBUB_FAULTS=full $(BIN)/python -m pytest -n 2 --dist load tests/faults

test-kafka: $(COMPILED) ## the tests that need a Kafka, on Apache Kafka; skipped without Java 17 and Maven
	@code=0; $(BIN)/python tests/kafka/jars.py || code=$$?; \
	if [ $$code = 3 ]; then exit 0; elif [ $$code != 0 ]; then exit $$code; fi; \
	HUBBUB_TEST_KAFKA=apache $(BIN)/python -m pytest -n 2 --dist loadfile -m kafka

test-browser: $(COMPILED) ## the dashboards in headless Chromium, every panel with data; skipped where there is none
	@$(BIN)/python -m pytest -m browser

screenshots: $(COMPILED) ## a picture of every dashboard on the demo's data, into docs/screenshots; needs Chromium
	@PYTHONPATH=tests $(BIN)/python tests/screenshots.py

test-again: $(COMPILED) ## the tests that failed last time, one at a time
	@$(BIN)/python -m pytest --last-failed --last-failed-no-failures none

compiled: $(READY) ## build the compiled fold again; needs cargo, and is done by itself where there is one
	@$(BIN)/python compiled/install.py && touch $(COMPILED)

check: $(READY) ## what a change must pass beside the tests: lint, format, types, generated files
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/python -m schemas.export --check
	@$(BIN)/python -m dashboards.build --check
	@$(BIN)/python compiled/install.py --check --if-possible

docs: $(READY) ## what the code writes: the event's schema, the metrics, the dashboards, the answers in docs/sql.md
	@$(BIN)/python -m schemas.export
	@$(BIN)/python -m dashboards.build
	@$(BIN)/python tests/sql_guide.py

bench: $(COMPILED) $(BENCH_READY) ## hubbub next to stock Faust, quixstreams, ClickHouse and its own parts; BENCH="--quick" ...
	@$(BIN)/python -m bench.run $(BENCH)

bench-full: $(COMPILED) $(BENCH_READY) ## the whole round, for hours: 10 million events, latencies, curves over scale, start, labels
	@$(BIN)/python -m bench.run --events 1000000 --rounds 5
	@$(BIN)/python -m bench.run --events 10000000 --rounds 3 --more
	@$(BIN)/python -m bench.latency
	@$(BIN)/python -m bench.curves --largest 10000000
	@$(BIN)/python -m bench.startup
	@$(BIN)/python -m bench.labels

bench-alerts: $(READY) ## how often alerts fire for nothing, and how soon they see what they should; 2 minutes
	@$(BIN)/python -m bench.alerts --to bench/alerts.md

lock: $(READY) ## lock the newest versions that pyproject.toml allows
	@$(BIN)/uv pip compile pyproject.toml --all-extras --group dev $(LOCK) -o requirements.lock
	@$(BIN)/uv pip compile pyproject.toml --group image --constraint requirements.lock $(LOCK) -o requirements-image.lock
	@$(BIN)/uv pip compile --group bench $(LOCK) -o requirements-bench.lock

lock-crates: $(READY) ## lock the newest crates that compiled/Cargo.toml allows
	@$(BIN)/python compiled/install.py --renew

lock-kafka: $(READY) ## lock the jars of tests/kafka/pom.xml by their digests
	@$(BIN)/python tests/kafka/jars.py --renew

secrets: ## random passwords for docker-compose.yml, into .env; never overwrites
	@$(PYTHON) deploy/make_env.py

clean: ## remove what these targets made
	@rm -rf $(VENV) $(BENCH_VENV) compiled/target compiled/Cargo.lock .bench .hubbub-demo build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis tests/kafka/jars

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "hubbub needs Python 3.11 or newer; say which: make PYTHON=python3.12 ..."; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing the locked packages into $(VENV) (once)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(COMPILED): $(READY) compiled/Cargo.toml compiled/crates.lock compiled/pyproject.toml $(wildcard compiled/src/*.rs compiled/src/*/*.rs)
	@echo "building the compiled fold (again only when it changes)"
	@$(BIN)/python compiled/install.py --if-possible
	@touch $@

$(BENCH_READY): requirements-bench.lock
	@echo "installing the locked packages of the benchmarks into $(BENCH_VENV) (once)"
	@test -x $(BENCH_VENV)/bin/python || $(PYTHON) -m venv $(BENCH_VENV)
	@$(BENCH_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
		-r requirements-bench.lock && touch $@ || echo "they cannot be installed here: quixstreams and plots are left out"
