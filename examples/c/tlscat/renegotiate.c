#include "tlscat.h"

#include <stdio.h>

/* A server asks for the client's certificate only now that it has seen what the client wants. */
static int ask(tls_conn *conn, const struct options *o)
{
    if (o->client_auth != TLS_CLIENT_AUTH_NONE &&
        tls_conn_set_client_auth(conn, o->client_auth) != TLS_OK)
        return TLS_ERR_USAGE;
    return tls_renegotiate(conn);
}

void watch_handshakes(struct watch *watch, tls_conn *conn)
{
    int handshakes = tls_conn_handshakes(conn);
    if (watch->options->asks_again && watch->reported == 0 && ask(conn, watch->options) < TLS_WANT_APP)
        print_error(conn);
    if (watch->reported == 0)
        watch->reported = 1;
    if (tls_conn_renegotiation_refused(conn) && !watch->refused) {
        fprintf(stderr, "tlscat: the peer refused to renegotiate\n");
        watch->refused = 1;
    }
    if (handshakes > watch->reported) {
        fprintf(stderr, "renegotiated: ");
        print_summary(conn);
        watch->reported = handshakes;
    }
}
