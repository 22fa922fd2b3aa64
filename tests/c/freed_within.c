/* Callbacks that free what called them: a careless reload, a reconnect within a callback. Nothing that is still in
 * use may be freed; valgrind and ASan look on. What nobody can free safely is left. */
#include "check.h"
#include "support.h"

static ptrdiff_t give_up(const char *place, size_t attempt, char *out, size_t cap, void *arg)
{
    tls_ctx **ctx = arg;
    (void)place;
    (void)attempt;
    (void)out;
    (void)cap;
    tls_ctx_free(*ctx); /* the last reference */
    *ctx = NULL;
    return -1;
}

static void a_context_by_its_password_callback(void)
{
    tls_ctx *ctx = tls_ctx_new(TLS_SERVER), *given = ctx;
    CHECK_EQ(tls_ctx_set_password_callback(ctx, give_up, &ctx, NULL), TLS_OK);
    CHECK(tls_ctx_add_pkcs12_file(given, pki("../keys/openssl-3des.p12"), NULL) < 0);
    CHECK(ctx == NULL);
}

static int64_t free_verify(void *arg)
{
    tls_verify **verify = arg;
    tls_verify_free(*verify);
    return 1767225600; /* 2026-01-01 */
}

static void a_verification_by_the_clock(void)
{
    static tls_verify *verify; /* it is left, and no leak to those who look for some */
    tls_ctx *ctx = client_ctx();
    CHECK_EQ(tls_ctx_set_clock(ctx, free_verify, &verify, NULL), TLS_OK);
    verify = tls_verify_new(ctx);
    CHECK_EQ(tls_verify_file(verify, pki("server-p256.pem")), TLS_OK);
    tls_verify_free(verify);
    tls_ctx_free(ctx);
}

static int free_lent(tls_pending *pending, const tls_verdict *verdict, void *arg)
{
    (void)verdict;
    ++*(int *)arg;
    tls_pending_free(pending); /* it was only lent */
    return TLS_ERR_IO;
}

static void a_question_by_its_callback(void)
{
    tls_ctx *client = client_ctx();
    int asked = 0;
    struct pair p;
    CHECK_EQ(tls_ctx_set_verify_callback(client, free_lent, &asked, NULL), TLS_OK);
    p = pair_of(client, server_ctx("p256"));
    CHECK(pair_handshake(&p, 4096) < 0);
    CHECK_EQ(asked, 1);
    pair_free(&p);
}

int main(void)
{
    a_context_by_its_password_callback();
    a_verification_by_the_clock();
    a_question_by_its_callback();
    return checks_done();
}
