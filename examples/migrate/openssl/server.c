/*
 * server PORT CERT-FILE KEY-FILE: echoes what its clients send, many at a time in one thread, on 127.0.0.1.
 *
 * As programs with an event loop of their own use OpenSSL: TLS speaks with one half of a BIO pair, the program carries
 * bytes between the other half and a non-blocking socket. Built with tlscore's OpenSSL interface it is the same file;
 * ../native/server.c does the same with tls_feed() and tls_drain().
 */
#define _POSIX_C_SOURCE 200809L
#include <openssl/err.h>
#include <openssl/ssl.h>

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

enum { MAX_CLIENTS = 256 };

struct client {
    int fd;
    SSL *ssl;
    BIO *network; /* what TLS writes is read here, and the other way round */
    int ended;    /* the socket gives nothing more */
    int closed;   /* the client said close_notify, and so did we */
    int len;      /* bytes that wait to be echoed */
    char buf[16384];
};

static struct client *clients[MAX_CLIENTS];
static struct pollfd polls[MAX_CLIENTS + 1]; /* the listener is the last one */
static int count;

/* From the socket to TLS, as much as there is room for. -1: the connection is broken. */
static int bytes_in(struct client *c)
{
    char *room;
    int len;
    while (!c->ended && (len = BIO_nwrite0(c->network, &room)) > 0) {
        ssize_t n = recv(c->fd, room, (size_t)len, 0);
        if (n < 0)
            return errno == EAGAIN || errno == EINTR ? 0 : -1;
        if (n == 0) {
            c->ended = 1;
            (void)BIO_shutdown_wr(c->network);
        } else {
            BIO_nwrite(c->network, &room, (int)n);
        }
    }
    return 0;
}

/* From TLS to the socket, until it is full. */
static int bytes_out(struct client *c)
{
    char *data;
    int len;
    while ((len = BIO_nread0(c->network, &data)) > 0) {
        ssize_t n = send(c->fd, data, (size_t)len, 0);
        if (n < 0)
            return errno == EAGAIN || errno == EINTR ? 0 : -1;
        BIO_nread(c->network, &data, (int)n);
    }
    return 0;
}

/* Echoes until TLS wants bytes, or room for some. -1: it failed. */
static int echo(struct client *c)
{
    int rc = 1;
    while (rc > 0 && !c->closed) {
        if (c->len > 0) {
            rc = SSL_write(c->ssl, c->buf, c->len);
            if (rc > 0)
                c->len = 0;
        } else {
            rc = SSL_read(c->ssl, c->buf, sizeof c->buf);
            if (rc > 0)
                c->len = rc;
        }
    }
    if (c->closed)
        return 0;
    switch (SSL_get_error(c->ssl, rc)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
        return c->ended && BIO_ctrl_pending(c->network) == 0 ? -1 : 0;
    case SSL_ERROR_ZERO_RETURN:
        SSL_shutdown(c->ssl);
        c->closed = 1;
        return 0;
    default:
        fprintf(stderr, "%s\n", ERR_reason_error_string(ERR_get_error()));
        (void)bytes_out(c); /* the alert */
        return -1;
    }
}

/* Whether the client stays. What it waits for is written into its pollfd. */
static int serve(struct client *c, struct pollfd *p)
{
    size_t moved;
    do { /* until nothing moves any more */
        moved = BIO_number_read(c->network) + BIO_number_written(c->network);
        if (bytes_in(c) != 0 || echo(c) != 0 || bytes_out(c) != 0)
            return 0;
    } while (moved != BIO_number_read(c->network) + BIO_number_written(c->network));
    p->events = 0;
    if (BIO_ctrl_pending(c->network) > 0)
        p->events |= POLLOUT;
    else if (c->closed)
        return 0;
    if (!c->ended && BIO_ctrl_get_write_guarantee(c->network) > 0)
        p->events |= POLLIN;
    return 1;
}

static void add_client(SSL_CTX *ctx, int fd)
{
    struct client *c = calloc(1, sizeof *c);
    BIO *internal = NULL;
    if (c == NULL || count == MAX_CLIENTS || BIO_new_bio_pair(&internal, 0, &c->network, 0) != 1) {
        free(c);
        close(fd);
        return;
    }
    fcntl(fd, F_SETFL, O_NONBLOCK);
    c->fd = fd;
    c->ssl = SSL_new(ctx);
    SSL_set_bio(c->ssl, internal, internal);
    SSL_set_accept_state(c->ssl);
    clients[count] = c;
    polls[count++] = (struct pollfd){.fd = fd, .events = POLLIN};
}

/* The last client takes the free place. */
static void remove_client(int at)
{
    struct client *c = clients[at];
    SSL_free(c->ssl);
    BIO_free(c->network);
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
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
    int listener, at;

    if (argc < 4) {
        fprintf(stderr, "usage: server PORT CERT-FILE KEY-FILE\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    if (SSL_CTX_use_certificate_chain_file(ctx, argv[2]) != 1 ||
        SSL_CTX_use_PrivateKey_file(ctx, argv[3], SSL_FILETYPE_PEM) != 1) {
        fprintf(stderr, "%s\n", ERR_reason_error_string(ERR_get_error()));
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
