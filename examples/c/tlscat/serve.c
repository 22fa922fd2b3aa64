#define _POSIX_C_SOURCE 200809L
#include "tlscat.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A connection and what it needs; the context is shared by all of them. */
struct job {
    tls_ctx *ctx;
    const struct options *options;
    int fd;
};

static int converse_or_sink(tls_conn *conn, const struct job *job, struct watch *watch)
{
    /* Standard input can have one reader alone. */
    return job->options->once ? converse(conn, job->fd, watch) : reply_sink(conn, watch);
}

/* One connection from accept to close. */
static int serve_one(const struct job *job)
{
    tls_conn *conn = tls_conn_new_server(job->ctx);
    struct watch watch = {.options = job->options};
    int status = EXIT_FAILED;
    /* Whichever host it asks for. */
    int asked = job->options->asks_again ? TLS_CLIENT_AUTH_NONE : job->options->client_auth;
    if (tls_conn_set_client_auth(conn, asked) != TLS_OK || tls_conn_set_fd(conn, job->fd) != TLS_OK ||
        tls_handshake(conn) != TLS_OK)
        print_error(conn);
    else {
        print_summary(conn);
        if (job->options->export != NULL)
            print_secrets(conn, job->options->export);
        status = job->options->echo  ? reply_echo(conn, &watch)
                 : job->options->www ? reply_www(conn, &watch)
                                     : converse_or_sink(conn, job, &watch);
    }
    tls_conn_free(conn);
    close(job->fd);
    return status;
}

static void *serve_thread(void *arg)
{
    struct job *job = arg;
    serve_one(job);
    free(job);
    return NULL;
}

/* A thread for the connection; without one, the connection is given up, not the server. */
static void spawn(const struct job *job)
{
    struct job *copy = malloc(sizeof *copy);
    pthread_t thread;
    int rc = ENOMEM;
    if (copy != NULL) {
        *copy = *job;
        rc = pthread_create(&thread, NULL, serve_thread, copy);
    }
    if (rc == 0) {
        pthread_detach(thread);
        return;
    }
    fprintf(stderr, "tlscat: no thread for a connection: %s\n", strerror(rc));
    close(job->fd);
    free(copy);
}

/* The next connection on any of the listeners, or -1. */
static int accept_any(const int *listeners, int count)
{
    struct pollfd polls[2];
    int i, fd, on = 1;
    for (;;) {
        for (i = 0; i < count; i++)
            polls[i] = (struct pollfd){.fd = listeners[i], .events = POLLIN};
        if (poll(polls, (nfds_t)count, -1) < 0 && errno != EINTR)
            return -1;
        for (i = 0; i < count; i++) {
            if (!(polls[i].revents & POLLIN))
                continue;
            fd = accept(listeners[i], NULL, NULL);
            if (fd >= 0) {
                setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
                return fd;
            }
            /* The client left before it was accepted, or descriptors ran out for the moment. */
            if (errno == EMFILE || errno == ENFILE)
                poll(NULL, 0, 100);
        }
    }
}

int run_serve(const struct options *o)
{
    static struct hosts hosts; /* threads outlive this function */
    int made = make_hosts(&hosts, o) == 0;
    struct job job = {.ctx = hosts.contexts[0], .options = o};
    int listeners[2], i, status = EXIT_FAILED;
    int count = made ? listen_loopback(o->port, listeners) : 0;
    while (count > 0 && (job.fd = accept_any(listeners, count)) >= 0) {
        if (o->once) {
            status = serve_one(&job);
            break;
        }
        spawn(&job);
    }
    for (i = 0; i < count; i++)
        close(listeners[i]);
    free_hosts(&hosts);
    return made ? status : EXIT_USAGE;
}
