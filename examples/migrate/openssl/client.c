/*
 * client HOST PORT CA-FILE [NAME]: sends what stands on standard input to a TLS server, and prints its answer. The
 * certificate must be from a CA of the file, and for HOST, or for NAME.
 *
 * Written for OpenSSL 1.1 and later. Built with tlscore's OpenSSL interface it is the same file; ../native/client.c
 * does the same with tlscore's own.
 */
#define _POSIX_C_SOURCE 200809L
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <errno.h>
#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A connected TCP socket, or -1. */
static int dial(const char *host, const char *port)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *list, *a;
    int fd = -1;
    if (getaddrinfo(host, port, &hints, &list) != 0)
        return -1;
    for (a = list; a != NULL && fd < 0; a = a->ai_next) {
        fd = socket(a->ai_family, a->ai_socktype, a->ai_protocol);
        if (fd >= 0 && connect(fd, a->ai_addr, a->ai_addrlen) != 0) {
            close(fd);
            fd = -1;
        }
    }
    freeaddrinfo(list);
    return fd;
}

/* NULL where the CA file is not good. */
static SSL_CTX *make_context(const char *ca_file)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
    if (ctx == NULL)
        return NULL;
    SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
    /* Without these two, and SSL_set1_host() below, nobody's certificate is looked at. */
    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
    if (SSL_CTX_load_verify_locations(ctx, ca_file, NULL) != 1) {
        SSL_CTX_free(ctx);
        return NULL;
    }
    return ctx;
}

/* Says why, in one line, from wherever OpenSSL keeps it. */
static void complain(SSL *ssl, int rc)
{
    long verdict = SSL_get_verify_result(ssl);
    unsigned long code;
    if (verdict != X509_V_OK)
        fprintf(stderr, "certificate: %s\n", X509_verify_cert_error_string(verdict));
    else if ((code = ERR_get_error()) != 0)
        fprintf(stderr, "%s\n", ERR_reason_error_string(code));
    else
        fprintf(stderr, "error %d: %s\n", SSL_get_error(ssl, rc), strerror(errno));
}

/* 0 when everything went well up to the server's close_notify. */
static int converse(SSL *ssl)
{
    char buf[16384];
    size_t len;
    int rc = SSL_connect(ssl);
    if (rc != 1) {
        complain(ssl, rc);
        return -1;
    }
    fprintf(stderr, "%s, %s\n", SSL_get_version(ssl), SSL_get_cipher_name(ssl));
    while ((len = fread(buf, 1, sizeof buf, stdin)) > 0) {
        rc = SSL_write(ssl, buf, (int)len); /* all of it, without SSL_MODE_ENABLE_PARTIAL_WRITE */
        if (rc <= 0) {
            complain(ssl, rc);
            return -1;
        }
    }
    SSL_shutdown(ssl); /* no more from us; the echo of the rest is read below */
    while ((rc = SSL_read(ssl, buf, sizeof buf)) > 0)
        fwrite(buf, 1, (size_t)rc, stdout);
    if (SSL_get_error(ssl, rc) != SSL_ERROR_ZERO_RETURN) {
        complain(ssl, rc);
        return -1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    const char *name = argc > 4 ? argv[4] : argv[1];
    SSL_CTX *ctx;
    SSL *ssl;
    int fd, status = 1;

    if (argc < 4) {
        fprintf(stderr, "usage: client HOST PORT CA-FILE [NAME]\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    ctx = make_context(argv[3]);
    if (ctx == NULL) {
        fprintf(stderr, "%s: %s\n", argv[3], ERR_reason_error_string(ERR_get_error()));
        return 1;
    }
    fd = dial(argv[1], argv[2]);
    ssl = SSL_new(ctx);
    if (fd < 0 || ssl == NULL)
        fprintf(stderr, "%s:%s: no connection\n", argv[1], argv[2]);
    else if (SSL_set_tlsext_host_name(ssl, name) == 1 && SSL_set1_host(ssl, name) == 1 && SSL_set_fd(ssl, fd) == 1)
        status = converse(ssl) == 0 ? 0 : 1;
    SSL_free(ssl);
    if (fd >= 0)
        close(fd);
    SSL_CTX_free(ctx);
    return status;
}
