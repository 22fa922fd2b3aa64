#include "tlscat.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
        {"--partial-chain", &o->partial_chain}, {"--strict", &o->strict},
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
    if (o->mode == MODE_SERVE && (o->pinned || o->partial_chain || o->strict))
        fail("--pin, --partial-chain and --strict belong to connect and verify", "");
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
            print_usage(stdout);
            exit(EXIT_CLEAN);
        }
    if (argc < 3) {
        print_usage(stderr);
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
