# tlscore. `make` alone prints this help; every target is a line or a script in tools/.

VERSION  := $(shell sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
BUILD    ?= build
PROFILE  ?= release
PREFIX   ?= /usr/local
LIBDIR   ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
DESTDIR  ?=
CC       ?= cc
CXX      ?= c++
CFLAGS   ?= -O2 -g
CXXFLAGS ?= -O2 -g
PYTHON   ?= python3

export VERSION BUILD PROFILE PREFIX LIBDIR INCLUDEDIR DESTDIR CC CXX CFLAGS CXXFLAGS PYTHON

.DEFAULT_GOAL := help
.PHONY: slowest help bootstrap lib openssl examples demo test install install-openssl uninstall deb man header header-check abi tsan wheel fuzz bench bench-quick timing soak soak-python interop scan apps bogo clean

help: ## print this help
	@echo "tlscore $(VERSION): make TARGET"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1|\2/p' Makefile | column -t -s '|'
	@echo "Variables: PREFIX=$(PREFIX) LIBDIR INCLUDEDIR DESTDIR CC CXX CFLAGS BUILD=$(BUILD) PROFILE=$(PROFILE)"

bootstrap: ## install what building the tests needs (Debian packages, cbindgen)
	@tools/bootstrap.sh

lib: ## build/libtlscore.so.1, libtlscore.a, tlscore.pc and the CMake package
	@tools/lib.sh

openssl: lib ## libtlscore_openssl.so.1: OpenSSL's interface, for programs that are not to be changed, and tls-portcheck
	@tools/openssl-lib.sh

examples: lib ## the C and C++ examples, into build/
	@tools/examples.sh

demo: ## build everything, then three conversations with the facts negotiated
	@tools/demo.sh

test: ## every check and every test; STEPS="..." runs some of them
	@tools/test.sh $(STEPS)

install: lib ## install library, headers, pkg-config file, CMake package, manual pages and tlscat
	@tools/install.sh install

install-openssl: openssl ## install OpenSSL's interface beside it: library, headers, pkg-config file, tls-portcheck
	@tools/install.sh openssl

uninstall: ## remove what install put there
	@tools/install.sh uninstall

deb: ## Debian packages of it, into build/deb (libtlscore1, libtlscore-dev, tlscat, libtlscore-openssl1 and -dev)
	@tools/deb.sh

man: ## build/man, the manual pages (make install puts them where man looks)
	@tools/man.py write "$(BUILD)/man"

header: ## write include/tlscore/tls.h from the sources of tls-capi
	@tools/header.sh write

header-check: ## fail when the committed header is stale
	@tools/header.sh check

abi: ## what programs that are linked already rely on: is packaging/abi.txt what the header says?
	@tools/abi.sh check

tsan: ## data races, with ThreadSanitizer in everything; wants rustup's rust-src
	@tools/tsan.sh

wheel: ## the Python wheel (manylinux_2_28, Python 3.11 and later) and source distribution, into build/wheel
	@tools/wheel.sh

fuzz: ## run each fuzz target for SECONDS_EACH=60 seconds
	@tools/fuzz.sh

bench: ## speed and memory beside OpenSSL, rustls, s2n-tls; JSON=FILE, charts in build/charts; ONLY=WORD picks rows
	@tools/bench.sh $(if $(ONLY),--only "$(ONLY)")

bench-quick: ## the same with fewer samples, below two minutes once it is built
	@tools/bench.sh --quick $(if $(ONLY),--only "$(ONLY)")

timing: ## do CBC padding, MAC or RSA padding show in time? MEASUREMENTS=1000000
	@cargo run --release --quiet --manifest-path bench/Cargo.toml --bin timing -- $(or $(MEASUREMENTS),1000000)

slowest: ## how long do the slowest sets of certificates, staples and CRLs take, by kind of key?
	@cargo run --release --quiet -p verify-table --bin slowest

soak: ## is memory flat over HANDSHAKES=1000000, and what do 10,000 idle connections hold?
	@cargo run --release --quiet --manifest-path bench/Cargo.toml --bin soak -- $(or $(HANDSHAKES),1000000)

soak-python: ## does anything stay behind CONNECTIONS=100000 of each kind in Python? after make step-python, which installs it
	@"$(BUILD)/python/bin/python" bench/python/soak.py $(or $(CONNECTIONS),100000)

interop: examples ## conversations with every peer there is; installs Go and Java
	@tools/interop.sh

scan: examples ## sslscan, sslyze and testssl.sh on a server with the default policy
	@tools/scan.sh

apps: openssl ## five programs out of Debian's sources, unchanged, on OpenSSL and on tlscore: their tests; WORK=DIRECTORY
	@tests/apps/run.sh

bogo: ## BoringSSL's protocol tests; BORINGSSL=DIR names its checkout, and Go is needed
	@tools/bogo.sh

clean: ## remove build/ and Cargo's target/
	rm -rf "$(BUILD)"
	cargo clean

# The steps of `make test`, each alone: make step-interop, make step-valgrind, ...
step-%:
	@tools/test.sh $*
