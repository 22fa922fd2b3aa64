/* One context for many threads, while others change it: its CA, keypairs, policy and lists. And answers
 * that race with the end of the connection that asked. */
#define _POSIX_C_SOURCE 200809L
#include "check.h"
#include "support.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

enum { THREADS = 8, ROUNDS = 20, RACES = 100 };

static tls_ctx *client, *server;
static atomic_int good, stop;

static void *handshakes(void *arg)
{
    int i;
    (void)arg;
    for (i = 0; i < ROUNDS; i++) {
        struct pair p = pair_of(tls_ctx_ref(client), tls_ctx_ref(server));
        if (pair_handshake(&p, 20000) == TLS_OK && pair_send(p.client, p.server, "hello", 5, 20000) == 0)
            good++;
        else
            fprintf(stderr, "client: %s\nserver: %s\n", tls_conn_error_text(p.client), tls_conn_error_text(p.server));
        pair_free(&p);
    }
    return NULL;
}

/* Every list that it sets works with every other: no handshake may fail for it. */
static void *lists(void *arg)
{
    (void)arg;
    while (!stop) {
        tls_ctx_set_cipher_list(server, "ECDHE+AESGCM");
        tls_ctx_set_cipher_list(server, "ECDHE+CHACHA20:ECDHE+AESGCM");
        tls_ctx_set_policy(server, "compatible");
        tls_ctx_set_policy(client, "modern");
        tls_ctx_set_groups(client, "P-256:X25519");
        tls_ctx_set_cipher_list(client, "no such word");
        tls_ctx_set_groups(client, "X25519:P-256:P-384");
    }
    return NULL;
}

/* A server always has a keypair, and a client always trusts the CA. */
static void *trust(void *arg)
{
    tls_ctx *several = server_ctx("p256");
    (void)arg;
    tls_ctx_add_keypair_file(several, pki("server-rsa.pem"), pki("server-rsa.key"));
    while (!stop) {
        tls_ctx_set_keypair_file(server, pki("server-rsa.pem"), pki("server-rsa.key"));
        tls_ctx_add_ca_file(client, pki("ca.pem"));
        tls_ctx_add_ca_file(client, pki("other-ca.pem"));
        tls_ctx_add_ca_file(client, "no/such/file");
        tls_ctx_set_keypairs_of(server, several);
        tls_ctx_set_keypair_file(server, pki("server-p256.pem"), pki("server-rsa.key")); /* refused */
        tls_ctx_set_keypair_file(server, pki("server-p256.pem"), pki("server-p256.key"));
    }
    tls_ctx_free(several);
    return NULL;
}

static void live_changes(void)
{
    pthread_t threads[THREADS], changers[2];
    int i;
    client = client_ctx();
    server = server_ctx("p256");
    CHECK_EQ(pthread_create(&changers[0], NULL, lists, NULL), 0);
    CHECK_EQ(pthread_create(&changers[1], NULL, trust, NULL), 0);
    for (i = 0; i < THREADS; i++)
        CHECK_EQ(pthread_create(&threads[i], NULL, handshakes, NULL), 0);
    for (i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    stop = 1;
    for (i = 0; i < 2; i++)
        pthread_join(changers[i], NULL);
    CHECK_EQ(good, THREADS * ROUNDS);
    tls_ctx_free(client);
    tls_ctx_free(server);
}

static _Atomic(tls_pending *) asked;
static atomic_int wakes;

static int keep(tls_pending *pending, int scheme, const uint8_t *message, size_t len, void *arg)
{
    (void)scheme;
    (void)message;
    (void)len;
    (void)arg;
    while (asked != NULL) /* the one before is about to be taken */
        sched_yield();
    asked = tls_pending_ref(pending);
    return TLS_WANT_APP;
}

static void on_wake(void *arg)
{
    (void)arg;
    wakes++;
}

/* Answers whatever it is handed, at any moment, until it is told to stop. */
static void *answerer(void *arg)
{
    (void)arg;
    for (;;) {
        tls_pending *pending = atomic_exchange(&asked, NULL);
        if (pending != NULL) {
            if (tls_pending_answer_error(pending, "no") == TLS_OK && tls_pending_answer_error(pending, "no") == TLS_ERR_USAGE)
                good++;
            tls_pending_free(pending);
        } else if (stop) {
            return NULL;
        } else {
            sched_yield();
        }
    }
}

/* The connection is freed while another thread answers its question. */
static void answers_that_race_with_the_end(void)
{
    tls_key_callbacks callbacks = {.sign = keep};
    pthread_t thread;
    char pem[8192];
    FILE *file = fopen(pki("server-p256.pem"), "r");
    size_t len = fread(pem, 1, sizeof pem, file);
    int i;
    fclose(file);
    good = stop = 0;
    server = tls_ctx_new(TLS_SERVER);
    CHECK_EQ(tls_ctx_add_keypair_callback(server, pem, len, &callbacks, NULL), TLS_OK);
    CHECK_EQ(pthread_create(&thread, NULL, answerer, NULL), 0);
    for (i = 0; i < RACES; i++) {
        struct pair p = pair_of(client_ctx(), tls_ctx_ref(server));
        int rc;
        tls_handshake(p.client);
        shuttle(p.client, p.server, 20000);
        rc = tls_handshake(p.server);
        CHECK(rc == TLS_WANT_APP || rc == TLS_ERR_TLS);
        if (i % 2 && tls_conn_question(p.server) != NULL)
            CHECK_EQ(tls_pending_set_wake(tls_conn_question(p.server), on_wake, NULL), TLS_OK);
        if (i % 3 == 0)
            tls_handshake(p.server);
        pair_free(&p);
    }
    stop = 1;
    pthread_join(thread, NULL);
    CHECK_EQ(good, RACES);
    CHECK(wakes <= RACES / 2);
    tls_ctx_free(server);
}

static void give_back(void *arg)
{
    tls_pending_free(arg);
    wakes++;
}

/* The wake-up gives back the last reference, while the answer is still being given. */
static void wake_up_that_gives_back(int answered_before)
{
    tls_key_callbacks callbacks = {.sign = keep};
    struct pair p;
    char pem[8192];
    FILE *file = fopen(pki("server-p256.pem"), "r");
    size_t len = fread(pem, 1, sizeof pem, file);
    tls_pending *pending;
    fclose(file);
    wakes = 0;
    asked = NULL;
    server = tls_ctx_new(TLS_SERVER);
    CHECK_EQ(tls_ctx_add_keypair_callback(server, pem, len, &callbacks, NULL), TLS_OK);
    p = pair_of(client_ctx(), server);
    tls_handshake(p.client);
    shuttle(p.client, p.server, 20000);
    CHECK_EQ(tls_handshake(p.server), TLS_WANT_APP);
    pair_free(&p);
    pending = atomic_exchange(&asked, NULL);
    if (answered_before)
        CHECK_EQ(tls_pending_answer_error(pending, "no"), TLS_OK);
    CHECK_EQ(tls_pending_set_wake(pending, give_back, pending), TLS_OK);
    if (!answered_before)
        CHECK_EQ(tls_pending_answer_error(pending, "no"), TLS_OK);
    CHECK_EQ(wakes, 1);
}

int main(void)
{
    live_changes();
    answers_that_race_with_the_end();
    wake_up_that_gives_back(0);
    wake_up_that_gives_back(1);
    return checks_done();
}
