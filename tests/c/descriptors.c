/* File descriptors as the transport: blocking and not, sockets and pipes, signals, and peers that go. */
#define _POSIX_C_SOURCE 200809L
#include "check.h"
#include "support.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LEN = 300000 };
static unsigned char data[LEN];

static void on_signal(int number)
{
    (void)number; /* without SA_RESTART: system calls fail with EINTR */
}

/* Echoes until the peer closes, then closes. */
static void *echo(void *arg)
{
    tls_conn *conn = arg;
    static unsigned char buf[20000];
    ptrdiff_t n;
    while ((n = tls_read(conn, buf, sizeof buf)) > 0)
        CHECK_EQ(tls_write(conn, buf, (size_t)n), n);
    CHECK_EQ(n, 0);
    CHECK_EQ(tls_close(conn), TLS_OK);
    return NULL;
}

/* The client's half, which blocks; the server is a thread that is interrupted all the time. */
static void converse(struct pair *p)
{
    static unsigned char back[LEN];
    size_t sent = 0, got = 0;
    pthread_t server;
    CHECK_EQ(pthread_create(&server, NULL, echo, p->server), 0);
    while (got < LEN) {
        size_t piece = LEN - sent < 30000 ? LEN - sent : 30000, until = got + piece;
        CHECK_EQ(tls_write(p->client, data + sent, piece), piece);
        sent += piece;
        while (got < until) {
            ptrdiff_t n = tls_read(p->client, back + got, until - got);
            CHECK(n > 0);
            if (n <= 0)
                return;
            got += (size_t)n;
        }
        pthread_kill(server, SIGUSR1);
    }
    CHECK(memcmp(data, back, LEN) == 0);
    CHECK_EQ(tls_close(p->client), TLS_OK);
    CHECK_EQ(tls_read(p->client, back, 1), 0);
    pthread_join(server, NULL);
}

static void blocking_sockets(void)
{
    struct pair p = pair_new("p256");
    int fds[2];
    CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
    CHECK_EQ(tls_conn_set_fd(p.client, fds[0]), TLS_OK);
    CHECK_EQ(tls_conn_set_fd(p.server, fds[1]), TLS_OK);
    converse(&p);
    pair_free(&p);
    /* The descriptors are still the program's. */
    CHECK_EQ(close(fds[0]), 0);
    CHECK_EQ(close(fds[1]), 0);
}

static void two_pipes(void)
{
    struct pair p = pair_new("rsa");
    int up[2], down[2];
    CHECK_EQ(pipe(up), 0);
    CHECK_EQ(pipe(down), 0);
    CHECK_EQ(tls_conn_set_fds(p.client, down[0], up[1]), TLS_OK);
    CHECK_EQ(tls_conn_set_fds(p.server, up[0], down[1]), TLS_OK);
    converse(&p);
    pair_free(&p);
    close(up[0]), close(up[1]), close(down[0]), close(down[1]);
}

/* Each call says what it waits for; nothing blocks. */
static void without_blocking(void)
{
    struct pair p = pair_new("p256");
    int fds[2], i;
    ptrdiff_t n;
    CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
    for (i = 0; i < 2; i++)
        CHECK(fcntl(fds[i], F_SETFL, O_NONBLOCK) == 0);
    CHECK_EQ(tls_conn_set_fd(p.client, fds[0]), TLS_OK);
    CHECK_EQ(tls_conn_set_fd(p.server, fds[1]), TLS_OK);
    CHECK_EQ(tls_handshake(p.server), TLS_WANT_READ);
    for (i = 0; i < 10; i++) {
        int c = tls_handshake(p.client), s = tls_handshake(p.server);
        CHECK(c == TLS_OK || c == TLS_WANT_READ);
        CHECK(s == TLS_OK || s == TLS_WANT_READ);
    }
    CHECK(tls_conn_established(p.client) && tls_conn_established(p.server));
    CHECK_EQ(tls_read(p.server, data, 10), TLS_WANT_READ);
    do /* until the socket is full */
        n = tls_write(p.client, data, LEN);
    while (n > 0);
    CHECK_EQ(n, TLS_WANT_WRITE);
    CHECK(tls_conn_wants(p.client) & TLS_WANTS_WRITE);
    pair_free(&p);
    close(fds[0]), close(fds[1]);
}

/* A peer that is gone: no SIGPIPE, which would end this program; a cut is no clean end. */
static void peers_that_go(void)
{
    struct pair p = pair_new("p256");
    tls_error_info error;
    char buf[10];
    int fds[2], i;
    CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
    CHECK_EQ(pair_handshake(&p, 700), TLS_OK);
    CHECK_EQ(tls_conn_set_fd(p.client, fds[0]), TLS_OK);
    close(fds[1]);
    CHECK_EQ(tls_read(p.client, buf, sizeof buf), TLS_ERR_IO);
    CHECK_EQ(conn_error(p.client), TLS_REASON_TRUNCATED);
    pair_free(&p);

    p = pair_new("p256");
    CHECK_EQ(pair_handshake(&p, 700), TLS_OK);
    CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
    CHECK_EQ(tls_conn_set_fd(p.client, fds[0]), TLS_OK);
    close(fds[1]);
    for (i = 0; i < 3; i++) {
        CHECK_EQ(tls_write(p.client, "x", 1), TLS_ERR_IO);
        CHECK_EQ(tls_conn_error(p.client, &error), TLS_OK);
        CHECK_EQ(error.number, TLS_REASON_TRANSPORT_FAILED);
        CHECK(error.os_errno != 0);
    }
    pair_free(&p);
    close(fds[0]);
}

static void no_descriptors(void)
{
    struct pair p = pair_new("p256");
    int fds[2];
    CHECK_EQ(tls_conn_set_fd(p.client, -1), TLS_ERR_USAGE);
    CHECK_EQ(tls_conn_set_fds(p.client, 0, -1), TLS_ERR_USAGE);
    CHECK_EQ(tls_conn_set_fd(NULL, 0), TLS_ERR_USAGE);
    CHECK_EQ(pipe(fds), 0);
    close(fds[0]), close(fds[1]);
    CHECK_EQ(tls_conn_set_fd(p.client, fds[0]), TLS_OK); /* closed: the first verb notices */
    CHECK_EQ(tls_handshake(p.client), TLS_ERR_IO);
    CHECK_EQ(conn_error(p.client), TLS_REASON_TRANSPORT_FAILED);
    pair_free(&p);
}

int main(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    sigaction(SIGUSR1, &action, NULL);
    fill(data, LEN, 3);
    blocking_sockets();
    two_pipes();
    without_blocking();
    peers_that_go();
    no_descriptors();
    return checks_done();
}
