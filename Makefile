# One target for each task. Set-up (scripts/bootstrap) skips what is already there.
#
#   make demo      two cameras, AI service, edge and node on this machine; ARGS="--headless --for 60", "--footage FILE"…;
#                  S3=http://… archives into that S3 server, with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY
#   make test      every test: Swift, with coverage, then end to end against a release build
#   make bench     measures Guardian and comparable programs
#   make build     the release build: .build/release/guardian
#   make lint fmt  lint checks all sources; fmt fixes the formatting of Swift files
#   make docs      the API's documentation, in .build/docs
#   make coverage  the coverage of the last `make test`, file by file

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup build demo test test-swift test-end bench lint fmt docs coverage

ARGS ?=
S3 ?=
guardian := .build/release/guardian
python := .tools/venv-test/bin/python
pytest := $(python) -m pytest -p no:cacheprovider

help:
	@sed -n '/^#   make/s/^#   //p' Makefile

build:
	@scripts/bootstrap build
	swift build -c release --product guardian

demo:
	@scripts/bootstrap demo
	@swift build -c release --product guardian
	@$(guardian) demo $(if $(S3),--s3 $(S3)) $(ARGS)

test: test-swift test-end

# The same flags for building and running, so that nothing is built twice. No parallel tests: on two cores they would slow each other down
# until servers and cameras time out.
test-swift:
	@scripts/bootstrap test
	swift build --build-tests --enable-code-coverage
	swift test --skip-build --no-parallel --enable-code-coverage
	@scripts/coverage

test-end:
	@scripts/bootstrap test
	swift build -c release --product guardian
	$(pytest) Tests/EndToEnd $(ARGS)

bench:
	@scripts/bootstrap bench
	swift build -c release --product guardian
	$(python) Benchmarks/run $(ARGS)

lint:
	@scripts/lint

fmt:
	@scripts/lint --files swift | xargs -0 swift format --in-place

docs:
	@scripts/docs

coverage:
	@scripts/coverage --files
