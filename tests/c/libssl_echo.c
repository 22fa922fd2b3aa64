/*
 * libssl_echo HOST PORT CA-FILE CIPHER BYTES
 *
 * A client on OpenSSL's libssl for an echo server: sends BYTES of pseudo-random data, reads as many
 * back, both at once over a non-blocking socket, and prints the SHA-256 of what went and of what
 * came. (s_client would take lines that begin with Q or R as commands.)
 */
#define _POSIX_C_SOURCE 200809L
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CHUNK = 65536 };

struct sum {
    EVP_MD_CTX *md;
    unsigned long long bytes;
};

static void die(const char *what)
{
    fprintf(stderr, "%s: ", what);
    ERR_print_errors_fp(stderr);
    if (errno != 0)
        perror("errno");
    exit(1);
}

static void add(struct sum *s, const void *bytes, size_t len)
{
    EVP_DigestUpdate(s->md, bytes, len);
    s->bytes += len;
}

static void print(const char *what, struct sum *s)
{
    unsigned char out[EVP_MAX_MD_SIZE];
    unsigned len, i;
    EVP_DigestFinal_ex(s->md, out, &len);
    printf("%s %llu ", what, s->bytes);
    for (i = 0; i < len; i++)
        printf("%02x", out[i]);
    printf(" ");
}

static int dial(const char *host, const char *port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(port))};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (inet_pton(AF_INET, host, &at.sin_addr) != 1 || connect(fd, (struct sockaddr *)&at, sizeof at) != 0)
        die("connect");
    return fd;
}

static SSL *handshake(int fd, const char *ca, const char *cipher)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
    SSL *ssl;
    SSL_CTX_set_max_proto_version(ctx, TLS1_2_VERSION);
    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_security_level(ctx, 0);
    if (SSL_CTX_load_verify_locations(ctx, ca, NULL) != 1 || SSL_CTX_set_cipher_list(ctx, cipher) != 1)
        die("configuration");
    ssl = SSL_new(ctx);
    SSL_CTX_free(ctx);
    SSL_set1_host(ssl, "localhost");
    SSL_set_tlsext_host_name(ssl, "localhost");
    SSL_set_fd(ssl, fd);
    if (SSL_connect(ssl) != 1)
        die("handshake");
    if (strcmp(SSL_get_cipher_name(ssl), cipher) != 0)
        die("another cipher was negotiated");
    return ssl;
}

/* A fast generator: its quality does not matter, that it does not repeat does. */
static void fill(unsigned char *buf, size_t len)
{
    static unsigned long long state = 88172645463325252ull;
    size_t i;
    for (i = 0; i + 8 <= len; i += 8) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        memcpy(buf + i, &state, 8);
    }
}

static void wait_for(SSL *ssl, int writing)
{
    struct pollfd p = {.fd = SSL_get_fd(ssl), .events = (short)(POLLIN | (writing ? POLLOUT : 0))};
    if (poll(&p, 1, 30000) <= 0)
        die("nothing moves");
}

static void check_want(SSL *ssl, int rc)
{
    int why = SSL_get_error(ssl, rc);
    if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE)
        die("transfer");
}

static void transfer(SSL *ssl, unsigned long long total, struct sum *sent, struct sum *received)
{
    unsigned char out[CHUNK], in[CHUNK];
    size_t have = 0, at = 0;
    while (received->bytes < total) {
        int rc;
        if (at == have && sent->bytes < total) {
            have = total - sent->bytes < CHUNK ? (size_t)(total - sent->bytes) : CHUNK;
            fill(out, sizeof out);
            at = 0;
            add(sent, out, have);
        }
        if (at < have) {
            rc = SSL_write(ssl, out + at, (int)(have - at));
            if (rc > 0)
                at += (size_t)rc;
            else
                check_want(ssl, rc);
        }
        while ((rc = SSL_read(ssl, in, sizeof in)) > 0)
            add(received, in, (size_t)rc);
        check_want(ssl, rc);
        if (received->bytes < total)
            wait_for(ssl, at < have || sent->bytes < total);
    }
}

int main(int argc, char **argv)
{
    struct sum sent = {EVP_MD_CTX_new(), 0}, received = {EVP_MD_CTX_new(), 0};
    SSL *ssl;
    int fd, rc;
    if (argc != 6)
        return 2;
    EVP_DigestInit_ex(sent.md, EVP_sha256(), NULL);
    EVP_DigestInit_ex(received.md, EVP_sha256(), NULL);
    fd = dial(argv[1], argv[2]);
    ssl = handshake(fd, argv[3], argv[4]);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    errno = 0;
    transfer(ssl, strtoull(argv[5], NULL, 10), &sent, &received);
    print("sent", &sent);
    print("received", &received);
    printf("\n");
    /* Ours, then the server's close_notify. */
    while ((rc = SSL_shutdown(ssl)) != 1) {
        if (rc < 0)
            check_want(ssl, rc);
        wait_for(ssl, 0);
    }
    SSL_free(ssl);
    close(fd);
    EVP_MD_CTX_free(sent.md);
    EVP_MD_CTX_free(received.md);
    return 0;
}
