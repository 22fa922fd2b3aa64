// As app.c, from C++.
#include <tlscore/tls.h>

#include <iostream>
#include <memory>

int main()
{
    std::unique_ptr<tls_ctx, decltype(&tls_ctx_free)> ctx(tls_ctx_new(TLS_CLIENT), tls_ctx_free);
    std::unique_ptr<tls_conn, decltype(&tls_conn_free)> conn(tls_conn_new(ctx.get(), "localhost"), tls_conn_free);
    char hello[2048];
    tls_conn_danger_accept_any_cert(conn.get());
    tls_handshake(conn.get());
    std::ptrdiff_t n = tls_drain(conn.get(), hello, sizeof hello);
    std::cout << tls_version() << ", ClientHello of " << n << " bytes\n";
    return n < 50 || hello[0] != 0x16;
}
