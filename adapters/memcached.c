#define _POSIX_C_SOURCE 200809L
#include "store.h"
#include "worker.h"

#include <libmemcached/memcached.h>
#include <stdlib.h>
#include <string.h>

struct cache {
    char host[256];
    in_port_t port;
    int timeout_ms;
    memcached_st *connection; /* NULL: not connected */
};

static memcached_st *connected(struct cache *c)
{
    memcached_st *m = c->connection;
    if (m != NULL)
        return m;
    m = memcached_create(NULL);
    if (m == NULL)
        return NULL;
    memcached_behavior_set(m, MEMCACHED_BEHAVIOR_CONNECT_TIMEOUT, (uint64_t)c->timeout_ms);
    memcached_behavior_set(m, MEMCACHED_BEHAVIOR_POLL_TIMEOUT, (uint64_t)c->timeout_ms);
    /* Microseconds. */
    memcached_behavior_set(m, MEMCACHED_BEHAVIOR_RCV_TIMEOUT, (uint64_t)c->timeout_ms * 1000);
    memcached_behavior_set(m, MEMCACHED_BEHAVIOR_SND_TIMEOUT, (uint64_t)c->timeout_ms * 1000);
    memcached_behavior_set(m, MEMCACHED_BEHAVIOR_TCP_NODELAY, 1);
    if (memcached_failed(memcached_server_add(m, c->host, c->port))) {
        memcached_free(m);
        return NULL;
    }
    return c->connection = m;
}

static long get(void *store, const char *key, unsigned char *out, size_t cap)
{
    memcached_st *m = connected(store);
    memcached_return_t rc = MEMCACHED_FAILURE;
    size_t len = 0;
    uint32_t flags;
    char *value = m != NULL ? memcached_get(m, key, strlen(key), &len, &flags, &rc) : NULL;
    if (rc == MEMCACHED_NOTFOUND)
        return 0;
    if (memcached_failed(rc)) {
        free(value);
        return -1;
    }
    if (value == NULL || len > cap)
        len = 0;
    else
        memcpy(out, value, len);
    free(value);
    return (long)len;
}

static int put(void *store, const char *key, const unsigned char *value, size_t len, unsigned lifetime)
{
    memcached_st *m = connected(store);
    /* A lifetime is at most a day: relative, not a date. */
    return m != NULL && memcached_success(memcached_set(m, key, strlen(key), (const char *)value, len, lifetime, 0))
               ? 0
               : -1;
}

static int forget(void *store, const char *key)
{
    memcached_st *m = connected(store);
    memcached_return_t rc = m != NULL ? memcached_delete(m, key, strlen(key), 0) : MEMCACHED_FAILURE;
    return memcached_success(rc) || rc == MEMCACHED_NOTFOUND ? 0 : -1;
}

static void disconnect(void *store)
{
    struct cache *c = store;
    if (c->connection != NULL)
        memcached_free(c->connection);
    c->connection = NULL;
}

static void free_cache(void *store)
{
    disconnect(store);
    free(store);
}

int tls_memcached_store(tls_ctx *ctx, const char *host, int port, const char *prefix, int timeout_ms)
{
    static const struct store_calls calls = {get, put, forget, disconnect, free_cache};
    struct cache *c = calloc(1, sizeof *c);
    if (c == NULL || strlen(host) >= sizeof c->host || timeout_ms <= 0) {
        free(c);
        return TLS_ERR_USAGE;
    }
    strcpy(c->host, host);
    c->port = (in_port_t)port;
    c->timeout_ms = timeout_ms;
    return attach_store(ctx, &calls, c, prefix);
}
