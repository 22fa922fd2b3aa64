/* OpenSSL's libssl and ours in one process: each with itself, and each with the other. */
#include "beside.h"

#include <stdio.h>
#include <string.h>

/* All that one half has for the other. */
static void carry(const struct half *from, void *a, const struct half *to, void *b)
{
    char buf[4096];
    int n;
    while ((n = from->out(a, buf, sizeof buf)) > 0)
        to->in(b, buf, n);
}

static int converse(const struct half *client, const struct half *server, char **files)
{
    void *c = client->make(0, files[0], files[1], files[2]), *s = server->make(1, files[0], files[1], files[2]);
    char buf[64];
    int turn, up = 0, down = 0;
    if (c == NULL || s == NULL)
        return 1;
    for (turn = 0; turn < 10 && (up != 1 || down != 1); turn++) {
        up = client->step(c);
        carry(client, c, server, s);
        down = server->step(s);
        carry(server, s, client, c);
        if (up < 0 || down < 0)
            break;
    }
    if (up == 1 && down == 1 && client->send(c, "question", 8) == 8) {
        carry(client, c, server, s);
        if (server->receive(s, buf, sizeof buf) == 8 && server->send(s, buf, 8) == 8) {
            carry(server, s, client, c);
            if (client->receive(c, buf, sizeof buf) != 8 || memcmp(buf, "question", 8) != 0)
                up = -1;
        } else {
            up = -1;
        }
    } else {
        up = -1;
    }
    client->drop(c);
    server->drop(s);
    printf("%s client, %s server: %s\n", client->library, server->library, up == 1 ? "ok" : "failed");
    return up == 1 ? 0 : 1;
}

int main(int argc, char **argv)
{
    const struct half *both[] = {&of_openssl, &of_tlscore};
    int a, b, failed = argc < 4 || strcmp(of_openssl.library, of_tlscore.library) == 0;
    for (a = 0; a < 2 && argc >= 4; a++)
        for (b = 0; b < 2; b++)
            failed |= converse(both[a], both[b], argv + 1);
    return failed;
}
