#include "trace.h"

static char asked[64];
static int password(char *buf, int size, int rwflag, void *arg)
{
    snprintf(asked, sizeof(asked), "size %d, rwflag %d", size, rwflag);
    if (arg == NULL)
        return -1;
    memcpy(buf, arg, strlen(arg));
    return (int)strlen(arg);
}

static void settings(void)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_method());

    theme = "context.settings";
    say("options", "%#llx", (unsigned long long)SSL_CTX_get_options(ctx));
    say("set options", "%#llx", (unsigned long long)SSL_CTX_set_options(ctx, SSL_OP_NO_TICKET));
    say("clear options", "%#llx", (unsigned long long)SSL_CTX_clear_options(ctx, SSL_OP_NO_TICKET));
    say("mode", "%ld", SSL_CTX_get_mode(ctx));
    say("set mode", "%ld", SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE));
    say("clear mode", "%ld", SSL_CTX_clear_mode(ctx, SSL_MODE_AUTO_RETRY));
    say("verify mode", "%d", SSL_CTX_get_verify_mode(ctx));
    say("verify depth", "%d", SSL_CTX_get_verify_depth(ctx));
    say("cache mode", "%ld, was %ld", SSL_CTX_get_session_cache_mode(ctx),
        SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF));
    say("cache size", "%ld", SSL_CTX_sess_get_cache_size(ctx));
    say("timeout", "%ld, was %ld", SSL_CTX_get_timeout(ctx), SSL_CTX_set_timeout(ctx, 100));
    say("level", "%d", SSL_CTX_get_security_level(ctx));
    say("min", "%ld", SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION));
    say("bad min", "%ld", SSL_CTX_set_min_proto_version(ctx, 0x9999));
    say("min is", "%#lx", (unsigned long)SSL_CTX_get_min_proto_version(ctx));
    say("max is", "%#lx", (unsigned long)SSL_CTX_get_max_proto_version(ctx));
    ERR_clear_error();
    say("ciphers", "%d", SSL_CTX_set_cipher_list(ctx, "ECDHE+AESGCM:!aNULL"));
    say("no cipher", "%d", SSL_CTX_set_cipher_list(ctx, "NONSENSE"));
    errors("no cipher error");
    say("ciphersuites", "%d", SSL_CTX_set_ciphersuites(ctx, "TLS_AES_128_GCM_SHA256"));
    say("bad ciphersuites", "%d", SSL_CTX_set_ciphersuites(ctx, "NONSENSE"));
    ERR_clear_error();
    say("groups", "%ld", (long)SSL_CTX_set1_groups_list(ctx, "X25519:P-256"));
    say("bad groups", "%ld", (long)SSL_CTX_set1_groups_list(ctx, "NONSENSE"));
    ERR_clear_error();
    say("alpn", "%d", SSL_CTX_set_alpn_protos(ctx, (const unsigned char *)"\2h2", 3));
    say("session id context", "%d", SSL_CTX_set_session_id_context(ctx, (const unsigned char *)"id", 2));
    say("long session id context", "%d",
        SSL_CTX_set_session_id_context(ctx, (const unsigned char *)"0123456789012345678901234567890123456789", 40));
    errors("long session id context error");
    say("up_ref", "%d", SSL_CTX_up_ref(ctx));
    SSL_CTX_free(ctx);
    SSL_CTX_free(ctx);
    say("NULL method", "%d", SSL_CTX_new(NULL) == NULL);
    errors("NULL method error");
    SSL_CTX_free(NULL);
}

static void files(void)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_method());

    theme = "context.files";
    say("check nothing", "%d", SSL_CTX_check_private_key(ctx));
    errors("check nothing error");
    say("no chain file", "%d", SSL_CTX_use_certificate_chain_file(ctx, "/nonexistent"));
    errors("no chain file error");
    say("no certificate in it", "%d", SSL_CTX_use_certificate_chain_file(ctx, PKI "server-rsa.key"));
    errors("no certificate in it error");
    say("chain", "%d", SSL_CTX_use_certificate_chain_file(ctx, PKI "server-rsa.pem"));
    errors("chain error");
    say("check without key", "%d", SSL_CTX_check_private_key(ctx));
    errors("check without key error");
    say("no key file", "%d", SSL_CTX_use_PrivateKey_file(ctx, "/nonexistent", SSL_FILETYPE_PEM));
    errors("no key file error");
    say("other key", "%d", SSL_CTX_use_PrivateKey_file(ctx, PKI "server-rsa4096.key", SSL_FILETYPE_PEM));
    errors("other key error");
    say("bad kind", "%d", SSL_CTX_use_PrivateKey_file(ctx, PKI "server-rsa.key", 77));
    errors("bad kind error");
    say("key", "%d", SSL_CTX_use_PrivateKey_file(ctx, PKI "server-rsa.key", SSL_FILETYPE_PEM));
    say("check", "%d", SSL_CTX_check_private_key(ctx));
    say("certificate is there", "%d", SSL_CTX_get0_certificate(ctx) != NULL);
    say("CA", "%d", SSL_CTX_load_verify_locations(ctx, PKI "ca.pem", NULL));
    say("no CA", "%d", SSL_CTX_load_verify_locations(ctx, "/nonexistent", NULL));
    errors("no CA error");
    say("no location", "%d", SSL_CTX_load_verify_locations(ctx, NULL, NULL));
    ERR_clear_error();
    say("CA list", "%d", SSL_load_client_CA_file("/nonexistent") == NULL);
    ERR_clear_error();

    SSL_CTX_set_default_passwd_cb(ctx, password);
    say("no password", "%d", SSL_CTX_use_PrivateKey_file(ctx, PKI "server-rsa-encrypted.key", SSL_FILETYPE_PEM));
    say("asked", "%s", asked);
    ERR_clear_error();
    SSL_CTX_set_default_passwd_cb_userdata(ctx, (void *)"wrong");
    say("wrong password", "%d", SSL_CTX_use_PrivateKey_file(ctx, PKI "server-rsa-encrypted.key", SSL_FILETYPE_PEM));
    ERR_clear_error();
    SSL_CTX_set_default_passwd_cb_userdata(ctx, (void *)"secret");
    say("password", "%d", SSL_CTX_use_PrivateKey_file(ctx, PKI "server-rsa-encrypted.key", SSL_FILETYPE_PEM));
    ERR_clear_error();
    SSL_CTX_free(ctx);
}

void trace_context(void)
{
    settings();
    files();
}
