/* What ThreadSanitizer must see: one connection used by two threads at once, against the header's word. */
#include <tlscore/tls.h>

#include <pthread.h>
#include <stddef.h>

static tls_conn *conn;

static void *use(void *arg)
{
    char buf[64];
    int i;
    (void)arg;
    for (i = 0; i < 200; i++) {
        tls_handshake(conn);
        tls_drain(conn, buf, sizeof buf);
    }
    return NULL;
}

int main(void)
{
    tls_ctx *ctx = tls_ctx_new(TLS_CLIENT);
    pthread_t other;
    conn = tls_conn_new(ctx, "localhost");
    tls_conn_danger_accept_any_cert(conn);
    pthread_create(&other, NULL, use, NULL);
    use(NULL);
    pthread_join(other, NULL);
    tls_conn_free(conn);
    tls_ctx_free(ctx);
    return 0;
}
