/*
 * client HOST PORT CA-FILE [NAME]: sends what stands on standard input to a TLS server, and prints its answer. The
 * certificate must be from a CA of the file, and for HOST, or for NAME.
 *
 * ../openssl/client.c with tlscore's own interface. There is nothing to switch on for the checks, no queue of errors,
 * and no call whose result means something else in another mode.
 */
#define _POSIX_C_SOURCE 200809L
#include <tlscore/tls.h>

#include <netdb.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

/* A connected TCP socket, or -1. */
static int dial(const char *host, const char *port)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *list, *a;
    int fd = -1;
    if (getaddrinfo(host, port, &hints, &list) != 0)
        return -1;
    for (a = list; a != NULL && fd < 0; a = a->ai_next) {
        fd = socket(a->ai_family, a->ai_socktype, a->ai_protocol);
        if (fd >= 0 && connect(fd, a->ai_addr, a->ai_addrlen) != 0) {
            close(fd);
            fd = -1;
        }
    }
    freeaddrinfo(list);
    return fd;
}

/* 0 when everything went well up to the server's close_notify. */
static int converse(tls_conn *conn)
{
    char buf[16384];
    size_t len, sent;
    ptrdiff_t n;
    if (tls_handshake(conn) != TLS_OK)
        return -1;
    fprintf(stderr, "%s, %s\n", tls_conn_version(conn), tls_conn_cipher(conn));
    while ((len = fread(buf, 1, sizeof buf, stdin)) > 0) {
        for (sent = 0; sent < len; sent += (size_t)n) {
            n = tls_write(conn, buf + sent, len - sent);
            if (n < 0)
                return -1;
        }
    }
    if (tls_close(conn) != TLS_OK) /* no more from us; the echo of the rest is read below */
        return -1;
    while ((n = tls_read(conn, buf, sizeof buf)) > 0)
        fwrite(buf, 1, (size_t)n, stdout);
    return n == 0 ? 0 : -1;
}

int main(int argc, char **argv)
{
    tls_error_info error;
    tls_ctx *ctx;
    tls_conn *conn;
    int fd, status = 1;

    if (argc < 4) {
        fprintf(stderr, "usage: client HOST PORT CA-FILE [NAME]\n");
        return 2;
    }
    ctx = tls_ctx_new(TLS_CLIENT);
    if (tls_ctx_add_ca_file(ctx, argv[3]) != TLS_OK) {
        tls_ctx_error(ctx, &error);
        fprintf(stderr, "%s\n", error.text);
        tls_ctx_free(ctx);
        return 1;
    }
    fd = dial(argv[1], argv[2]);
    if (fd < 0) {
        fprintf(stderr, "%s:%s: no connection\n", argv[1], argv[2]);
    } else {
        conn = tls_conn_new(ctx, argc > 4 ? argv[4] : argv[1]); /* the name that is sent, and verified */
        tls_conn_set_fd(conn, fd);
        if (converse(conn) == 0)
            status = 0;
        else
            fprintf(stderr, "%s\n", tls_conn_error_text(conn));
        tls_conn_free(conn);
        close(fd);
    }
    tls_ctx_free(ctx);
    return status;
}
