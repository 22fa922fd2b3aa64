/*
 * server redis|memcached STORE-PORT TICKET-KEYS CERT KEY
 *
 * An echo server on a free port of 127.0.0.1, one thread for each connection, that shares its sessions
 * with every other one that has the same store and ticket keys. Prints "listening PORT", and for each
 * connection whether it resumed.
 */
#define _POSIX_C_SOURCE 200809L
#include "store.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void wake(void *arg)
{
    sem_post(arg);
}

/* The handshake of a blocking socket; the session store answers from its own thread. */
static int handshake(tls_conn *conn)
{
    sem_t answered;
    int rc;
    sem_init(&answered, 0, 0);
    while ((rc = tls_handshake(conn)) == TLS_WANT_APP) {
        tls_pending_set_wake(tls_conn_question(conn), wake, &answered);
        while (sem_wait(&answered) != 0)
            ; /* interrupted */
    }
    sem_destroy(&answered);
    return rc;
}

static void echo(tls_conn *conn)
{
    char buf[4096];
    ptrdiff_t n, sent, taken;
    while ((n = tls_read(conn, buf, sizeof buf)) > 0)
        for (sent = 0; sent < n; sent += taken)
            if ((taken = tls_write(conn, buf + sent, (size_t)(n - sent))) <= 0)
                return;
    if (n == 0)
        tls_close(conn);
}

struct job {
    tls_ctx *ctx;
    int fd;
};

static void *serve(void *arg)
{
    struct job *job = arg;
    tls_conn *conn = tls_conn_new_server(job->ctx);
    if (tls_conn_set_fd(conn, job->fd) == TLS_OK && handshake(conn) == TLS_OK) {
        printf("resumed=%s\n", tls_conn_resumed(conn) ? "yes" : "no");
        fflush(stdout);
        echo(conn);
    } else {
        printf("failed: %s\n", tls_conn_error_text(conn));
        fflush(stdout);
    }
    tls_conn_free(conn);
    close(job->fd);
    free(job);
    return NULL;
}

static int listen_on_any_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, len) != 0 || listen(fd, 64) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &len) != 0) {
        perror("listen");
        exit(1);
    }
    printf("listening %d\n", ntohs(address.sin_port));
    fflush(stdout);
    return fd;
}

static tls_ctx *make_context(char **argv)
{
    tls_ctx *ctx = tls_ctx_new(TLS_SERVER);
    tls_error_info error;
    int port = atoi(argv[2]);
    int store = strcmp(argv[1], "redis") == 0 ? tls_redis_store(ctx, "127.0.0.1", port, "tls:", 500)
                                              : tls_memcached_store(ctx, "127.0.0.1", port, "tls:", 500);
    /* Without tickets all clients use the store. */
    if (store == TLS_OK && tls_ctx_set_tickets(ctx, 0) == TLS_OK &&
        tls_ctx_set_ticket_keys_file(ctx, argv[3]) == TLS_OK &&
        tls_ctx_add_keypair_file(ctx, argv[4], argv[5]) == TLS_OK)
        return ctx;
    tls_ctx_error(ctx, &error);
    fprintf(stderr, "%s: %s\n", error.name, error.text);
    exit(1);
}

int main(int argc, char **argv)
{
    tls_ctx *ctx;
    int listener, fd, on = 1;
    if (argc != 6) {
        fprintf(stderr, "usage: server redis|memcached STORE-PORT TICKET-KEYS CERT KEY\n");
        return 2;
    }
    ctx = make_context(argv);
    listener = listen_on_any_port();
    while ((fd = accept(listener, NULL, NULL)) >= 0) {
        struct job *job = malloc(sizeof *job);
        pthread_t thread;
        if (job == NULL)
            break;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        *job = (struct job){ctx, fd};
        if (pthread_create(&thread, NULL, serve, job) != 0)
            break;
        pthread_detach(thread);
    }
    return 1;
}
