#define _POSIX_C_SOURCE 200809L
#include "tlscat.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

/* What a server may say before TLS: so many bytes a line, so many lines, so many milliseconds a byte. */
enum { MAX_LINE = 2048, MAX_LINES = 100, PATIENCE = 30000 };

static int give_up(const char *why, const char *what)
{
    char shown[80];
    size_t i;
    snprintf(shown, sizeof shown, "%s", what);
    for (i = 0; shown[i] != '\0'; i++) /* nothing of the peer's reaches a terminal as it is */
        if (shown[i] < 32 || shown[i] > 126)
            shown[i] = '?';
    fprintf(stderr, "tlscat: STARTTLS: %s%s%s\n", why, shown[0] != '\0' ? ": " : "", shown);
    return -1;
}

static int send_text(int fd, const char *text, size_t len)
{
    while (len > 0) {
        ssize_t n = send(fd, text, len, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return give_up("the server is gone", "");
        text += n;
        len -= (size_t)n;
    }
    return 0;
}

/* One byte and no more: what follows the last answer belongs to TLS. */
static int read_byte(int fd, char *out)
{
    struct pollfd readable = {.fd = fd, .events = POLLIN};
    ssize_t n;
    if (poll(&readable, 1, PATIENCE) == 0)
        return give_up("the server is silent", "");
    do
        n = recv(fd, out, 1, 0);
    while (n < 0 && errno == EINTR);
    return n == 1 ? 0 : give_up("the server closed the connection", "");
}

/* A line without its CRLF. */
static int read_line(int fd, char line[MAX_LINE])
{
    size_t len = 0;
    char c;
    for (;;) {
        if (read_byte(fd, &c) != 0)
            return -1;
        if (c == '\n')
            break;
        if (c == '\0' || len + 1 == MAX_LINE)
            return give_up("the server's line is too long, or no text", "");
        line[len++] = c;
    }
    line[len > 0 && line[len - 1] == '\r' ? len - 1 : len] = '\0';
    return 0;
}

/* A reply of SMTP or FTP with this code, "250-..." until "250 ...". `keyword` NULL, or what one of its lines
 * must say behind the code, in capitals or not (RFC 5321 §2.4). */
static int expect_code(int fd, const char *code, const char *keyword)
{
    char line[MAX_LINE];
    int lines, found = keyword == NULL;
    for (lines = 0; lines < MAX_LINES; lines++) {
        if (read_line(fd, line) != 0)
            return -1;
        if (strncmp(line, code, 3) != 0)
            return give_up("the server refuses", line);
        if (keyword != NULL && line[3] != '\0' && strcasecmp(line + 4, keyword) == 0)
            found = 1;
        if (line[3] != '-')
            return found ? 0 : give_up("the server does not offer it", "");
    }
    return give_up("the server's reply does not end", "");
}

/* A line that begins so; those before it that begin with "* " (IMAP) are passed over where `untagged`. */
static int expect_line(int fd, const char *begin, int untagged)
{
    char line[MAX_LINE];
    int lines;
    for (lines = 0; lines < MAX_LINES; lines++) {
        if (read_line(fd, line) != 0)
            return -1;
        if (strncmp(line, begin, strlen(begin)) == 0)
            return 0;
        if (!untagged || strncmp(line, "* ", 2) != 0)
            return give_up("the server refuses", line);
    }
    return give_up("the server's reply does not end", "");
}

static int say(int fd, const char *command)
{
    return send_text(fd, command, strlen(command));
}

/* RFC 3207 */
static int smtp(int fd)
{
    return expect_code(fd, "220", NULL) != 0 || say(fd, "EHLO tlscat.invalid\r\n") != 0 ||
                   expect_code(fd, "250", "STARTTLS") != 0 || say(fd, "STARTTLS\r\n") != 0 ||
                   expect_code(fd, "220", NULL) != 0
               ? -1
               : 0;
}

/* RFC 9051 §6.2.1: only before authentication, so a greeting with PREAUTH is refused. */
static int imap(int fd)
{
    return expect_line(fd, "* OK", 0) != 0 || say(fd, "a1 STARTTLS\r\n") != 0 || expect_line(fd, "a1 OK", 1) != 0 ? -1
                                                                                                                  : 0;
}

/* RFC 2595 §4 */
static int pop3(int fd)
{
    return expect_line(fd, "+OK", 0) != 0 || say(fd, "STLS\r\n") != 0 || expect_line(fd, "+OK", 0) != 0 ? -1 : 0;
}

/* RFC 4217 §4 */
static int ftp(int fd)
{
    return expect_code(fd, "220", NULL) != 0 || say(fd, "AUTH TLS\r\n") != 0 || expect_code(fd, "234", NULL) != 0 ? -1
                                                                                                                  : 0;
}

/* PostgreSQL's SSLRequest: its length and a number, answered by one byte. */
static int postgres(int fd)
{
    static const char request[8] = {0, 0, 0, 8, 4, (char)0xd2, 0x16, 0x2f};
    char answer;
    if (send_text(fd, request, sizeof request) != 0 || read_byte(fd, &answer) != 0)
        return -1;
    return answer == 'S' ? 0 : give_up("the server refuses", "");
}

static const struct {
    const char *name;
    int (*run)(int fd);
} protocols[] = {{"smtp", smtp}, {"imap", imap}, {"pop3", pop3}, {"ftp", ftp}, {"postgres", postgres}};

int knows_starttls(const char *name)
{
    size_t i;
    for (i = 0; i < sizeof protocols / sizeof *protocols; i++)
        if (strcmp(name, protocols[i].name) == 0)
            return 1;
    return 0;
}

int starttls(int fd, const char *name)
{
    size_t i;
    char early;
    for (i = 0; i < sizeof protocols / sizeof *protocols; i++)
        if (strcmp(name, protocols[i].name) == 0 && protocols[i].run(fd) != 0)
            return -1;
    /* TLS begins with us. What waits now was said in the clear by whoever sits between, to be taken for the
     * server's word inside of TLS. */
    if (recv(fd, &early, 1, MSG_PEEK | MSG_DONTWAIT) == 1)
        return give_up("something follows the server's answer in the clear", "");
    return 0;
}
