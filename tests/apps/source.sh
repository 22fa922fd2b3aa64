# Sourced: source_of PACKAGE DIRECTORY puts the unpacked Debian source of a package there, unpatched by us. It asks
# the mirrors that apt knows for sources, in lists of its own: the machine's configuration stays as it is.
# shellcheck shell=bash
source_of() {
  local package=$1 directory=$2 lists=$2/apt
  mkdir -p "$lists/lists/partial" "$lists/cache/archives/partial"
  if [ ! -e "$lists/sources.list" ]; then
    {
      sed -n 's/^deb /deb-src /p' /etc/apt/sources.list 2>/dev/null
      # deb822 files, of Debian's own mirrors alone.
      awk '/^URIs:/ { u = $2 } /^Suites:/ { $1 = ""; s = $0 } /^Components:/ { $1 = ""; c = $0 } /^Signed-By:/ { k = $2 }
        /^$/ { out() } END { out() }
        function out(  n, i, a) { if (u && s) { n = split(s, a, " "); for (i = 1; i <= n; i++)
          print "deb-src " (k ? "[signed-by=" k "] " : "") u " " a[i] c }; u = s = c = k = "" }' \
        /etc/apt/sources.list.d/debian.sources 2>/dev/null
    } >"$lists/sources.list"
  fi
  local apt=(-o "Dir::Etc::sourcelist=$(realpath "$lists/sources.list")" -o Dir::Etc::sourceparts=/dev/null
    -o "Dir::State::lists=$(realpath "$lists/lists")" -o "Dir::Cache=$(realpath "$lists/cache")" -o APT::Sandbox::User=root)
  [ -n "$(ls "$lists/lists" | grep Sources || true)" ] || apt-get "${apt[@]}" -qq update
  if [ -z "$(find "$directory" -maxdepth 1 -name "$package-*" -type d)" ]; then
    (cd "$directory" && apt-get "${apt[@]}" -qq source --download-only "$package" && for orig in "$package"_*.orig.tar.*; do tar xf "$orig"; done)
  fi
  find "$directory" -maxdepth 1 -name "$package-*" -type d | head -n 1
}
# linked_with_tlscore FILE: the program, or library, has our library and no OpenSSL.
linked_with_tlscore() {
  local libraries
  libraries=$(ldd "$1")
  if ! grep -q libtlscore_openssl <<<"$libraries" || grep -qE 'libssl|libcrypto' <<<"$libraries"; then
    echo "$1 is not linked with tlscore alone:" >&2
    grep -E 'libtlscore|libssl|libcrypto' <<<"$libraries" >&2
    return 1
  fi
}
