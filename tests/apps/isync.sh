#!/usr/bin/env bash
# isync's mbsync, out of Debian's source package and unchanged, with OpenSSL or with tlscore: it synchronises mailboxes with
# a Dovecot that has the system's OpenSSL. isync.sh SIDE DIRECTORY. (isync's own tests synchronise directories, without TLS.)
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/apps/source.sh
side=$1 work=$2 pki=$PWD/tests/pki
openssl_of "$side"
tree=$(tree_of isync "$side" "$work") || skip "no source package of isync can be had here"
mbsync=$tree/src/mbsync
if [ ! -x "$mbsync" ]; then
  # Its configure asks pkg-config for -I, -L and -l alone.
  configured() { cd "$tree" && ./configure --with-ssl "LDFLAGS=$ssl_libs" && make -j"$(nproc)" -C src mbsync; }
  export -f configured
  export tree ssl_libs
  quietly "$tree.log" bash -ec configured
fi
[ "$side" = openssl ] || linked_with_tlscore "$mbsync"

# The mail belongs to somebody who may not be root; as root, Dovecot runs under the names of its package.
run=$(mktemp -d)
chmod 755 "$run"
owner=$(id -un) internal=$(id -un) logins=$(id -un)
if [ "$(id -u)" = 0 ]; then owner=mail internal=dovecot logins=dovenull; fi
mkdir -p "$run/mail" "$run/here"
chown "$owner" "$run/mail"
servers=()
trap 'kill "${servers[@]}" 2>/dev/null; wait; rm -rf "$run"' EXIT
serve() { # name, port of IMAPS, port of IMAP, line...
  {
    cat <<CONF
base_dir = $run/$1
state_dir = $run/$1
log_path = $run/$1.log
protocols = imap
listen = 127.0.0.1
default_internal_user = $internal
default_login_user = $logins
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:$run/mail/%u
ssl = required
ssl_cert = <$pki/server-rsa.pem
ssl_key = <$pki/server-rsa.key
ssl_min_protocol = TLSv1.2
passdb {
  driver = static
  args = password=secret
}
userdb {
  driver = static
  args = uid=$(id -u "$owner") gid=$(id -g "$owner") home=$run/mail/%u
}
service imap-login {
  chroot =
  inet_listener imap {
    port = $3
  }
  inet_listener imaps {
    port = $2
    ssl = yes
  }
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
CONF
    printf '%s\n' "${@:4}"
  } >"$run/$1.conf"
  dovecot -F -c "$run/$1.conf" >"$run/$1.said" 2>&1 &
  servers+=($!)
  answers "$2" || cat "$run/$1.said" "$run/$1.log" >&2
}
serve plain 27447 27448
serve asking 27449 27450 'auth_ssl_require_client_cert = yes' 'ssl_verify_client_cert = yes' 'ssl_require_crl = no' "ssl_ca = <$pki/ca.pem"
serve other 27451 27452 "ssl_cert = <$pki/self-leaf.pem" "ssl_key = <$pki/self-leaf.key"

# of USER LINE...: mbsync between the user's mail here and there, each line a setting of the account.
of() {
  local config=$run/$1.mbsyncrc
  cat >"$config" <<CONF
IMAPStore there
Host localhost
User $1
Pass secret
AuthMechs LOGIN
$(printf '%s\n' "${@:2}")

MaildirStore here
Path $run/here/$1/
Inbox $run/here/$1/inbox

Channel all
Far :there:
Near :here:
Patterns INBOX
Create Both
Expunge Both
SyncState *
CONF
  mkdir -p "$run/here/$1"
  timeout 60 "$mbsync" -c "$config" all
}
ours() { of "$1" "Port 27447" "SSLType IMAPS" "CertificateFile $pki/ca.pem" "${@:2}"; }
# messages DIRECTORY: what is in a mailbox, without names and what mbsync adds.
messages() { find "$1/cur" "$1/new" -type f -exec sh -c 'grep -av "^X-TUID:" "$0" | sha256sum' {} \; | sort; }
same() { diff <(messages "$run/mail/$1") <(messages "$run/here/$1/inbox") && [ "$(messages "$run/mail/$1" | wc -l)" = "$2" ]; }
# mail DIRECTORY NAME BYTES: a message.
mail() {
  mkdir -p "$1/cur" "$1/new" "$1/tmp"
  { printf 'From: a@a.test\nSubject: %s\nMessage-ID: <%s@a.test>\n\n' "$2" "$2" && head -c "$3" /dev/urandom | base64; } >"$1/new/$2"
}
there() { mail "$run/mail/$1" "${@:2}" && { [ "$(id -u)" != 0 ] || chown -R "$owner" "$run/mail/$1"; }; }
here() { mkdir -p "$run/here/$1" && mail "$run/here/$1/inbox" "${@:2}"; }

fifty() { for n in $(seq 50); do there down "$n" 2000 || return 1; done && ours down && same down 50 && ours down && same down 50; }
uploads() { for n in $(seq 20); do here up "$n" 2000 || return 1; done && ours up && same up 20; }
large() { there large down 4000000 && here large up 3000000 && ours large && same large 2; }
flags() {
  there flag a 10 && there flag b 10 && ours flag && same flag 2 || return 1
  for file in "$run/here/flag/inbox"/*/*; do mv "$file" "$run/here/flag/inbox/cur/$(basename "${file%:2,*}"):2,ST" && break; done
  ours flag && same flag 1
}
starttls() { there start a 1000 && of start "Port 27448" "SSLType STARTTLS" "CertificateFile $pki/ca.pem" && same start 1; }
system() { there sys a 10 && SSL_CERT_FILE=$pki/ca.pem of sys "Port 27447" "SSLType IMAPS" && same sys 1; }
bundle() { there many a 10 && cat tests/openssl/pki/bundle.pem >"$run/bundle" && ours many "CertificateFile $run/bundle" && same many 1; }
cipher() { there suite a 10 && ours suite "CipherString ECDHE-RSA-AES256-GCM-SHA384" "SSLVersions TLSv1.2" && same suite 1; }
pinned() { there pin a 10 && of pin "Port 27451" "SSLType IMAPS" "SystemCertificates no" "CertificateFile $pki/self-leaf.pem" && same pin 1; }
ours_is() { ours "$1" "Port 27449" "ClientCertificate $pki/client-rsa.pem" "ClientKey $pki/client-rsa.key"; }
known() { there known a 10 && ours_is known && same known 1; }
# fails WORDS COMMAND...: mbsync ends with a failure that says so, and nothing came.
fails() {
  local said
  ! said=$("${@:2}" 2>&1) && grep -q "$1" <<<"$said" || { echo "$said"; return 1; }
}
stranger() { fails 'LOGIN\|certificate\|authent' ours none "Port 27449"; }
other_ca() { fails 'SSL error connecting' of other "Port 27447" "SSLType IMAPS" "CertificateFile $pki/other-ca.pem" "SystemCertificates no"; }
other_name() { fails 'does not match hostname' of name "Host 127.0.0.1" "Port 27447" "SSLType IMAPS" "CertificateFile $pki/ca.pem"; }
nobody() { fails 'SSL error connecting' of pin2 "Port 27451" "SSLType IMAPS" "CertificateFile $pki/ca.pem"; }
suites() { fails 'setting cipher string' ours none2 "CipherString nonsense"; }
no_certificate() { fails 'loading certificate file' ours none3 "CertificateFile $run/plain.conf"; }
no_tls() { fails 'wrong version number' of none4 "Port 27448" "SSLType IMAPS" "CertificateFile $pki/ca.pem"; }
conversations=(
  "fifty messages, and nothing the second time:fifty" "twenty messages sent:uploads" "four megabytes received, three sent:large"
  "a message that goes away:flags" "STARTTLS:starttls" "the system's CAs:system" "a bundle of CAs:bundle" "one suite:cipher"
  "a self-signed certificate that is known:pinned" "a client's certificate:known" "a client without one:stranger"
  "another CA:other_ca" "another name:other_name" "a self-signed certificate that is not known:nobody"
  "no cipher at all:suites" "a file without certificates:no_certificate" "a server without TLS there:no_tls"
)
for conversation in "${conversations[@]}"; do
  "${conversation#*:}" >"$run/said" 2>&1 && status=0 || status=1
  check "${conversation%:*}" bash -c "cat '$run/said'; exit $status"
done
counts "mbsync with $side: conversations with Dovecot"
