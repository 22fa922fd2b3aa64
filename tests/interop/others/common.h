/* What the C peers share: options of the form name=value, the line to send, sockets on 127.0.0.1. */
#ifndef PEER_COMMON_H
#define PEER_COMMON_H

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_LINE 8192

static int argument_count;
static char **arguments;

static const char *option(const char *name)
{
    size_t len = strlen(name);
    for (int i = 0; i < argument_count; i++)
        if (strncmp(arguments[i], name, len) == 0 && arguments[i][len] == '=')
            return arguments[i] + len + 1;
    return NULL;
}

static void fail(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    vfprintf(stderr, format, list);
    va_end(list);
    fputc('\n', stderr);
    exit(1);
}

struct psk {
    char identity[128];
    unsigned char key[64];
    size_t key_len;
};

/* psk=ID:HEX; 0 where there is none. */
static int psk_option(struct psk *psk)
{
    const char *text = option("psk"), *hex = text ? strrchr(text, ':') : NULL;
    if (!hex)
        return 0;
    snprintf(psk->identity, sizeof psk->identity, "%.*s", (int)(hex - text), text);
    for (psk->key_len = 0; psk->key_len < sizeof psk->key && sscanf(hex + 1 + 2 * psk->key_len, "%2hhx", &psk->key[psk->key_len]) == 1;)
        psk->key_len++;
    return 1;
}

static size_t read_line(unsigned char *line)
{
    size_t len = fread(line, 1, MAX_LINE - 1, stdin);
    line[len] = '\n';
    return len + 1;
}

static struct sockaddr_in loopback(int port)
{
    struct sockaddr_in to;
    memset(&to, 0, sizeof to);
    to.sin_family = AF_INET;
    to.sin_port = htons((unsigned short)port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return to;
}

static int dial(int port)
{
    struct sockaddr_in to = loopback(port);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) != 0)
        fail("cannot connect to port %d", port);
    return fd;
}

static int listen_and_tell(void)
{
    struct sockaddr_in to = loopback(0);
    socklen_t len = sizeof to;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&to, len) != 0 || listen(fd, 16) != 0 ||
        getsockname(fd, (struct sockaddr *)&to, &len) != 0)
        fail("cannot listen");
    printf("listening %d\n", ntohs(to.sin_port));
    fflush(stdout);
    return fd;
}

static void print_facts(const char *suite, const char *alpn, const char *resumed, int peer)
{
    printf("facts version=TLSv1.2 suite=%s alpn=%s resumed=%s peer=%s\n", suite, alpn && *alpn ? alpn : "-", resumed,
           peer ? "yes" : "no");
    fflush(stdout);
}

static int serve(void) __attribute__((noreturn));
static int converse(int port);

int main(int argc, char **argv)
{
    argument_count = argc;
    arguments = argv;
    if (argc >= 2 && strcmp(argv[1], "serve") == 0)
        return serve();
    if (argc >= 3 && strcmp(argv[1], "connect") == 0)
        return converse(atoi(argv[2]));
    fail("serve or connect PORT");
    return 2;
}

#endif
