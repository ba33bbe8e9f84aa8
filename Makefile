# One release build serves everything. The tests reach into the modules, so all of it is compiled with
# -enable-testing; the second flag takes away what that costs (see CONTRIBUTING.md). A plain
# `swift build -c release` works too.
SWIFT_FLAGS := -c release -Xswiftc -enable-testing -Xswiftc -enforce-exclusivity=unchecked
BIN = $(shell swift build $(SWIFT_FLAGS) --show-bin-path)/ecq
ROWS ?= 11000000
# Where `make install` puts things.
PREFIX ?= /usr/local

.PHONY: build demo test bench bench-analyses bench-models format lint setup manual install

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
