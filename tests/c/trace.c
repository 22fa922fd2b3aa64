/* Tracing: the row of this name. Lines of JSON through a callback, from several threads, and none of them
 * with a secret. */
#define _POSIX_C_SOURCE 200809L
#include "check.h"
#include "support.h"

#include <pthread.h>
#include <stdlib.h>

struct log {
    pthread_mutex_t lock;
    char text[1 << 16];
    size_t len;
    int lines, released;
};

static void on_line(const char *line, void *arg)
{
    struct log *log = arg;
    size_t len = strlen(line);
    pthread_mutex_lock(&log->lock);
    CHECK(line[0] == '{' && line[len - 1] == '}' && strchr(line, '\n') == NULL);
    if (log->len + len + 2 < sizeof log->text) {
        memcpy(log->text + log->len, line, len);
        log->len += len;
        log->text[log->len++] = '\n';
    }
    log->lines++;
    pthread_mutex_unlock(&log->lock);
}

static void release(void *arg)
{
    ((struct log *)arg)->released++;
}

static struct log *log_new(void)
{
    struct log *log = calloc(1, sizeof *log);
    pthread_mutex_init(&log->lock, NULL);
    return log;
}

static void tracing(void)
{
    static const char secret[] = "a word that nobody else reads";
    struct log *log = log_new();
    tls_ctx *server = server_ctx("p256");
    struct pair p;
    int lines;
    CHECK_EQ(tls_ctx_set_trace(server, on_line, log, release), TLS_OK);
    p = pair_of(client_ctx(), server);
    CHECK_EQ(pair_handshake(&p, 4096), TLS_OK);
    CHECK_EQ(pair_send(p.client, p.server, secret, sizeof secret, 100), 0);
    CHECK(strstr(log->text, "{\"v\":1,\"conn\":1,\"t\":") == log->text);
    CHECK(strstr(log->text, "\"event\":\"begin\",\"role\":\"server\"}") != NULL);
    CHECK(strstr(log->text, "\"event\":\"message\",\"dir\":\"received\",\"type\":\"ClientHello\"") != NULL);
    CHECK(strstr(log->text, "\"what\":\"cipher suite\",\"chosen\":\"ECDHE-ECDSA-AES128-GCM-SHA256\"") != NULL);
    CHECK(strstr(log->text, "\"event\":\"established\",\"resumed\":false") != NULL);
    CHECK(strstr(log->text, "\"event\":\"record\",\"dir\":\"received\",\"type\":\"application_data\"") != NULL);
    CHECK(strstr(log->text, secret) == NULL);
    CHECK_EQ(tls_close(p.client), TLS_WANT_WRITE);

    /* Taken back: the connection that runs keeps it, a new one has none. */
    CHECK_EQ(tls_ctx_set_trace(server, NULL, NULL, NULL), TLS_OK);
    CHECK_EQ(log->released, 0);
    lines = log->lines;
    shuttle(p.client, p.server, 4096);
    CHECK_EQ(tls_read(p.server, log, 1), 0);
    CHECK(log->lines > lines);
    CHECK(strstr(log->text, "\"event\":\"alert\",\"dir\":\"received\",\"level\":\"warning\",\"alert\":\"close_notify\",\"number\":0}") != NULL);
    pair_free(&p);
    CHECK_EQ(log->released, 1);
    free(log);
}

/* A refusal shows who is to blame. */
static void blame(void)
{
    struct log *log = log_new();
    tls_ctx *server = server_ctx("p256");
    tls_conn *conn;
    CHECK_EQ(tls_ctx_set_trace(server, on_line, log, release), TLS_OK);
    conn = tls_conn_new_server(server);
    CHECK(tls_feed(conn, "\x16\x03\x01\x00\x04\x02\x00\x00\x00", 9) == 9);
    CHECK_EQ(tls_handshake(conn), TLS_ERR_TLS);
    CHECK(strstr(log->text, "\"event\":\"alert\",\"dir\":\"sent\",\"level\":\"fatal\",\"alert\":\"unexpected_message\"") != NULL);
    CHECK(strstr(log->text, "\"name\":\"UNEXPECTED_MESSAGE\"") != NULL);
    CHECK(strstr(log->text, "\"blame\":\"peer\",\"alert\":\"unexpected_message\",\"dir\":\"sent\"}") != NULL);
    tls_conn_free(conn);
    tls_ctx_free(server);
    CHECK_EQ(log->released, 1);
    free(log);
}

struct shown {
    char order[512];
    unsigned char finished[2][16];
    int released;
};

static void on_message(int sent, int type, int version, const void *data, size_t len, void *arg)
{
    struct shown *shown = arg;
    const unsigned char *bytes = data;
    size_t used = strlen(shown->order);
    CHECK(version == 0x0303 || version == 0x0301);
    if (type == TLS_RECORD_HEADER) {
        CHECK_EQ(len, 5);
        return;
    }
    if (type == 22) {
        CHECK_EQ(len, 4U + ((unsigned)bytes[1] << 16 | (unsigned)bytes[2] << 8 | bytes[3]));
        if (bytes[0] == 20 && len == 16)
            memcpy(shown->finished[sent], bytes, 16);
    }
    snprintf(shown->order + used, sizeof shown->order - used, "%s%d.%d", sent ? ">" : "<", type, bytes[type == 21]);
}

static void forget(void *arg)
{
    ((struct shown *)arg)->released++;
}

/* Every message, also what is protected, and no data; beside a trace. */
static void messages(void)
{
    static struct shown client_saw, server_saw;
    struct log *log = log_new();
    tls_ctx *server = server_ctx("p256"), *client = client_ctx();
    struct pair p;
    CHECK_EQ(tls_ctx_danger_set_message_callback(server, on_message, &server_saw, forget), TLS_OK);
    CHECK_EQ(tls_ctx_danger_set_message_callback(client, on_message, &client_saw, forget), TLS_OK);
    CHECK_EQ(tls_ctx_set_trace(server, on_line, log, release), TLS_OK);
    p = pair_of(client, server);
    CHECK_EQ(pair_handshake(&p, 4096), TLS_OK);
    CHECK_EQ(pair_send(p.client, p.server, "data", 4, 4), 0);
    CHECK_EQ(tls_close(p.client), TLS_WANT_WRITE);
    shuttle(p.client, p.server, 4096);
    CHECK_EQ(tls_read(p.server, log->text, 1), 0);
    CHECK(strcmp(client_saw.order, ">22.1<22.2<22.11<22.12<22.14>22.16>20.1>22.20<22.4<20.1<22.20>21.0") == 0);
    CHECK(strcmp(server_saw.order, "<22.1>22.2>22.11>22.12>22.14<22.16<20.1<22.20>22.4>20.1>22.20<21.0") == 0);
    CHECK(memcmp(client_saw.finished[0], server_saw.finished[1], 16) == 0 && client_saw.finished[0][0] == 20);
    CHECK(memcmp(client_saw.finished[1], server_saw.finished[0], 16) == 0 && client_saw.finished[1][0] == 20);
    CHECK(strstr(log->text, "\"event\":\"established\"") != NULL);

    /* The trace goes, the messages stay. */
    CHECK_EQ(tls_ctx_set_trace(server, NULL, NULL, NULL), TLS_OK);
    CHECK_EQ(tls_ctx_danger_set_message_callback(client, NULL, NULL, NULL), TLS_OK);
    CHECK_EQ(client_saw.released, 0);
    pair_free(&p);
    CHECK_EQ(client_saw.released, 1);
    CHECK_EQ(server_saw.released, 1);
    CHECK_EQ(log->released, 1);
    free(log);
}

struct job {
    tls_ctx *client, *server;
};

static void *handshakes(void *arg)
{
    struct job *job = arg;
    int i;
    for (i = 0; i < 10; i++) {
        struct pair p = pair_of(tls_ctx_ref(job->client), tls_ctx_ref(job->server));
        CHECK_EQ(pair_handshake(&p, 4096), TLS_OK);
        pair_free(&p);
    }
    return NULL;
}

/* Several threads tell one callback, and it comes and goes meanwhile. */
static void several_threads(void)
{
    struct log *log = log_new();
    struct job job = {client_ctx(), server_ctx("p256")};
    pthread_t threads[4];
    int i, set = 0;
    for (i = 0; i < 4; i++)
        CHECK_EQ(pthread_create(&threads[i], NULL, handshakes, &job), 0);
    for (i = 0; i < 50; i++)
        set += tls_ctx_set_trace(job.server, i % 2 == 0 ? on_line : NULL, log, release) == TLS_OK;
    CHECK_EQ(set, 50);
    for (i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    tls_ctx_free(job.client);
    tls_ctx_free(job.server);
    CHECK_EQ(log->released, 25);
    free(log);
}

int main(void)
{
    tracing();
    blame();
    messages();
    several_threads();
    return checks_done();
}
