/* The verify callback: it sees the chain, the path and the reason, may answer later from another thread,
   may refuse what verified, and accepts what did not only by the function that says danger. */
#define _POSIX_C_SOURCE 200809L
#include "check.h"
#include "support.h"

#include <pthread.h>

enum word { STANDS, REFUSE, REFUSE_WITH, DANGER, LATER, ODD, TWICE, ACCEPT_AND_FAIL, FORGET };

struct judge {
    enum word word;
    int calls, releases, peer, error, second;
    size_t chain_len, path_len;
    char name[64], subject[128];
    tls_pending *kept;
};

static int on_verdict(tls_pending *pending, const tls_verdict *verdict, void *arg)
{
    struct judge *j = arg;
    const char *subject = tls_cert_subject(verdict->chain[0]);
    j->calls++;
    j->peer = verdict->peer;
    j->error = verdict->error.number;
    j->chain_len = verdict->chain_len;
    j->path_len = verdict->path_len;
    snprintf(j->name, sizeof j->name, "%s", verdict->name != NULL ? verdict->name : "-");
    snprintf(j->subject, sizeof j->subject, "%s", subject != NULL ? subject : "-");
    switch (j->word) {
    case STANDS:
        return TLS_OK;
    case REFUSE:
        return TLS_ERR_TLS;
    case REFUSE_WITH:
        CHECK_EQ(tls_pending_refuse_peer(pending, 49, "not on our list"), TLS_OK);
        return TLS_OK;
    case DANGER:
        CHECK_EQ(tls_pending_danger_accept_peer(pending), TLS_OK);
        return TLS_OK;
    case LATER:
        j->kept = tls_pending_ref(pending);
        return TLS_WANT_APP;
    case ODD:
        return 12345;
    case TWICE:
        CHECK_EQ(tls_pending_refuse_peer(pending, 300, NULL), TLS_ERR_USAGE); /* no alert */
        CHECK_EQ(tls_pending_refuse_peer(pending, -2, NULL), TLS_ERR_USAGE);
        CHECK_EQ(tls_pending_refuse_peer(pending, 0, NULL), TLS_ERR_USAGE); /* no fatal alert */
        CHECK_EQ(tls_pending_refuse_peer(pending, 100, NULL), TLS_ERR_USAGE);
        CHECK_EQ(tls_pending_answer_signature(pending, "x", 1), TLS_ERR_USAGE); /* another question */
        CHECK_EQ(tls_pending_verdict_stands(pending), TLS_OK);
        j->second = tls_pending_danger_accept_peer(pending);
        return TLS_OK;
    case ACCEPT_AND_FAIL:
        CHECK_EQ(tls_pending_danger_accept_peer(pending), TLS_OK);
        return TLS_ERR_IO;
    default:
        return TLS_WANT_APP; /* and nobody holds the handle */
    }
}

static void on_release(void *arg)
{
    ((struct judge *)arg)->releases++;
}

/* A client with the callback against a server with this keypair; returns what its handshake gave. */
static int run(struct judge *j, const char *server, struct pair *p)
{
    *p = pair_of(client_ctx(), server_ctx(server));
    CHECK_EQ(tls_conn_set_verify_callback(p->client, on_verdict, j, on_release), TLS_OK);
    pair_handshake(p, 700);
    return tls_handshake(p->client);
}

static tls_ctx *self_signed(void)
{
    tls_ctx *ctx = tls_ctx_new(TLS_SERVER);
    CHECK_EQ(tls_ctx_add_keypair_file(ctx, pki("self-leaf.pem"), pki("self-leaf.key")), TLS_OK);
    return ctx;
}

static void told_and_obeyed(void)
{
    static const struct {
        enum word word;
        int good, rc, error, alert;
    } cases[] = {
        {STANDS, 1, TLS_OK, 0, -1},
        {STANDS, 0, TLS_ERR_TLS, TLS_REASON_UNKNOWN_CA, 48},
        {REFUSE, 1, TLS_ERR_TLS, TLS_REASON_CERTIFICATE_VERIFY_FAILED, 42},
        {REFUSE_WITH, 1, TLS_ERR_TLS, TLS_REASON_CERTIFICATE_VERIFY_FAILED, 49},
        {ODD, 1, TLS_ERR_TLS, TLS_REASON_CERTIFICATE_VERIFY_FAILED, 42},
        {DANGER, 0, TLS_OK, 0, -1},
        {DANGER, 1, TLS_OK, 0, -1},
        {TWICE, 1, TLS_OK, 0, -1},
        {ACCEPT_AND_FAIL, 1, TLS_ERR_TLS, TLS_REASON_CERTIFICATE_VERIFY_FAILED, 42},
        {ACCEPT_AND_FAIL, 0, TLS_ERR_TLS, TLS_REASON_CERTIFICATE_VERIFY_FAILED, 42},
    };
    size_t i;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct judge j = {.word = cases[i].word};
        struct pair p = pair_of(client_ctx(), cases[i].good ? server_ctx("p256") : self_signed());
        tls_error_info info;
        CHECK_EQ(tls_ctx_set_verify_callback(p.client_ctx, on_verdict, &j, on_release), TLS_OK);
        tls_conn_free(p.client);
        p.client = tls_conn_new(p.client_ctx, "localhost");
        CHECK_EQ(pair_handshake(&p, 700), cases[i].rc);
        CHECK_EQ(tls_conn_error(p.client, &info), TLS_OK);
        CHECK_EQ(info.number, cases[i].error);
        CHECK_EQ(info.alert, cases[i].alert);
        CHECK_EQ(tls_conn_verified(p.client), cases[i].good && cases[i].rc == TLS_OK);
        CHECK_EQ(j.calls, 1);
        CHECK_EQ(j.peer, TLS_SERVER);
        CHECK_EQ(j.path_len > 1, cases[i].good);
        CHECK(j.chain_len >= 1);
        CHECK_EQ(j.error, cases[i].good ? 0 : TLS_REASON_UNKNOWN_CA);
        CHECK_STR(j.name, "localhost");
        CHECK(strstr(j.subject, "CN=") != NULL);
        if (j.word == REFUSE_WITH)
            CHECK_STR(info.text, "not on our list");
        if (j.word == TWICE)
            CHECK_EQ(j.second, TLS_ERR_USAGE);
        CHECK_EQ(j.releases, 0);
        pair_free(&p);
        CHECK_EQ(j.releases, 1);
    }
}

static void *answer_later(void *arg)
{
    struct judge *j = arg;
    CHECK_EQ(tls_pending_verdict_stands(j->kept), TLS_OK);
    return NULL;
}

static void later(void)
{
    struct judge j = {.word = LATER};
    struct pair p;
    pthread_t thread;
    CHECK_EQ(run(&j, "rsa", &p), TLS_WANT_APP);
    CHECK_EQ(tls_handshake(p.client), TLS_WANT_APP);
    CHECK_EQ(tls_conn_wants(p.client), TLS_WANTS_APP);
    CHECK_EQ(pthread_create(&thread, NULL, answer_later, &j), 0);
    pthread_join(thread, NULL);
    CHECK_EQ(pair_handshake(&p, 700), TLS_OK);
    CHECK_EQ(j.calls, 1);
    CHECK_EQ(tls_pending_verdict_stands(j.kept), TLS_ERR_USAGE);
    pair_free(&p);
    tls_pending_free(j.kept);

    /* Refused later; the sentence is ours. */
    j = (struct judge){.word = LATER};
    CHECK_EQ(run(&j, "p256", &p), TLS_WANT_APP);
    CHECK_EQ(tls_pending_answer_error(j.kept, "the register is closed"), TLS_OK);
    CHECK_EQ(pair_handshake(&p, 700), TLS_ERR_TLS);
    CHECK_EQ(conn_error(p.client), TLS_REASON_CERTIFICATE_VERIFY_FAILED);
    pair_free(&p);
    tls_pending_free(j.kept);

    /* Never, and after the connection is gone. */
    j = (struct judge){.word = LATER};
    CHECK_EQ(run(&j, "p256", &p), TLS_WANT_APP);
    pair_free(&p);
    CHECK_EQ(j.releases, 1);
    CHECK_EQ(tls_pending_danger_accept_peer(j.kept), TLS_OK);
    tls_pending_free(j.kept);
}

static void count_wake(void *arg)
{
    ++*(int *)arg;
}

static void forgotten(void)
{
    struct judge j = {.word = FORGET};
    struct pair p;
    int wakes = 0;
    /* Later, by whom? */
    CHECK_EQ(run(&j, "p256", &p), TLS_ERR_USAGE);
    CHECK_EQ(conn_error(p.client), TLS_REASON_CALLBACK_MISBEHAVED);
    pair_free(&p);

    /* Given back without an answer. */
    j = (struct judge){.word = LATER};
    CHECK_EQ(run(&j, "p256", &p), TLS_WANT_APP);
    CHECK_EQ(tls_pending_set_wake(tls_conn_question(p.client), count_wake, &wakes), TLS_OK);
    tls_pending_free(j.kept);
    CHECK_EQ(wakes, 1);
    CHECK_EQ(tls_handshake(p.client), TLS_ERR_USAGE);
    CHECK_EQ(conn_error(p.client), TLS_REASON_CALLBACK_MISBEHAVED);
    pair_free(&p);

    /* The same behind the connection's end: nobody is woken. */
    j = (struct judge){.word = LATER};
    CHECK_EQ(run(&j, "p256", &p), TLS_WANT_APP);
    CHECK_EQ(tls_pending_set_wake(tls_conn_question(p.client), count_wake, &wakes), TLS_OK);
    pair_free(&p);
    tls_pending_free(j.kept);
    CHECK_EQ(wakes, 1);
}

static void of_a_server(void)
{
    tls_ctx *client = client_ctx(), *server = server_ctx("p256");
    struct judge j = {.word = STANDS};
    struct pair p;
    CHECK_EQ(tls_ctx_set_client_session_cache(client, 0), TLS_OK);
    CHECK_EQ(tls_ctx_add_keypair_file(client, pki("client-p256.pem"), pki("client-p256.key")), TLS_OK);
    CHECK_EQ(tls_ctx_add_ca_file(server, pki("ca.pem")), TLS_OK);
    CHECK_EQ(tls_ctx_set_client_auth(server, TLS_CLIENT_AUTH_REQUIRE), TLS_OK);
    CHECK_EQ(tls_ctx_set_verify_callback(server, on_verdict, &j, NULL), TLS_OK);
    p = pair_of(client, server);
    CHECK_EQ(pair_handshake(&p, 700), TLS_OK);
    CHECK_EQ(j.calls, 1);
    CHECK_EQ(j.peer, TLS_CLIENT);
    CHECK_STR(j.name, "-");
    CHECK(strstr(j.subject, "client-p256") != NULL);
    /* Taken back for the next connection; too late for this one. */
    CHECK_EQ(tls_conn_set_verify_callback(p.server, NULL, NULL, NULL), TLS_ERR_USAGE);
    CHECK_EQ(conn_error(p.server), TLS_REASON_WRONG_ORDER);
    CHECK_EQ(tls_ctx_set_verify_callback(server, NULL, NULL, NULL), TLS_OK);
    tls_conn_free(p.client);
    tls_conn_free(p.server);
    p = pair_of(client, server);
    CHECK_EQ(pair_handshake(&p, 700), TLS_OK);
    CHECK_EQ(j.calls, 1);
    pair_free(&p);
}

/* A session is resumed only under the callback that saw it made. */
static void sessions(void)
{
    tls_ctx *client = client_ctx(), *server = server_ctx("p256");
    struct judge j = {.word = STANDS}, other = {.word = REFUSE};
    struct pair p;
    int i;
    CHECK_EQ(tls_ctx_set_verify_callback(client, on_verdict, &j, NULL), TLS_OK);
    for (i = 0; i < 2; i++) {
        p = pair_of(client, server);
        CHECK_EQ(pair_handshake(&p, 700), TLS_OK);
        CHECK_EQ(tls_conn_resumed(p.client), i);
        CHECK_EQ(j.calls, 1);
        tls_conn_free(p.client);
        tls_conn_free(p.server);
    }
    CHECK_EQ(tls_ctx_set_verify_callback(client, on_verdict, &other, NULL), TLS_OK);
    p = pair_of(client, server);
    CHECK_EQ(pair_handshake(&p, 700), TLS_ERR_TLS);
    CHECK_EQ(other.calls, 1);
    CHECK_EQ(conn_error(p.client), TLS_REASON_CERTIFICATE_VERIFY_FAILED);
    pair_free(&p);
}

int main(void)
{
    told_and_obeyed();
    later();
    forgotten();
    of_a_server();
    sessions();
    return checks_done();
}
