#define _POSIX_C_SOURCE 200809L
#include "tlscat.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* More than a session with the longest chain of certificates. */
enum { MAX_SESSION = 512 << 10 };

/* The session's bytes hold its secrets: a compiler must not leave this out. */
static void wipe(void *bytes, size_t len)
{
    volatile unsigned char *at = bytes;
    while (len-- > 0)
        *at++ = 0;
}

static void offer(tls_conn *conn, const char *file, const void *blob, size_t len)
{
    tls_error_info error;
    tls_session *session = NULL;
    if (tls_session_import(blob, len, &session, &error) != TLS_OK)
        fprintf(stderr, "tlscat: %s: %s: %s\n", file, error.name, error.text);
    else if (tls_conn_set_session(conn, session) != TLS_OK)
        print_error(conn);
    tls_session_free(session);
}

void load_session(tls_conn *conn, const char *file)
{
    unsigned char *blob = malloc(MAX_SESSION);
    FILE *in = fopen(file, "rb");
    size_t len;
    if (in == NULL && errno != ENOENT)
        fprintf(stderr, "tlscat: %s: %s\n", file, strerror(errno));
    if (in != NULL && blob != NULL) {
        setvbuf(in, NULL, _IONBF, 0); /* no copy that nobody wipes */
        len = fread(blob, 1, MAX_SESSION, in);
        offer(conn, file, blob, len);
        wipe(blob, len);
    }
    if (in != NULL)
        fclose(in);
    free(blob);
}

/* A new file, readable by its owner alone, takes the old one's place at once. */
static int write_file(const char *file, const void *bytes, size_t len)
{
    char fresh[4096];
    int fd, good;
    if (snprintf(fresh, sizeof fresh, "%s.new", file) >= (int)sizeof fresh) {
        errno = ENAMETOOLONG;
        return -1;
    }
    unlink(fresh);
    fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return -1;
    good = write(fd, bytes, len) == (ssize_t)len;
    if (close(fd) != 0 || !good || rename(fresh, file) != 0) {
        unlink(fresh);
        return -1;
    }
    return 0;
}

void save_session(const tls_conn *conn, const char *file)
{
    tls_session *session = tls_conn_session(conn);
    ptrdiff_t len = tls_session_export(session, NULL, 0);
    void *blob = len > 0 ? malloc((size_t)len) : NULL;
    if (blob != NULL && tls_session_export(session, blob, (size_t)len) == len) {
        if (write_file(file, blob, (size_t)len) != 0)
            fprintf(stderr, "tlscat: %s: %s\n", file, strerror(errno));
        wipe(blob, (size_t)len);
    }
    free(blob);
    tls_session_free(session);
}
