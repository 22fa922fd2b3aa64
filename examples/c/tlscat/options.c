#include "tlscat.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage_text[] =
    "tlscat connect HOST:PORT [--ca FILE] [--name NAME] [--insecure] [--policy P]\n"
    "       [--ciphers LIST] [--groups LIST] [--alpn a,b] [--cert FILE --key FILE] [--get PATH]\n"
    "tlscat serve PORT --cert FILE --key FILE [--cert FILE --key FILE]... [--policy P]\n"
    "       [--ciphers LIST] [--groups LIST] [--alpn a,b] [--verify none|request|require --ca FILE]\n"
    "       [--www | --echo] [--once]\n"
    "tlscat verify [--ca FILE] [--untrusted FILE] [--name NAME] [--time UNIX] [--purpose server|client]\n"
    "       [--depth N] [--partial-chain] [--policy P] LEAF.pem\n"
    "\n"
    "connect copies standard input to the peer and the peer to standard output.\n"
    "  --ca FILE       trust these CA certificates, not the system's\n"
    "  --name NAME     the server's name to send and to verify (else HOST)\n"
    "  --starttls P    begin in plain text: smtp, imap, pop3, ftp or postgres\n"
    "  --insecure      accept any certificate\n"
    "  --ocsp MODE     what to do about OCSP staples: off, request (default) or require\n"
    "  --save-ocsp F   write the server's OCSP response (DER) to F\n"
    "  --get PATH      send an HTTP/1.0 request instead of standard input\n"
    "  --session FILE  resume the session in FILE, if there is one, and keep the new one there\n"
    "                  (it holds secrets, as a private key does)\n"
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
    "  --ticket-keys F ticket keys of nginx (48 or 80 raw bytes) or haproxy (base64 lines)\n"
    "verify prints OK and the path found, or one line that names the certificate and the rule it breaks.\n"
    "  --untrusted FILE  certificates that the path may lead through, as those behind the first of LEAF.pem\n"
    "  --time UNIX     the time of the check, in seconds since 1970 (else now)\n"
    "  --purpose WHAT  a server's certificate (the default) or a client's\n"
    "  --depth N       at most N intermediate certificates (6)\n"
    "connect and verify:\n"
    "  --pin HEX       a key of the path must have this SHA-256 (of its SubjectPublicKeyInfo)\n"
    "  --partial-chain the path may end in an intermediate of --ca\n"
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
    "Exit status: 0 after a clean close, 1 after an error, 2 for a wrong command line.\n";

static void fail(const char *what, const char *which)
{
    fprintf(stderr, "tlscat: %s%s\nTry 'tlscat --help'.\n", what, which);
    exit(EXIT_USAGE);
}

/* "example.org:443", "[::1]:443", and "::1:443" too: the port stands behind the last colon. */
static void parse_address(struct options *o, const char *text)
{
    const char *colon = strrchr(text, ':');
    size_t len = colon != NULL ? (size_t)(colon - text) : 0;
    if (len > 1 && text[0] == '[' && text[len - 1] == ']') {
        text++;
        len -= 2;
    }
    if (len == 0 || colon[1] == '\0' || len >= sizeof o->host || strlen(colon + 1) >= sizeof o->port)
        fail("not HOST:PORT: ", text);
    memcpy(o->host, text, len);
    o->host[len] = '\0';
    strcpy(o->port, colon + 1);
}

/* --cert begins a keypair, --key belongs to the last begun. */
static void add_cert(struct options *o, const char *file)
{
    if (o->keypair_count == MAX_KEYPAIRS)
        fail("too many --cert", "");
    o->keypairs[o->keypair_count].host = o->host_count;
    o->keypairs[o->keypair_count++].cert = file;
}

static void add_key(struct options *o, const char *file)
{
    if (o->keypair_count == 0 || o->keypairs[o->keypair_count - 1].key != NULL)
        fail("--key without a --cert before it: ", file);
    o->keypairs[o->keypair_count - 1].key = file;
}

/* The keypairs that follow are this host's. */
static void add_host(struct options *o, const char *name)
{
    if (o->host_count == MAX_HOSTS)
        fail("too many --host", "");
    o->hosts[o->host_count++] = name;
}

static int hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c);
    return at != NULL && c != '\0' ? (int)(at - digits) : -1;
}

/* ID:HEX; an identity may hold colons. */
static void set_psk(struct options *o, const char *text)
{
    const char *hex = strrchr(text, ':');
    size_t len = hex != NULL ? (size_t)(hex - text) : 0;
    if (len == 0 || len >= sizeof o->psk_identity)
        fail("--psk is ID:HEX, not ", text);
    memcpy(o->psk_identity, text, len);
    o->psk_identity[len] = '\0';
    for (hex++, o->psk_len = 0; *hex != '\0'; hex += 2, o->psk_len++) {
        int high = hex_digit(hex[0]), low = high >= 0 ? hex_digit(hex[1]) : -1;
        if (low < 0 || o->psk_len == sizeof o->psk)
            fail("the key of --psk is not 1 to 64 bytes in hexadecimal: ", text);
        o->psk[o->psk_len] = (unsigned char)(high << 4 | low);
    }
    if (o->psk_len == 0)
        fail("--psk has no key: ", text);
}

static void set_pin(struct options *o, const char *text)
{
    size_t i;
    for (i = 0; i < sizeof o->pin; i++) {
        int high = hex_digit(text[2 * i]), low = high >= 0 ? hex_digit(text[2 * i + 1]) : -1;
        if (low < 0)
            fail("--pin is 64 hexadecimal digits, not ", text);
        o->pin[i] = (unsigned char)(high << 4 | low);
    }
    if (text[2 * sizeof o->pin] != '\0')
        fail("--pin is 64 hexadecimal digits, not ", text);
    o->pinned = 1;
}

/* An option with a value; 0 when `name` is none. */
static int take_valued(struct options *o, const char *name, const char *value)
{
    const struct {
        const char *name;
        const char **place;
    } texts[] = {
        {"--ca", &o->ca},         {"--name", &o->name},     {"--policy", &o->policy},
        {"--ciphers", &o->ciphers}, {"--groups", &o->groups}, {"--alpn", &o->alpn},
        {"--get", &o->get},       {"--keylog", &o->keylog},
        {"--export", &o->export}, {"--trace", &o->trace}, {"--starttls", &o->starttls}, {"--session", &o->session}, {"--ticket-keys", &o->ticket_keys},
        {"--dhparam", &o->dhparam}, {"--psk-hint", &o->psk_hint}, {"--verify", &o->verify}, {"--renegotiate", &o->renegotiate},
        {"--ocsp", &o->ocsp}, {"--save-ocsp", &o->save_ocsp}, {"--crl", &o->crl},    {"--max-fragment", &o->max_fragment}, {"--record-limit", &o->record_limit},
        {"--untrusted", &o->untrusted}, {"--time", &o->time}, {"--purpose", &o->purpose}, {"--depth", &o->depth},
        {"--pkcs12", &o->pkcs12}, {"--password", &o->password}, {"--password-file", &o->password_file},
    };
    size_t i;
    for (i = 0; i < sizeof texts / sizeof *texts; i++)
        if (strcmp(name, texts[i].name) == 0) {
            if (value != NULL)
                *texts[i].place = value;
            return 1;
        }
    if (strcmp(name, "--pin") == 0) {
        if (value != NULL)
            set_pin(o, value);
        return 1;
    }
    if (strcmp(name, "--psk") == 0) {
        if (value != NULL)
            set_psk(o, value);
        return 1;
    }
    if (strcmp(name, "--host") == 0) {
        if (value != NULL)
            add_host(o, value);
        return 1;
    }
    if (strcmp(name, "--cert") != 0 && strcmp(name, "--key") != 0)
        return 0;
    if (value != NULL)
        (name[2] == 'c' ? add_cert : add_key)(o, value);
    return 1;
}

/* An option without a value; 0 when `name` is none. */
static int take_flag(struct options *o, const char *name)
{
    const struct {
        const char *name;
        int *place;
    } flags[] = {
        {"--insecure", &o->insecure}, {"--www", &o->www}, {"--echo", &o->echo}, {"--once", &o->once},
        {"--no-tickets", &o->no_tickets}, {"--no-cache", &o->no_cache},
        {"--dh-1024", &o->dh_1024}, {"--crl-leaf-only", &o->crl_leaf_only},
        {"--partial-chain", &o->partial_chain},
    };
    size_t i;
    for (i = 0; i < sizeof flags / sizeof *flags; i++)
        if (strcmp(name, flags[i].name) == 0)
            return *flags[i].place = 1;
    return 0;
}

/* Asking for certificates and saying whose go together. */
static void check_client_auth(struct options *o)
{
    static const char *const words[] = {"none", "request", "require"};
    int i, known = o->verify == NULL;
    for (i = 0; !known && i < 3; i++)
        if (strcmp(o->verify, words[i]) == 0) {
            o->client_auth = i;
            known = 1;
        }
    if (!known)
        fail("--verify is none, request or require, not ", o->verify);
    if (o->client_auth != TLS_CLIENT_AUTH_NONE && o->ca == NULL && !o->insecure)
        fail("--verify needs --ca, the CAs that issue the clients' certificates", "");
    if (o->client_auth == TLS_CLIENT_AUTH_NONE && (o->ca != NULL || o->insecure))
        fail("--ca and --insecure on serve belong to --verify request or require", "");
}

static void check_hosts(const struct options *o)
{
    int i, host;
    if (o->host_count != 0 && o->mode == MODE_CONNECT)
        fail("--host belongs to serve", "");
    for (host = 1; host <= o->host_count; host++) {
        for (i = 0; i < o->keypair_count && o->keypairs[i].host != host; i++)
            ;
        if (i == o->keypair_count)
            fail("--host without a --cert behind it: ", o->hosts[host - 1]);
    }
}

static void check_options(struct options *o)
{
    int i;
    if (o->starttls != NULL && !knows_starttls(o->starttls))
        fail("--starttls is smtp, imap, pop3, ftp or postgres, not ", o->starttls);
    for (i = 0; i < o->keypair_count; i++)
        if (o->keypairs[i].key == NULL)
            fail("--cert without its --key: ", o->keypairs[i].cert);
    check_hosts(o);
    if (o->mode != MODE_VERIFY && (o->untrusted != NULL || o->time != NULL || o->purpose != NULL || o->depth != NULL))
        fail("--untrusted, --time, --purpose and --depth belong to verify", "");
    if (o->mode == MODE_SERVE && (o->pinned || o->partial_chain))
        fail("--pin and --partial-chain belong to connect and verify", "");
    if (o->mode == MODE_VERIFY) {
        if (o->leaf == NULL)
            fail("verify needs a file with a certificate", "");
        if (o->insecure)
            fail("--insecure verifies nothing", "");
    } else if (o->mode == MODE_SERVE) {
        if (o->keypair_count == 0 && o->pkcs12 == NULL && o->psk_len == 0)
            fail("serve needs --cert and --key, --pkcs12 or --psk", "");
        if (o->name != NULL || o->get != NULL)
            fail("--name and --get belong to connect", "");
        if (o->starttls != NULL)
            fail("--starttls belongs to connect", "");
        check_client_auth(o);
        if (o->session != NULL)
            fail("--session belongs to connect: servers give out tickets and keep a cache", "");
        if (o->www && o->echo)
            fail("--www and --echo exclude each other", "");
    } else if (o->www || o->echo || o->once || o->verify != NULL)
        fail("--www, --echo, --once and --verify belong to serve", "");
    else if (o->ticket_keys != NULL)
        fail("--ticket-keys belongs to serve", "");
    else if (o->dhparam != NULL || o->psk_hint != NULL)
        fail("--dhparam and --psk-hint belong to serve", "");
    o->asks_again = o->renegotiate != NULL && strcmp(o->renegotiate, "request") == 0;
    if (o->renegotiate != NULL && !o->asks_again && strcmp(o->renegotiate, "allow") != 0 &&
        strcmp(o->renegotiate, "refuse") != 0)
        fail("--renegotiate is refuse, allow or request, not ", o->renegotiate);
    if (o->password != NULL && o->password_file != NULL)
        fail("--password and --password-file exclude each other", "");
    if (o->insecure && o->ca != NULL)
        fail("--insecure verifies nothing: --ca would be ignored", "");
}

void parse_options(struct options *o, int argc, char **argv)
{
    int i, first = 3;
    memset(o, 0, sizeof *o);
    for (i = 1; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0) {
            fputs(usage_text, stdout);
            exit(EXIT_CLEAN);
        }
    if (argc < 3) {
        fputs(usage_text, stderr);
        exit(EXIT_USAGE);
    }
    if (strcmp(argv[1], "connect") == 0) {
        o->mode = MODE_CONNECT;
        parse_address(o, argv[2]);
    } else if (strcmp(argv[1], "serve") == 0) {
        o->mode = MODE_SERVE;
        snprintf(o->port, sizeof o->port, "%s", argv[2]);
    } else if (strcmp(argv[1], "verify") == 0) {
        o->mode = MODE_VERIFY;
        first = 2;
    } else
        fail("neither connect nor serve nor verify: ", argv[1]);
    for (i = first; i < argc; i++) {
        if (o->mode == MODE_VERIFY && o->leaf == NULL && argv[i][0] != '-') {
            o->leaf = argv[i];
            continue;
        }
        if (take_flag(o, argv[i]))
            continue;
        if (!take_valued(o, argv[i], NULL))
            fail("unknown option: ", argv[i]);
        if (i + 1 == argc)
            fail("a value is missing behind ", argv[i]);
        take_valued(o, argv[i], argv[i + 1]);
        i++;
    }
    check_options(o);
}
