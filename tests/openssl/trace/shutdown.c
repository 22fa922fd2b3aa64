#include "trace.h"

static void two_steps(void)
{
    struct ends ends = {.server_ctx = server_context("server-p256"), .client_ctx = client_context()};
    char buf[16];

    theme = "shutdown";
    connect_ends(&ends, 0);
    result("before the handshake", ends.client, SSL_shutdown(ends.client));
    errors("before the handshake error");
    SSL_set_shutdown(ends.client, 0);
    shake(&ends, "handshake");
    result("first", ends.client, SSL_shutdown(ends.client));
    say("flags", "%d", SSL_get_shutdown(ends.client));
    result("second", ends.client, SSL_shutdown(ends.client));
    result("write behind it", ends.client, SSL_write(ends.client, "x", 1));
    errors("write behind it error");
    result("peer reads", ends.server, SSL_read(ends.server, buf, sizeof(buf)));
    say("peer's flags", "%d", SSL_get_shutdown(ends.server));
    result("peer reads again", ends.server, SSL_read(ends.server, buf, sizeof(buf)));
    result("peer writes", ends.server, SSL_write(ends.server, "late", 4));
    result("peer's shutdown", ends.server, SSL_shutdown(ends.server));
    say("peer's flags then", "%d", SSL_get_shutdown(ends.server));
    result("data before close_notify", ends.client, SSL_shutdown(ends.client));
    errors("data before close_notify error");
    free_ends(&ends);

    ends = (struct ends){.server_ctx = server_context("server-p256"), .client_ctx = client_context()};
    connect_ends(&ends, 0);
    shake(&ends, NULL);
    result("one", ends.client, SSL_shutdown(ends.client));
    result("other", ends.server, SSL_shutdown(ends.server));
    result("one again", ends.client, SSL_shutdown(ends.client));
    result("other again", ends.server, SSL_shutdown(ends.server));
    say("both", "%d %d", SSL_get_shutdown(ends.client), SSL_get_shutdown(ends.server));
    result("read behind it", ends.client, SSL_read(ends.client, buf, sizeof(buf)));
    free_ends(&ends);

    ends = (struct ends){.server_ctx = server_context("server-p256"), .client_ctx = client_context()};
    SSL_CTX_set_quiet_shutdown(ends.client_ctx, 1);
    connect_ends(&ends, 0);
    shake(&ends, NULL);
    result("quiet", ends.client, SSL_shutdown(ends.client));
    say("quiet flags", "%d", SSL_get_shutdown(ends.client));
    result("peer hears nothing", ends.server, SSL_read(ends.server, buf, sizeof(buf)));
    free_ends(&ends);
}

static void cut_off(uint64_t options, const char *name)
{
    struct ends ends = {.server_ctx = server_context("server-p256"), .client_ctx = client_context()};
    char buf[16];

    theme = name;
    SSL_CTX_set_options(ends.client_ctx, options);
    connect_ends(&ends, 0);
    shake(&ends, NULL);
    SSL_write(ends.server, "last words", 10);
    BIO_shutdown_wr(SSL_get_wbio(ends.server));
    result("data", ends.client, SSL_read(ends.client, buf, sizeof(buf)));
    result("end", ends.client, SSL_read(ends.client, buf, sizeof(buf)));
    say("flags", "%d", SSL_get_shutdown(ends.client));
    errors("end error");
    result("end again", ends.client, SSL_read(ends.client, buf, sizeof(buf)));
    ERR_clear_error();
    result("write", ends.client, SSL_write(ends.client, "x", 1));
    ERR_clear_error();
    free_ends(&ends);

    ends = (struct ends){.server_ctx = server_context("server-p256"), .client_ctx = client_context()};
    SSL_CTX_set_options(ends.client_ctx, options);
    connect_ends(&ends, 0);
    SSL_do_handshake(ends.client);
    BIO_shutdown_wr(SSL_get_wbio(ends.server));
    result("end in the handshake", ends.client, SSL_do_handshake(ends.client));
    errors("end in the handshake error");
    free_ends(&ends);
}

void trace_shutdown(void)
{
    two_steps();
    cut_off(0, "shutdown.eof");
    cut_off(SSL_OP_IGNORE_UNEXPECTED_EOF, "shutdown.ignored eof");
}
