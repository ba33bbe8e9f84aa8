# One release build serves everything. The tests reach into the modules, so all of it is compiled with
# -enable-testing; the second flag takes away what that costs (see CONTRIBUTING.md). A plain
# `swift build -c release` works too.
SWIFT_FLAGS := -c release -Xswiftc -enable-testing -Xswiftc -enforce-exclusivity=unchecked
BIN = $(shell swift build $(SWIFT_FLAGS) --show-bin-path)/ecq
ROWS ?= 11000000
# Where `make install` puts things.
PREFIX ?= /usr/local

.PHONY: build demo test bench bench-setup bench-check bench-growth format lint setup manual install

build: setup
	swift build $(SWIFT_FLAGS) --product ecq

setup:
	@scripts/setup.sh

demo: build
	@$(BIN) demo

test:
	@SWIFT_FLAGS="$(SWIFT_FLAGS)" scripts/test.sh

# What the benchmarks need: the program, what measures kernels and draws, and the peers.
bench-setup: build
	swift build $(SWIFT_FLAGS) --product ecq-bench
	@scripts/setup.sh --tests

# All engines in turn, in one run; GROUPS, PEERS and REPEATS narrow it down (Benchmarks/README.md).
bench: bench-setup
	@$$(scripts/python.sh Benchmarks/requirements.txt) Benchmarks/bench.py $(dir $(BIN)) --rows $(ROWS) \
	  $(if $(GROUPS),--groups $(GROUPS)) $(if $(PEERS),--peers $(PEERS)) \
	  $(if $(REPEATS),--repeats $(REPEATS)) $(BENCH_FLAGS)

# Queries and analyses against DuckDB alone, in a few minutes; fails where a ratio has fallen.
bench-check: GROUPS = load,queries,analyses
bench-check: PEERS = duckdb
bench-check: BENCH_FLAGS = --fail-if-slower
bench-check: bench

# How cost grows: the same at four sizes, then the picture of it.
bench-growth: bench-setup
	@for rows in 1000000 11000000 55000000 110000000; do \
	  $(MAKE) bench ROWS=$$rows GROUPS=load,queries,analyses REPEATS=$(or $(REPEATS),2) || exit 1; done
	@$$(scripts/python.sh Benchmarks/requirements.txt) Benchmarks/growth.py $(dir $(BIN))

# The manual page, from what the program says of itself; a test sees that it is not out of date.
manual: build
	scripts/manual.py $(BIN) > docs/ecq.1

# The program, its manual page and its completions.
install: build
	install -D -m 755 $(BIN) $(DESTDIR)$(PREFIX)/bin/ecq
	install -D -m 644 docs/ecq.1 $(DESTDIR)$(PREFIX)/share/man/man1/ecq.1
	install -d $(DESTDIR)$(PREFIX)/share/bash-completion/completions
	install -d $(DESTDIR)$(PREFIX)/share/zsh/site-functions
	install -d $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
	$(BIN) --generate-completion-script bash > $(DESTDIR)$(PREFIX)/share/bash-completion/completions/ecq
	$(BIN) --generate-completion-script zsh > $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_ecq
	$(BIN) --generate-completion-script fish > $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/ecq.fish

format:
	swift format --in-place --recursive Sources Tests Package.swift

lint:
	swift format lint --strict --recursive Sources Tests Package.swift
