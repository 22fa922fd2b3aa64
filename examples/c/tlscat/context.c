#define _POSIX_C_SOURCE 200809L
#include "tlscat.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int renegotiation_mode(const struct options *o)
{
    if (o->asks_again)
        return TLS_RENEGOTIATION_OWN;
    return o->renegotiate != NULL && o->renegotiate[0] == 'a' ? TLS_RENEGOTIATION_ALLOW
                                                              : TLS_RENEGOTIATION_REFUSE;
}

/* One line of the trace, whole also where several connections write. */
static void write_line(const char *line, void *file)
{
    flockfile(file);
    fputs(line, file);
    fputc('\n', file);
    fflush(file);
    funlockfile(file);
}

static void close_file(void *file)
{
    fclose(file);
}

static int set_trace(tls_ctx *ctx, const char *path)
{
    FILE *file = fopen(path, "a");
    if (file == NULL) {
        fprintf(stderr, "tlscat: %s: %s\n", path, strerror(errno));
        exit(EXIT_USAGE);
    }
    return tls_ctx_set_trace(ctx, write_line, file, close_file);
}

/* Everything the options ask for, in the order in which it must be set: a policy resets the lists. */
static int configure(tls_ctx *ctx, const struct options *o, int host)
{
    if (o->policy != NULL && tls_ctx_set_policy(ctx, o->policy) != TLS_OK)
        return -1;
    if (o->ciphers != NULL && tls_ctx_set_cipher_list(ctx, o->ciphers) != TLS_OK)
        return -1;
    if (o->groups != NULL && tls_ctx_set_groups(ctx, o->groups) != TLS_OK)
        return -1;
    if (o->dh_1024 && tls_ctx_danger_accept_1024_bit_dh(ctx) != TLS_OK)
        return -1;
    if (o->dhparam != NULL && tls_ctx_set_dh_params_file(ctx, o->dhparam) != TLS_OK)
        return -1;
    if (o->psk_len != 0 && tls_ctx_set_psk(ctx, o->psk_identity, strlen(o->psk_identity), o->psk, o->psk_len) != TLS_OK)
        return -1;
    if (o->psk_hint != NULL && tls_ctx_set_psk_hint(ctx, o->psk_hint, strlen(o->psk_hint)) != TLS_OK)
        return -1;
    if (o->alpn != NULL && tls_ctx_set_alpn(ctx, o->alpn) != TLS_OK)
        return -1;
    if (o->ca != NULL && tls_ctx_add_ca_file(ctx, o->ca) != TLS_OK)
        return -1;
    if (o->crl != NULL && tls_ctx_add_crl_file(ctx, o->crl) != TLS_OK)
        return -1;
    if (tls_ctx_set_crl_leaf_only(ctx, o->crl_leaf_only) != TLS_OK)
        return -1;
    if (o->pinned && tls_ctx_add_pin(ctx, o->pin, sizeof o->pin) != TLS_OK)
        return -1;
    if (o->partial_chain && tls_ctx_set_partial_chain(ctx, 1) != TLS_OK)
        return -1;
    if (o->strict && tls_ctx_set_strict_certificates(ctx, 1) != TLS_OK)
        return -1;
    if (tls_ctx_set_renegotiation(ctx, renegotiation_mode(o)) != TLS_OK)
        return -1;
    if (o->insecure && tls_ctx_danger_accept_any_cert(ctx) != TLS_OK)
        return -1;
    if (o->trace != NULL && set_trace(ctx, o->trace) != TLS_OK)
        return -1;
    if (o->keylog != NULL && tls_ctx_danger_set_keylog_file(ctx, o->keylog) != TLS_OK)
        return -1;
    if (o->no_tickets && tls_ctx_set_tickets(ctx, 0) != TLS_OK)
        return -1;
    if (o->no_cache && (tls_ctx_set_session_cache(ctx, 0) != TLS_OK || tls_ctx_set_client_session_cache(ctx, 0) != TLS_OK))
        return -1;
    if (o->ticket_keys != NULL && tls_ctx_set_ticket_keys_file(ctx, o->ticket_keys) != TLS_OK)
        return -1;
    return load_credentials(ctx, o, host);
}

/* A number of bytes; what is none becomes one that no length has. */
static size_t bytes(const char *text)
{
    char *end;
    unsigned long n = strtoul(text, &end, 10);
    return *text == '-' || *end != '\0' || end == text || n == 0 ? (size_t)-1 : (size_t)n;
}

static int configure_lengths(tls_ctx *ctx, const struct options *o)
{
    if (o->max_fragment != NULL && tls_ctx_set_max_fragment_length(ctx, bytes(o->max_fragment)) != TLS_OK)
        return -1;
    if (o->record_limit != NULL && tls_ctx_set_record_size_limit(ctx, bytes(o->record_limit)) != TLS_OK)
        return -1;
    return 0;
}

/* Behind the keypairs: a response belongs to one of them. */
static int configure_ocsp(tls_ctx *ctx, const struct options *o, int host)
{
    if (o->ocsp == NULL || host != 0)
        return 0;
    if (o->mode == MODE_CONNECT) {
        int mode = strcmp(o->ocsp, "off") == 0 ? TLS_OCSP_OFF : strcmp(o->ocsp, "require") == 0 ? TLS_OCSP_REQUIRE : TLS_OCSP_REQUEST;
        return tls_ctx_set_ocsp(ctx, mode) == TLS_OK ? 0 : -1;
    }
    return tls_ctx_set_ocsp_response_file(ctx, 0, o->ocsp) == TLS_OK ? 0 : -1;
}

tls_ctx *make_context(const struct options *o, int host)
{
    tls_ctx *ctx = tls_ctx_new(o->mode == MODE_SERVE ? TLS_SERVER : TLS_CLIENT);
    tls_error_info error;
    if (configure(ctx, o, host) == 0 && configure_lengths(ctx, o) == 0 && configure_ocsp(ctx, o, host) == 0)
        return ctx;
    tls_ctx_error(ctx, &error);
    fprintf(stderr, "tlscat: %s: %s\n", error.name, error.text);
    tls_ctx_free(ctx);
    return NULL;
}
