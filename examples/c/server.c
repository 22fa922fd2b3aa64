/*
 * server PORT CERT-FILE KEY-FILE [COUNT]
 *
 * The shortest honest TLS server: accepts one connection after the other on 127.0.0.1, and answers
 * each with what was negotiated. Blocking sockets, reached through two callbacks. Ends after COUNT
 * connections when that is given.
 */
#define _POSIX_C_SOURCE 200809L
#include <tlscore/tls.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
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

/* 0 when the page was sent and the peer closed, or had nothing more to say. */
static int answer(tls_conn *conn)
{
    char request[4096], page[512];
    const char *body = page;
    ptrdiff_t n;
    size_t left;

    /* Reading runs the handshake first. A request that comes in pieces is not awaited in full: this
     * is an example of TLS, not of HTTP. */
    n = tls_read(conn, request, sizeof request);
    if (n <= 0)
        return (int)n;
    snprintf(page, sizeof page,
             "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n%s, %s\n",
             tls_conn_version(conn), tls_conn_cipher(conn));
    for (left = strlen(page); left > 0; body += n, left -= (size_t)n) {
        n = tls_write(conn, body, left);
        if (n < 0)
            return -1;
    }
    return tls_close(conn); /* flushes, and tells the peer that nothing is missing */
}

static int listen_on(const char *port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port))};
    int on = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        bind(fd, (struct sockaddr *)&at, sizeof at) != 0 || listen(fd, 16) != 0) {
        perror("listen");
        return -1;
    }
    fprintf(stderr, "listening on 127.0.0.1:%s\n", port);
    return fd;
}

static void serve(tls_ctx *ctx, int fd)
{
    tls_conn *conn = tls_conn_new_server(ctx);
    tls_conn_set_io(conn, socket_read, socket_write, &fd);
    if (answer(conn) == 0)
        fprintf(stderr, "served %s\n", tls_conn_cipher(conn) ? tls_conn_cipher(conn) : "nothing");
    else
        fprintf(stderr, "%s\n", tls_conn_error_text(conn));
    tls_conn_free(conn);
}

int main(int argc, char **argv)
{
    tls_error_info error;
    tls_ctx *ctx;
    long left;
    int listener, fd;

    if (argc < 4) {
        fprintf(stderr, "usage: server PORT CERT-FILE KEY-FILE [COUNT]\n");
        return 2;
    }
    left = argc > 4 ? atol(argv[4]) : -1;
    ctx = tls_ctx_new(TLS_SERVER);
    if (tls_ctx_add_keypair_file(ctx, argv[2], argv[3]) != TLS_OK) {
        tls_ctx_error(ctx, &error);
        fprintf(stderr, "%s\n", error.text);
        tls_ctx_free(ctx);
        return 1;
    }
    listener = listen_on(argv[1]);
    while (listener >= 0 && left != 0 && (fd = accept(listener, NULL, NULL)) >= 0) {
        serve(ctx, fd);
        close(fd);
        if (left > 0)
            left--;
    }
    if (listener >= 0)
        close(listener);
    tls_ctx_free(ctx);
    return left == 0 ? 0 : 1;
}
