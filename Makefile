# SPDX-License-Identifier: GPL-2.0-or-later
#
# klp-split: `make` builds the tools into build/, `make help` lists the rest.
# Each tool is one folder: all its .c files but main.c go into an archive that
# unit tests link too.

VERSION := 0.1.0

prefix      ?= /usr/local
bindir      ?= $(prefix)/bin
sbindir     ?= $(prefix)/sbin
datadir     ?= $(prefix)/share/klp-split
mandir      ?= $(prefix)/share/man
docdir      ?= $(prefix)/share/doc/klp-split
unitdir     ?= $(prefix)/lib/systemd/system
completiondir ?= $(prefix)/share/bash-completion/completions
DESTDIR     ?=

CC ?= gcc
BUILD := build$(if $(SANITIZE),-sanitize)$(if $(COVERAGE),-coverage)
# One name for one file: what a .d file says of an absolute path is nothing to a relative one.
override BUILD := $(patsubst $(CURDIR)/%,%,$(BUILD))

CFLAGS ?= -O2 -g
override CFLAGS += -std=gnu11 -Wall -Wextra -Wno-unused-parameter -Wstrict-prototypes \
	-Wmissing-prototypes -Wpointer-arith -Wwrite-strings $(if $(WERROR),-Werror) -MMD -MP -D_GNU_SOURCE \
	-I. -DKLP_SPLIT_VERSION='"$(VERSION)"' -DKLP_SPLIT_DATADIR='"$(datadir)"'
ifdef SANITIZE
override CFLAGS += -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
endif
ifdef COVERAGE
override CFLAGS += --coverage -O0
endif
LDFLAGS += -Wl,--as-needed
LDLIBS := -ldw -lelf -ljansson -lcapstone -lkmod -lz

TOOLS := create-diff-object klp-relocs kpatch-build kpatch
BINARIES := $(TOOLS:%=$(BUILD)/bin/%)

objects = $(patsubst %.c,$(BUILD)/%.o,$(wildcard $(1)/*.c $(1)/*/*.c))
LIB := $(BUILD)/lib.a
UNIT_TESTS := $(patsubst test/unit/%.c,$(BUILD)/test/unit/%,$(wildcard test/unit/test-*.c))

# What the manual and the guide say of error codes comes from the tools' own table.
GENERATED := $(BUILD)/man/klp-split-codes.7 $(BUILD)/doc/author-guide.md

.PHONY: all clean help
all: $(BINARIES) $(GENERATED)

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -c -o $@ $<

$(LIB): $(call objects,lib)
	@rm -f $@
	$(AR) rcs $@ $^

# Whose parts a tool takes beside its own: kpatch verifies before it installs.
kpatch_TAKES := klp-relocs

define tool
$(BUILD)/$(1).a: $(filter-out $(BUILD)/$(1)/main.o,$(call objects,$(1)))
	@rm -f $$@
	$$(AR) rcs $$@ $$^
$(BUILD)/bin/$(1): $(BUILD)/$(1)/main.o $(BUILD)/$(1).a $($(1)_TAKES:%=$(BUILD)/%.a) $(LIB)
	@mkdir -p $$(@D)
	$$(CC) $$(CFLAGS) $$(LDFLAGS) -o $$@ $$^ $$(LDLIBS)
endef
$(foreach t,$(TOOLS),$(eval $(call tool,$(t))))

$(BUILD)/doc/codes: $(BUILD)/doc/codes.o $(LIB)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -ljansson
$(BUILD)/man/klp-split-codes.7: $(BUILD)/doc/codes
	@mkdir -p $(@D)
	$< > $@.tmp && mv $@.tmp $@
$(BUILD)/doc/author-guide.md: doc/author-guide.md $(BUILD)/doc/codes
	{ cat $< && $(BUILD)/doc/codes --markdown; } > $@.tmp && mv $@.tmp $@

# A unit test is one cmocka program; it may use any tool's parts.
$(BUILD)/test/unit/%.o: override CFLAGS += -DSOURCE_FOLDER='"$(CURDIR)"'
$(BUILD)/test/unit/%: $(BUILD)/test/unit/%.o $(TOOLS:%=$(BUILD)/%.a) $(LIB)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(LDLIBS) -lcmocka

# create-diff-object with a part of the test's (test/differ/fixtures.sh) before its own.
$(BUILD)/test/differ/ledger-rows: $(BUILD)/test/differ/ledger-rows.o $(BUILD)/create-diff-object/main.o \
		$(BUILD)/create-diff-object.a $(LIB)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

.PHONY: unit-tests objects
unit-tests: $(UNIT_TESTS) $(BUILD)/test/differ/ledger-rows
# Everything compiled, nothing linked: for what only looks at warnings.
objects: $(foreach d,lib $(TOOLS),$(call objects,$(d))) $(BUILD)/doc/codes.o $(UNIT_TESTS:=.o)

# --- tests, demonstration, benchmarks -----------------------------------------

# TESTS='PATTERN…' runs a part; KERNEL= takes another kernel than the newest 6.1.
.PHONY: check demo bench packages
# FOR: groups of test/lib/packages. Each target takes the packages that it needs.
FOR ?= check
packages:
	@test/lib/install-packages.sh $(FOR)

demo: FOR = demo
lint: FOR = lint
check-debian: FOR = debian

ifdef SANITIZE
check: packages
	@$(MAKE) --no-print-directory SANITIZE=1 all unit-tests
	@BUILD=$(BUILD) test/run $(or $(TESTS),unit/ differ/ cli/klp-relocs-convert cli/klp-relocs-verify \
		cli/kpatch-build-guards)
else
check: packages
	@$(MAKE) --no-print-directory all unit-tests
	@BUILD=$(BUILD) test/run $(TESTS)
endif

# The checks of the sources are tests too: `make check` runs them.
.PHONY: lint coverage check-compilers
lint: packages
	@$(MAKE) --no-print-directory -s all
	@BUILD=$(BUILD) test/run lint/ cli/rooms

# What the unit tests and the differ's tests reach of the tools; TESTS= takes others.
coverage: packages
	@$(MAKE) --no-print-directory -s COVERAGE=1 BUILD=build-coverage all unit-tests
	@test/coverage/run $(TESTS)

# With compilers and C libraries of later Debian releases; COMPILERS= takes others than gcc-14 and gcc-16.
check-compilers: packages
	@test/compilers/run $(COMPILERS)

demo: packages
	@$(MAKE) --no-print-directory -s all
	@BUILD=$(BUILD) test/integration/demo/show.sh

bench: packages
	@$(MAKE) --no-print-directory -s all
	@for b in bench/*.sh; do echo "== $$b"; BUILD=$(BUILD) $$b || exit 1; done

# What `make check` does with a sample: N units of the kernel, N functions in one livepatch.
.PHONY: check-units check-identity fuzz
check-units: packages
	@$(MAKE) --no-print-directory -s all
	@BUILD=$(BUILD) N=$(or $(N),300) test/differ/no-change.sh

check-identity: packages
	@$(MAKE) --no-print-directory -s all
	@IDENTITY=$(or $(N),1000) test/integration/run -v identity

# The core on a kernel that looks for deadlocks, freed memory and leaks, and under stress for
# MINUTES; on the stock 6.12. Each takes longer than `make check`.
.PHONY: check-debug check-6.12 check-reload
check-debug: packages
	@$(MAKE) --no-print-directory -s all
	@BUILD=$(BUILD) MINUTES=$(or $(MINUTES),10) test/debug-kernel/run $(TESTS)

check-6.12: packages
	@$(MAKE) --no-print-directory -s all
	@BUILD=$(BUILD) KERNEL=6.12 test/run -j1 $(or $(TESTS),differ/ cli/klp-relocs-sites \
		$(addprefix cli/kpatch-build-,provenance guards units new-files faults inputs \
		interrupted launcher many other-version parallel sign) integration/)

# What is different on Debian 13's 6.12, which is fetched with its compiler.
.PHONY: check-13
check-13: packages
	@$(MAKE) --no-print-directory -s all
	@BUILD=$(BUILD) KERNEL=trixie test/run -j1 $(or $(TESTS),cli/kpatch-build-trixie cli/klp-relocs-sites \
		$(addprefix cli/kpatch-build-,provenance guards units) \
		$(addprefix integration/,core-reload core-target-leaves core-transitions kpatch-load identity))

# Packages, systemd, reboots and power cuts on a whole Debian; PARTS="life cuts". Its image is made as root.
.PHONY: check-debian
check-debian: packages
	@$(MAKE) --no-print-directory -s all
	@BUILD=$(BUILD) test/debian/run $(PARTS)

# Each emulated CPU in a thread of its own, by a later QEMU: KERNELS= CPUS= N= reloads, EXITS= MINUTES=
# (test/smp/run). With what it takes by default it takes a day.
.PHONY: check-smp
check-smp: packages
	@$(MAKE) --no-print-directory -s all
	@BUILD=$(BUILD) KERNELS='$(KERNELS)' CPUS='$(CPUS)' ROUNDS='$(N)' EXITS='$(EXITS)' MINUTES='$(MINUTES)' \
		test/smp/run $(TESTS)

check-reload: packages
	@$(MAKE) --no-print-directory -s all
	@BUILD=$(BUILD) ROUNDS=$(or $(N),1000) test/integration/run -v core-reload

# T seconds; needs clang with libFuzzer.
fuzz: packages
	@$(MAKE) --no-print-directory -s all
	@BUILD=$(BUILD) test/fuzz/run $(or $(T),60)

# Real diffs, by lot: N= SEED= FROM= TO= (test/corpus/README.md).
.PHONY: corpus corpus-report
corpus: packages
	@$(MAKE) --no-print-directory -s all
	@BUILD=$(BUILD) N='$(N)' SEED='$(SEED)' FROM='$(FROM)' TO='$(TO)' test/corpus/run

# Modules with known edits, compared with a reference program: N= SEED= FROM= (test/mutants/README.md).
.PHONY: check-mutants
check-mutants: packages
	@$(MAKE) --no-print-directory -s all
	@BUILD=$(BUILD) N='$(N)' SEED='$(SEED)' FROM='$(FROM)' test/mutants/run

# What changed in real diffs, found by another way: N= SEED= FROM= TO= (test/comparer/README.md).
.PHONY: check-comparer
check-comparer: packages
	@$(MAKE) --no-print-directory -s all
	@BUILD=$(BUILD) N='$(N)' SEED='$(SEED)' FROM='$(FROM)' TO='$(TO)' test/comparer/run

corpus-report:
	@BUILD=$(BUILD) test/corpus/report

# All that takes longer than `make check`, one after the other: some hours.
.PHONY: check-long
check-long: packages
	@for target in check-units check-identity 'check-mutants N=500' check-comparer check-6.12 check-reload check-debian check-debug fuzz 'corpus N=20'; do \
		echo "== make $$target"; $(MAKE) --no-print-directory $$target || exit 1; done

# --- installation --------------------------------------------------------------

INSTALL ?= install
USER_TOOLS := kpatch-build create-diff-object klp-relocs
MAN_PAGES := $(wildcard man/*.[1-8]) $(BUILD)/man/klp-split-codes.7
EXAMPLES := $(wildcard doc/examples/*)
UNITS := kpatch.service kpatch-settle.service
COMPLETIONS := $(wildcard completions/*)
# What kpatch-build needs of the tree after it is installed, the core's sources (it builds them
# against each kernel) and the modules' templates; and schemas for programs that read its JSON.
DATA := $(wildcard kmod/*.c kmod/*.h kmod/Makefile kmod/Kbuild kmod/dkms.conf templates/* schema/*)

INSTALLED = $(USER_TOOLS:%=$(bindir)/%) $(sbindir)/kpatch $(DATA:%=$(datadir)/%) \
	$(foreach m,$(MAN_PAGES),$(mandir)/man$(subst .,,$(suffix $(m)))/$(notdir $(m))) \
	$(COMPLETIONS:completions/%=$(completiondir)/%) $(UNITS:%=$(unitdir)/%) \
	$(docdir)/author-guide.md $(docdir)/pipelines.md $(EXAMPLES:doc/%=$(docdir)/%)

.PHONY: install uninstall
install: all
	$(INSTALL) -d $(DESTDIR)$(bindir) $(DESTDIR)$(sbindir)
	$(INSTALL) $(USER_TOOLS:%=$(BUILD)/bin/%) $(DESTDIR)$(bindir)
	$(INSTALL) $(BUILD)/bin/kpatch $(DESTDIR)$(sbindir)
	$(INSTALL) -d $(DESTDIR)$(unitdir)
	for u in $(UNITS); do \
		sed 's|@sbindir@|$(sbindir)|' kpatch/$$u.in > $(DESTDIR)$(unitdir)/$$u && \
		chmod 644 $(DESTDIR)$(unitdir)/$$u || exit 1; done
	for f in $(DATA); do $(INSTALL) -D -m 644 $$f $(DESTDIR)$(datadir)/$$f || exit 1; done
	sed -i 's/#MODULE_VERSION#/$(VERSION)/' $(DESTDIR)$(datadir)/kmod/dkms.conf
	for m in $(MAN_PAGES); do \
		$(INSTALL) -D -m 644 $$m $(DESTDIR)$(mandir)/man$${m##*.}/$${m##*/} || exit 1; done
	for c in $(COMPLETIONS); do \
		$(INSTALL) -D -m 644 $$c $(DESTDIR)$(completiondir)/$${c##*/} || exit 1; done
	$(INSTALL) -D -m 644 $(BUILD)/doc/author-guide.md $(DESTDIR)$(docdir)/author-guide.md
	$(INSTALL) -D -m 644 doc/pipelines.md $(DESTDIR)$(docdir)/pipelines.md
	$(INSTALL) -D -m 644 -t $(DESTDIR)$(docdir)/examples $(EXAMPLES)

uninstall:
	rm -f $(addprefix $(DESTDIR),$(INSTALLED))
	-rmdir $(DESTDIR)$(docdir)/examples $(DESTDIR)$(docdir) 2>/dev/null
	-rmdir $(DESTDIR)$(datadir)/kmod $(DESTDIR)$(datadir)/templates $(DESTDIR)$(datadir)/schema $(DESTDIR)$(datadir) 2>/dev/null

# --- packages -------------------------------------------------------------------

# Needs debhelper and dh-dkms. CORES: releases for which the core is packaged as it is.
MAINTAINER ?= klp-split maintainers <maintainers@klp-split.invalid>
.PHONY: deb
deb: $(if $(CORES),all)
	packaging/deb/build '$(VERSION)' '$(MAINTAINER)' '$(BUILD)/deb'
	$(if $(CORES),BUILD=$(BUILD) packaging/core/build '$(VERSION)' '$(MAINTAINER)' '$(BUILD)/deb' $(CORES))

# --- for editors ---------------------------------------------------------------

SOURCES := $(wildcard lib/*.c $(TOOLS:%=%/*.c) $(TOOLS:%=%/*/*.c) test/unit/*.c)
compile_commands.json: Makefile $(SOURCES)
	@printf '%s\n' $(SOURCES) | jq -R -s --arg d '$(CURDIR)' --arg c '$(CC) $(CFLAGS)' \
		'[split("\n")[] | select(. != "") | {directory: $$d, file: ., command: ($$c + " -c " + .)}]' > $@.tmp
	@mv $@.tmp $@

clean:
	rm -rf build build-sanitize build-coverage compile_commands.json

help:
	@echo 'make                   build the tools into build/bin'
	@echo 'make demo              livepatch the stock kernel in a VM before your eyes'
	@echo 'make check             all tests; TESTS="unit cli…" some, KERNEL=RELEASE for another kernel'
	@echo 'make check SANITIZE=1  unit, differ and guard tests under ASan and UBSan'
	@echo 'make lint              layout, shell scripts, spelling, cppcheck, clang, who may use what: a part of make check'
	@echo 'make coverage          what unit and differ tests reach of the tools; TESTS= takes other tests'
	@echo 'make check-compilers   builds without warnings with later compilers; COMPILERS="gcc-14 gcc-16"'
	@echo 'make check-units       compile N=300 units of the kernel twice: no difference'
	@echo 'make check-identity    replace N=1000 functions of the kernel by copies of themselves'
	@echo 'make check-debug       the core on a debug kernel, MINUTES=10 of stress (kmod/TESTING.md); a self-built kernel'
	@echo 'make deb               Debian packages of the tools, the core and kpatch, in build/deb; CORES="RELEASE…"'
	@echo 'make check-6.12        what is different on the stock 6.12: differ, proof, core, demonstration'
	@echo 'make check-13          the same on Debian 13'"'"'s 6.12, built for from here; fetches 600 MB'
	@echo 'make check-debian      a whole Debian with our packages: reboots, upgrades, CUTS=10 power cuts; PARTS="life cuts"'
	@echo 'make check-reload      load and unload one target N=1000 times without a pause'
	@echo 'make check-smp         the core with a thread for each CPU: KERNELS="6.1 6.12" CPUS="2 3 4" N=10000 MINUTES=30'
	@echo 'make fuzz              damaged objects and modules for T=60 seconds (clang)'
	@echo 'make check-long        all of the longer checks: units, identity, mutants, comparer, 6.12, Debian, debug, fuzz, corpus N=20'
	@echo 'make bench             benchmarks, as ratios within one run'
	@echo 'make check-mutants     livepatches of N=60 generated modules compute what a reference does; SEED= FROM='
	@echo 'make check-comparer    changed functions of N=60 real diffs by objdump, and by create-diff-object; SEED= FROM= TO='
	@echo 'make corpus            real diffs of a later kernel, built and loaded; N= SEED= FROM= TO='
	@echo 'make corpus-report     what became of them: table and pictures'
	@echo 'make install           to $$(prefix), below $$(DESTDIR); uninstall takes it out again'
	@echo 'make packages          install the packages that the above need; FOR="build demo lint check" (test/lib/packages)'
	@echo 'make … WERROR=1        warnings are errors'
	@echo 'make compile_commands.json   for editors and clangd'
	@echo 'make clean             all but the cache of kernels'

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
