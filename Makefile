# One release build serves everything. The tests reach into the modules, so all of it is compiled with
# -enable-testing; the second flag takes away what that costs (see CONTRIBUTING.md). A plain
# `swift build -c release` works too.
SWIFT_FLAGS := -c release -Xswiftc -enable-testing -Xswiftc -enforce-exclusivity=unchecked
BIN = $(shell swift build $(SWIFT_FLAGS) --show-bin-path)/ecq
ROWS ?= 11000000

.PHONY: build demo test bench bench-analyses bench-models format lint setup

build: setup
	swift build $(SWIFT_FLAGS) --product ecq

setup:
	@scripts/setup.sh

demo: build
	@$(BIN) demo

test:
	@SWIFT_FLAGS="$(SWIFT_FLAGS)" scripts/test.sh

bench: build
	@scripts/setup.sh --tests
	@$$(scripts/python.sh Benchmarks/requirements.txt) Benchmarks/bench.py $(BIN) --rows $(ROWS)

# After `make bench`, which makes the rows.
bench-analyses: build
	@scripts/setup.sh --tests
	@$$(scripts/python.sh Benchmarks/requirements.txt) Benchmarks/analyses.py $(BIN) \
	  Benchmarks/.work/$(ROWS)/csv

bench-models: build
	@scripts/setup.sh --tests
	@$$(scripts/python.sh Tests/Oracle/requirements.txt) -W ignore Benchmarks/models.py $(BIN) --rows $(ROWS)

format:
	swift format --in-place --recursive Sources Tests Package.swift

lint:
	swift format lint --strict --recursive Sources Tests Package.swift
