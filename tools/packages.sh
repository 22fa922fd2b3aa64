# shellcheck shell=bash
# install_packages PACKAGE:FILE...: installs the Debian packages whose FILE is not there. Says what it does.
install_packages() {
  local entry missing=() sudo=()
  for entry in "$@"; do
    [ -e "${entry#*:}" ] || missing+=("${entry%%:*}")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  [ "$(id -u)" = 0 ] || sudo=(sudo -n)
  echo "installing Debian packages: ${missing[*]}"
  "${sudo[@]}" apt-get update -q </dev/null
  # RUNLEVEL: servers that a package brings must not start, they are run with our own configuration.
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
    apt-get install -y -q --no-install-recommends "${missing[@]}" </dev/null
}
