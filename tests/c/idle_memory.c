/* Memory: an idle connection holds no record buffer, without an option. */
#include "check.h"
#include "support.h"

#include <malloc.h>

enum { PAIRS = 100 };

static size_t in_use(void)
{
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

int main(void)
{
    static struct pair pairs[PAIRS];
    static unsigned char data[50000];
    tls_ctx *client = client_ctx(), *server = server_ctx("p256");
    size_t before = 0, each, i;
    fill(data, sizeof data, 1);
    for (i = 0; i < PAIRS; i++) {
        struct pair *p = &pairs[i];
        if (i == 10) /* what the first ones make for all is made */
            before = in_use();
        *p = pair_of(tls_ctx_ref(client), tls_ctx_ref(server));
        CHECK_EQ(pair_handshake(p, 700), TLS_OK);
        CHECK_EQ(pair_send(p->client, p->server, data, sizeof data, 5000), 0);
        CHECK_EQ(pair_send(p->server, p->client, data, sizeof data, 5000), 0);
    }
    each = (in_use() - before) / (PAIRS - 10) / 2;
    /* A receive buffer alone has 16 KiB and more. Under a checker that brings an allocator of its own
       nothing is counted. */
    CHECK(each < 12000);
    if (each >= 12000)
        fprintf(stderr, "%zu bytes for each connection\n", each);
    for (i = 0; i < PAIRS; i++) { /* and it works on */
        CHECK_EQ(pair_send(pairs[i].client, pairs[i].server, data, sizeof data, 5000), 0);
        pair_free(&pairs[i]);
    }
    tls_ctx_free(client);
    tls_ctx_free(server);
    return checks_done();
}
