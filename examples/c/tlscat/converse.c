#define _POSIX_C_SOURCE 200809L
#include "tlscat.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PEER_CLOSED = 1 };

/* What waits to be sent, and how far the end has come. */
struct upward {
    char buf[16384];
    size_t len, sent;
    int ended; /* standard input is at its end: close_notify follows */
};

static int write_stdout(const char *buf, size_t len)
{
    while (len > 0) {
        ssize_t n = write(STDOUT_FILENO, buf, len);
        if (n < 0 && errno != EINTR) {
            fprintf(stderr, "tlscat: standard output: %s\n", strerror(errno));
            return -1;
        }
        if (n > 0) {
            buf += n;
            len -= (size_t)n;
        }
    }
    return 0;
}

/* The peer to standard output, until more is wanted. */
static ptrdiff_t pump_down(tls_conn *conn, struct watch *watch)
{
    char buf[16384];
    ptrdiff_t n;
    while ((n = tls_read(conn, buf, sizeof buf)) > 0) {
        watch_handshakes(watch, conn);
        if (write_stdout(buf, (size_t)n) != 0)
            return TLS_ERR_IO;
    }
    return n == 0 ? PEER_CLOSED : n;
}

/* Standard input to the peer, as far as the transport takes it; close_notify behind the last byte. */
static ptrdiff_t pump_up(tls_conn *conn, struct upward *up)
{
    while (up->sent < up->len) {
        ptrdiff_t n = tls_write(conn, up->buf + up->sent, up->len - up->sent);
        if (n < 0)
            return n;
        up->sent += (size_t)n;
    }
    return up->ended ? tls_close(conn) : tls_flush(conn);
}

static int refill(struct upward *up)
{
    ssize_t n = read(STDIN_FILENO, up->buf, sizeof up->buf);
    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return 0;
    if (n < 0) {
        fprintf(stderr, "tlscat: standard input: %s\n", strerror(errno));
        return -1;
    }
    up->ended = n == 0;
    up->len = (size_t)n;
    up->sent = 0;
    return 0;
}

static int is_want(ptrdiff_t rc)
{
    return rc == TLS_WANT_READ || rc == TLS_WANT_WRITE || rc == TLS_WANT_APP;
}

/* Waits for the socket, and for standard input when there is room for what it has. */
static int wait_for(tls_conn *conn, int fd, struct upward *up)
{
    int wants = tls_conn_wants(conn), room = up->sent == up->len && !up->ended;
    struct pollfd polls[2] = {
        {.fd = fd, .events = (short)((wants & TLS_WANTS_READ ? POLLIN : 0) |
                                     (wants & TLS_WANTS_WRITE ? POLLOUT : 0))},
        {.fd = room ? STDIN_FILENO : -1, .events = POLLIN},
    };
    if (poll(polls, 2, -1) < 0)
        return errno == EINTR ? 0 : -1;
    return polls[1].revents != 0 ? refill(up) : 0;
}

/* The peer closed: whatever was not sent is lost, which is no clean end. */
static int finish(tls_conn *conn, const struct upward *up)
{
    if (up->sent < up->len) {
        fprintf(stderr, "tlscat: the peer closed before everything was sent\n");
        return EXIT_FAILED;
    }
    tls_close(conn); /* out of courtesy; the peer may be gone already */
    return EXIT_CLEAN;
}

int converse(tls_conn *conn, int fd, struct watch *watch)
{
    struct upward up = {.len = 0};
    set_nonblocking(fd);
    for (;;) {
        ptrdiff_t rc = pump_down(conn, watch);
        if (rc == PEER_CLOSED)
            return finish(conn, &up);
        if (is_want(rc))
            rc = pump_up(conn, &up);
        if (rc < 0 && !is_want(rc)) {
            print_error(conn);
            return EXIT_FAILED;
        }
        if (wait_for(conn, fd, &up) != 0)
            return EXIT_FAILED;
    }
}
