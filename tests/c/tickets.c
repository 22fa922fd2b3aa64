/* Session tickets and the keys that seal them: of nginx and haproxy, changed live, derived, asked for. */
#define _POSIX_C_SOURCE 200809L
#include "check.h"
#include "support.h"

#include <stdlib.h>
#include <unistd.h>

static tls_ctx *client;

/* A server with its own context; what it seals tickets with is up to the test. */
static tls_ctx *host(void)
{
    return server_ctx("p256");
}

static int resumes(tls_ctx *server)
{
    struct pair p = pair_of(tls_ctx_ref(client), tls_ctx_ref(server));
    int resumed;
    CHECK_EQ(pair_handshake(&p, 900), TLS_OK);
    resumed = tls_conn_resumed(p.server);
    CHECK_EQ(tls_conn_resumed(p.client), resumed);
    pair_free(&p);
    return resumed;
}

/* A session of this server, taken out of the client's context. */
static tls_session *session_of(tls_ctx *server)
{
    struct pair p = pair_of(tls_ctx_ref(client), tls_ctx_ref(server));
    tls_session *session;
    CHECK_EQ(pair_handshake(&p, 900), TLS_OK);
    session = tls_conn_session(p.client);
    CHECK(session != NULL);
    pair_free(&p);
    return session;
}

static int resumes_with(tls_ctx *server, const tls_session *session)
{
    struct pair p = pair_of(tls_ctx_ref(client), tls_ctx_ref(server));
    int resumed;
    CHECK_EQ(tls_conn_set_session(p.client, session), TLS_OK);
    CHECK_EQ(pair_handshake(&p, 900), TLS_OK);
    resumed = tls_conn_resumed(p.server);
    pair_free(&p);
    return resumed;
}

static void fresh_client(size_t cache)
{
    tls_ctx_free(client);
    client = client_ctx();
    CHECK_EQ(tls_ctx_set_client_session_cache(client, cache), TLS_OK);
}

/* A copy shares sessions and keys with its origin, and no setting that follows. */
static void test_copies(void)
{
    tls_ctx *server = host(), *copy = tls_ctx_dup(server), *stranger = host();
    tls_session *session;
    char list[4096], same[4096];
    fresh_client(0);
    CHECK(copy != NULL && copy != server);
    CHECK(tls_ctx_dup(NULL) == NULL);
    CHECK(tls_ctx_ciphers(server, list, sizeof list) > 0);
    CHECK_EQ(tls_ctx_set_cipher_list(copy, "ECDHE-ECDSA-AES128-GCM-SHA256"), TLS_OK);
    CHECK(tls_ctx_ciphers(server, same, sizeof same) > 0);
    CHECK_STR(same, list);
    CHECK(tls_ctx_ciphers(copy, same, sizeof same) > 0);
    CHECK_STR(same, "ECDHE-ECDSA-AES128-GCM-SHA256");
    session = session_of(copy);
    CHECK_EQ(resumes_with(server, session), 1);
    CHECK_EQ(resumes_with(stranger, session), 0);
    tls_ctx_free(server);
    CHECK_EQ(resumes_with(copy, session), 1);
    tls_session_free(session);
    tls_ctx_free(copy);
    tls_ctx_free(stranger);
}

static void test_defaults(void)
{
    tls_ctx *server = host(), *other = host();
    tls_session *session;
    fresh_client(8);
    CHECK_EQ(resumes(server), 0);
    CHECK_EQ(resumes(server), 1);
    session = session_of(server);
    CHECK_EQ(tls_session_has_ticket(session), 1);
    CHECK(tls_session_id(session, NULL) == NULL);
    tls_session_free(session);
    CHECK_EQ(resumes(other), 0); /* each context has random keys of its own */
    CHECK_EQ(tls_ctx_set_tickets(other, 0), TLS_OK);
    session = session_of(other);
    CHECK_EQ(tls_session_has_ticket(session), 0);
    CHECK(tls_session_id(session, NULL) != NULL);
    tls_session_free(session);
    tls_ctx_free(server);
    tls_ctx_free(other);
}

static void write_file(const char *path, const void *bytes, size_t len)
{
    FILE *f = fopen(path, "wb");
    CHECK(f != NULL && fwrite(bytes, 1, len, f) == len);
    if (f != NULL)
        fclose(f);
}

/* One raw key in a file: nginx. */
static void test_nginx_files(void)
{
    static const size_t lens[] = {48, 80};
    const char *dir = getenv("BUILD");
    char path[512];
    unsigned char key[81];
    size_t i;
    int fd;
    snprintf(path, sizeof path, "%s/ticket-keys-XXXXXX", dir != NULL ? dir : "build");
    fd = mkstemp(path);
    close(fd);
    for (i = 0; i < 2; i++) {
        tls_ctx *one = host(), *two = host(), *three = host();
        fresh_client(8);
        fill(key, sizeof key, 7);
        write_file(path, key, lens[i]);
        CHECK_EQ(tls_ctx_set_ticket_keys_file(one, path), TLS_OK);
        CHECK_EQ(tls_ctx_set_ticket_keys_mem(two, key, lens[i]), TLS_OK);
        fill(key, sizeof key, 8);
        CHECK_EQ(tls_ctx_set_ticket_keys_mem(three, key, lens[i]), TLS_OK);
        CHECK_EQ(resumes(one), 0);
        CHECK_EQ(resumes(two), 1);
        CHECK_EQ(resumes(three), 0);
        tls_ctx_free(one);
        tls_ctx_free(two);
        tls_ctx_free(three);
    }
    write_file(path, key, 81);
    {
        tls_ctx *ctx = host();
        CHECK_EQ(tls_ctx_set_ticket_keys_file(ctx, path), TLS_ERR_USAGE);
        CHECK_EQ(ctx_error(ctx), TLS_REASON_BAD_TICKET_KEYS);
        tls_ctx_free(ctx);
    }
    unlink(path);
}

/* Four keys of 48 bytes in base64; the bytes of key n are all n. */
static const char haproxy_lines[] = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB\n"
                                    "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIC\n"
                                    "AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMD\n"
                                    "BAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE\n";

/* Lines of base64: haproxy. The last but one encrypts, the last three decrypt. */
static void test_haproxy_files(void)
{
    tls_ctx *server = host(), *single;
    unsigned char key[48];
    int n;
    CHECK_EQ(tls_ctx_set_ticket_keys_mem(server, haproxy_lines, strlen(haproxy_lines)), TLS_OK);
    for (n = 1; n <= 4; n++) {
        fresh_client(8);
        single = host();
        memset(key, n, sizeof key);
        CHECK_EQ(tls_ctx_set_ticket_keys_mem(single, key, sizeof key), TLS_OK);
        CHECK_EQ(resumes(single), 0);
        CHECK_EQ(resumes(server), n >= 2);
        /* What came back was sealed under key 3, also where that was a renewal. */
        CHECK_EQ(resumes(single), n == 3);
        tls_ctx_free(single);
    }
    CHECK_EQ(tls_ctx_set_ticket_keys_mem(server, haproxy_lines, 2 * 65), TLS_ERR_USAGE);
    CHECK_EQ(ctx_error(server), TLS_REASON_BAD_TICKET_KEYS);
    tls_ctx_free(server);
}

/* Keys come and go while the server runs. */
static void test_ring_changed_live(void)
{
    tls_ctx *server = host();
    tls_session *old, *new;
    unsigned char one[48], two[80];
    memset(one, 1, sizeof one);
    memset(two, 2, sizeof two);
    fresh_client(0);
    CHECK_EQ(tls_ctx_set_ticket_keys_mem(server, one, sizeof one), TLS_OK);
    old = session_of(server);
    CHECK_EQ(tls_ctx_add_ticket_key_mem(server, two, sizeof two, 0, 3600), TLS_OK); /* decrypts alone */
    new = session_of(server);
    CHECK_EQ(tls_ctx_remove_ticket_key(server, two, 16), TLS_OK);
    CHECK_EQ(resumes_with(server, new), 1); /* it was not used yet */
    tls_session_free(new);
    CHECK_EQ(tls_ctx_add_ticket_key_mem(server, two, sizeof two, 3600, 3600), TLS_OK);
    new = session_of(server);
    CHECK_EQ(resumes_with(server, old), 1);
    CHECK_EQ(resumes_with(server, new), 1);
    CHECK_EQ(tls_ctx_remove_ticket_key(server, one, 16), TLS_OK);
    CHECK_EQ(resumes_with(server, old), 0);
    CHECK_EQ(resumes_with(server, new), 1);
    CHECK_EQ(tls_ctx_remove_ticket_key(server, one, 16), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_add_ticket_key_mem(server, one, 47, 1, 1), TLS_ERR_USAGE);
    tls_session_free(old);
    tls_session_free(new);
    tls_ctx_free(server);
}

static void test_derived_keys(void)
{
    static const unsigned char secret[32] = "thirty-two bytes, not so random";
    tls_ctx *one = host(), *two = host(), *other = host();
    fresh_client(8);
    CHECK_EQ(tls_ctx_set_ticket_master(one, secret, 32, 3600), TLS_OK);
    CHECK_EQ(tls_ctx_set_ticket_master(two, secret, 32, 3600), TLS_OK);
    CHECK_EQ(tls_ctx_set_ticket_master(other, "another secret of thirty-two byte", 32, 3600), TLS_OK);
    CHECK_EQ(resumes(one), 0);
    CHECK_EQ(resumes(two), 1);
    CHECK_EQ(resumes(other), 0);
    CHECK_EQ(tls_ctx_set_ticket_master(one, secret, 31, 3600), TLS_ERR_USAGE);
    tls_ctx_free(one);
    tls_ctx_free(two);
    tls_ctx_free(other);
}

struct keyring {
    int len, renew, asked_to_seal, asked_to_open, released;
};

static int on_key(const uint8_t *name, uint8_t *out, int *renew, void *arg)
{
    struct keyring *k = arg;
    if (name == NULL)
        k->asked_to_seal++;
    else {
        k->asked_to_open++;
        CHECK_EQ(name[0], 9);
        *renew = k->renew;
    }
    memset(out, 9, 80);
    return k->len;
}

static void on_release(void *arg)
{
    ((struct keyring *)arg)->released++;
}

static void test_key_callback(void)
{
    struct keyring keys = {80, 0, 0, 0, 0};
    tls_ctx *server = host();
    fresh_client(8);
    CHECK_EQ(tls_ctx_set_ticket_key_callback(server, NULL, &keys, on_release), TLS_ERR_USAGE);
    CHECK_EQ(keys.released, 0);
    CHECK_EQ(tls_ctx_set_ticket_key_callback(server, on_key, &keys, on_release), TLS_OK);
    CHECK_EQ(resumes(server), 0);
    CHECK_EQ(keys.asked_to_seal, 1);
    CHECK_EQ(resumes(server), 1);
    CHECK_EQ(keys.asked_to_open, 1);
    CHECK_EQ(keys.asked_to_seal, 1);
    keys.renew = 1;
    CHECK_EQ(resumes(server), 1);
    CHECK_EQ(keys.asked_to_seal, 2);
    keys.len = 0; /* no key: no ticket, and no resumption */
    CHECK_EQ(resumes(server), 0);
    keys.len = 80;
    CHECK_EQ(resumes(server), 0);
    CHECK_EQ(resumes(server), 1);
    tls_ctx_free(server);
    CHECK_EQ(keys.released, 1);
}

int main(void)
{
    test_copies();
    test_defaults();
    test_nginx_files();
    test_haproxy_files();
    test_ring_changed_live();
    test_derived_keys();
    test_key_callback();
    tls_ctx_free(client);
    return checks_done();
}
