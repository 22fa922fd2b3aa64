/* What stays decided: on resumed sessions, behind what a callback overrules, with keys of several kinds; and programs' own
   functions that ask while something goes. */
#include "trace.h"

static const int *allowed;
static int verdicts;

static int overrule(int ok, X509_STORE_CTX *ctx)
{
    int error = X509_STORE_CTX_get_error(ctx);

    if (!ok)
        say("told", "%d at %d", error, X509_STORE_CTX_get_error_depth(ctx));
    for (const int *a = allowed; !ok && *a != 0; a++) {
        if (*a == error)
            return 1;
    }
    return ok;
}

/* CRLs are asked about, whoever is trusted. */
static void crl(const char *server, const char *first, const char *second, const int *allow, unsigned long flags)
{
    struct ends ends = {.server_ctx = server_context(server), .client_ctx = client_context()};
    const char *const files[] = {first, second};
    char path[256], name[128];

    snprintf(name, sizeof(name), "holding.CRL %s, %s, %s, %d, %#lx", server, first, second ? second : "none", allow[0], flags);
    theme = name;
    allowed = allow;
    for (int i = 0; i < 2 && files[i] != NULL; i++) {
        snprintf(path, sizeof(path), PKI "%s.pem", files[i]);
        SSL_CTX_load_verify_locations(ends.client_ctx, path, NULL);
    }
    X509_STORE_set_flags(SSL_CTX_get_cert_store(ends.client_ctx), flags);
    SSL_CTX_set_verify(ends.client_ctx, SSL_VERIFY_PEER, overrule);
    connect_ends(&ends, 0);
    shake(&ends, "results");
    say("result", "%ld", SSL_get_verify_result(ends.client));
    ERR_clear_error();
    free_ends(&ends);
}
#define ALLOW(...) ((const int[]){__VA_ARGS__, 0})

static int accept_all(X509_STORE_CTX *ctx, void *arg)
{
    (void)arg;
    verdicts++;
    X509_STORE_CTX_set_error(ctx, X509_V_OK);
    return 1;
}
static int make_good(int ok, X509_STORE_CTX *ctx)
{
    (void)ok;
    verdicts++;
    X509_STORE_CTX_set_error(ctx, X509_V_OK);
    return 1;
}
static int let_pass(int ok, X509_STORE_CTX *ctx)
{
    (void)ok, (void)ctx;
    verdicts++;
    return 1;
}

/* A server that judges its clients by itself: c(ert_verify_callback), g(ood), p(ass). */
static void resumed(const char *name, char how, uint64_t options)
{
    struct ends ends = {.server_ctx = server_context("server-p256"), .client_ctx = client_context()};
    SSL_SESSION *session;

    theme = name;
    verdicts = 0;
    SSL_CTX_set_options(ends.server_ctx, options);
    SSL_CTX_set_session_id_context(ends.server_ctx, (const unsigned char *)"x", 1);
    SSL_CTX_set_verify(ends.server_ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, how == 'g' ? make_good : how == 'p' ? let_pass : NULL);
    if (how == 'c')
        SSL_CTX_set_cert_verify_callback(ends.server_ctx, accept_all, NULL);
    SSL_CTX_use_certificate_chain_file(ends.client_ctx, PKI "client-p256.pem");
    SSL_CTX_use_PrivateKey_file(ends.client_ctx, PKI "client-p256.key", SSL_FILETYPE_PEM);
    connect_ends(&ends, 0);
    shake(&ends, "first");
    say("result", "%ld", SSL_get_verify_result(ends.server));
    session = SSL_get1_session(ends.client);
    SSL_shutdown(ends.client);
    SSL_shutdown(ends.server);
    SSL_free(ends.client);
    SSL_free(ends.server);
    say("asked", "%d", verdicts > 0);
    verdicts = 0;
    connect_ends(&ends, 0);
    SSL_set_session(ends.client, session);
    shake(&ends, "second");
    say("reused", "%d", SSL_session_reused(ends.server));
    say("result then", "%ld, peer %d", SSL_get_verify_result(ends.server), SSL_get0_peer_certificate(ends.server) != NULL);
    say("asked again", "%d", verdicts > 0);
    SSL_SESSION_free(session);
    free_ends(&ends);
}

/* Certificates of two kinds on one SSL. */
static void kinds(const char *name, int on_context, const char *list)
{
    struct ends ends = {.server_ctx = on_context ? server_context("server-rsa") : SSL_CTX_new(TLS_server_method()), .client_ctx = client_context()};

    theme = name;
    SSL_CTX_set_cipher_list(ends.client_ctx, list);
    connect_ends(&ends, 0);
    if (!on_context) {
        say("RSA", "%d", SSL_use_certificate_chain_file(ends.server, PKI "server-rsa.pem"));
        say("its key", "%d", SSL_use_PrivateKey_file(ends.server, PKI "server-rsa.key", SSL_FILETYPE_PEM));
    }
    say("ECDSA", "%d", SSL_use_certificate_file(ends.server, PKI "server-p256.pem", SSL_FILETYPE_PEM));
    say("its key", "%d", SSL_use_PrivateKey_file(ends.server, PKI "server-p256.key", SSL_FILETYPE_PEM));
    shake(&ends, "results");
    say("cipher", "%s", SSL_get_cipher_name(ends.client));
    ERR_clear_error();
    free_ends(&ends);
}

/* Certificates that are weaker than the level are not taken. */
static void weak(const char *cert, int of_context)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
    char path[256], name[64];
    SSL *ssl;

    snprintf(name, sizeof(name), "holding.weak %s at %d", cert, of_context);
    theme = name;
    SSL_CTX_set_security_level(ctx, of_context);
    ssl = SSL_new(ctx);
    snprintf(path, sizeof(path), PKI "%s.pem", cert);
    say("chain file", "%d", SSL_CTX_use_certificate_chain_file(ctx, path));
    errors("errors");
    say("file", "%d", SSL_CTX_use_certificate_file(ctx, path, SSL_FILETYPE_PEM));
    errors("errors");
    say("of the SSL", "%d", SSL_use_certificate_file(ssl, path, SSL_FILETYPE_PEM));
    errors("errors");
    SSL_free(ssl);
    SSL_CTX_free(ctx);
}

/* An SSL as a filter is ready for another connection when it was reset. */
static void filter(void)
{
    SSL_CTX *client = client_context(), *server = server_context("server-p256");
    BIO *filter = BIO_new_ssl(client, 1), *near, *far;
    SSL *ssl = NULL, *peer;
    char buffer[8];

    theme = "holding.reset";
    for (int round = 0; round < 2; round++) {
        int done = 0;

        BIO_new_bio_pair(&near, 0, &far, 0);
        if (round > 0)
            BIO_free(BIO_pop(filter));
        BIO_push(filter, near);
        peer = SSL_new(server);
        SSL_set_bio(peer, far, far);
        SSL_set_accept_state(peer);
        for (int i = 0; i < 20 && !done; i++) {
            done = BIO_do_handshake(filter) == 1;
            done &= SSL_do_handshake(peer) == 1;
        }
        say("handshake", "%d", done);
        say("write", "%d", BIO_write(filter, "hello", 5));
        say("read", "%d", SSL_read(peer, buffer, sizeof(buffer)));
        BIO_get_ssl(filter, &ssl);
        say("finished", "%d", SSL_is_init_finished(ssl));
        BIO_reset(filter);
        say("after the reset", "%d %d, shutdown %d", SSL_is_init_finished(ssl), SSL_in_before(ssl), SSL_get_shutdown(ssl));
        say("the peer", "%d", SSL_read(peer, buffer, sizeof(buffer)));
        ERR_clear_error();
        SSL_free(peer);
    }
    BIO_free_all(filter);
    SSL_CTX_free(client);
    SSL_CTX_free(server);
}

static void names(void)
{
    static const int nids[] = {NID_undef, NID_md5, NID_sha1, NID_sha224, NID_sha256, NID_md5WithRSAEncryption, NID_sha224WithRSAEncryption,
                               NID_ecdsa_with_SHA1, NID_ecdsa_with_SHA224, NID_ecdsa_with_SHA256, NID_ecdsa_with_SHA512};
    char text[32];

    theme = "holding.objects";
    for (size_t i = 0; i < sizeof(nids) / sizeof(*nids); i++) {
        snprintf(text, sizeof(text), "%d", nids[i]);
        say(text, "%s %s", OBJ_nid2sn(nids[i]), OBJ_nid2ln(nids[i]));
    }
    say("unknown", "%d %d %d", OBJ_txt2nid("no such"), OBJ_sn2nid("no such"), OBJ_nid2sn(123456) == NULL);
    say("undefined", "%d %d", OBJ_txt2nid("UNDEF"), OBJ_txt2nid("undefined"));
    ERR_clear_error();
}

/* Programs' functions for what they hung on objects ask for what is in the object's place. */
static SSL_CTX *asked_ctx;
static SSL *asked_ssl;
static int place;
static void freed(void *parent, void *data, CRYPTO_EX_DATA *all, int index, long number, void *arg)
{
    (void)parent, (void)all, (void)index, (void)number, (void)arg;
    if (data == NULL)
        return;
    say("freed", "%s", (const char *)data);
    if (place == 1)
        say("store", "%d", SSL_CTX_get_cert_store(asked_ctx) != NULL);
    if (place == 2)
        say("certificate", "%d", SSL_CTX_get0_certificate(asked_ctx) != NULL);
    if (place == 3) {
        (void)SSL_get_session(asked_ssl);
        say("session", "asked");
    }
    if (place == 4)
        say("own certificate", "%d", SSL_get_certificate(asked_ssl) != NULL);
}

static void functions_that_ask(void)
{
    struct ends ends = {.server_ctx = server_context("server-p256"), .client_ctx = client_context()};
    int of_store = CRYPTO_get_ex_new_index(CRYPTO_EX_INDEX_X509_STORE, 0, NULL, NULL, NULL, freed);
    int of_cert = CRYPTO_get_ex_new_index(CRYPTO_EX_INDEX_X509, 0, NULL, NULL, NULL, freed);
    int of_session = SSL_SESSION_get_ex_new_index(0, NULL, NULL, NULL, freed);

    theme = "holding.freed";
    asked_ctx = ends.server_ctx;
    place = 1;
    X509_STORE_set_ex_data(SSL_CTX_get_cert_store(asked_ctx), of_store, (void *)"the store");
    SSL_CTX_set_cert_store(asked_ctx, X509_STORE_new());
    place = 2;
    X509_set_ex_data(SSL_CTX_get0_certificate(asked_ctx), of_cert, (void *)"the certificate");
    SSL_CTX_use_certificate_file(asked_ctx, PKI "by-ca-p256.pem", SSL_FILETYPE_PEM);
    SSL_CTX_use_PrivateKey_file(asked_ctx, PKI "by-ca-p256.key", SSL_FILETYPE_PEM);
    connect_ends(&ends, 0);
    shake(&ends, "results");
    asked_ssl = ends.client;
    place = 3;
    SSL_SESSION_set_ex_data(SSL_get_session(asked_ssl), of_session, (void *)"the session");
    SSL_set_session(asked_ssl, NULL);
    place = 4;
    SSL_use_certificate_file(asked_ssl, PKI "client-p256.pem", SSL_FILETYPE_PEM);
    X509_set_ex_data(SSL_get_certificate(asked_ssl), of_cert, (void *)"the SSL's certificate");
    SSL_use_certificate_file(asked_ssl, PKI "by-ca-p256.pem", SSL_FILETYPE_PEM);
    place = 0;
    ERR_clear_error();
    free_ends(&ends);
}

/* SSL_MODE_RELEASE_BUFFERS and SSL_MODE_AUTO_RETRY, set and cleared, with data and a renegotiation. */
static void modes(const char *name, long set, long clear)
{
    struct ends ends = {.server_ctx = server_context("server-p256"), .client_ctx = client_context()};
    char buffer[64];
    int n, rounds = 0;

    theme = name;
    SSL_CTX_set_mode(ends.client_ctx, set);
    SSL_CTX_set_mode(ends.server_ctx, set);
    SSL_CTX_clear_mode(ends.client_ctx, clear);
    SSL_CTX_clear_mode(ends.server_ctx, clear);
    connect_ends(&ends, 0);
    shake(&ends, "results");
    result("write", ends.server, SSL_write(ends.server, "hello, client", 13));
    result("read", ends.client, SSL_read(ends.client, buffer, 5));
    say("pending", "%d %d", SSL_pending(ends.client), SSL_has_pending(ends.client));
    result("the rest", ends.client, SSL_read(ends.client, buffer, sizeof(buffer)));
    say("pending then", "%d %d", SSL_pending(ends.client), SSL_has_pending(ends.client));
    result("nothing", ends.client, SSL_read(ends.client, buffer, sizeof(buffer)));
    say("renegotiate", "%d", SSL_renegotiate(ends.server));
    say("asked", "%d", SSL_do_handshake(ends.server));
    do {
        n = SSL_read(ends.client, buffer, sizeof(buffer));
        SSL_read(ends.server, buffer, sizeof(buffer));
    } while (n < 0 && SSL_get_error(ends.client, n) == SSL_ERROR_WANT_READ && ++rounds < 8);
    say("done", "%d", SSL_is_init_finished(ends.client));
    result("write again", ends.server, SSL_write(ends.server, "again", 5));
    result("read again", ends.client, SSL_read(ends.client, buffer, sizeof(buffer)));
    ERR_clear_error();
    free_ends(&ends);
}

/* What SSL_get_verify_result says of a session that is set. */
static void result_of_session(void)
{
    struct ends ends = {.server_ctx = server_context("server-p256"), .client_ctx = client_context()};
    SSL *other;

    theme = "holding.session set";
    connect_ends(&ends, 0);
    shake(&ends, "results");
    other = SSL_new(ends.client_ctx);
    say("before", "%ld", SSL_get_verify_result(other));
    say("set", "%d", SSL_set_session(other, SSL_get_session(ends.client)));
    say("result", "%ld", SSL_get_verify_result(other));
    SSL_free(other);
    free_ends(&ends);
}

static void wiped(void)
{
    BUF_MEM *buffer = BUF_MEM_new();
    int grown = (int)BUF_MEM_grow(buffer, 8);

    theme = "holding.wiped";
    memset(buffer->data, 'x', 8);
    say("shorter", "%d %d", grown, (int)BUF_MEM_grow_clean(buffer, 3));
    say("behind", "%c %d %d", buffer->data[2], buffer->data[3], buffer->data[7]);
    BUF_MEM_free(buffer);
}

void trace_holding(void)
{
    wiped();
    modes("holding.modes", 0, 0);
    modes("holding.modes, released", SSL_MODE_RELEASE_BUFFERS, 0);
    modes("holding.modes, no retry", 0, SSL_MODE_AUTO_RETRY);
    result_of_session();
    crl("server-p256", "ca", "crl-int-revoked", ALLOW(19, 20, 21), X509_V_FLAG_CRL_CHECK);
    crl("server-p256", "crl-int-revoked", NULL, ALLOW(19, 20, 21), X509_V_FLAG_CRL_CHECK);
    crl("server-p256", "crl-int-revoked", "other-ca", ALLOW(19, 20, 21), X509_V_FLAG_CRL_CHECK);
    crl("server-p256", "other-ca", "crl-int-revoked", ALLOW(20, 3), X509_V_FLAG_CRL_CHECK);
    crl("server-p256", "other-ca", "crl-int", ALLOW(20), X509_V_FLAG_CRL_CHECK);
    crl("server-p256", "other-ca", "crl-int-revoked", ALLOW(20, 23), 0);
    crl("server-p256", "other-ca", "crl-ca", ALLOW(20), X509_V_FLAG_CRL_CHECK);
    crl("bad-expired", "ca", "crl-int-revoked", ALLOW(10), X509_V_FLAG_CRL_CHECK);
    crl("bad-eku", "ca", "crl-int-revoked", ALLOW(26), X509_V_FLAG_CRL_CHECK);
    crl("bad-cn-constrained", "ca", "crl-int-revoked", ALLOW(47), X509_V_FLAG_CRL_CHECK);
    crl("self-leaf", "ca", "crl-int-revoked", ALLOW(18), X509_V_FLAG_CRL_CHECK);
    resumed("holding.verdict in a ticket", 'c', 0);
    resumed("holding.verdict of an ID", 'c', SSL_OP_NO_TICKET);
    resumed("holding.verdict made good", 'g', 0);
    resumed("holding.verdict let pass", 'p', 0);
    kinds("holding.two kinds, RSA", 0, "ECDHE-RSA-AES128-GCM-SHA256");
    kinds("holding.two kinds, ECDSA", 0, "ECDHE-ECDSA-AES128-GCM-SHA256");
    kinds("holding.one kind of the context, RSA", 1, "ECDHE-RSA-AES128-GCM-SHA256");
    kinds("holding.one kind of the context, ECDSA", 1, "ECDHE-ECDSA-AES128-GCM-SHA256");
    for (int level = 0; level <= 3; level++) {
        weak("server-rsa1024", level);
        weak("bad-sha1", level);
        weak("server-rsa", level);
        weak("server-p256", level);
    }
    filter();
    names();
    functions_that_ask();
}
