/* Keys that programs give when they are asked: pre-shared keys, ticket keys, a client's certificate. */
#include "trace.h"

#include <openssl/core_names.h>
#include <openssl/params.h>

static int no_key;

static unsigned int psk_client(SSL *ssl, const char *hint, char *identity, unsigned int max_identity, unsigned char *psk, unsigned int max_psk)
{
    say("client asked", "hint %s, room %d %d, SSL %d", hint ? hint : "none", max_identity >= 128, max_psk >= 256, ssl != NULL);
    snprintf(identity, max_identity, "someone");
    memset(psk, 7, 16);
    return no_key & 1 ? 0 : 16;
}

static unsigned int psk_server(SSL *ssl, const char *identity, unsigned char *psk, unsigned int max_psk)
{
    say("server asked", "%s, room %d, SSL %d", identity, max_psk >= 256, ssl != NULL);
    memset(psk, 7, 16);
    return no_key & 2 ? 0 : 16;
}

static void psk(const char *name, int of_ssl, const char *hint, int without, const char *list)
{
    struct ends ends = {.server_ctx = server_context("server-p256"), .client_ctx = client_context()};

    theme = name;
    no_key = without;
    SSL_CTX_set_cipher_list(ends.client_ctx, list);
    SSL_CTX_set_cipher_list(ends.server_ctx, list);
    if (hint != NULL)
        say("hint", "%d", SSL_CTX_use_psk_identity_hint(ends.server_ctx, hint));
    if (!of_ssl) {
        SSL_CTX_set_psk_client_callback(ends.client_ctx, psk_client);
        SSL_CTX_set_psk_server_callback(ends.server_ctx, psk_server);
    }
    connect_ends(&ends, 0);
    if (of_ssl) {
        SSL_set_psk_client_callback(ends.client, psk_client);
        SSL_set_psk_server_callback(ends.server, psk_server);
    }
    say("complete", "%d", shake(&ends, NULL));
    if (SSL_is_init_finished(ends.client)) {
        say("identity", "%s", SSL_get_psk_identity(ends.server));
        say("cipher", "%s", SSL_get_cipher_name(ends.server));
    }
    ERR_clear_error();
    free_ends(&ends);
}

static int calls, opens, refuse, renew;

static int ticket_key(SSL *ssl, unsigned char *name, unsigned char *iv, EVP_CIPHER_CTX *cipher, EVP_MAC_CTX *mac, int enc)
{
    static unsigned char key[32] = "the key of the cipher", mac_key[32] = "the key of the MAC";
    OSSL_PARAM params[3];

    calls++;
    if (refuse)
        return 0;
    if (enc) {
        memcpy(name, "name of the key.", 16);
        RAND_bytes(iv, 16);
        EVP_EncryptInit_ex(cipher, EVP_aes_256_cbc(), NULL, key, iv);
    } else {
        opens += memcmp(name, "name of the key.", 16) == 0;
        EVP_DecryptInit_ex(cipher, EVP_aes_256_cbc(), NULL, key, iv);
    }
    params[0] = OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, mac_key, sizeof(mac_key));
    params[1] = OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)"SHA256", 0);
    params[2] = OSSL_PARAM_construct_end();
    return EVP_MAC_CTX_set_params(mac, params) == 1 && ssl != NULL ? (renew && !enc ? 2 : 1) : -1;
}

static SSL_SESSION *once(SSL_CTX *server, SSL_CTX *client, SSL_SESSION *session, const char *label)
{
    struct ends ends = {.server_ctx = server, .client_ctx = client};

    connect_ends(&ends, 0);
    if (session != NULL)
        SSL_set_session(ends.client, session);
    shake(&ends, NULL);
    say(label, "reused %d, ticket %d", SSL_session_reused(ends.client), SSL_SESSION_has_ticket(SSL_get0_session(ends.client)));
    SSL_SESSION_free(session);
    session = SSL_get1_session(ends.client);
    SSL_shutdown(ends.client);
    SSL_shutdown(ends.server);
    SSL_free(ends.client);
    SSL_free(ends.server);
    return session;
}

static void tickets(void)
{
    SSL_CTX *server = server_context("server-p256"), *other = server_context("server-p256"), *client = client_context();
    SSL_SESSION *session;

    theme = "secrets.ticket";
    say("set", "%d", SSL_CTX_set_tlsext_ticket_key_evp_cb(server, ticket_key));
    SSL_CTX_set_tlsext_ticket_key_evp_cb(other, ticket_key);
    session = once(server, client, NULL, "first");
    say("asked", "%d", calls > 0);
    session = once(other, client, session, "another host");
    say("opened", "%d", opens > 0);
    renew = 1;
    session = once(server, client, session, "renewed");
    refuse = 1;
    session = once(other, client, session, "refused");
    SSL_SESSION_free(session);
    SSL_CTX_free(server);
    SSL_CTX_free(other);
    SSL_CTX_free(client);
}

static int answer;

static int give_key(SSL *ssl, void *arg)
{
    say("asked for a certificate", "%s", (char *)arg);
    if (answer > 0) {
        SSL_use_certificate_file(ssl, PKI "client-p256.pem", SSL_FILETYPE_PEM);
        SSL_use_PrivateKey_file(ssl, PKI "client-p256.key", SSL_FILETYPE_PEM);
    }
    return answer;
}

static int give_pair(SSL *ssl, X509 **cert, EVP_PKEY **key)
{
    BIO *certs = BIO_new_file(PKI "client-p256.pem", "r"), *keys = BIO_new_file(PKI "client-p256.key", "r");

    (void)ssl;
    *cert = PEM_read_bio_X509(certs, NULL, NULL, NULL);
    *key = PEM_read_bio_PrivateKey(keys, NULL, NULL, NULL);
    BIO_free(certs);
    BIO_free(keys);
    return 1;
}

/* `how`: c(ontext's callback), s(SL's), o(ld one). */
static void clients(const char *name, char how, int said)
{
    struct ends ends = {.server_ctx = server_context("server-p256"), .client_ctx = client_context()};

    theme = name;
    answer = said;
    SSL_CTX_load_verify_locations(ends.server_ctx, PKI "ca.pem", NULL);
    SSL_CTX_load_verify_locations(ends.server_ctx, PKI "int.pem", NULL);
    X509_STORE_set_flags(SSL_CTX_get_cert_store(ends.server_ctx), X509_V_FLAG_PARTIAL_CHAIN);
    SSL_CTX_set_verify(ends.server_ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    if (how == 'c')
        SSL_CTX_set_cert_cb(ends.client_ctx, give_key, (void *)"argument");
    if (how == 'o')
        SSL_CTX_set_client_cert_cb(ends.client_ctx, give_pair);
    connect_ends(&ends, 0);
    if (how == 's')
        SSL_set_cert_cb(ends.client, give_key, (void *)"argument");
    say("complete", "%d", shake(&ends, NULL));
    say("peer", "%d", SSL_get0_peer_certificate(ends.server) != NULL);
    ERR_clear_error();
    free_ends(&ends);
}

void trace_secrets(void)
{
    psk("secrets.psk", 0, NULL, 0, "PSK-AES128-GCM-SHA256");
    psk("secrets.psk of SSL", 1, NULL, 0, "PSK-AES128-GCM-SHA256");
    psk("secrets.psk with a hint", 0, "some hint", 0, "ECDHE-PSK-CHACHA20-POLY1305");
    psk("secrets.psk without the client's", 0, NULL, 1, "PSK-AES128-GCM-SHA256");
    psk("secrets.psk without the server's", 0, NULL, 2, "PSK-AES128-GCM-SHA256");
    tickets();
    clients("secrets.certificate", 'c', 1);
    clients("secrets.certificate of SSL", 's', 1);
    clients("secrets.no certificate", 'c', 0);
    clients("secrets.old callback", 'o', 1);
}
