/* What programs ask certificates, contexts and connections: names, suites, CAs, parameters. */
#include "trace.h"

static X509 *read_cert(const char *path)
{
    BIO *bio = BIO_new_file(path, "r");
    X509 *cert = PEM_read_bio_X509(bio, NULL, NULL, NULL);

    BIO_free(bio);
    return cert;
}

static void names(void)
{
    static const char *const hosts[] = {"localhost", "LOCALHOST", "a.wild.test", "wild.test", "a.b.wild.test", "other.test", "", "127.0.0.1"};
    static const unsigned char address[] = {127, 0, 0, 1}, other[] = {127, 0, 0, 2};
    X509 *cert = read_cert(PKI "server-rsa.pem"), *all = read_cert("tests/keys/all-names.pem"), *cn = read_cert(PKI "self-leaf.pem");
    GENERAL_NAMES *san;
    char *peer = NULL;
    int critical = 7;

    theme = "asked.name";
    for (size_t i = 0; i < sizeof(hosts) / sizeof(*hosts); i++) {
        int found = X509_check_host(cert, hosts[i], 0, 0, &peer);

        say(hosts[i], "%d %s, without wildcards %d", found, peer ? peer : "none",
            X509_check_host(cert, hosts[i], strlen(hosts[i]), X509_CHECK_FLAG_NO_WILDCARDS, NULL));
        OPENSSL_free(peer);
        peer = NULL;
    }
    say("NUL", "%d", X509_check_host(cert, "localhost\0x", 11, 0, NULL));
    say("address", "%d %d %d", X509_check_ip(cert, address, 4, 0), X509_check_ip(cert, other, 4, 0), X509_check_ip_asc(cert, "127.0.0.1", 0));
    say("address as text", "%d %d", X509_check_ip_asc(cert, "127.0.0.2", 0), X509_check_ip_asc(cert, "nonsense", 0));
    say("mail", "%d %d %d", X509_check_email(all, "b@c.test", 0, 0), X509_check_email(all, "b@C.TEST", 0, 0), X509_check_email(all, "B@c.test", 0, 0));
    say("no mail", "%d", X509_check_email(cert, "b@c.test", 0, 0));

    san = X509_get_ext_d2i(all, NID_subject_alt_name, &critical, NULL);
    say("critical", "%d", critical);
    for (int i = 0; i < sk_GENERAL_NAME_num(san); i++) {
        GENERAL_NAME *name = sk_GENERAL_NAME_value(san, i);
        int kind = -1;
        ASN1_STRING *text = GENERAL_NAME_get0_value(name, &kind);

        if (name->type == GEN_DNS || name->type == GEN_EMAIL || name->type == GEN_URI)
            say("general name", "%d %d %.*s", name->type, kind, ASN1_STRING_length(text), (const char *)ASN1_STRING_get0_data(name->d.ia5));
        if (name->type == GEN_IPADD)
            say("general address", "%d bytes, %d", ASN1_STRING_length(name->d.iPAddress), ASN1_STRING_get0_data(name->d.iPAddress)[0]);
        if (name->type == GEN_DIRNAME)
            say("general directory", "%d entries", X509_NAME_entry_count(name->d.directoryName));
        if (name->type == GEN_RID)
            say("general id", "%d", OBJ_obj2nid(name->d.registeredID));
    }
    sk_GENERAL_NAME_pop_free(san, GENERAL_NAME_free);
    san = X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL);
    say("general names", "%d", sk_GENERAL_NAME_num(san) > 0);
    GENERAL_NAMES_free(san);
    X509_free(cn);
    cn = read_cert(PKI "ca.pem");
    say("none", "%d", X509_get_ext_d2i(cn, NID_subject_alt_name, &critical, NULL) == NULL);
    say("none is", "%d", critical);
    ERR_clear_error();
    X509_free(cn);
    X509_free(all);
    X509_free(cert);
}

static void suites(void)
{
    struct ends ends = {.server_ctx = server_context("server-p256"), .client_ctx = client_context()};
    const char *list = "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256";
    static const unsigned char number[] = {0xc0, 0x2b}, none[] = {0xff, 0xfe};
    STACK_OF(SSL_CIPHER) *ciphers;
    SSL *ssl;

    theme = "asked.suite";
    SSL_CTX_set_cipher_list(ends.client_ctx, list);
    SSL_CTX_set_ciphersuites(ends.client_ctx, "");
    ciphers = SSL_CTX_get_ciphers(ends.client_ctx);
    say("of context", "%d, first %s", sk_SSL_CIPHER_num(ciphers), SSL_CIPHER_get_name(sk_SSL_CIPHER_value(ciphers, 0)));
    connect_ends(&ends, 0);
    ssl = ends.client;
    for (int i = 0; i < 4; i++)
        say("in list", "%s", SSL_get_cipher_list(ssl, i) ? SSL_get_cipher_list(ssl, i) : "none");
    SSL_set_cipher_list(ssl, "ECDHE-ECDSA-AES128-GCM-SHA256");
    ciphers = SSL_get_ciphers(ssl);
    say("of SSL", "%d, %s", sk_SSL_CIPHER_num(ciphers), SSL_CIPHER_get_name(sk_SSL_CIPHER_value(ciphers, 0)));
    ciphers = SSL_get1_supported_ciphers(ssl);
    say("supported", "%d", sk_SSL_CIPHER_num(ciphers));
    sk_SSL_CIPHER_free(ciphers);
    say("found", "%s %d", SSL_CIPHER_get_name(SSL_CIPHER_find(ssl, number)), SSL_CIPHER_find(ssl, none) == NULL);
    say("of the client", "%d", SSL_get_client_ciphers(ssl) == NULL);
    shake(&ends, "results");
    free_ends(&ends);
}

static void authorities(void)
{
    struct ends ends = {.server_ctx = server_context("server-p256"), .client_ctx = client_context()};
    STACK_OF(X509_NAME) *list;
    X509 *other = read_cert(PKI "other-ca.pem");
    char text[256];

    theme = "asked.CA";
    say("none", "%d", sk_X509_NAME_num(SSL_CTX_get_client_CA_list(ends.server_ctx)));
    list = SSL_load_client_CA_file(PKI "ca.pem");
    say("more", "%d", SSL_add_file_cert_subjects_to_stack(list, PKI "other-ca.pem"));
    say("again", "%d, %d", SSL_add_file_cert_subjects_to_stack(list, PKI "other-ca.pem"), sk_X509_NAME_num(list));
    say("no file", "%d", SSL_add_file_cert_subjects_to_stack(list, "no such file"));
    ERR_clear_error();
    SSL_CTX_set_client_CA_list(ends.server_ctx, list);
    say("of context", "%d", sk_X509_NAME_num(SSL_CTX_get_client_CA_list(ends.server_ctx)));
    SSL_CTX_set_verify(ends.server_ctx, SSL_VERIFY_PEER, NULL);
    connect_ends(&ends, 0);
    say("of SSL", "%d", sk_X509_NAME_num(SSL_get_client_CA_list(ends.server)));
    say("before", "%d", sk_X509_NAME_num(SSL_get_client_CA_list(ends.client)));
    say("one more", "%d", SSL_add_client_CA(ends.server, other));
    shake(&ends, "results");
    list = SSL_get_client_CA_list(ends.client);
    say("sent", "%d", sk_X509_NAME_num(list));
    say("the first", "%s", X509_NAME_oneline(sk_X509_NAME_value(list, 0), text, sizeof(text)));
    X509_free(other);
    free_ends(&ends);
}

static void parameters(void)
{
    struct ends ends = {.server_ctx = server_context("server-p256"), .client_ctx = client_context()};

    theme = "asked.parameter";
    SSL_CTX_load_verify_locations(ends.client_ctx, PKI "ca.pem", NULL);
    SSL_CTX_set_verify(ends.client_ctx, SSL_VERIFY_PEER, NULL);
    X509_VERIFY_PARAM_set_depth(SSL_CTX_get0_param(ends.client_ctx), 7);
    say("depth", "%d", SSL_CTX_get_verify_depth(ends.client_ctx));
    connect_ends(&ends, 0);
    say("depth of SSL", "%d", X509_VERIFY_PARAM_get_depth(SSL_get0_param(ends.client)));
    X509_VERIFY_PARAM_set_hostflags(SSL_get0_param(ends.client), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    say("host", "%d", X509_VERIFY_PARAM_set1_host(SSL_get0_param(ends.client), "other.test", 0));
    shake(&ends, "results");
    errors("errors");
    say("result", "%ld", SSL_get_verify_result(ends.client));
    free_ends(&ends);
}

static void buffers(void)
{
    BIO *bio = BIO_new(BIO_s_mem());
    BUF_MEM *memory = NULL, *own = BUF_MEM_new();
    char text[8] = "";

    theme = "asked.buffer";
    BIO_get_mem_ptr(bio, &memory);
    say("empty", "%zu", memory->length);
    BIO_write(bio, "some text", 9);
    say("alive", "%zu", memory->length);
    BIO_read(bio, text, 5);
    BIO_get_mem_ptr(bio, &memory);
    say("the rest", "%zu %.4s", memory->length, memory->data);
    BIO_set_close(bio, BIO_NOCLOSE);
    BIO_free(bio);
    say("kept", "%.4s", memory->data);
    BUF_MEM_free(memory);
    say("grow", "%zu %zu", BUF_MEM_grow(own, 10), own->length);
    BUF_MEM_free(own);
    say("printed", "%d %d", BIO_snprintf(text, 5, "%s", "abcdefgh"), BIO_snprintf(text, 5, "%s", "abcd"));
}

void trace_asked(void)
{
    names();
    suites();
    authorities();
    parameters();
    buffers();
}
