#include "tlscat.h"

#include <stdio.h>
#include <string.h>

static void print_hex(const char *what, const unsigned char *bytes, ptrdiff_t len)
{
    char line[2 * TLS_BINDING_MAX + 1] = "-";
    ptrdiff_t i;
    for (i = 0; i < len; i++)
        snprintf(line + 2 * i, 3, "%02x", bytes[i]);
    fprintf(stderr, "%s %s\n", what, line);
}

void print_secrets(tls_conn *conn, const char *label)
{
    static const struct {
        int binding;
        const char *name;
    } bindings[] = {
        {TLS_BINDING_UNIQUE, "tls-unique"},
        {TLS_BINDING_SERVER_END_POINT, "tls-server-end-point"},
        {TLS_BINDING_EXPORTER, "tls-exporter"},
    };
    unsigned char out[TLS_BINDING_MAX];
    size_t i;
    int good = tls_conn_export(conn, label, strlen(label), NULL, 0, out, 32) == TLS_OK;
    if (!good)
        print_error(conn);
    print_hex("export", out, good ? 32 : 0);
    for (i = 0; i < sizeof bindings / sizeof *bindings; i++)
        print_hex(bindings[i].name, out, tls_conn_channel_binding(conn, bindings[i].binding, out, sizeof out));
}
