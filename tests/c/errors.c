/* Errors: number, name, sentence, alert and direction on the object; one blame; no queue, no state of a
 * thread; the same for ever once it is fatal. */
#include "check.h"
#include "support.h"

static void nothing_happened(void)
{
    struct pair p = pair_new("p256");
    tls_error_info error;
    memset(&error, 0xff, sizeof error);
    CHECK_EQ(pair_handshake(&p, 700), TLS_OK);
    CHECK_EQ(tls_conn_error(p.client, &error), TLS_OK);
    CHECK_EQ(error.number, 0);
    CHECK_EQ(error.family, 0);
    CHECK_EQ(error.alert, -1);
    CHECK_EQ(error.alert_direction, TLS_ALERT_NONE);
    CHECK_EQ(error.os_errno, 0);
    CHECK_EQ(error.reserved[0] | error.reserved[1], 0);
    CHECK_EQ(error.certificate, -1);
    CHECK_STR(error.name, "");
    CHECK_STR(tls_conn_error_text(p.client), "no error");
    pair_free(&p);
}

/* Who refuses sends the alert, the other received it: both say which. */
static void both_sides_of_an_alert(void)
{
    struct pair p = pair_of(tls_ctx_new(TLS_CLIENT), server_ctx("p256"));
    tls_error_info error, again;
    int i;
    CHECK_EQ(tls_ctx_add_ca_file(p.client_ctx, pki("other-ca.pem")), TLS_OK);
    tls_conn_free(p.client);
    p.client = tls_conn_new(p.client_ctx, "localhost");
    CHECK(pair_handshake(&p, 700) < 0);
    shuttle(p.client, p.server, 700);
    CHECK_EQ(tls_handshake(p.server), TLS_ERR_TLS);

    CHECK_EQ(tls_conn_error(p.client, &error), TLS_OK);
    CHECK_EQ(error.number, TLS_REASON_UNKNOWN_CA);
    CHECK_STR(error.name, "UNKNOWN_CA");
    CHECK_EQ(error.family, TLS_FAMILY_CERTIFICATE);
    CHECK_STR(tls_alert_name(error.alert), "unknown_ca");
    CHECK_EQ(error.alert_direction, TLS_ALERT_SENT);
    CHECK(strlen(error.text) > 20);
    CHECK(strncmp(tls_conn_error_text(p.client), "UNKNOWN_CA: ", 12) == 0);

    CHECK_EQ(tls_conn_error(p.server, &error), TLS_OK);
    CHECK_EQ(error.number, TLS_REASON_ALERT_RECEIVED);
    CHECK_EQ(error.family, TLS_FAMILY_PEER_ALERT);
    CHECK_STR(tls_alert_name(error.alert), "unknown_ca");
    CHECK_EQ(error.alert_direction, TLS_ALERT_RECEIVED);

    for (i = 0; i < 3; i++) { /* whatever is tried */
        char byte = 0;
        CHECK_EQ(tls_handshake(p.server), TLS_ERR_TLS);
        CHECK_EQ(tls_read(p.server, &byte, 1), TLS_ERR_TLS);
        CHECK_EQ(tls_write(p.server, &byte, 1), TLS_ERR_TLS);
        CHECK_EQ(tls_close(p.server), TLS_ERR_TLS);
        CHECK_EQ(tls_conn_error(p.server, &again), TLS_OK);
        CHECK(memcmp(&error, &again, sizeof error) == 0);
    }
    pair_free(&p);
}

/* A misuse is the program's own: no alert, and gone with the next verb. */
static void misuse_is_forgotten(void)
{
    struct pair p = pair_new("p256");
    tls_error_info error;
    CHECK_EQ(pair_handshake(&p, 700), TLS_OK);
    CHECK_EQ(tls_read(p.client, NULL, 10), TLS_ERR_USAGE);
    CHECK_EQ(tls_conn_error(p.client, &error), TLS_OK);
    CHECK_EQ(error.family, TLS_FAMILY_MISUSE);
    CHECK_EQ(error.alert_direction, TLS_ALERT_NONE);
    CHECK_EQ(pair_send(p.client, p.server, "hello", 5, 700), 0);
    CHECK_EQ(conn_error(p.client), 0);
    pair_free(&p);
}

/* The errno of the system, where it has one; each object has its own error. */
static void of_the_system(void)
{
    tls_ctx *one = tls_ctx_new(TLS_CLIENT), *other = tls_ctx_new(TLS_CLIENT);
    tls_error_info error;
    CHECK_EQ(tls_ctx_add_ca_file(one, "no/such/file.pem"), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_error(one, &error), TLS_OK);
    CHECK_EQ(error.number, TLS_REASON_FILE_UNREADABLE);
    CHECK_EQ(error.os_errno, 2);
    CHECK(strstr(error.text, "no/such/file.pem") != NULL);
    CHECK_EQ(ctx_error(other), 0);
    CHECK_EQ(tls_ctx_error(NULL, &error), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_error(one, NULL), TLS_ERR_USAGE);
    CHECK_EQ(tls_conn_error(NULL, &error), TLS_ERR_USAGE);
    tls_ctx_free(one);
    tls_ctx_free(other);
}

int main(void)
{
    nothing_happened();
    both_sides_of_an_alert();
    misuse_is_forgotten();
    of_the_system();
    return checks_done();
}
