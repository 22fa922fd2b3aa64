#include "tlscat.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Names come from certificates: no control character of theirs reaches a terminal. */
static void print_line(FILE *to, const char *text)
{
    for (; *text != '\0'; text++)
        fputc(iscntrl((unsigned char)*text) ? '?' : *text, to);
    fputc('\n', to);
}

/* An option whose value is none that it takes. */
static int misused(const char *option, const char *wants, const char *text)
{
    fprintf(stderr, "tlscat: %s wants %s, not ", option, wants);
    print_line(stderr, text);
    return 1;
}

/* A number that is not negative. */
static int is_number(const char *text, long long *n)
{
    char *end;
    errno = 0;
    *n = strtoll(text, &end, 10);
    return errno == 0 && end != text && *end == '\0' && *n >= 0;
}

/* What is asked of the leaf: 0, -1 when the verification says what is wrong, 1 when that was said already. */
static int configure(tls_verify *verify, const struct options *o)
{
    long long n;

    if (o->name != NULL && tls_verify_set_name(verify, o->name) != TLS_OK)
        return -1;
    if (o->time != NULL) {
        if (!is_number(o->time, &n))
            return misused("--time", "seconds since 1970", o->time);
        if (tls_verify_set_time(verify, n) != TLS_OK)
            return -1;
    }
    if (o->depth != NULL) {
        if (!is_number(o->depth, &n))
            return misused("--depth", "a number", o->depth);
        if (tls_verify_set_depth(verify, (size_t)n) != TLS_OK)
            return -1;
    }
    if (o->purpose != NULL) {
        int client = strcmp(o->purpose, "client") == 0;
        if (!client && strcmp(o->purpose, "server") != 0)
            return misused("--purpose", "server or client", o->purpose);
        if (tls_verify_set_purpose(verify, client ? TLS_CLIENT : TLS_SERVER) != TLS_OK)
            return -1;
    }
    if (o->untrusted != NULL && tls_verify_add_untrusted_file(verify, o->untrusted) != TLS_OK)
        return -1;
    return 0;
}

/* OK, and a line for each certificate of the path. */
static void print_path(const tls_verify *verify)
{
    size_t i, len = tls_verify_path_len(verify);
    puts("OK");
    for (i = 0; i < len; i++) {
        const char *subject = tls_cert_subject(tls_verify_path(verify, i));
        char line[1024];
        snprintf(line, sizeof line, "%zu: %s", i, subject != NULL ? subject : "-");
        print_line(stdout, line);
    }
}

/* One line: the certificate by its place on the path, the rule by its name, and why. */
static void print_refusal(const tls_verify *verify)
{
    tls_error_info error;
    char place[64] = "", line[1024];
    if (tls_verify_error(verify, &error) != TLS_OK)
        return;
    if (error.certificate >= 0)
        snprintf(place, sizeof place, "certificate %d: ", error.certificate);
    snprintf(line, sizeof line, "%s%s: %s", place, error.name, error.text);
    print_line(stdout, line);
}

int run_verify(const struct options *o)
{
    tls_ctx *ctx = make_context(o, 0);
    tls_verify *verify;
    int good, said;
    if (ctx == NULL)
        return EXIT_FAILED;
    verify = tls_verify_new(ctx);
    said = configure(verify, o);
    good = said == 0 && tls_verify_file(verify, o->leaf) == TLS_OK;
    if (good)
        print_path(verify);
    else if (said != 1)
        print_refusal(verify);
    tls_verify_free(verify);
    tls_ctx_free(ctx);
    return good ? EXIT_CLEAN : EXIT_FAILED;
}
