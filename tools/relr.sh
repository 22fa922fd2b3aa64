#!/usr/bin/env bash
# The linker's option for relocations as a bit map (DT_RELR), where the C library is a glibc that reads them: a library
# that is linked so wants at least the glibc 2.36, and says so (GLIBC_ABI_DT_RELR).
set -euo pipefail
version=$(getconf GNU_LIBC_VERSION 2>/dev/null | sed -n 's/^glibc //p')
if [ -n "$version" ] && printf '2.36\n%s\n' "$version" | sort -CV; then
  echo -Wl,-z,pack-relative-relocs
fi
