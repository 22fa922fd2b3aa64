/* fork() in the middle of everything: contexts and half-made handshakes go on in the parent and in the child,
 * and no randomness is drawn twice. */
#define _POSIX_C_SOURCE 200809L
#include "check.h"
#include "support.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CHILDREN = 4, RANDOM_AT = 11, RANDOM = 32 };

/* The random of a fresh ClientHello: behind the headers of record and handshake and the version. */
static void hello_random(tls_ctx *ctx, unsigned char out[RANDOM])
{
    unsigned char hello[4096];
    tls_conn *conn = tls_conn_new(ctx, "localhost");
    memset(out, 0, RANDOM);
    tls_handshake(conn);
    if (tls_drain(conn, hello, sizeof hello) > RANDOM_AT + RANDOM)
        memcpy(out, hello + RANDOM_AT, RANDOM);
    tls_conn_free(conn);
}

/* What a child found, through a pipe: its failures and its random. */
struct report {
    int failed;
    unsigned char random[RANDOM];
};

static void child(int out, tls_ctx *client, tls_ctx *server, struct pair *half)
{
    struct report report = {0};
    struct pair fresh;
    hello_random(client, report.random);
    if (pair_handshake(half, 700) != TLS_OK || pair_send(half->client, half->server, "child", 5, 700) != 0)
        report.failed++;
    fresh = pair_of(tls_ctx_ref(client), tls_ctx_ref(server));
    if (pair_handshake(&fresh, 700) != TLS_OK || pair_send(fresh.server, fresh.client, "child", 5, 700) != 0)
        report.failed++;
    pair_free(&fresh);
    pair_free(half);
    tls_ctx_free(client);
    tls_ctx_free(server);
    if (write(out, &report, sizeof report) != (ssize_t)sizeof report)
        report.failed++;
    exit(report.failed != 0);
}

static void parent_and_children(void)
{
    tls_ctx *client = client_ctx(), *server = server_ctx("p256");
    struct pair half = pair_of(tls_ctx_ref(client), tls_ctx_ref(server));
    struct report reports[CHILDREN + 1] = {{0}};
    pid_t pids[CHILDREN];
    int ends[2], i, j, status;
    CHECK_EQ(pipe(ends), 0);
    hello_random(client, reports[CHILDREN].random); /* whatever is drawn ahead is there now */
    tls_handshake(half.client);
    shuttle(half.client, half.server, 700);
    fflush(NULL);
    for (i = 0; i < CHILDREN; i++) {
        pids[i] = fork();
        if (pids[i] == 0) {
            close(ends[0]);
            child(ends[1], client, server, &half);
        }
        CHECK(pids[i] > 0);
    }
    hello_random(client, reports[CHILDREN].random);
    for (i = 0; i < CHILDREN; i++) {
        CHECK_EQ(read(ends[0], &reports[i], sizeof reports[i]), sizeof reports[i]);
        CHECK_EQ(reports[i].failed, 0);
    }
    for (i = 0; i < CHILDREN; i++) {
        CHECK_EQ(waitpid(pids[i], &status, 0), pids[i]);
        CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    for (i = 0; i <= CHILDREN; i++)
        for (j = 0; j < i; j++)
            CHECK(memcmp(reports[i].random, reports[j].random, RANDOM) != 0);
    CHECK_EQ(pair_handshake(&half, 700), TLS_OK);
    CHECK_EQ(pair_send(half.server, half.client, "parent", 6, 700), 0);
    close(ends[0]);
    close(ends[1]);
    pair_free(&half);
    tls_ctx_free(client);
    tls_ctx_free(server);
}

int main(void)
{
    parent_and_children();
    return checks_done();
}
