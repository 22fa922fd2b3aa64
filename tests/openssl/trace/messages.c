/* The message callback: what is sent and received, in which order. */
#include "trace.h"

struct seen {
    char text[1024];
    int wrong;
};

static void on_message(int write_p, int version, int type, const void *data, size_t len, SSL *ssl, void *arg)
{
    struct seen *seen = arg;
    const unsigned char *bytes = data;
    size_t used = strlen(seen->text);
    char part[32];

    /* Before a server has seen a ClientHello its version is any. */
    if (write_p || used > 5)
        seen->wrong += ssl == NULL || version != (type == SSL3_RT_HEADER ? bytes[1] << 8 | bytes[2] : TLS1_2_VERSION);
    seen->wrong += type == SSL3_RT_HEADER && len != 5;
    if (type == SSL3_RT_HEADER)
        snprintf(part, sizeof(part), "%s[%d]", write_p ? ">" : "<", bytes[0]);
    else if (type == SSL3_RT_ALERT)
        snprintf(part, sizeof(part), "a%d.%d", bytes[0], bytes[1]);
    else
        snprintf(part, sizeof(part), "%d.%d", type, bytes[0]);
    if (type == SSL3_RT_HANDSHAKE)
        seen->wrong += len != 4U + ((unsigned)bytes[1] << 16 | (unsigned)bytes[2] << 8 | bytes[3]);
    snprintf(seen->text + used, sizeof(seen->text) - used, "%s", part);
}

static void tell(const char *label, struct seen *seen)
{
    say(label, "%s, %d wrong", seen->text, seen->wrong);
    memset(seen, 0, sizeof(*seen));
}

/* One of a context, one of a connection. */
static void both(const char *name, int trusts, int closes)
{
    struct ends ends = {server_context("server-p256"), client_context(), NULL, NULL};
    static struct seen server, client;
    char byte;

    theme = name;
    SSL_CTX_set_msg_callback(ends.server_ctx, on_message);
    SSL_CTX_set_msg_callback_arg(ends.server_ctx, &server);
    SSL_CTX_set_verify(ends.client_ctx, SSL_VERIFY_PEER, NULL);
    if (trusts)
        SSL_CTX_load_verify_locations(ends.client_ctx, PKI "ca.pem", NULL);
    connect_ends(&ends, 0);
    SSL_set_msg_callback(ends.client, on_message);
    SSL_set_msg_callback_arg(ends.client, &client);
    shake(&ends, "results");
    errors("errors");
    tell("client", &client);
    tell("server", &server);
    if (closes) {
        SSL_write(ends.client, "data", 4);
        SSL_read(ends.server, &byte, 1);
        SSL_shutdown(ends.client);
        result("closed", ends.server, SSL_read(ends.server, &byte, 1) + SSL_read(ends.server, &byte, 1) + SSL_read(ends.server, &byte, 1));
        result("end", ends.server, SSL_read(ends.server, &byte, 1));
        tell("client then", &client);
        tell("server then", &server);
    }
    SSL_set_msg_callback(ends.client, NULL);
    SSL_shutdown(ends.server);
    SSL_shutdown(ends.client);
    tell("client at last", &client);
    tell("server at last", &server);
    ERR_clear_error();
    free_ends(&ends);
}

void trace_messages(void)
{
    both("messages.handshake", 1, 1);
    both("messages.refused", 0, 0);
}
