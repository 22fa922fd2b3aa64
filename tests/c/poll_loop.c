/* Many pairs over non-blocking socketpairs in one poll() loop, data going both ways at once. */
#define _POSIX_C_SOURCE 200809L
#include "check.h"
#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PAIRS = 8, ENDS = 2 * PAIRS, LEN = 256 * 1024 };

struct end {
    tls_conn *conn;
    int fd, done, closed, ended;
    size_t sent, got;
    unsigned char *received;
};

static unsigned char data[LEN];
static struct end ends[ENDS];

static int is_want(ptrdiff_t rc)
{
    return rc == TLS_WANT_READ || rc == TLS_WANT_WRITE;
}

/* Writes and reads until both want something. */
static void advance(struct end *e)
{
    ptrdiff_t w = 0, r = 0;
    while (e->sent < LEN && (w = tls_write(e->conn, data + e->sent, LEN - e->sent)) > 0)
        e->sent += (size_t)w;
    if (e->sent == LEN && !e->closed) {
        w = tls_close(e->conn);
        e->closed = w == 0;
    }
    while (!e->ended && (r = tls_read(e->conn, e->received + e->got, e->got < LEN ? LEN - e->got : 1)) >= 0) {
        e->got += (size_t)r;
        e->ended = r == 0;
        if (e->got > LEN)
            break;
    }
    e->done = (e->ended && e->closed) || (w < 0 && !is_want(w)) || (r < 0 && !is_want(r));
}

static void open_pair(tls_ctx *client, tls_ctx *server, int i)
{
    int fds[2], side, size = 8192;
    CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
    for (side = 0; side < 2; side++) {
        struct end *e = &ends[2 * i + side];
        fcntl(fds[side], F_SETFL, O_NONBLOCK);
        setsockopt(fds[side], SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
        *e = (struct end){.fd = fds[side], .received = malloc(LEN + 1)};
        e->conn = side == 0 ? tls_conn_new(client, "localhost") : tls_conn_new_server(server);
        CHECK_EQ(tls_conn_set_fd(e->conn, e->fd), TLS_OK);
    }
}

static void loop(void)
{
    struct pollfd polls[ENDS];
    int i, open = ENDS;
    for (i = 0; i < ENDS; i++)
        polls[i] = (struct pollfd){.fd = ends[i].fd, .revents = POLLIN};
    while (open > 0) {
        for (i = 0; i < ENDS; i++) {
            int wants;
            if (polls[i].fd < 0 || polls[i].revents == 0)
                continue;
            advance(&ends[i]);
            wants = tls_conn_wants(ends[i].conn);
            polls[i].events = (short)((wants & TLS_WANTS_READ ? POLLIN : 0) | (wants & TLS_WANTS_WRITE ? POLLOUT : 0));
            if (ends[i].done) {
                polls[i].fd = -1;
                open--;
            }
        }
        if (open > 0 && poll(polls, ENDS, 20000) <= 0 && errno != EINTR) {
            CHECK(!"the loop stands still");
            return;
        }
    }
}

int main(void)
{
    tls_ctx *client = client_ctx(), *server = server_ctx("p256");
    int i;
    fill(data, sizeof data, 3);
    for (i = 0; i < PAIRS; i++)
        open_pair(client, server, i);
    tls_ctx_free(client); /* connections keep what they need */
    tls_ctx_free(server);
    loop();
    for (i = 0; i < ENDS; i++) {
        CHECK_STR(tls_conn_error_text(ends[i].conn), "no error");
        CHECK_EQ(ends[i].got, LEN);
        CHECK(memcmp(ends[i].received, data, LEN) == 0);
        CHECK(ends[i].ended && ends[i].closed);
        tls_conn_free(ends[i].conn);
        close(ends[i].fd);
        free(ends[i].received);
    }
    return checks_done();
}
