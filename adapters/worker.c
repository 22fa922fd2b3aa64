#define _POSIX_C_SOURCE 200809L
#include "worker.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* More questions at once mean that the store is too slow: the ones beyond have no answer. */
enum { MAX_QUEUE = 4096 };

/* For so many seconds a store that failed is not asked. */
enum { PAUSE = 1 };

struct job {
    enum { JOB_GET, JOB_PUT, JOB_REMOVE } what;
    char key[MAX_KEY];
    tls_pending *pending; /* of a get */
    unsigned lifetime;
    size_t len;
    struct job *next;
    unsigned char value[];
};

struct worker {
    const struct store_calls *calls;
    void *store;
    char prefix[MAX_KEY - 64];
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t news;
    struct job *first, **last;
    size_t count;
    int stop;
    /* The worker's thread alone: */
    time_t paused_until;
    struct job *removes; /* what the store could not be told; at most MAX_QUEUE */
    size_t removes_count;
};

static time_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec;
}

static void answer(struct job *job, const void *value, size_t len)
{
    if (job->pending == NULL)
        return;
    tls_pending_answer_session(job->pending, len > 0 ? value : NULL, len);
    tls_pending_free(job->pending);
    job->pending = NULL;
}

/* What failed for now: gets have nothing, puts are lost, removes wait for the store to be back. */
static void give_up(struct worker *w, struct job *job)
{
    answer(job, NULL, 0);
    if (job->what == JOB_REMOVE && w->removes_count < MAX_QUEUE) {
        job->next = w->removes;
        w->removes = job;
        w->removes_count++;
    } else
        free(job);
}

/* Tells the store what it missed; 0 when it is gone again. */
static int catch_up(struct worker *w)
{
    while (w->removes != NULL) {
        struct job *job = w->removes;
        if (w->calls->remove(w->store, job->key) < 0)
            return 0;
        w->removes = job->next;
        w->removes_count--;
        free(job);
    }
    return 1;
}

/* Asks the store; every get is answered. */
static void run(struct worker *w, struct job *job)
{
    unsigned char value[MAX_VALUE];
    long got = -1;
    if (now() < w->paused_until) {
        give_up(w, job);
        return;
    }
    if (!catch_up(w)) {
        w->calls->disconnect(w->store);
        w->paused_until = now() + PAUSE;
        give_up(w, job);
        return;
    }
    switch (job->what) {
    case JOB_GET:
        got = w->calls->get(w->store, job->key, value, sizeof value);
        break;
    case JOB_PUT:
        got = w->calls->put(w->store, job->key, job->value, job->len, job->lifetime);
        break;
    case JOB_REMOVE:
        got = w->calls->remove(w->store, job->key);
        break;
    }
    if (got < 0) {
        w->calls->disconnect(w->store);
        w->paused_until = now() + PAUSE;
        give_up(w, job);
        return;
    }
    answer(job, value, (size_t)got);
    free(job);
}

static void *work(void *arg)
{
    struct worker *w = arg;
    struct job *job;
    pthread_mutex_lock(&w->lock);
    for (;;) {
        while (w->first == NULL && !w->stop)
            pthread_cond_wait(&w->news, &w->lock);
        if ((job = w->first) == NULL)
            break; /* stopped, and nothing is left */
        w->first = job->next;
        if (w->first == NULL)
            w->last = &w->first;
        w->count--;
        if (w->stop)
            w->paused_until = now() + PAUSE; /* what is left is answered, no longer asked */
        pthread_mutex_unlock(&w->lock);
        run(w, job);
        pthread_mutex_lock(&w->lock);
    }
    pthread_mutex_unlock(&w->lock);
    while ((job = w->removes) != NULL) {
        w->removes = job->next;
        free(job);
    }
    return NULL;
}

/* The thread takes no signal: those are the program's, and a store that went away must not end it
   with SIGPIPE. */
static int start(struct worker *w)
{
    sigset_t all, before;
    int rc;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    rc = pthread_create(&w->thread, NULL, work, w);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return rc;
}

static struct job *new_job(const struct worker *w, const uint8_t *id, size_t id_len, size_t len)
{
    struct job *job = malloc(sizeof *job + len);
    size_t at;
    if (job == NULL || id_len > 32) {
        free(job);
        return NULL;
    }
    memset(job, 0, sizeof *job);
    job->len = len;
    at = (size_t)snprintf(job->key, sizeof job->key - 64, "%s", w->prefix);
    for (size_t i = 0; i < id_len; i++)
        at += (size_t)snprintf(job->key + at, sizeof job->key - at, "%02x", id[i]);
    return job;
}

/* Takes the job over; 0 when the queue is full. */
static int enqueue(struct worker *w, struct job *job)
{
    int room;
    pthread_mutex_lock(&w->lock);
    room = w->count < MAX_QUEUE * (job->what == JOB_REMOVE ? 2 : 1) && !w->stop;
    if (room) {
        *w->last = job;
        w->last = &job->next;
        w->count++;
        pthread_cond_signal(&w->news);
    }
    pthread_mutex_unlock(&w->lock);
    if (!room) {
        tls_pending_free(job->pending);
        free(job);
    }
    return room;
}

static int on_get(tls_pending *pending, const uint8_t *id, size_t id_len, void *arg)
{
    struct job *job = new_job(arg, id, id_len, 0);
    if (job == NULL)
        return TLS_OK; /* without an answer: there is none */
    job->what = JOB_GET;
    job->pending = tls_pending_ref(pending);
    return enqueue(arg, job) ? TLS_WANT_APP : TLS_OK;
}

static void on_put(const uint8_t *id, size_t id_len, const uint8_t *value, size_t len, uint32_t lifetime, void *arg)
{
    struct job *job = len <= MAX_VALUE ? new_job(arg, id, id_len, len) : NULL;
    if (job == NULL)
        return;
    job->what = JOB_PUT;
    job->lifetime = lifetime;
    memcpy(job->value, value, len);
    enqueue(arg, job);
}

static void on_remove(const uint8_t *id, size_t id_len, void *arg)
{
    struct job *job = new_job(arg, id, id_len, 0);
    if (job == NULL)
        return;
    job->what = JOB_REMOVE;
    enqueue(arg, job);
}

static void free_worker(struct worker *w)
{
    w->calls->free(w->store);
    pthread_cond_destroy(&w->news);
    pthread_mutex_destroy(&w->lock);
    free(w);
}

/* Waits for the thread: as long as one question takes, at most. */
static void on_release(void *arg)
{
    struct worker *w = arg;
    pthread_mutex_lock(&w->lock);
    w->stop = 1;
    pthread_cond_signal(&w->news);
    pthread_mutex_unlock(&w->lock);
    pthread_join(w->thread, NULL);
    free_worker(w);
}

int attach_store(tls_ctx *ctx, const struct store_calls *calls, void *store, const char *prefix)
{
    static const tls_session_store callbacks = {on_get, on_put, on_remove, on_release};
    struct worker *w = calloc(1, sizeof *w);
    if (w == NULL || strlen(prefix) >= sizeof w->prefix) {
        free(w);
        calls->free(store);
        return TLS_ERR_USAGE;
    }
    w->calls = calls;
    w->store = store;
    strcpy(w->prefix, prefix);
    w->last = &w->first;
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->news, NULL);
    if (start(w) != 0) {
        free_worker(w);
        return TLS_ERR_USAGE;
    }
    if (tls_ctx_set_session_store(ctx, &callbacks, w) != TLS_OK) {
        on_release(w);
        return TLS_ERR_USAGE;
    }
    return TLS_OK;
}
