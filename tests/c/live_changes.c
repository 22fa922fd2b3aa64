/* Everything that a context holds is replaced while connections of eight threads handshake: callbacks, keypairs,
 * CAs, staples, ticket keys, session stores. The callbacks' answers come late, from other threads, twice, and
 * behind the end of the connection that asked. Each callback is released once. */
#define _POSIX_C_SOURCE 200809L
#include "check.h"
#include "support.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { THREADS = 8, ROUNDS = 30, ANSWERERS = 2, REPLACERS = 3, SLOTS = 64, ID = 32, VALUES = 64 };

static tls_ctx *client, *server, *other;
static atomic_int stop, decisions, given, wakes, established, failed;
static atomic_long set, released;

/* Questions on their way to the threads that answer them. */
enum kind { HELLO, CERT, VERIFY, PSK, SESSION };
struct question {
    tls_pending *pending;
    enum kind kind;
    uint8_t id[ID];
};

static struct question queue[SLOTS];
static int queued;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* The session store. */
static struct {
    uint8_t id[ID], value[8192];
    size_t len;
} values[VALUES];
static unsigned next_value;
static pthread_mutex_t store_lock = PTHREAD_MUTEX_INITIALIZER;

static int ask(tls_pending *pending, enum kind kind, const uint8_t *id)
{
    int room;
    pthread_mutex_lock(&lock);
    room = queued < SLOTS;
    if (room) {
        queue[queued].pending = tls_pending_ref(pending);
        queue[queued].kind = kind;
        if (id != NULL)
            memcpy(queue[queued].id, id, ID);
        queued++;
    }
    pthread_mutex_unlock(&lock);
    return room ? TLS_WANT_APP : TLS_OK;
}

static const uint8_t psk[32] = {1, 2, 3};

static int give(const struct question *q)
{
    int rc, i;
    switch (q->kind) {
    case HELLO:
        switch (decisions++ % 3) {
        case 0:
            return tls_pending_go_on(q->pending);
        case 1:
            return tls_pending_use_ctx(q->pending, other);
        default:
            return tls_pending_use_keypairs_of(q->pending, other);
        }
    case CERT:
        return decisions++ % 2 ? tls_pending_go_on(q->pending) : tls_pending_use_keypairs_of(q->pending, other);
    case VERIFY:
        return tls_pending_verdict_stands(q->pending);
    case PSK:
        return tls_pending_answer_psk(q->pending, NULL, 0, psk, sizeof psk);
    case SESSION:
        pthread_mutex_lock(&store_lock);
        for (i = 0; i < VALUES; i++)
            if (values[i].len > 0 && memcmp(values[i].id, q->id, ID) == 0)
                break;
        rc = i < VALUES ? tls_pending_answer_session(q->pending, values[i].value, values[i].len)
                        : tls_pending_answer_session(q->pending, NULL, 0);
        pthread_mutex_unlock(&store_lock);
        return rc;
    }
    return TLS_ERR_USAGE;
}

static void *answerer(void *arg)
{
    (void)arg;
    for (;;) {
        struct question q;
        int have;
        pthread_mutex_lock(&lock);
        have = queued > 0;
        if (have)
            q = queue[--queued];
        pthread_mutex_unlock(&lock);
        if (have) {
            given++;
            if (give(&q) != TLS_OK)
                failed++;
            if (give(&q) != TLS_ERR_USAGE) /* twice */
                failed++;
            tls_pending_free(q.pending);
        } else if (stop) {
            return NULL;
        } else {
            sched_yield();
        }
    }
}

static int on_hello(tls_pending *p, const tls_hello *h, void *arg)
{
    (void)arg;
    if (tls_hello_ciphers(h, NULL) == NULL)
        failed++;
    return ask(p, HELLO, NULL);
}
static int on_certificate(tls_pending *p, const tls_hello *h, void *arg)
{
    (void)arg;
    (void)h;
    return ask(p, CERT, NULL);
}

static int on_verify(tls_pending *p, const tls_verdict *v, void *arg)
{
    (void)arg;
    return v->error.number == 0 ? ask(p, VERIFY, NULL) : TLS_OK;
}

static int on_get(tls_pending *p, const uint8_t *id, size_t len, void *arg)
{
    (void)arg;
    return len == ID ? ask(p, SESSION, id) : TLS_OK;
}

static void on_put(const uint8_t *id, size_t id_len, const uint8_t *value, size_t len, uint32_t life, void *arg)
{
    (void)arg;
    (void)life;
    pthread_mutex_lock(&store_lock);
    if (id_len == ID && len <= sizeof values[0].value) {
        unsigned at = next_value++ % VALUES;
        memcpy(values[at].id, id, ID);
        memcpy(values[at].value, value, len);
        values[at].len = len;
    }
    pthread_mutex_unlock(&store_lock);
}

static int on_psk(tls_pending *p, const uint8_t *id, size_t len, void *arg)
{
    (void)arg;
    (void)id;
    (void)len;
    return ask(p, PSK, NULL);
}

static int on_ticket(const uint8_t *name, uint8_t *out, int *renew, void *arg)
{
    (void)arg;
    *renew = 1;
    memset(out, 7, 80);
    return name == NULL || memcmp(name, out, 16) == 0 ? 80 : 0;
}

static int on_alpn(const tls_hello *hello, const uint8_t **name, size_t *len, void *arg)
{
    size_t n = 0;
    const uint8_t *list = tls_hello_alpn(hello, &n);
    (void)arg;
    if (list == NULL || n < 1)
        return TLS_ALPN_IGNORE;
    *name = list + 1;
    *len = list[0];
    return TLS_OK;
}

static void on_line(const char *line, void *arg)
{
    (void)line;
    (void)arg;
}

static void release(void *arg)
{
    tls_error_info e;
    /* a release may come back to the context */
    tls_ctx_error(client, &e);
    if (arg != NULL)
        tls_ctx_set_tickets(other, 1);
    released++;
}

static void on_wake(void *arg)
{
    (void)arg;
    wakes++;
}


static void count(int rc)
{
    if (rc == TLS_OK)
        set++;
    else
        failed++;
}

static void *callbacks(void *arg)
{
    tls_session_store store = {on_get, on_put, NULL, release};
    tls_psk_callbacks keys = {on_psk, on_psk, release};
    int i;
    (void)arg;
    for (i = 0; !stop; i++) {
        count(tls_ctx_set_hello_callback(server, on_hello, server, release));
        count(tls_ctx_set_certificate_callback(server, on_certificate, NULL, release));
        count(tls_ctx_set_alpn_callback(server, on_alpn, NULL, release));
        count(tls_ctx_set_trace(server, on_line, NULL, release));
        count(tls_ctx_set_session_store(server, &store, server));
        count(tls_ctx_set_psk_callback(server, &keys, NULL));
        if (i % 8 == 0)
            count(tls_ctx_set_verify_callback(client, on_verify, NULL, release));
        sched_yield();
    }
    return NULL;
}

static void *certificates(void *arg)
{
    tls_ctx *several = server_ctx("p256");
    (void)arg;
    tls_ctx_add_keypair_file(several, pki("server-rsa.pem"), pki("server-rsa.key"));
    while (!stop) {
        failed += tls_ctx_set_keypair_file(server, pki("server-rsa.pem"), pki("server-rsa.key")) != TLS_OK;
        failed += tls_ctx_add_ca_file(client, pki("other-ca.pem")) != TLS_OK;
        failed += tls_ctx_set_keypairs_of(server, several) != TLS_OK;
        failed += tls_ctx_set_ocsp_response_file(server, 0, pki("ocsp-p256-good.der")) != TLS_OK;
        failed += tls_ctx_set_scts_mem(server, 0, "\0\4\0\2ab", 6) != TLS_OK;
        failed += tls_ctx_set_ocsp_response_file(server, 1, "no/such") == TLS_OK;
        sched_yield();
    }
    tls_ctx_free(several);
    return NULL;
}

static void *ticket_keys(void *arg)
{
    static const uint8_t key[80] = {9};
    (void)arg;
    while (!stop) {
        failed += tls_ctx_set_ticket_keys_mem(server, key, 48) != TLS_OK;
        failed += tls_ctx_add_ticket_key_mem(server, key, 80, 100, 100) != TLS_OK;
        failed += tls_ctx_remove_ticket_key(server, key, 16) != TLS_OK;
        failed += tls_ctx_set_ticket_master(server, key, 32, 3600) != TLS_OK;
        count(tls_ctx_set_ticket_key_callback(server, on_ticket, NULL, release));
        failed += tls_ctx_set_client_session_cache(client, 10) != TLS_OK;
        failed += tls_ctx_set_tickets(server, 0) != TLS_OK;
        sched_yield();
    }
    return NULL;
}

static void *(*const replacers[REPLACERS])(void *) = {callbacks, certificates, ticket_keys};

static int is_want(int rc)
{
    return rc == TLS_WANT_READ || rc == TLS_WANT_WRITE || rc == TLS_WANT_APP;
}

static void *handshakes(void *arg)
{
    unsigned seed = (unsigned)(long)arg;
    int i, j;
    for (i = 0; i < ROUNDS; i++) {
        struct pair p = pair_of(tls_ctx_ref(client), tls_ctx_ref(server));
        int c = TLS_WANT_READ, s = TLS_WANT_READ, end = rand_r(&seed) % 4 ? 1 << 30 : rand_r(&seed) % 12;
        for (j = 0; j < end; j++) {
            c = tls_handshake(p.client);
            shuttle(p.client, p.server, 20000);
            s = tls_handshake(p.server);
            shuttle(p.server, p.client, 20000);
            if ((c == TLS_OK && s == TLS_OK) || (c && !is_want(c)) || (s && !is_want(s)))
                break;
            if (s == TLS_WANT_APP || c == TLS_WANT_APP) {
                tls_pending *q = tls_conn_question(s == TLS_WANT_APP ? p.server : p.client);
                if (q != NULL && j % 3 == 0)
                    tls_pending_set_wake(q, on_wake, NULL);
                if (q != NULL && j % 3 == 1)
                    tls_pending_set_wake(q, NULL, NULL);
                sched_yield();
            }
        }
        if (c == TLS_OK && s == TLS_OK) {
            if (pair_send(p.client, p.server, "hello", 5, 20000) || pair_send(p.server, p.client, "hello", 5, 20000))
                failed++;
            established++;
        } else if (j < end) { /* not one that ends in the middle */
            failed++;
            fprintf(stderr, "client %d: %s\nserver %d: %s\n", c, tls_conn_error_text(p.client), s,
                    tls_conn_error_text(p.server));
        }
        pair_free(&p);
    }
    return NULL;
}

int main(void)
{
    pthread_t connecting[THREADS], answering[ANSWERERS], replacing[REPLACERS];
    tls_ctx *last;
    long i;
    client = client_ctx();
    server = server_ctx("p256");
    other = server_ctx("rsa");
    CHECK_EQ(tls_ctx_set_alpn(client, "h2,http/1.1"), TLS_OK);
    CHECK_EQ(tls_ctx_set_ocsp(client, TLS_OCSP_REQUEST), TLS_OK);
    for (i = 0; i < ANSWERERS; i++)
        CHECK_EQ(pthread_create(&answering[i], NULL, answerer, NULL), 0);
    for (i = 0; i < REPLACERS; i++)
        CHECK_EQ(pthread_create(&replacing[i], NULL, replacers[i], NULL), 0);
    for (i = 0; i < THREADS; i++)
        CHECK_EQ(pthread_create(&connecting[i], NULL, handshakes, (void *)i), 0);
    for (i = 0; i < THREADS; i++)
        pthread_join(connecting[i], NULL);
    stop = 1;
    for (i = 0; i < REPLACERS; i++)
        pthread_join(replacing[i], NULL);
    for (i = 0; i < ANSWERERS; i++)
        pthread_join(answering[i], NULL);
    CHECK(released < set); /* those that the contexts hold now */
    tls_ctx_free(server);
    last = client;
    client = NULL; /* release() comes back to it */
    tls_ctx_free(last);
    tls_ctx_free(other);
    CHECK_EQ(released, set);
    CHECK_EQ(failed, 0);
    CHECK(established > 0 && given > 0);
    return checks_done();
}
