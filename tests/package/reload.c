/* reload LIBRARY: loads the library, makes a connection in a thread that ends, and unloads it, many times: it leaves
 * nothing behind, neither itself nor memory. This program is not linked with it, and counts memory that is in use:
 * glibc's caches of freed memory have to be off (GLIBC_TUNABLES). */
#define _GNU_SOURCE
#include <tlscore/tls.h>

#include <dlfcn.h>
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>

enum { ROUNDS = 100, WARM = 10 };

static const char *failure;

/* ISO C has no conversion of what dlsym() gives to a function pointer: POSIX says to go by its bytes. */
#define FIND(name)                                                                                                     \
    __typeof__(name) *name##_;                                                                                         \
    *(void **)&name##_ = dlsym(library, #name)

/* A handshake in memory, by a pre-shared key. */
static void *converse(void *library)
{
    char buf[4096];
    ptrdiff_t n;
    int i, rc = 0;
    tls_ctx *ctx;
    tls_conn *client, *server;
    FIND(tls_ctx_new);
    FIND(tls_ctx_free);
    FIND(tls_ctx_set_psk);
    FIND(tls_ctx_set_cipher_list);
    FIND(tls_conn_new);
    FIND(tls_conn_new_server);
    FIND(tls_conn_free);
    FIND(tls_handshake);
    FIND(tls_drain);
    FIND(tls_feed);

    ctx = tls_ctx_new_(TLS_CLIENT | TLS_SERVER);
    if (tls_ctx_set_psk_(ctx, "me", 2, "0123456789abcdef", 16) != 0 || tls_ctx_set_cipher_list_(ctx, "kECDHEPSK") != 0)
        failure = "the context cannot be set up";
    client = tls_conn_new_(ctx, NULL);
    server = tls_conn_new_server_(ctx);
    for (i = 0; i < 4; i++) {
        rc = tls_handshake_(client);
        while ((n = tls_drain_(client, buf, sizeof buf)) > 0)
            tls_feed_(server, buf, (size_t)n);
        rc |= tls_handshake_(server);
        while ((n = tls_drain_(server, buf, sizeof buf)) > 0)
            tls_feed_(client, buf, (size_t)n);
    }
    if (rc != TLS_OK)
        failure = "the handshake failed";
    tls_conn_free_(client);
    tls_conn_free_(server);
    tls_ctx_free_(ctx);
    return NULL;
}

int main(int argc, char **argv)
{
    size_t before = 0, after;
    pthread_t thread;
    int i;
    if (argc < 2)
        return 2;
    for (i = 0; i < ROUNDS && failure == NULL; i++) {
        void *library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
        if (library == NULL) {
            fprintf(stderr, "%s\n", dlerror());
            return 1;
        }
        converse(library);
        if (pthread_create(&thread, NULL, converse, library) != 0 || pthread_join(thread, NULL) != 0)
            failure = "no thread";
        if (dlclose(library) != 0 || dlopen(argv[1], RTLD_NOW | RTLD_NOLOAD) != NULL)
            failure = "it stays loaded";
        if (i == WARM)
            before = mallinfo2().uordblks;
    }
    after = mallinfo2().uordblks;
    if (failure == NULL && after > before + 4096)
        failure = "memory is left behind";
    printf("%d rounds, %zu bytes in use after %d, %zu at the end: %s\n", i, before, WARM, after, failure ? failure : "ok");
    return failure != NULL;
}
