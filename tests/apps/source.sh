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
  [ -n "$(ls "$lists/lists" | grep Sources || true)" ] || timeout 60 apt-get "${apt[@]}" -qq update
  # Whatever the archive calls its directory; signatures (.asc) are no archives.
  if [ ! -d "$directory/$package" ]; then
    (cd "$directory" && timeout 60 apt-get "${apt[@]}" -qq source --tar-only --download-only "$package" >&2)
    local archives=("$directory/$package"_*.orig.tar.?z*)
    rm -rf "$directory/$package.new"
    mkdir "$directory/$package.new"
    tar xf "${archives[0]}" -C "$directory/$package.new" --strip-components=1 && mv "$directory/$package.new" "$directory/$package"
  fi
  [ -d "$directory/$package" ] && echo "$directory/$package"
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
# openssl_of SIDE: where a build finds OpenSSL, the system's or ours: $ssl_cflags, $ssl_libs, and pkg-config's path.
openssl_of() {
  local build
  build=$(realpath "${BUILD:-build}")
  if [ "$1" = openssl ]; then
    ssl_cflags='' ssl_libs='-lssl -lcrypto'
  else
    export PKG_CONFIG_PATH=$build/openssl/lib/pkgconfig
    ssl_cflags=$(pkg-config --cflags libssl) ssl_libs=$(pkg-config --libs libssl)
  fi
}
# tree_of PACKAGE SIDE WORK: the directory in which a package is built for a side; made of its source when it is not there.
tree_of() {
  local tree=$3/$1-$2 source
  if [ ! -d "$tree" ]; then
    mkdir -p "$3/source"
    source=$(source_of "$1" "$3/source") || return 1
    cp -a "$source" "$tree"
  fi
  echo "$tree"
}
# skip WHY: ends the script with the status by which run.sh knows that nothing was tested.
skip() {
  echo "skipped: $1"
  exit 77
}
# quietly LOG COMMAND...: what the command says goes to a file; its end is shown where it fails. $BUILD_LIMIT seconds, where
# that is set, are all that it gets: what is half built goes on the next time.
quietly() {
  local status=0
  ${BUILD_LIMIT:+timeout "$BUILD_LIMIT"} "${@:2}" >"$1" 2>&1 || status=$?
  [ $status -ne 124 ] || skip "not built within $BUILD_LIMIT s"
  [ $status -eq 0 ] || { tail -n 20 "$1" >&2; return 1; }
}
# check NAME COMMAND...: one of our own conversations with a program, an exported function or a program; `counts` prints the sum.
checks_passed=0 checks_failed=0
check() {
  local said status=0
  said=$(timeout 60 bash -c '"$@"' _ "${@:2}" 2>&1) || status=$?
  if [ $status -eq 0 ]; then
    checks_passed=$((checks_passed + 1))
  else
    checks_failed=$((checks_failed + 1))
    echo "FAILED: $1: $(tail -n 3 <<<"$said")"
  fi
}
# Where nothing was asked, nothing is well.
counts() {
  echo "$1"
  echo "$checks_passed passed, $checks_failed failed"
  [ "$checks_failed" -eq 0 ] && [ "$checks_passed" -gt 0 ]
}
# answers PORT: waits until something listens there.
answers() {
  local _
  for _ in $(seq 200); do
    if (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; then return 0; fi
    sleep 0.05
  done
  echo "nothing listens on port $1" >&2
  return 1
}
# nginx_on PORT DIRECTORY CERTIFICATE LINE...: an nginx with the system's OpenSSL that serves the directory over TLS 1.2, with
# further lines in its `server`. Its process is $nginx_pid.
nginx_on() {
  local state=$2.nginx-$1
  mkdir -p "$state" "$2"
  cat >"$state/nginx.conf" <<CONF
daemon off; pid $state/pid; error_log $state/error.log; worker_processes 1;
events { worker_connections 512; }
http {
  access_log off; client_body_temp_path $state; proxy_temp_path $state; fastcgi_temp_path $state; uwsgi_temp_path $state;
  scgi_temp_path $state; keepalive_requests 1000000; client_max_body_size 10m;
  server {
    ssl_certificate $pki/$3.pem; ssl_certificate_key $pki/$3.key; ssl_protocols TLSv1.2; root $2;
    $(printf '%s\n' "${@:4}")
  }
}
CONF
  nginx -c "$state/nginx.conf" -p "$state" 2>/dev/null &
  nginx_pid=$!
  answers "$1"
}
