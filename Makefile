# One target for each task. Set-up (scripts/bootstrap) skips what is already there.
#
#   make demo      two cameras, AI service, edge and node on this machine; ARGS="--headless --for 60", "--footage FILE"…;
#                  S3=http://… archives into that S3 server, with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY
#   make test      every test: JavaScript, Swift, then end to end, with one release build
#   make torture   kills, cuts, full and failing stores, fuzzing, for MINUTES=20; prints its seed (SEED=… repeats a run)
#   make bench     measures Guardian and comparable programs
#   make build     the release build: .build/release/guardian
#   make package   the Debian package: dist/guardian_VERSION_amd64.deb; apt install ./dist/guardian_*.deb;
#                  MAINTAINER='Ada Byron <ada@example.org>': who answers for it, for whoever gives it to others
#   make lint fmt  lint checks all sources; fmt fixes the formatting of Swift files
#   make audit     parts, advisories, licences, secrets, static rules; part of lint; writes .build/sbom.json
#   make advisories  renews security/advisories.json; needs a network
#   make sanitize  the Swift tests under the address and the thread sanitizer; ARGS=thread for one of them
#   make docs      the API's documentation, in .build/docs
#   make coverage  the lines that the Swift tests run, per target; needs a build of its own

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help build package demo test test-swift test-javascript test-end torture bench lint fmt audit advisories sanitize docs coverage

ARGS ?=
S3 ?=
MINUTES ?= 20
guardian := .build/release/guardian
python := .tools/venv-test/bin/python

help:
	@sed -n '/^#   make/s/^#   //p' Makefile

build:
	@scripts/bootstrap build
	@scripts/build

package:
	@scripts/bootstrap package
	@scripts/build
	@scripts/package $(ARGS)

demo:
	@scripts/bootstrap demo
	@scripts/build
	@$(guardian) demo $(if $(S3),--s3 $(S3)) $(ARGS)

# Every test, in stages; scripts/test says how, and ends with the time of each stage and the ten slowest tests.
test:
	@scripts/test

test-swift:
	@scripts/test swift

test-javascript:
	@scripts/test javascript

# ARGS: further arguments for pytest, for example ARGS="-k plug".
test-end:
	@PYTEST_ARGS='$(ARGS)' scripts/test end

torture:
	@scripts/torture $(MINUTES)

bench:
	@scripts/bootstrap bench
	@scripts/build
	$(python) Benchmarks/run $(ARGS)

lint:
	@scripts/bootstrap lint
	@scripts/lint

fmt:
	@scripts/lint --files swift | xargs -0 swift format --in-place

audit:
	@scripts/bootstrap lint
	@scripts/audit $(ARGS)

advisories:
	@scripts/bootstrap lint
	@scripts/advisories

sanitize:
	@scripts/bootstrap test
	@scripts/sanitize $(ARGS)

docs:
	@scripts/docs

coverage:
	@scripts/bootstrap test
	@scripts/coverage $(ARGS)
