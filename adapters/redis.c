#define _POSIX_C_SOURCE 200809L
#include "store.h"
#include "worker.h"

#include <hiredis/hiredis.h>
#include <stdlib.h>
#include <string.h>

struct redis {
    char host[256];
    int port;
    struct timeval timeout;
    redisContext *connection; /* NULL: not connected */
};

static int connected(struct redis *r)
{
    if (r->connection == NULL) {
        r->connection = redisConnectWithTimeout(r->host, r->port, r->timeout);
        if (r->connection != NULL && r->connection->err == 0)
            redisSetTimeout(r->connection, r->timeout);
    }
    return r->connection != NULL && r->connection->err == 0;
}

/* The reply to a command, or NULL: the store failed, or says that it did. */
static redisReply *checked(redisReply *reply)
{
    if (reply != NULL && reply->type == REDIS_REPLY_ERROR) {
        freeReplyObject(reply);
        return NULL;
    }
    return reply;
}

static long get(void *store, const char *key, unsigned char *out, size_t cap)
{
    struct redis *r = store;
    redisReply *reply = connected(r) ? checked(redisCommand(r->connection, "GET %s", key)) : NULL;
    long len = 0;
    if (reply == NULL)
        return -1;
    if (reply->type == REDIS_REPLY_STRING && reply->len <= cap) {
        memcpy(out, reply->str, reply->len);
        len = (long)reply->len;
    }
    freeReplyObject(reply);
    return len;
}

static int put(void *store, const char *key, const unsigned char *value, size_t len, unsigned lifetime)
{
    struct redis *r = store;
    redisReply *reply =
        connected(r) ? checked(redisCommand(r->connection, "SETEX %s %u %b", key, lifetime, value, len)) : NULL;
    if (reply == NULL)
        return -1;
    freeReplyObject(reply);
    return 0;
}

static int forget(void *store, const char *key)
{
    struct redis *r = store;
    redisReply *reply = connected(r) ? checked(redisCommand(r->connection, "DEL %s", key)) : NULL;
    if (reply == NULL)
        return -1;
    freeReplyObject(reply);
    return 0;
}

static void disconnect(void *store)
{
    struct redis *r = store;
    if (r->connection != NULL)
        redisFree(r->connection);
    r->connection = NULL;
}

static void free_redis(void *store)
{
    disconnect(store);
    free(store);
}

int tls_redis_store(tls_ctx *ctx, const char *host, int port, const char *prefix, int timeout_ms)
{
    static const struct store_calls calls = {get, put, forget, disconnect, free_redis};
    struct redis *r = calloc(1, sizeof *r);
    if (r == NULL || strlen(host) >= sizeof r->host || timeout_ms <= 0) {
        free(r);
        return TLS_ERR_USAGE;
    }
    strcpy(r->host, host);
    r->port = port;
    r->timeout.tv_sec = timeout_ms / 1000;
    r->timeout.tv_usec = timeout_ms % 1000 * 1000;
    return attach_store(ctx, &calls, r, prefix);
}
