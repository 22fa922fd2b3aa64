/* The thread between handshakes and a store: questions wait in a bounded queue, one after the other is
 * asked, and each is answered, also where the store fails. */
#ifndef ADAPTERS_WORKER_H
#define ADAPTERS_WORKER_H

#include <tlscore/tls.h>

enum { MAX_KEY = 128, MAX_VALUE = 65536 };

/* What a kind of store can do; called by the worker's thread alone. `key` is text. */
struct store_calls {
    /* The value's length, 0: there is none, -1: the store failed. */
    long (*get)(void *store, const char *key, unsigned char *out, size_t cap);
    /* 0, or -1: the store failed. */
    int (*put)(void *store, const char *key, const unsigned char *value, size_t len, unsigned lifetime);
    int (*remove)(void *store, const char *key);
    /* After a failure: the next call connects anew. */
    void (*disconnect)(void *store);
    void (*free)(void *store);
};

/* Makes `store` the session store of the context. It is freed when the context no longer needs it, or
 * at once where this fails. */
int attach_store(tls_ctx *ctx, const struct store_calls *calls, void *store, const char *prefix);

#endif
