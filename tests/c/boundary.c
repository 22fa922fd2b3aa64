/* Where the transport, the program and the connection disagree: ends, late failures, renewals. */
#define _POSIX_C_SOURCE 200809L
#include "check.h"
#include "support.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* An established pair over a socket pair; the server's side of it is fds[1]. */
static struct pair over_sockets(int fds[2])
{
    struct pair p = pair_new("p256");
    int round;
    CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
    CHECK_EQ(pair_handshake(&p, 20000), TLS_OK);
    for (round = 0; round < 2; round++)
        CHECK_EQ(tls_conn_set_fd(round ? p.client : p.server, fds[!round]), TLS_OK);
    return p;
}

/* What the peer had sent can be read after a write failed, and its end is what it was. */
static void the_last_words_of_a_peer_that_is_gone(int clean)
{
    int fds[2], i;
    char buf[64];
    tls_error_info info;
    struct pair p = over_sockets(fds);
    CHECK_EQ(tls_write(p.server, "last words", 10), 10);
    if (clean)
        CHECK_EQ(tls_close(p.server), TLS_OK);
    close(fds[1]);

    for (i = 0; i < 2; i++) {
        CHECK_EQ(tls_write(p.client, "x", 1), TLS_ERR_IO);
        CHECK_EQ(tls_conn_error(p.client, &info), TLS_OK);
        CHECK_EQ(info.number, TLS_REASON_TRANSPORT_FAILED);
        CHECK(info.os_errno != 0);
        CHECK_EQ(tls_flush(p.client), TLS_ERR_IO);
        CHECK_EQ(tls_conn_wants(p.client), TLS_WANTS_READ);
    }
    CHECK_EQ(tls_read(p.client, buf, 4), 4);
    CHECK_EQ(conn_error(p.client), 0);
    CHECK_EQ(tls_write(p.client, "x", 1), TLS_ERR_IO);
    CHECK_EQ(tls_read(p.client, buf + 4, sizeof buf - 4), 6);
    CHECK(memcmp(buf, "last words", 10) == 0);
    for (i = 0; i < 2; i++) {
        if (clean) {
            CHECK_EQ(tls_read(p.client, buf, sizeof buf), 0);
            CHECK_EQ(tls_close(p.client), TLS_ERR_IO);
            CHECK_EQ(conn_error(p.client), TLS_REASON_TRANSPORT_FAILED);
        } else {
            CHECK_EQ(tls_read(p.client, buf, sizeof buf), TLS_ERR_IO);
            CHECK_EQ(conn_error(p.client), TLS_REASON_TRUNCATED);
        }
    }
    close(fds[0]);
    pair_free(&p);
}

/* The end was clean; that our own close_notify finds nobody changes nothing about it. */
static void closing_behind_a_clean_end(void)
{
    int fds[2], i;
    char buf[8];
    struct pair p = over_sockets(fds);
    CHECK_EQ(tls_close(p.server), TLS_OK);
    CHECK_EQ(tls_read(p.client, buf, sizeof buf), 0);
    close(fds[1]);
    for (i = 0; i < 2; i++) {
        CHECK_EQ(tls_close(p.client), TLS_ERR_IO);
        CHECK_EQ(tls_read(p.client, buf, sizeof buf), 0);
        CHECK_EQ(conn_error(p.client), 0);
        CHECK_EQ(tls_conn_wants(p.client), 0);
    }
    close(fds[0]);
    pair_free(&p);
}

static void closed_in_mid_handshake(void)
{
    struct pair p = pair_new("p256");
    char buf[1000];
    tls_handshake(p.client);
    shuttle(p.client, p.server, 1000);
    CHECK_EQ(tls_conn_wants(p.client), TLS_WANTS_READ);
    CHECK_EQ(tls_close(p.client), TLS_WANT_WRITE);
    CHECK_EQ(tls_conn_wants(p.client), TLS_WANTS_WRITE);
    CHECK(tls_drain(p.client, buf, sizeof buf) > 0);
    CHECK_EQ(tls_close(p.client), TLS_OK);
    CHECK_EQ(tls_handshake(p.client), TLS_ERR_USAGE);
    CHECK_EQ(tls_read(p.client, buf, sizeof buf), TLS_ERR_USAGE);
    CHECK_EQ(tls_conn_wants(p.client), 0);
    pair_free(&p);
}

static ptrdiff_t never(tls_conn *conn, void *buf, size_t len, void *arg)
{
    (void)conn;
    (void)buf;
    (void)len;
    (void)arg;
    return TLS_ERR_IO;
}

/* Bad arguments are the program's, whatever became of the connection. */
static void misuse_of_a_failed_connection(void)
{
    struct pair p = pair_new("p256");
    char buf[8];
    CHECK_EQ(pair_handshake(&p, 20000), TLS_OK);
    CHECK_EQ(tls_feed_eof(p.client), TLS_OK);
    CHECK_EQ(tls_read(p.client, buf, sizeof buf), TLS_ERR_IO);
    CHECK_EQ(tls_conn_set_io(p.client, never, NULL, NULL), TLS_ERR_USAGE);
    CHECK_EQ(tls_conn_unread(p.client, NULL, 4), TLS_ERR_USAGE);
    CHECK_EQ(tls_conn_set_fd(p.client, -1), TLS_ERR_USAGE);
    CHECK_EQ(tls_conn_set_server_name(p.client, "other.test"), TLS_ERR_USAGE);
    CHECK_EQ(conn_error(p.client), TLS_REASON_TRUNCATED); /* fatal: it stays */
    CHECK_EQ(tls_read(p.client, buf, sizeof buf), TLS_ERR_IO);
    CHECK_EQ(tls_conn_unread(p.server, NULL, 4), TLS_ERR_USAGE);
    CHECK_EQ(conn_error(p.server), TLS_REASON_NULL_HANDLE);
    pair_free(&p);
}

static void transports_of_a_connection_born_failed(void)
{
    tls_ctx *ctx = client_ctx();
    tls_conn *conn = tls_conn_new(ctx, "not a name");
    int i;
    for (i = 0; i < 2; i++) {
        CHECK_EQ(tls_conn_set_fd(conn, 0), TLS_ERR_USAGE);
        CHECK_EQ(tls_conn_set_fds(conn, 0, 1), TLS_ERR_USAGE);
        CHECK_EQ(tls_conn_set_io(conn, never, (tls_conn_write_fn)never, NULL), TLS_ERR_USAGE);
        CHECK_EQ(conn_error(conn), TLS_REASON_BAD_SERVER_NAME);
        CHECK_EQ(tls_conn_set_io(conn, NULL, NULL, NULL), TLS_OK);
        CHECK_EQ(tls_handshake(conn), TLS_ERR_USAGE);
    }
    tls_conn_free(conn);
    tls_ctx_free(ctx);
}

static void bytes_behind_the_end(void)
{
    struct pair p = pair_new("p256");
    char buf[8];
    CHECK_EQ(pair_handshake(&p, 20000), TLS_OK);
    CHECK_EQ(tls_write(p.server, "late", 4), 4);
    shuttle(p.server, p.client, 20000);
    CHECK_EQ(tls_feed_eof(p.client), TLS_OK);
    CHECK_EQ(tls_feed(p.client, "more", 4), TLS_ERR_USAGE);
    CHECK_EQ(conn_error(p.client), TLS_REASON_WRONG_ORDER);
    CHECK_EQ(tls_read(p.client, buf, sizeof buf), 4);
    CHECK_EQ(tls_read(p.client, buf, sizeof buf), TLS_ERR_IO);
    CHECK_EQ(conn_error(p.client), TLS_REASON_TRUNCATED);
    pair_free(&p);
}

/* A FIFO that nobody writes to would hold the program for ever. */
static void files_that_are_none(void)
{
    tls_ctx *ctx = server_ctx("p256");
    char dir[] = "/tmp/tlscore-fifo-XXXXXX", fifo[64];
    CHECK(mkdtemp(dir) != NULL);
    snprintf(fifo, sizeof fifo, "%s/fifo", dir);
    CHECK_EQ(mkfifo(fifo, 0600), 0);
    CHECK_EQ(tls_ctx_add_ca_file(ctx, fifo), TLS_ERR_USAGE);
    CHECK_EQ(ctx_error(ctx), TLS_REASON_FILE_UNREADABLE);
    CHECK_EQ(tls_ctx_add_keypair_file(ctx, fifo, NULL), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_add_keypair_file(ctx, pki("server-p256.pem"), fifo), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_set_keypair_file(ctx, fifo, fifo), TLS_ERR_USAGE);
    CHECK_EQ(ctx_error(ctx), TLS_REASON_FILE_UNREADABLE);
    unlink(fifo);
    rmdir(dir);
    tls_ctx_free(ctx);
}

static const char *served_with(tls_ctx *server)
{
    static char cipher[64];
    struct pair p = pair_of(client_ctx(), tls_ctx_ref(server));
    CHECK_EQ(pair_handshake(&p, 20000), TLS_OK);
    snprintf(cipher, sizeof cipher, "%s", tls_conn_cipher(p.client));
    pair_free(&p);
    return cipher;
}

static void renewing_a_keypair(void)
{
    tls_ctx *ctx = server_ctx("p256"), *fresh = server_ctx("rsa");
    char pem[8192];
    size_t len;
    FILE *file;
    CHECK(strstr(served_with(ctx), "ECDSA") != NULL);
    CHECK_EQ(tls_ctx_set_keypair_file(ctx, pki("server-rsa.pem"), pki("server-p256.key")), TLS_ERR_USAGE);
    CHECK_EQ(ctx_error(ctx), TLS_REASON_KEY_MISMATCH);
    CHECK_EQ(tls_ctx_set_keypair_mem(ctx, NULL, 4, NULL, 0), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_set_keypairs_of(ctx, NULL), TLS_ERR_USAGE);
    CHECK_EQ(ctx_error(ctx), TLS_REASON_NULL_HANDLE);
    CHECK(strstr(served_with(ctx), "ECDSA") != NULL); /* nothing changed */

    CHECK_EQ(tls_ctx_set_keypair_file(ctx, pki("server-rsa.pem"), pki("server-rsa.key")), TLS_OK);
    CHECK(strstr(served_with(ctx), "ECDSA") == NULL);
    CHECK((file = fopen(pki("server-p256.pem"), "r")) != NULL);
    len = fread(pem, 1, sizeof pem, file);
    fclose(file);
    CHECK((file = fopen(pki("server-p256.key"), "r")) != NULL);
    len += fread(pem + len, 1, sizeof pem - len, file);
    fclose(file);
    CHECK_EQ(tls_ctx_set_keypair_mem(ctx, pem, len, NULL, 0), TLS_OK);
    CHECK(strstr(served_with(ctx), "ECDSA") != NULL);
    CHECK_EQ(tls_ctx_set_keypairs_of(ctx, fresh), TLS_OK);
    CHECK(strstr(served_with(ctx), "ECDSA") == NULL);
    tls_ctx_free(ctx);
    tls_ctx_free(fresh);
}

int main(void)
{
    the_last_words_of_a_peer_that_is_gone(1);
    the_last_words_of_a_peer_that_is_gone(0);
    closing_behind_a_clean_end();
    closed_in_mid_handshake();
    misuse_of_a_failed_connection();
    transports_of_a_connection_born_failed();
    bytes_behind_the_end();
    files_that_are_none();
    renewing_a_keypair();
    return checks_done();
}
