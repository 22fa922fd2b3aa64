#include "tlscat.h"

/* In pieces: ISO C promises no string of more than 4095 bytes. The manual page is made of this too. */
static const char *const usage_text[] = {
    "tlscat connect HOST:PORT [--ca FILE] [--name NAME] [--insecure] [--policy P]\n"
    "       [--ciphers LIST] [--groups LIST] [--alpn a,b] [--cert FILE --key FILE] [--get PATH]\n"
    "tlscat serve PORT --cert FILE --key FILE [--cert FILE --key FILE]... [--policy P]\n"
    "       [--ciphers LIST] [--groups LIST] [--alpn a,b] [--verify none|request|require --ca FILE]\n"
    "       [--www | --echo] [--once]\n"
    "tlscat verify [--ca FILE] [--untrusted FILE] [--name NAME] [--time UNIX] [--purpose server|client]\n"
    "       [--depth N] [--partial-chain] [--strict] [--policy P] LEAF.pem\n"
    "\n",
    "connect copies standard input to the peer and the peer to standard output.\n"
    "  --ca FILE       trust these CA certificates, not the system's\n"
    "  --name NAME     the server's name to send and to verify (else HOST)\n"
    "  --starttls P    begin in plain text: smtp, imap, pop3, ftp or postgres\n"
    "  --insecure      accept any certificate\n"
    "  --ocsp MODE     what to do about OCSP staples: off, request (default) or require\n"
    "  --save-ocsp F   write the server's OCSP response (DER) to F\n"
    "  --get PATH      send an HTTP/1.0 request instead of standard input\n"
    "  --session FILE  resume the session in FILE, if there is one, and keep the new one there\n"
    "                  (it holds secrets, as a private key does)\n",
    "serve listens on 127.0.0.1 and ::1 (PORT 0: a free one, which it prints).\n"
    "  --verify WHAT   ask clients for no certificate (none, the default), for one if they have it\n"
    "                  (request), or insist (require); --ca FILE holds the CAs that issue them, and\n"
    "                  --insecure accepts any\n"
    "  --ocsp FILE     staple this OCSP response (DER) to the first certificate\n"
    "  --www           answer each HTTP request with what was negotiated, then close\n"
    "  --echo          send back what comes\n"
    "  --dhparam FILE  DHE in this group for clients that name none (policy legacy)\n"
    "  --host NAME     the --cert and --key behind it are for clients that ask for NAME\n"
    "  --once          end after one connection; without --www and --echo it converses with it\n"
    "  --ticket-keys F ticket keys of nginx (48 or 80 raw bytes) or haproxy (base64 lines)\n",
    "verify prints OK and the path found, or one line that names the certificate and the rule it breaks.\n"
    "  --untrusted FILE  certificates that the path may lead through, as those behind the first of LEAF.pem\n"
    "  --time UNIX     the time of the check, in seconds since 1970 (else now)\n"
    "  --purpose WHAT  a server's certificate (the default) or a client's\n"
    "  --depth N       at most N intermediate certificates (6)\n",
    "connect and verify:\n"
    "  --pin HEX       a key of the path must have this SHA-256 (of its SubjectPublicKeyInfo)\n"
    "  --partial-chain the path may end in an intermediate of --ca\n"
    "  --strict        certificates keep what RFC 5280 asks of those who issue them\n",
    "connect and serve:\n"
    "  --policy P      modern (default), compatible or legacy (verify too)\n"
    "  --ciphers LIST  OpenSSL cipher string or IANA names\n"
    "  --groups LIST   X25519:P-256:P-384:P-521, ffdhe2048 (legacy)\n"
    "  --alpn a,b      application protocols, most preferred first\n"
    "  --renegotiate M refuse (default), allow what the peer asks for, or request one after the first data\n"
    "                  (serve: with --verify the certificate is asked for then)\n"
    "  --psk ID:HEX    a pre-shared key and what it is called; --ciphers aPSK: no certificates\n"
    "  --psk-hint TEXT serve: tell clients this, so that they find their key\n"
    "  --no-tickets    neither ask for session tickets nor give them out\n"
    "  --no-cache      keep no sessions in memory\n"
    "  --dh-1024       DANGER: accept Diffie-Hellman groups from 1024 bits on\n"
    "  --trace FILE    append what happens, an event a line of JSON\n"
    "  --export LABEL  print 32 bytes of keying material (RFC 5705) and the channel bindings\n"
    "  --keylog FILE   DANGER: append the secrets, with which everything can be read\n"
    "  --max-fragment N  ask for records of at most N bytes (512, 1024, 2048, 4096), both ways\n"
    "  --record-limit N  take records of at most N bytes (64 to 16384)\n"
    "  --crl FILE      ask these CRLs about the peer's certificates, leaf and CAs\n"
    "  --crl-leaf-only ask them about the leaf alone\n"
    "  --cert, --key   certificate chain and private key (PEM; DER: the leaf alone)\n"
    "  --pkcs12 FILE   both in one file (.p12, .pfx), in place of --cert and --key or beside them\n"
    "  --password P    of encrypted keys and of the PKCS #12 file (others can see it: better\n"
    "  --password-file FILE  has it in its first line)\n"
    "Exit status: 0 after a clean close, 1 after an error, 2 for a wrong command line.\n",
};

void print_usage(FILE *to)
{
    size_t i;
    for (i = 0; i < sizeof usage_text / sizeof *usage_text; i++)
        fputs(usage_text[i], to);
}
