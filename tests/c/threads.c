/* One context for many threads, while one more changes it. */
#define _POSIX_C_SOURCE 200809L
#include "check.h"
#include "support.h"

#include <pthread.h>
#include <stdatomic.h>

enum { THREADS = 4, ROUNDS = 25 };

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
        pair_free(&p);
    }
    return NULL;
}

/* Every list that it sets works with every other: no handshake may fail for it. */
static void *reconfigure(void *arg)
{
    (void)arg;
    while (!stop) {
        tls_ctx_set_cipher_list(server, "ECDHE+AESGCM");
        tls_ctx_set_cipher_list(server, "ECDHE+CHACHA20:ECDHE+AESGCM");
        tls_ctx_set_groups(client, "P-256:X25519");
        tls_ctx_set_cipher_list(client, "no such word");
        tls_ctx_set_groups(client, "X25519:P-256:P-384");
        tls_ctx_add_ca_file(client, "no/such/file");
    }
    return NULL;
}

int main(void)
{
    pthread_t threads[THREADS], changer;
    int i;
    client = client_ctx();
    server = server_ctx("p256");
    CHECK_EQ(pthread_create(&changer, NULL, reconfigure, NULL), 0);
    for (i = 0; i < THREADS; i++)
        CHECK_EQ(pthread_create(&threads[i], NULL, handshakes, NULL), 0);
    for (i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    stop = 1;
    pthread_join(changer, NULL);
    CHECK_EQ(good, THREADS * ROUNDS);
    tls_ctx_free(client);
    tls_ctx_free(server);
    return checks_done();
}
