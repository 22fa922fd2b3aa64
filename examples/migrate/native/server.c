/*
 * server PORT CERT-FILE KEY-FILE: echoes what its clients send, many at a time in one thread, on 127.0.0.1.
 *
 * ../openssl/server.c with tlscore's own interface, as programs with an event loop of their own use it: what the socket
 * brings is fed to the connection, what the connection has for the socket is drained. (Where the socket can be lent
 * instead, tls_conn_set_fd() does all that: examples/c/poll_server.c.)
 */
#define _POSIX_C_SOURCE 200809L
#include <tlscore/tls.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAX_CLIENTS = 256, BUFFER = 16384 };

struct client {
    int fd;
    tls_conn *conn;
    int ended, closed;         /* the socket gives nothing more; both sides said close_notify */
    size_t in_at, in_len;      /* bytes of the socket that wait for TLS */
    size_t out_at, out_len;    /* bytes of TLS that wait for the socket */
    size_t echo_at, echo_len;  /* bytes that wait to be echoed */
    char in[BUFFER], out[BUFFER], echo[BUFFER];
};

static struct client *clients[MAX_CLIENTS];
static struct pollfd polls[MAX_CLIENTS + 1]; /* the listener is the last one */
static int count;

/* From the socket to TLS. 1: something moved, 0: nothing did, -1: the connection is broken. */
static int bytes_in(struct client *c)
{
    if (c->in_at == c->in_len && !c->ended) {
        ssize_t n = recv(c->fd, c->in, sizeof c->in, 0);
        if (n < 0)
            return errno == EAGAIN || errno == EINTR ? 0 : -1;
        c->ended = n == 0;
        if (c->ended)
            return tls_feed_eof(c->conn) == TLS_OK ? 1 : -1;
        c->in_at = 0;
        c->in_len = (size_t)n;
    }
    if (c->in_at == c->in_len)
        return 0;
    ptrdiff_t taken = tls_feed(c->conn, c->in + c->in_at, c->in_len - c->in_at);
    if (taken < 0)
        return -1;
    c->in_at += (size_t)taken;
    return taken > 0;
}

/* From TLS to the socket. */
static int bytes_out(struct client *c)
{
    if (c->out_at == c->out_len) {
        ptrdiff_t n = tls_drain(c->conn, c->out, sizeof c->out);
        if (n <= 0)
            return (int)n;
        c->out_at = 0;
        c->out_len = (size_t)n;
    }
    ssize_t sent = send(c->fd, c->out + c->out_at, c->out_len - c->out_at, 0);
    if (sent < 0)
        return errno == EAGAIN || errno == EINTR ? 0 : -1;
    c->out_at += (size_t)sent;
    return 1;
}

/* One step of the echo. */
static int echo(struct client *c)
{
    ptrdiff_t n;
    if (c->closed)
        return 0;
    if (c->echo_at < c->echo_len) {
        n = tls_write(c->conn, c->echo + c->echo_at, c->echo_len - c->echo_at);
        if (n > 0)
            c->echo_at += (size_t)n;
    } else {
        n = tls_read(c->conn, c->echo, sizeof c->echo);
        if (n > 0) {
            c->echo_at = 0;
            c->echo_len = (size_t)n;
        } else if (n == 0) {
            tls_close(c->conn);
            c->closed = 1;
            return 1;
        }
    }
    return n > 0 ? 1 : n == TLS_WANT_READ || n == TLS_WANT_WRITE ? 0 : -1;
}

/* Whether the client stays. What it waits for is written into its pollfd. */
static int serve(struct client *c, struct pollfd *p)
{
    int in, out, told = 0;
    do { /* until nothing moves any more */
        in = bytes_in(c);
        told = echo(c);
        out = bytes_out(c); /* also the alert that tells of an error */
    } while (in >= 0 && told >= 0 && out >= 0 && in + told + out > 0);
    if (told < 0) {
        fprintf(stderr, "%s\n", tls_conn_error_text(c->conn));
        while (bytes_out(c) > 0) {
        }
    }
    if (in < 0 || told < 0 || out < 0)
        return 0;
    if (c->out_at < c->out_len)
        p->events = POLLOUT;
    else if (c->closed || c->ended)
        return 0;
    else
        p->events = POLLIN;
    return 1;
}

static void add_client(tls_ctx *ctx, int fd)
{
    struct client *c = fd >= 0 && count < MAX_CLIENTS ? calloc(1, sizeof *c) : NULL;
    if (c == NULL) {
        close(fd);
        return;
    }
    fcntl(fd, F_SETFL, O_NONBLOCK);
    c->fd = fd;
    c->conn = tls_conn_new_server(ctx);
    clients[count] = c;
    polls[count++] = (struct pollfd){.fd = fd, .events = POLLIN};
}

/* The last client takes the free place. */
static void remove_client(int at)
{
    struct client *c = clients[at];
    tls_conn_free(c->conn);
    close(c->fd);
    free(c);
    count--;
    clients[at] = clients[count];
    polls[at] = polls[count];
}

static int listen_on(const char *port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port))};
    int on = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        bind(fd, (struct sockaddr *)&at, sizeof at) != 0 || listen(fd, 128) != 0) {
        perror("listen");
        exit(1);
    }
    return fd;
}

int main(int argc, char **argv)
{
    tls_ctx *ctx = tls_ctx_new(TLS_SERVER);
    tls_error_info error;
    int listener, at;

    if (argc < 4) {
        fprintf(stderr, "usage: server PORT CERT-FILE KEY-FILE\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    if (tls_ctx_add_keypair_file(ctx, argv[2], argv[3]) != TLS_OK) {
        tls_ctx_error(ctx, &error);
        fprintf(stderr, "%s\n", error.text);
        return 1;
    }
    listener = listen_on(argv[1]);
    for (;;) {
        polls[count] = (struct pollfd){.fd = listener, .events = POLLIN};
        if (poll(polls, (nfds_t)count + 1, -1) < 0)
            return 1;
        int new = polls[count].revents & POLLIN;
        for (at = count - 1; at >= 0; at--) {
            if (polls[at].revents != 0 && !serve(clients[at], &polls[at]))
                remove_client(at);
        }
        if (new)
            add_client(ctx, accept(listener, NULL, NULL));
    }
}
