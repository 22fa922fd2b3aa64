#define _POSIX_C_SOURCE 200809L
#include "tlscat.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

void set_nonblocking(int fd)
{
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

int dial(const char *host, const char *port)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *list, *a;
    int fd = -1, on = 1, why = 0, rc = getaddrinfo(host, port, &hints, &list);
    if (rc != 0) {
        fprintf(stderr, "tlscat: %s:%s: %s\n", host, port, gai_strerror(rc));
        return -1;
    }
    for (a = list; a != NULL && fd < 0; a = a->ai_next) {
        fd = socket(a->ai_family, a->ai_socktype, a->ai_protocol);
        if (fd >= 0 && connect(fd, a->ai_addr, a->ai_addrlen) != 0) {
            why = errno;
            close(fd);
            fd = -1;
        }
    }
    freeaddrinfo(list);
    if (fd < 0)
        fprintf(stderr, "tlscat: cannot connect to %s:%s: %s\n", host, port, strerror(why));
    else
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

/* A listening socket of this family on the loopback interface, or -1 with errno. */
static int listen_on(int family, const char *port)
{
    struct addrinfo hints = {.ai_family = family, .ai_socktype = SOCK_STREAM}, *a;
    int on = 1, fd, rc;
    rc = getaddrinfo(family == AF_INET ? "127.0.0.1" : "::1", port, &hints, &a);
    if (rc != 0) {
        errno = EINVAL;
        return -1;
    }
    fd = socket(family, SOCK_STREAM, 0);
    if (fd >= 0) {
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        if (family == AF_INET6)
            setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
        if (bind(fd, a->ai_addr, a->ai_addrlen) != 0 || listen(fd, 128) != 0) {
            close(fd);
            fd = -1;
        }
    }
    freeaddrinfo(a);
    return fd;
}

static unsigned port_of(int fd)
{
    struct sockaddr_in at;
    socklen_t len = sizeof at;
    return getsockname(fd, (struct sockaddr *)&at, &len) == 0 ? ntohs(at.sin_port) : 0;
}

/* Port 0: the one that 127.0.0.1 gets must be free on ::1 too, so a few are tried. */
int listen_loopback(const char *port, int listeners[2])
{
    char chosen[16];
    int tries, v4, v6, why = 0;
    for (tries = 0; tries < 10; tries++) {
        v4 = listen_on(AF_INET, port);
        if (v4 < 0)
            break;
        snprintf(chosen, sizeof chosen, "%u", port_of(v4));
        v6 = listen_on(AF_INET6, chosen);
        why = errno;
        listeners[0] = v4;
        listeners[1] = v6;
        if (v6 >= 0) {
            fprintf(stderr, "tlscat: listening on 127.0.0.1:%s and [::1]:%s\n", chosen, chosen);
            return 2;
        }
        if (why == EAFNOSUPPORT || why == EADDRNOTAVAIL) { /* a machine without IPv6 */
            fprintf(stderr, "tlscat: listening on 127.0.0.1:%s\n", chosen);
            return 1;
        }
        close(v4);
        errno = why;
        if (strcmp(port, "0") != 0)
            break;
    }
    fprintf(stderr, "tlscat: cannot listen on port %s: %s\n", port, strerror(errno));
    return 0;
}
