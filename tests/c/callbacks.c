/* I/O callbacks that fail or return nonsense: an error that says so, never a crash or a clean end. */
#include "check.h"
#include "support.h"

#include <errno.h>

struct script {
    ptrdiff_t read_answer, write_answer;
    int reads, writes, os_error;
};

static ptrdiff_t scripted_read(tls_conn *conn, void *buf, size_t len, void *arg)
{
    struct script *s = arg;
    (void)buf;
    (void)len;
    s->reads++;
    if (s->os_error != 0)
        tls_conn_set_os_error(conn, s->os_error);
    return s->read_answer;
}

/* The answer 1000000 stands for "one more than was offered". */
static ptrdiff_t scripted_write(tls_conn *conn, const void *buf, size_t len, void *arg)
{
    struct script *s = arg;
    (void)buf;
    s->writes++;
    if (s->os_error != 0)
        tls_conn_set_os_error(conn, s->os_error);
    return s->write_answer == 1000000 ? (ptrdiff_t)len + 1 : s->write_answer == 999999 ? (ptrdiff_t)len : s->write_answer;
}

enum { ALL = 999999, TOO_MANY = 1000000 };

static tls_ctx *ctx;

/* A client whose handshake meets these answers. */
static void meets(struct script s, int rc, int reason, int os_errno)
{
    tls_conn *conn = tls_conn_new(ctx, "localhost");
    tls_error_info info;
    CHECK_EQ(tls_conn_set_io(conn, scripted_read, scripted_write, &s), TLS_OK);
    CHECK_EQ(tls_handshake(conn), rc);
    CHECK_EQ(tls_conn_error(conn, &info), TLS_OK);
    CHECK_EQ(info.number, reason);
    CHECK_EQ(info.os_errno, os_errno);
    if (rc != TLS_WANT_READ && rc != TLS_WANT_WRITE && rc != TLS_WANT_APP) {
        int reads = s.reads, writes = s.writes;
        char buf[8];
        CHECK(tls_read(conn, buf, sizeof buf) < 0);
        CHECK(tls_write(conn, "x", 1) < 0);
        CHECK_EQ(conn_error(conn), reason);
        CHECK_EQ(s.reads, reads); /* a broken transport is left alone */
        (void)writes;
    }
    tls_conn_free(conn);
}

static void answers(void)
{
    ctx = client_ctx();
    meets((struct script){.read_answer = TLS_WANT_READ, .write_answer = ALL}, TLS_WANT_READ, 0, 0);
    meets((struct script){.read_answer = TLS_WANT_WRITE, .write_answer = ALL}, TLS_WANT_WRITE, 0, 0);
    meets((struct script){.read_answer = TLS_WANT_READ, .write_answer = TLS_WANT_WRITE}, TLS_WANT_WRITE, 0, 0);
    meets((struct script){.read_answer = TLS_WANT_APP, .write_answer = ALL}, TLS_WANT_APP, 0, 0);
    meets((struct script){.read_answer = TLS_WANT_READ, .write_answer = TLS_WANT_APP}, TLS_WANT_APP, 0, 0);

    meets((struct script){.read_answer = 0, .write_answer = ALL}, TLS_ERR_IO, TLS_REASON_EOF_IN_HANDSHAKE, 0);
    meets((struct script){.read_answer = TLS_ERR_IO, .write_answer = ALL}, TLS_ERR_IO, TLS_REASON_TRANSPORT_FAILED, 0);
    meets((struct script){.read_answer = TLS_ERR_IO, .write_answer = ALL, .os_error = ECONNRESET}, TLS_ERR_IO,
          TLS_REASON_TRANSPORT_FAILED, ECONNRESET);
    meets((struct script){.read_answer = TLS_WANT_READ, .write_answer = TLS_ERR_IO, .os_error = EPIPE}, TLS_ERR_IO,
          TLS_REASON_TRANSPORT_FAILED, EPIPE);
    tls_ctx_free(ctx);
}

/* Nonsense ends the connection; what the call returns is an error, whatever its family. */
static void nonsense(ptrdiff_t read_answer, ptrdiff_t write_answer)
{
    struct script s = {.read_answer = read_answer, .write_answer = write_answer};
    tls_conn *conn = tls_conn_new(ctx, "localhost");
    int rc;
    CHECK_EQ(tls_conn_set_io(conn, scripted_read, scripted_write, &s), TLS_OK);
    rc = tls_handshake(conn);
    CHECK(rc == TLS_ERR_TLS || rc == TLS_ERR_IO || rc == TLS_ERR_USAGE);
    CHECK_EQ(conn_error(conn), TLS_REASON_CALLBACK_MISBEHAVED);
    CHECK_EQ(tls_handshake(conn), rc);
    CHECK_EQ(conn_error(conn), TLS_REASON_CALLBACK_MISBEHAVED);
    tls_conn_free(conn);
}

static void all_nonsense(void)
{
    ctx = client_ctx();
    nonsense(PTRDIFF_MAX, ALL);
    nonsense(1 << 20, ALL);
    nonsense(TLS_ERR_TLS, ALL);
    nonsense(TLS_ERR_USAGE, ALL);
    nonsense(TLS_ERR_PANIC, ALL);
    nonsense(-12345, ALL);
    nonsense(PTRDIFF_MIN, ALL);
    nonsense(TLS_WANT_READ, TOO_MANY);
    nonsense(TLS_WANT_READ, PTRDIFF_MAX);
    nonsense(TLS_WANT_READ, 0);
    nonsense(TLS_WANT_READ, TLS_ERR_TLS);
    nonsense(TLS_WANT_READ, -777);
    tls_ctx_free(ctx);
}

static void half_a_transport(void)
{
    struct script s = {.read_answer = TLS_WANT_READ, .write_answer = ALL};
    tls_conn *conn;
    char buf[1024];
    ctx = client_ctx();
    conn = tls_conn_new(ctx, "localhost");
    CHECK_EQ(tls_conn_set_io(conn, scripted_read, NULL, &s), TLS_ERR_USAGE);
    CHECK_EQ(tls_conn_set_io(conn, NULL, scripted_write, &s), TLS_ERR_USAGE);
    /* Neither took effect, and both NULL mean feed and drain. */
    CHECK_EQ(tls_conn_set_io(conn, scripted_read, scripted_write, &s), TLS_OK);
    CHECK_EQ(tls_conn_set_io(conn, NULL, NULL, NULL), TLS_OK);
    CHECK(tls_handshake(conn) < 0);
    CHECK(tls_drain(conn, buf, sizeof buf) > 0);
    CHECK_EQ(s.reads + s.writes, 0);
    tls_conn_free(conn);
    tls_ctx_free(ctx);
}

/* Bytes that are no TLS, through a callback. */
static ptrdiff_t reads_http(tls_conn *conn, void *buf, size_t len, void *arg)
{
    static const char text[] = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    (void)conn;
    (void)arg;
    if (len > sizeof text - 1)
        len = sizeof text - 1;
    memcpy(buf, text, len);
    return (ptrdiff_t)len;
}

static void plain_http(void)
{
    struct script s = {.write_answer = ALL};
    tls_ctx *server = server_ctx("p256");
    tls_conn *conn = tls_conn_new_server(server);
    CHECK_EQ(tls_conn_set_io(conn, reads_http, scripted_write, &s), TLS_OK);
    CHECK_EQ(tls_handshake(conn), TLS_ERR_TLS);
    CHECK_EQ(conn_error(conn), TLS_REASON_HTTP_REQUEST);
    tls_conn_free(conn);
    tls_ctx_free(server);
}

int main(void)
{
    answers();
    all_nonsense();
    half_a_transport();
    plain_http();
    return checks_done();
}
