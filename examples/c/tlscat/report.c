#include "tlscat.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const char *or_dash(const char *text)
{
    return text != NULL && text[0] != '\0' ? text : "-";
}

static const char *yes_no(int what)
{
    return what ? "yes" : "no";
}

/* What a peer chose may hold anything: nothing of it reaches a terminal as a control character. */
static void make_printable(char *text)
{
    for (; *text != '\0'; text++)
        if (!isprint((unsigned char)*text))
            *text = '?';
}

void describe(const tls_conn *conn, char *out, size_t cap)
{
    snprintf(out, cap, "%s %s %s %s alpn=%s verified=%s ems=%s etm=%s sni=%s resumed=%s psk=%s",
             or_dash(tls_conn_version(conn)), or_dash(tls_conn_cipher(conn)),
             or_dash(tls_conn_group(conn)), or_dash(tls_conn_scheme(conn)),
             or_dash(tls_conn_alpn(conn, NULL)), yes_no(tls_conn_verified(conn)),
             yes_no(tls_conn_extended_master_secret(conn)), yes_no(tls_conn_encrypt_then_mac(conn)),
             or_dash(tls_conn_server_name(conn)), yes_no(tls_conn_resumed(conn)),
             or_dash(tls_conn_psk_identity(conn, NULL)));
    make_printable(out);
}

void print_summary(const tls_conn *conn)
{
    char line[1024];
    describe(conn, line, sizeof line);
    fprintf(stderr, "%s\n", line);
}

void print_error(const tls_conn *conn)
{
    tls_error_info error;
    char told[64] = "", system[128] = "", line[1024];
    if (tls_conn_error(conn, &error) != TLS_OK)
        return;
    if (error.alert_direction == TLS_ALERT_SENT)
        snprintf(told, sizeof told, " [alert %s sent]", or_dash(tls_alert_name(error.alert)));
    if (error.os_errno != 0)
        snprintf(system, sizeof system, " (%s)", strerror(error.os_errno));
    snprintf(line, sizeof line, "tlscat: %s: %s%s%s", error.name, error.text, system, told);
    make_printable(line);
    fprintf(stderr, "%s\n", line);
}
