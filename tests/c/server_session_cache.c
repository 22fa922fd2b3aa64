/* A server's sessions by session ID: the bounded cache in memory, and a store of the program's own
 * that answers at once, later from another thread, with garbage, or never. */
#define _POSIX_C_SOURCE 200809L
#include "check.h"
#include "support.h"

#include <pthread.h>

enum { MAX_VALUES = 32 };
enum manner { AT_ONCE, LATER, NEVER, GARBAGE, BROKEN, FORGET };

struct store {
    enum manner manner;
    int gets, puts, removes, releases, count;
    tls_pending *kept;
    unsigned char wanted[32];
    struct {
        unsigned char id[32], value[4096];
        size_t len;
    } values[MAX_VALUES];
};

/* The place of the value, or -1. */
static int find(const struct store *s, const uint8_t *id)
{
    int i;
    for (i = 0; i < s->count; i++)
        if (memcmp(s->values[i].id, id, 32) == 0)
            return i;
    return -1;
}

static int answer(const struct store *s, tls_pending *pending, const uint8_t *id)
{
    int i = find(s, id);
    return i < 0 ? tls_pending_answer_session(pending, NULL, 0)
                 : tls_pending_answer_session(pending, s->values[i].value, s->values[i].len);
}

static int on_get(tls_pending *pending, const uint8_t *id, size_t id_len, void *arg)
{
    struct store *s = arg;
    s->gets++;
    CHECK_EQ(id_len, 32);
    switch (s->manner) {
    case LATER:
    case NEVER:
        memcpy(s->wanted, id, sizeof s->wanted);
        s->kept = tls_pending_ref(pending);
        return TLS_WANT_APP;
    case GARBAGE:
        CHECK_EQ(tls_pending_answer_session(pending, "this is no session of yours", 27), TLS_OK);
        return TLS_OK;
    case BROKEN:
        CHECK_EQ(answer(s, pending, id), TLS_OK);
        return TLS_ERR_IO;
    case FORGET:
        return TLS_WANT_APP; /* and nobody holds the handle */
    case AT_ONCE:
        break;
    }
    CHECK_EQ(tls_pending_answer_signature(pending, "x", 1), TLS_ERR_USAGE); /* not what was asked */
    CHECK_EQ(answer(s, pending, id), TLS_OK);
    CHECK_EQ(answer(s, pending, id), TLS_ERR_USAGE); /* twice */
    return TLS_OK;
}

static void on_put(const uint8_t *id, size_t id_len, const uint8_t *value, size_t len, uint32_t lifetime, void *arg)
{
    struct store *s = arg;
    int i = s->count;
    s->puts++;
    CHECK_EQ(id_len, 32);
    CHECK_EQ(lifetime, 3600);
    CHECK(i < MAX_VALUES && len > 0 && len <= sizeof s->values[0].value);
    if (i == MAX_VALUES || len > sizeof s->values[0].value)
        return;
    memcpy(s->values[i].id, id, 32);
    memcpy(s->values[i].value, value, len);
    s->values[i].len = len;
    s->count++;
}

static void on_remove(const uint8_t *id, size_t id_len, void *arg)
{
    struct store *s = arg;
    int i = find(s, id);
    s->removes++;
    CHECK_EQ(id_len, 32);
    if (i >= 0)
        s->values[i] = s->values[--s->count];
}

static void on_release(void *arg)
{
    ((struct store *)arg)->releases++;
}

static tls_ctx *client, *server;

/* Contexts without tickets; with this store where there is one. */
static void begin(struct store *s)
{
    static const tls_session_store callbacks = {on_get, on_put, on_remove, on_release};
    client = client_ctx();
    server = server_ctx("p256");
    CHECK_EQ(tls_ctx_set_tickets(server, 0), TLS_OK);
    CHECK_EQ(tls_ctx_set_session_lifetime(server, 3600), TLS_OK);
    if (s != NULL)
        CHECK_EQ(tls_ctx_set_session_store(server, &callbacks, s), TLS_OK);
}

static void end(void)
{
    tls_ctx_free(client);
    tls_ctx_free(server);
}

static struct pair fresh(void)
{
    return pair_of(tls_ctx_ref(client), tls_ctx_ref(server));
}

static int resumes(void)
{
    struct pair p = fresh();
    int resumed;
    CHECK_EQ(pair_handshake(&p, 700), TLS_OK);
    CHECK_EQ(pair_send(p.server, p.client, "pong", 4, 100), 0);
    resumed = tls_conn_resumed(p.server);
    CHECK_EQ(tls_conn_resumed(p.client), resumed);
    pair_free(&p);
    return resumed;
}

static void test_in_memory(void)
{
    int i;
    begin(NULL);
    CHECK_EQ(resumes(), 0);
    for (i = 0; i < 3; i++)
        CHECK_EQ(resumes(), 1);
    /* The cache has a bound, rounded up to 16: a session of long ago gives way. */
    CHECK_EQ(tls_ctx_set_session_cache(server, 16), TLS_OK);
    CHECK_EQ(resumes(), 0);
    CHECK_EQ(tls_ctx_set_session_cache(server, 0), TLS_OK);
    CHECK_EQ(resumes(), 0);
    CHECK_EQ(resumes(), 0);
    end();
}

static void test_id_context(void)
{
    begin(NULL);
    CHECK_EQ(tls_ctx_set_session_id_context(server, "shop", 4), TLS_OK);
    CHECK_EQ(resumes(), 0);
    CHECK_EQ(resumes(), 1);
    CHECK_EQ(tls_ctx_set_session_id_context(server, "bank", 4), TLS_OK);
    CHECK_EQ(resumes(), 0);
    CHECK_EQ(tls_ctx_set_session_id_context(server, "a name of more than thirty-two by", 33), TLS_ERR_USAGE);
    end();
}

static void test_store(void)
{
    static struct store s;
    begin(&s);
    CHECK_EQ(resumes(), 0);
    CHECK_EQ(s.puts, 1);
    CHECK_EQ(s.gets, 0);
    CHECK_EQ(resumes(), 1);
    CHECK_EQ(s.gets, 1);
    CHECK_EQ(s.puts, 1);
    /* What is there is a full handshake and no error, whatever the store does. */
    s.manner = GARBAGE;
    CHECK_EQ(resumes(), 0);
    s.manner = BROKEN;
    CHECK_EQ(resumes(), 0);
    s.manner = AT_ONCE;
    CHECK_EQ(resumes(), 1);
    s.count = 0;
    CHECK_EQ(resumes(), 0);
    CHECK_EQ(s.releases, 0);
    end();
    CHECK_EQ(s.releases, 1);
}

/* The session of a connection that failed leaves the store. */
static void test_failure_removes(void)
{
    static struct store s;
    static const unsigned char rubbish[] = {23, 3, 3, 0, 25, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2,
                                            3,  4, 5, 6, 7,  8, 9, 0, 1, 2, 3, 4, 5, 6, 7};
    unsigned char buf[16];
    struct pair p;
    begin(&s);
    p = fresh();
    CHECK_EQ(pair_handshake(&p, 700), TLS_OK);
    CHECK_EQ(s.count, 1);
    CHECK_EQ(tls_feed(p.server, rubbish, sizeof rubbish), (ptrdiff_t)sizeof rubbish);
    CHECK_EQ(tls_read(p.server, buf, sizeof buf), TLS_ERR_TLS);
    CHECK_EQ(s.removes, 1);
    CHECK_EQ(s.count, 0);
    pair_free(&p);
    end();
}

static void *answer_from_elsewhere(void *arg)
{
    struct store *s = arg;
    CHECK_EQ(answer(s, s->kept, s->wanted), TLS_OK);
    tls_pending_free(s->kept);
    s->kept = NULL;
    return NULL;
}

static void count_wake(void *arg)
{
    ++*(int *)arg;
}

static void test_late_store(void)
{
    static struct store s;
    int wakes = 0;
    pthread_t thread;
    struct pair p;
    begin(&s);
    CHECK_EQ(resumes(), 0);
    s.manner = LATER;
    p = fresh();
    CHECK_EQ(tls_handshake(p.client), TLS_WANT_WRITE);
    shuttle(p.client, p.server, 1000);
    CHECK_EQ(tls_handshake(p.server), TLS_WANT_APP);
    CHECK_EQ(tls_conn_wants(p.server), TLS_WANTS_APP);
    CHECK_EQ(tls_handshake(p.server), TLS_WANT_APP);
    CHECK_EQ(s.gets, 1);
    CHECK_EQ(tls_pending_set_wake(tls_conn_question(p.server), count_wake, &wakes), TLS_OK);
    pthread_create(&thread, NULL, answer_from_elsewhere, &s);
    pthread_join(thread, NULL);
    CHECK_EQ(wakes, 1);
    CHECK_EQ(pair_handshake(&p, 700), TLS_OK);
    CHECK_EQ(tls_conn_resumed(p.server), 1);
    pair_free(&p);

    /* Never: the program gives up when it likes, and the handshake is a full one. */
    s.manner = NEVER;
    p = fresh();
    CHECK_EQ(tls_handshake(p.client), TLS_WANT_WRITE);
    shuttle(p.client, p.server, 1000);
    CHECK_EQ(tls_handshake(p.server), TLS_WANT_APP);
    CHECK_EQ(tls_pending_answer_session(tls_conn_question(p.server), NULL, 0), TLS_OK);
    CHECK_EQ(pair_handshake(&p, 700), TLS_OK);
    CHECK_EQ(tls_conn_resumed(p.server), 0);
    pair_free(&p);
    CHECK_EQ(answer(&s, s.kept, s.wanted), TLS_ERR_USAGE);
    tls_pending_free(s.kept);

    /* Nobody is left who could: as if there was nothing. */
    s.manner = FORGET;
    CHECK_EQ(resumes(), 0);
    s.manner = NEVER;
    p = fresh();
    wakes = 0;
    CHECK_EQ(tls_handshake(p.client), TLS_WANT_WRITE);
    shuttle(p.client, p.server, 1000);
    CHECK_EQ(tls_handshake(p.server), TLS_WANT_APP);
    CHECK_EQ(tls_pending_set_wake(tls_conn_question(p.server), count_wake, &wakes), TLS_OK);
    tls_pending_free(s.kept);
    CHECK_EQ(wakes, 1);
    CHECK_EQ(pair_handshake(&p, 700), TLS_OK);
    CHECK_EQ(tls_conn_resumed(p.server), 0);
    pair_free(&p);

    /* An answer to a connection that is gone is nobody's. */
    p = fresh();
    CHECK_EQ(tls_handshake(p.client), TLS_WANT_WRITE);
    shuttle(p.client, p.server, 1000);
    CHECK_EQ(tls_handshake(p.server), TLS_WANT_APP);
    pair_free(&p);
    CHECK_EQ(answer(&s, s.kept, s.wanted), TLS_OK);
    tls_pending_free(s.kept);
    end();
    CHECK_EQ(s.releases, 1);
}

int main(void)
{
    test_in_memory();
    test_id_context();
    test_store();
    test_failure_removes();
    test_late_store();
    return checks_done();
}
