/*
 * poll_server PORT CERT-FILE KEY-FILE [COUNT]
 *
 * Many connections in one thread: non-blocking sockets and poll(). Echoes what each client sends,
 * on 127.0.0.1. Ends after COUNT connections when that is given.
 *
 * The pattern: call a verb until it wants something; ask tls_conn_wants() what to wait for; poll;
 * repeat. A verb that said TLS_WANT_* has taken nothing, so it is simply called again.
 */
#define _POSIX_C_SOURCE 200809L
#include <tlscore/tls.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAX_CLIENTS = 1000 };

struct client {
    tls_conn *conn;
    int fd;
    int closing;      /* the peer closed; our close_notify is on its way */
    size_t len, sent; /* what is being echoed */
    char buf[16384];
};

/* Slot 0 of `polls` is the listener; slot i + 1 belongs to clients[i]. */
static struct client *clients[MAX_CLIENTS];
static struct pollfd polls[MAX_CLIENTS + 1];
static size_t count;

static void set_nonblocking(int fd)
{
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

/* Echoes until a verb wants something (TLS_WANT_*), all is over (0), or it failed. */
static ptrdiff_t advance(struct client *c)
{
    ptrdiff_t n;
    for (;;) {
        if (c->closing)
            return tls_close(c->conn);
        if (c->sent < c->len) {
            n = tls_write(c->conn, c->buf + c->sent, c->len - c->sent);
            if (n < 0)
                return n;
            c->sent += (size_t)n;
            continue;
        }
        n = tls_flush(c->conn); /* so that an echo never waits behind the next read */
        if (n < 0)
            return n;
        n = tls_read(c->conn, c->buf, sizeof c->buf);
        if (n < 0)
            return n;
        c->closing = n == 0;
        c->len = (size_t)n;
        c->sent = 0;
    }
}

static void add_client(tls_ctx *ctx, int fd)
{
    struct client *c = calloc(1, sizeof *c);
    if (c == NULL) {
        close(fd);
        return;
    }
    set_nonblocking(fd);
    c->fd = fd;
    c->conn = tls_conn_new_server(ctx);
    tls_conn_set_fd(c->conn, fd);
    clients[count++] = c;
    polls[count] = (struct pollfd){.fd = fd, .events = POLLIN};
}

/* The last client takes the free place. */
static void remove_client(size_t i)
{
    struct client *c = clients[i];
    tls_conn_free(c->conn);
    close(c->fd);
    free(c);
    count--;
    clients[i] = clients[count];
    polls[i + 1] = polls[count + 1];
}

/* 1 when the client is gone. */
static int run_client(size_t i)
{
    struct client *c = clients[i];
    ptrdiff_t rc = advance(c);
    if (rc == TLS_WANT_READ || rc == TLS_WANT_WRITE) {
        int wants = tls_conn_wants(c->conn);
        polls[i + 1].events = (short)((wants & TLS_WANTS_READ ? POLLIN : 0) |
                                      (wants & TLS_WANTS_WRITE ? POLLOUT : 0));
        return 0;
    }
    if (rc != 0)
        fprintf(stderr, "%s\n", tls_conn_error_text(c->conn));
    remove_client(i);
    return 1;
}

static int listen_on(const char *port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port))};
    int on = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        bind(fd, (struct sockaddr *)&at, sizeof at) != 0 || listen(fd, 128) != 0) {
        perror("listen");
        return -1;
    }
    fprintf(stderr, "listening on 127.0.0.1:%s\n", port);
    set_nonblocking(fd);
    return fd;
}

/* Serves until `left` connections came and went; a negative `left` means for ever. */
static void loop(tls_ctx *ctx, int listener, long left)
{
    size_t i;
    while (left != 0 || count > 0) {
        polls[0] = (struct pollfd){.fd = listener, .events = POLLIN};
        if (left == 0 || count == MAX_CLIENTS)
            polls[0].events = 0; /* the others wait in the listen queue */
        if (poll(polls, count + 1, -1) < 0 && errno != EINTR)
            return;
        for (i = 0; i < count;)
            if (polls[i + 1].revents == 0 || !run_client(i))
                i++;
        if (polls[0].revents & POLLIN) {
            int fd = accept(listener, NULL, NULL);
            if (fd >= 0) {
                add_client(ctx, fd);
                left -= left > 0;
            }
        }
    }
}

int main(int argc, char **argv)
{
    tls_error_info error;
    tls_ctx *ctx;
    int listener, status = 1;

    if (argc < 4) {
        fprintf(stderr, "usage: poll_server PORT CERT-FILE KEY-FILE [COUNT]\n");
        return 2;
    }
    ctx = tls_ctx_new(TLS_SERVER);
    if (tls_ctx_add_keypair_file(ctx, argv[2], argv[3]) != TLS_OK) {
        tls_ctx_error(ctx, &error);
        fprintf(stderr, "%s\n", error.text);
    } else if ((listener = listen_on(argv[1])) >= 0) {
        loop(ctx, listener, argc > 4 ? atol(argv[4]) : -1);
        close(listener);
        status = 0;
    }
    tls_ctx_free(ctx);
    return status;
}
