#include "tlscat.h"

#include <string.h>
#include <strings.h>

/* The context of the host that the client asks for, in each handshake. */
static int choose(tls_pending *pending, const tls_hello *hello, void *arg)
{
    const struct hosts *hosts = arg;
    const char *name = tls_hello_server_name(hello);
    int host = hosts->options->host_count;
    while (host > 0 && (name == NULL || strcasecmp(name, hosts->options->hosts[host - 1]) != 0))
        host--;
    return tls_pending_use_ctx(pending, hosts->contexts[host]);
}

int make_hosts(struct hosts *hosts, const struct options *o)
{
    int i;
    memset(hosts, 0, sizeof *hosts);
    hosts->options = o;
    for (i = 0; i <= o->host_count; i++) {
        tls_ctx *ctx = hosts->contexts[i] = make_context(o, i);
        if (ctx == NULL ||
            (o->host_count != 0 && tls_ctx_set_hello_callback(ctx, choose, hosts, NULL) != TLS_OK))
            return -1;
    }
    return 0;
}

void free_hosts(struct hosts *hosts)
{
    int i;
    for (i = 0; i <= MAX_HOSTS; i++) {
        tls_ctx_free(hosts->contexts[i]);
        hosts->contexts[i] = NULL;
    }
}
