#define _POSIX_C_SOURCE 200809L
#include "tlscat.h"

#include <stdio.h>
#include <string.h>

int send_all(tls_conn *conn, const void *bytes, size_t len)
{
    const char *at = bytes;
    while (len > 0) {
        ptrdiff_t n = tls_write(conn, at, len);
        if (n < 0)
            return -1;
        at += n;
        len -= (size_t)n;
    }
    return 0;
}

static int failed(const tls_conn *conn)
{
    print_error(conn);
    return EXIT_FAILED;
}

int reply_echo(tls_conn *conn, struct watch *watch)
{
    char buf[16384];
    ptrdiff_t n;
    while ((n = tls_read(conn, buf, sizeof buf)) > 0) {
        watch_handshakes(watch, conn);
        if (send_all(conn, buf, (size_t)n) != 0)
            return failed(conn);
    }
    if (n < 0 || tls_close(conn) != TLS_OK)
        return failed(conn);
    return EXIT_CLEAN;
}

int reply_sink(tls_conn *conn, struct watch *watch)
{
    char buf[16384];
    ptrdiff_t n;
    while ((n = tls_read(conn, buf, sizeof buf)) > 0) {
        watch_handshakes(watch, conn);
        fwrite(buf, 1, (size_t)n, stdout);
        fflush(stdout);
    }
    if (n < 0 || tls_close(conn) != TLS_OK)
        return failed(conn);
    return EXIT_CLEAN;
}

/* Reads up to the empty line; 1 when it came, 0 when the peer closed before, -1 on error. */
static int read_request(tls_conn *conn, char *buf, size_t cap)
{
    size_t len = 0;
    while (len + 1 < cap) {
        ptrdiff_t n = tls_read(conn, buf + len, cap - 1 - len);
        if (n <= 0)
            return (int)n;
        len += (size_t)n;
        buf[len] = '\0';
        if (strstr(buf, "\r\n\r\n") != NULL || strstr(buf, "\n\n") != NULL)
            return 1;
    }
    return 1; /* too long to be read in full: it is answered all the same */
}

int reply_www(tls_conn *conn, struct watch *watch)
{
    char request[16384], facts[1024], body[2048], head[256];
    int len, rc = read_request(conn, request, sizeof request);
    if (rc < 0)
        return failed(conn);
    if (rc == 0) { /* no request came: a clean close all the same */
        tls_close(conn);
        return EXIT_CLEAN;
    }
    watch_handshakes(watch, conn);
    if (tls_handshake(conn) != TLS_OK) /* the one that was asked for just now */
        return failed(conn);
    watch_handshakes(watch, conn);
    describe(conn, facts, sizeof facts);
    len = snprintf(body, sizeof body,
                   "<!doctype html>\n<title>tlscat</title>\n<h1>tlscore %s</h1>\n<p>%s</p>\n",
                   tls_version(), facts);
    snprintf(head, sizeof head,
             "HTTP/1.0 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n"
             "Connection: close\r\n\r\n",
             len);
    if (send_all(conn, head, strlen(head)) != 0 || send_all(conn, body, (size_t)len) != 0 ||
        tls_close(conn) != TLS_OK)
        return failed(conn);
    /* Until the client goes: closing a socket with unread bytes would reset the connection and
     * could take the page with it. How the client leaves is its own affair. */
    while (tls_read(conn, request, sizeof request) > 0)
        ;
    return EXIT_CLEAN;
}
