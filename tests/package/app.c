/* The smallest program that shows that the library is linked and works: a ClientHello in memory. */
#include <tlscore/tls.h>

#include <stdio.h>
#include <string.h>

#ifdef WITH_OTHER
int other_answer(int n);
#endif

int main(void)
{
    char expected[32], hello[2048];
    tls_ctx *ctx = tls_ctx_new(TLS_CLIENT);
    tls_conn *conn = tls_conn_new(ctx, "localhost");
    ptrdiff_t n;

    snprintf(expected, sizeof expected, "%d.%d.%d", TLSCORE_VERSION_MAJOR, TLSCORE_VERSION_MINOR,
             TLSCORE_VERSION_PATCH);
    tls_conn_danger_accept_any_cert(conn); /* no CA is loaded, and no server answers */
    tls_handshake(conn);
    n = tls_drain(conn, hello, sizeof hello);
    tls_conn_free(conn);
    tls_ctx_free(ctx);
    printf("header %s, library %s, ClientHello of %ld bytes\n", expected, tls_version(), (long)n);
#ifdef WITH_OTHER
    if (other_answer(41) != 42)
        return 1;
#endif
    return strcmp(expected, tls_version()) != 0 || n < 50 || hello[0] != 0x16;
}
