#define _POSIX_C_SOURCE 200809L
#include "tlscat.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* One HTTP/1.0 request, and everything up to the peer's close_notify to standard output. */
static int get(tls_conn *conn, const char *host, const char *path, struct watch *watch)
{
    char buf[16384];
    ptrdiff_t n;
    int len = snprintf(buf, sizeof buf, "GET %s HTTP/1.0\r\nHost: %s\r\n\r\n", path, host);
    if (len < 0 || (size_t)len >= sizeof buf) {
        fprintf(stderr, "tlscat: the path is too long\n");
        return EXIT_USAGE;
    }
    if (send_all(conn, buf, (size_t)len) != 0 || tls_flush(conn) != TLS_OK) {
        print_error(conn);
        return EXIT_FAILED;
    }
    while ((n = tls_read(conn, buf, sizeof buf)) > 0) {
        watch_handshakes(watch, conn);
        fwrite(buf, 1, (size_t)n, stdout);
    }
    if (n < 0)
        print_error(conn);
    else
        tls_close(conn);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "tlscat: standard output cannot be written\n");
        return EXIT_FAILED;
    }
    return n < 0 ? EXIT_FAILED : EXIT_CLEAN;
}

/* The server's OCSP response, for whoever wants to look at it. */
static void save_ocsp(const tls_conn *conn, const char *path)
{
    unsigned char response[1 << 15];
    ptrdiff_t len = tls_conn_ocsp_response(conn, response, sizeof response);
    FILE *file = len > 0 ? fopen(path, "wb") : NULL;
    if (file == NULL || fwrite(response, 1, (size_t)len, file) != (size_t)len)
        fprintf(stderr, "tlscat: the OCSP response cannot be written to %s\n", path);
    if (file != NULL)
        fclose(file);
}

static void print_time(const char *what, int64_t seconds)
{
    time_t t = (time_t)seconds;
    struct tm utc;
    char text[32];
    if (seconds != TLS_NO_TIME && gmtime_r(&t, &utc) != NULL && strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &utc) != 0)
        fprintf(stderr, " %s %s", what, text);
}

static const char *why_not(int error)
{
    switch (error) {
    case TLS_REASON_OCSP_HAS_EXPIRED: return "it is out of date";
    case TLS_REASON_OCSP_NOT_YET_VALID: return "it is from the future";
    case TLS_REASON_OCSP_CERT_UNKNOWN: return "it vouches for nothing";
    case TLS_REASON_OCSP_SIGNATURE_FAILURE: return "it is not signed by who may";
    case TLS_REASON_CERTIFICATE_REVOKED: return "the certificate was revoked";
    default: return "it does not parse, or is about another certificate";
    }
}

/* What the server's staple says, and whether that is right. */
static void print_ocsp(const tls_conn *conn)
{
    static const char *const names[] = {"good", "revoked", "unknown", "no answer"};
    tls_ocsp_info info;
    if (tls_conn_ocsp_info(conn, &info) != 1)
        return;
    fprintf(stderr, "OCSP: %s", names[info.status & 3]);
    print_time("since", info.revoked_at);
    print_time("from", info.this_update);
    print_time("until", info.next_update);
    if (info.error != 0)
        fprintf(stderr, " (not to be relied on: %s)", why_not(info.error));
    fputc('\n', stderr);
}

/* The whole connection over `fd`, which is blocking so far. */
static int talk(tls_ctx *ctx, const struct options *o, int fd)
{
    const char *name = o->name != NULL ? o->name : o->host;
    tls_conn *conn = tls_conn_new(ctx, name);
    struct watch watch = {.options = o};
    int status = EXIT_FAILED;
    if (o->session != NULL)
        load_session(conn, o->session);
    if (tls_conn_set_fd(conn, fd) != TLS_OK || tls_handshake(conn) != TLS_OK)
        print_error(conn);
    else {
        print_summary(conn);
        if (o->export != NULL)
            print_secrets(conn, o->export);
        if (o->session != NULL)
            save_session(conn, o->session);
        print_ocsp(conn);
        if (o->save_ocsp != NULL)
            save_ocsp(conn, o->save_ocsp);
        status = o->get != NULL ? get(conn, name, o->get, &watch) : converse(conn, fd, &watch);
    }
    tls_conn_free(conn);
    return status;
}

int run_connect(const struct options *o)
{
    tls_ctx *ctx = make_context(o, 0);
    int fd, status = EXIT_FAILED;
    if (ctx == NULL)
        return EXIT_USAGE;
    fd = dial(o->host, o->port);
    if (fd >= 0) {
        if (o->starttls == NULL || starttls(fd, o->starttls) == 0)
            status = talk(ctx, o, fd);
        close(fd);
    }
    tls_ctx_free(ctx);
    return status;
}
