/*
 * client HOST PORT [CA-FILE]
 *
 * The shortest honest TLS client: connects a blocking socket, lets the library reach it through two
 * callbacks, sends an HTTP/1.0 request and copies the answer to stdout. The server's certificate
 * and name are verified; there is nothing to switch on for that.
 */
#define _POSIX_C_SOURCE 200809L
#include <tlscore/tls.h>

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The library calls these when it needs bytes from the peer, or has bytes for it. */
static ptrdiff_t socket_read(tls_conn *conn, void *buf, size_t len, void *arg)
{
    int fd = *(int *)arg;
    ssize_t n;
    do
        n = recv(fd, buf, len, 0);
    while (n < 0 && errno == EINTR);
    if (n < 0) {
        tls_conn_set_os_error(conn, errno); /* so that the error can say why */
        return TLS_ERR_IO;
    }
    return n; /* 0: end of file */
}

static ptrdiff_t socket_write(tls_conn *conn, const void *buf, size_t len, void *arg)
{
    int fd = *(int *)arg;
    ssize_t n;
    do
        n = send(fd, buf, len, MSG_NOSIGNAL);
    while (n < 0 && errno == EINTR);
    if (n < 0) {
        tls_conn_set_os_error(conn, errno);
        return TLS_ERR_IO;
    }
    return n;
}

/* A connected TCP socket, or -1. */
static int dial(const char *host, const char *port)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *list, *a;
    int fd = -1, rc = getaddrinfo(host, port, &hints, &list);
    if (rc != 0) {
        fprintf(stderr, "%s: %s\n", host, gai_strerror(rc));
        return -1;
    }
    for (a = list; a != NULL && fd < 0; a = a->ai_next) {
        fd = socket(a->ai_family, a->ai_socktype, a->ai_protocol);
        if (fd >= 0 && connect(fd, a->ai_addr, a->ai_addrlen) != 0) {
            close(fd);
            fd = -1;
        }
    }
    freeaddrinfo(list);
    if (fd < 0)
        fprintf(stderr, "%s:%s: %s\n", host, port, strerror(errno));
    return fd;
}

/* 0 when all of `text` is sent. With a blocking transport each call takes some, or fails. */
static int send_all(tls_conn *conn, const char *text)
{
    size_t len = strlen(text);
    while (len > 0) {
        ptrdiff_t n = tls_write(conn, text, len);
        if (n < 0)
            return -1;
        text += n;
        len -= (size_t)n;
    }
    return tls_flush(conn);
}

/* 0 when everything went well up to the peer's close_notify. */
static int fetch(tls_conn *conn, const char *host)
{
    char request[512], buf[16384];
    ptrdiff_t n;

    if (tls_handshake(conn) != TLS_OK)
        return -1;
    fprintf(stderr, "%s, %s\n", tls_conn_version(conn), tls_conn_cipher(conn));

    snprintf(request, sizeof request, "GET / HTTP/1.0\r\nHost: %s\r\n\r\n", host);
    if (send_all(conn, request) != 0)
        return -1;
    while ((n = tls_read(conn, buf, sizeof buf)) > 0)
        fwrite(buf, 1, (size_t)n, stdout);
    if (n < 0) /* also when the transport ended without close_notify: data may be missing */
        return -1;
    return tls_close(conn);
}

int main(int argc, char **argv)
{
    tls_error_info error;
    tls_ctx *ctx;
    tls_conn *conn;
    int fd, status = 1;

    if (argc < 3) {
        fprintf(stderr, "usage: client HOST PORT [CA-FILE]\n");
        return 2;
    }
    ctx = tls_ctx_new(TLS_CLIENT);
    /* Without this call, the system's CA certificates are trusted. */
    if (argc > 3 && tls_ctx_add_ca_file(ctx, argv[3]) != TLS_OK) {
        tls_ctx_error(ctx, &error);
        fprintf(stderr, "%s\n", error.text);
        tls_ctx_free(ctx);
        return 1;
    }

    fd = dial(argv[1], argv[2]);
    if (fd >= 0) {
        conn = tls_conn_new(ctx, argv[1]); /* the name that is sent, and verified */
        tls_conn_set_io(conn, socket_read, socket_write, &fd);
        if (fetch(conn, argv[1]) == 0)
            status = 0;
        else
            fprintf(stderr, "%s\n", tls_conn_error_text(conn));
        tls_conn_free(conn);
        close(fd);
    }
    tls_ctx_free(ctx);
    return status;
}
