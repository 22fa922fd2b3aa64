#include "trace.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

static void pending(void)
{
    struct ends ends = {.server_ctx = server_context("server-p256"), .client_ctx = client_context()};
    char buf[64];

    theme = "io";
    connect_ends(&ends, 0);
    shake(&ends, NULL);
    result("read nothing", ends.client, SSL_read(ends.client, buf, sizeof(buf)));
    result("once more", ends.client, SSL_read(ends.client, buf, sizeof(buf)));
    say("sticky", "%d %d", SSL_get_error(ends.client, -1), SSL_get_error(ends.client, -1));
    result("write", ends.server, SSL_write(ends.server, "0123456789", 10));
    result("write more", ends.server, SSL_write(ends.server, "abc", 3));
    say("pending before", "%d", SSL_pending(ends.client));
    result("read", ends.client, SSL_read(ends.client, buf, 4));
    say("pending", "%d %d", SSL_pending(ends.client), SSL_has_pending(ends.client));
    result("peek", ends.client, SSL_peek(ends.client, buf, 4));
    say("peeked", "%.4s, pending %d", buf, SSL_pending(ends.client));
    result("read peeked", ends.client, SSL_read(ends.client, buf, sizeof(buf)));
    say("what was read", "%.6s", buf);
    say("pending behind", "%d", SSL_pending(ends.client));
    result("next record", ends.client, SSL_read(ends.client, buf, sizeof(buf)));
    result("zero read", ends.client, SSL_read(ends.client, buf, 0));
    result("zero write", ends.client, SSL_write(ends.client, buf, 0));
    result("negative write", ends.client, SSL_write(ends.client, buf, -1));
    errors("negative write error");
    say("read_ex", "%d", ({ size_t n = 9; SSL_read_ex(ends.client, buf, 4, &n); }));
    say("write_ex", "%d", ({ size_t n = 9; SSL_write_ex(ends.client, buf, 4, &n) + (int)n; }));
    ERR_clear_error();
    free_ends(&ends);
}

/* A read beside a write that waits: each says what it waits for itself. */
static void both_ways(void)
{
    struct ends ends = {.server_ctx = server_context("server-p256"), .client_ctx = client_context()};
    char buf[64], *data = calloc(1, 200000);
    int n;

    theme = "io.both ways";
    connect_ends(&ends, 4096);
    SSL_CTX_set_mode(ends.client_ctx, SSL_MODE_ENABLE_PARTIAL_WRITE);
    SSL_set_mode(ends.client, SSL_MODE_ENABLE_PARTIAL_WRITE);
    shake(&ends, NULL);
    while ((n = SSL_write(ends.client, data, 16384)) > 0)
        ;
    result("a write that waits", ends.client, n);
    result("a read beside it", ends.client, SSL_read(ends.client, buf, sizeof(buf)));
    result("a look beside it", ends.client, SSL_peek(ends.client, buf, sizeof(buf)));
    result("the peer writes", ends.server, SSL_write(ends.server, "pong", 4));
    result("and is read", ends.client, SSL_read(ends.client, buf, sizeof(buf)));
    result("the write still waits", ends.client, SSL_write(ends.client, data, 16384));
    ERR_clear_error();
    free_ends(&ends);
    free(data);
}

/* What poll() sees of the records behind the one that was read. */
static void polled(void)
{
    struct ends ends = {.server_ctx = server_context("server-p256"), .client_ctx = client_context()};
    struct pollfd poller;
    int fds[2];
    char buf[4096];

    theme = "io.poll";
    socketpair(AF_UNIX, SOCK_STREAM, 0, fds);
    fcntl(fds[0], F_SETFL, O_NONBLOCK);
    fcntl(fds[1], F_SETFL, O_NONBLOCK);
    ends.client = SSL_new(ends.client_ctx);
    ends.server = SSL_new(ends.server_ctx);
    say("set_fd", "%d %d", SSL_set_fd(ends.client, fds[0]), SSL_set_fd(ends.server, fds[1]));
    say("get_fd", "%d", SSL_get_fd(ends.client) == fds[0]);
    SSL_set_connect_state(ends.client);
    SSL_set_accept_state(ends.server);
    say("complete", "%d", shake(&ends, "results"));
    SSL_write(ends.server, "one", 3);
    SSL_write(ends.server, "two", 3);
    result("read", ends.client, SSL_read(ends.client, buf, sizeof(buf)));
    poller = (struct pollfd){.fd = fds[0], .events = POLLIN};
    say("the second record", "poll %d, pending %d", poll(&poller, 1, 0), SSL_pending(ends.client));
    result("read the second", ends.client, SSL_read(ends.client, buf, sizeof(buf)));
    say("nothing left", "poll %d, pending %d", poll(&poller, 1, 0), SSL_pending(ends.client));
    close(fds[1]);
    result("peer gone", ends.client, SSL_read(ends.client, buf, sizeof(buf)));
    errors("peer gone error");
    free_ends(&ends);
    close(fds[0]);
}

static void writes(long mode, const char *name)
{
    static char data[40000], again[40000];
    struct ends ends = {.server_ctx = server_context("server-p256"), .client_ctx = client_context()};
    char buf[8192];
    int n, total = 0, rounds = 0, first = 0;

    theme = name;
    connect_ends(&ends, 4096);
    shake(&ends, NULL);
    SSL_set_mode(ends.server, mode);
    n = SSL_write(ends.server, data, sizeof(data));
    result("does not fit", ends.server, n);
    n = SSL_write(ends.server, again, sizeof(again));
    result("another buffer", ends.server, n);
    errors("another buffer error");
    for (n = -1; n < 0 && rounds < 100; rounds++) {
        int m;

        n = SSL_write(ends.server, data, sizeof(data));
        if (n > 0)
            first = n;
        while ((m = SSL_read(ends.client, buf, sizeof(buf))) > 0)
            total += m;
        ERR_clear_error();
    }
    say("written", "%d, read %d", first, total);
    n = SSL_write(ends.server, data, sizeof(data));
    result("does not fit again", ends.server, n);
    n = SSL_write(ends.server, data, 10);
    result("less", ends.server, n);
    errors("less error");
    free_ends(&ends);
}

/* More than a socket holds, to a peer that does not read. */
static void large(long mode, const char *name)
{
    struct ends ends = {.server_ctx = server_context("server-p256"), .client_ctx = client_context()};
    char *data = calloc(1, 4 << 20);
    int fds[2];

    theme = name;
    socketpair(AF_UNIX, SOCK_STREAM, 0, fds);
    fcntl(fds[0], F_SETFL, O_NONBLOCK);
    fcntl(fds[1], F_SETFL, O_NONBLOCK);
    ends.client = SSL_new(ends.client_ctx);
    ends.server = SSL_new(ends.server_ctx);
    SSL_set_fd(ends.client, fds[0]);
    SSL_set_fd(ends.server, fds[1]);
    SSL_set_connect_state(ends.client);
    SSL_set_accept_state(ends.server);
    shake(&ends, NULL);
    SSL_set_mode(ends.client, mode);
    result("the first", ends.client, SSL_write(ends.client, data, 4 << 20));
    result("the second", ends.client, SSL_write(ends.client, data, 4 << 20));
    ERR_clear_error();
    free_ends(&ends);
    close(fds[0]);
    close(fds[1]);
    free(data);
}

void trace_io(void)
{
    pending();
    both_ways();
    polled();
    writes(0, "io.write");
    writes(SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER, "io.moving");
    writes(SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER, "io.partial");
    large(0, "io.large");
    large(SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER, "io.large partial");
}
