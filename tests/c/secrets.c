/* Exporter, channel bindings, key log: the rows of these names. */
#define _POSIX_C_SOURCE 200809L
#include "check.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int export_to(tls_conn *conn, const char *label, const void *context, size_t len, unsigned char *out)
{
    return tls_conn_export(conn, label, strlen(label), context, len, out, 32);
}

static void exporter(void)
{
    struct pair p = pair_new("p256");
    unsigned char c[32], s[32], other[32];
    static unsigned char many[65536];
    memset(c, 0x55, sizeof c);
    CHECK_EQ(export_to(p.client, "EXPERIMENTAL", NULL, 0, c), TLS_ERR_USAGE);
    CHECK_EQ(conn_error(p.client), TLS_REASON_WRONG_ORDER);
    CHECK(c[0] == 0x55 && c[31] == 0x55);
    CHECK_EQ(pair_handshake(&p, 4096), TLS_OK);

    CHECK_EQ(export_to(p.client, "EXPERIMENTAL", "abc", 3, c), TLS_OK);
    CHECK_EQ(export_to(p.server, "EXPERIMENTAL", "abc", 3, s), TLS_OK);
    CHECK(memcmp(c, s, sizeof c) == 0);
    /* No context is not an empty one. */
    CHECK_EQ(export_to(p.client, "EXPERIMENTAL", NULL, 0, c), TLS_OK);
    CHECK_EQ(export_to(p.server, "EXPERIMENTAL", NULL, 0, s), TLS_OK);
    CHECK(memcmp(c, s, sizeof c) == 0);
    CHECK_EQ(export_to(p.client, "EXPERIMENTAL", "", 0, other), TLS_OK);
    CHECK(memcmp(c, other, sizeof c) != 0);

    memset(c, 0x55, sizeof c);
    CHECK_EQ(export_to(p.client, "key expansion", NULL, 0, c), TLS_ERR_USAGE);
    CHECK_EQ(conn_error(p.client), TLS_REASON_BAD_ARGUMENT);
    CHECK_EQ(tls_conn_export(p.client, NULL, 5, NULL, 0, c, 32), TLS_ERR_USAGE);
    CHECK_EQ(tls_conn_export(p.client, "EXPERIMENTAL", 12, NULL, 3, c, 32), TLS_ERR_USAGE);
    CHECK_EQ(tls_conn_export(p.client, "EXPERIMENTAL", 12, NULL, 0, NULL, 32), TLS_ERR_USAGE);
    CHECK_EQ(conn_error(p.client), TLS_REASON_NULL_HANDLE);
    CHECK_EQ(tls_conn_export(p.client, "EXPERIMENTAL", 12, NULL, 0, c, 0), TLS_ERR_USAGE);
    CHECK_EQ(tls_conn_export(p.client, "EXPERIMENTAL", 12, NULL, 0, c, (size_t)-1), TLS_ERR_USAGE);
    /* No memory is asked for before the length is. */
    CHECK_EQ(tls_conn_export(p.client, "EXPERIMENTAL", 12, NULL, 0, c, (size_t)-1 / 2), TLS_ERR_USAGE);
    CHECK_EQ(tls_conn_export(p.client, "EXPERIMENTAL", 12, NULL, 0, many, sizeof many), TLS_ERR_USAGE);
    CHECK_EQ(conn_error(p.client), TLS_REASON_BAD_ARGUMENT);
    CHECK_EQ(tls_conn_export(p.client, "EXPERIMENTAL", 12, NULL, 0, many, sizeof many - 1), TLS_OK);
    CHECK(c[0] == 0x55 && c[31] == 0x55);
    pair_free(&p);
}

static void channel_binding(void)
{
    static const struct {
        int binding;
        ptrdiff_t len;
    } all[] = {{TLS_BINDING_UNIQUE, 12}, {TLS_BINDING_SERVER_END_POINT, 32}, {TLS_BINDING_EXPORTER, 32}};
    struct pair p = pair_new("rsa");
    unsigned char c[TLS_BINDING_MAX], s[TLS_BINDING_MAX];
    size_t i;
    CHECK_EQ(tls_conn_channel_binding(p.server, TLS_BINDING_UNIQUE, s, sizeof s), TLS_ERR_USAGE);
    CHECK_EQ(conn_error(p.server), TLS_REASON_WRONG_ORDER);
    CHECK_EQ(pair_handshake(&p, 4096), TLS_OK);
    for (i = 0; i < sizeof all / sizeof *all; i++) {
        CHECK_EQ(tls_conn_channel_binding(p.client, all[i].binding, c, sizeof c), all[i].len);
        CHECK_EQ(tls_conn_channel_binding(p.server, all[i].binding, s, (size_t)all[i].len), all[i].len);
        CHECK(memcmp(c, s, (size_t)all[i].len) == 0);
        CHECK_EQ(tls_conn_channel_binding(p.client, all[i].binding, c, (size_t)all[i].len - 1), TLS_ERR_USAGE);
        CHECK_EQ(conn_error(p.client), TLS_REASON_BAD_ARGUMENT);
        CHECK_EQ(tls_conn_channel_binding(p.client, all[i].binding, NULL, 64), TLS_ERR_USAGE);
        CHECK_EQ(conn_error(p.client), TLS_REASON_NULL_HANDLE);
    }
    CHECK_EQ(tls_conn_channel_binding(p.client, 0, c, sizeof c), TLS_ERR_USAGE);
    CHECK_EQ(tls_conn_channel_binding(p.client, 4, c, sizeof c), TLS_ERR_USAGE);
    CHECK_EQ(tls_conn_danger_tls_unique(p.client, c, sizeof c), 12);
    CHECK_EQ(tls_conn_channel_binding(p.client, TLS_BINDING_UNIQUE, s, sizeof s), 12);
    CHECK(memcmp(c, s, 12) == 0);
    pair_free(&p);
}

struct lines {
    int count, released;
    char text[4][256];
};

static void keep_line(const char *line, void *arg)
{
    struct lines *lines = arg;
    if (lines->count < 4)
        snprintf(lines->text[lines->count], sizeof lines->text[0], "%s", line);
    lines->count++;
}

static void log_released(void *lines)
{
    ((struct lines *)lines)->released++;
}

static void key_log(void)
{
    struct lines lines = {0, 0, {{0}}};
    struct pair p, second;
    tls_ctx *client = client_ctx(), *server = server_ctx("p256");
    CHECK_EQ(tls_ctx_danger_set_keylog(client, keep_line, &lines, log_released), TLS_OK);
    CHECK_EQ(tls_ctx_danger_set_keylog(server, keep_line, &lines, log_released), TLS_OK);
    p = pair_of(client, server);
    CHECK_EQ(pair_handshake(&p, 4096), TLS_OK);
    CHECK_EQ(lines.count, 2);
    CHECK(strncmp(lines.text[0], "CLIENT_RANDOM ", 14) == 0);
    CHECK_EQ(strlen(lines.text[0]), 13 + 1 + 64 + 1 + 96);
    CHECK_STR(lines.text[0], lines.text[1]);
    CHECK_EQ(tls_ctx_danger_set_keylog(client, NULL, NULL, NULL), TLS_OK);
    CHECK_EQ(tls_ctx_danger_set_keylog(server, NULL, NULL, NULL), TLS_OK);
    second = pair_of(tls_ctx_ref(client), tls_ctx_ref(server));
    CHECK_EQ(pair_handshake(&second, 4096), TLS_OK);
    CHECK_EQ(lines.count, 2);
    pair_free(&second);
    CHECK_EQ(lines.released, 0); /* connections of before have it still */
    pair_free(&p);
    CHECK_EQ(lines.released, 2);
}

static size_t file_len(const char *path)
{
    FILE *f = fopen(path, "r");
    char buf[4096];
    size_t n = f != NULL ? fread(buf, 1, sizeof buf, f) : 0;
    if (f != NULL)
        fclose(f);
    return n;
}

static void key_log_file(void)
{
    char path[] = "/var/tmp/tlscore-keylog-XXXXXX";
    int fd = mkstemp(path);
    struct pair p;
    tls_ctx *ctx = client_ctx();
    CHECK(fd >= 0);
    close(fd);
    CHECK_EQ(tls_ctx_danger_set_keylog_file(ctx, "/no such directory/file"), TLS_ERR_USAGE);
    CHECK_EQ(ctx_error(ctx), TLS_REASON_FILE_UNREADABLE);
    unsetenv("SSLKEYLOGFILE");
    CHECK_EQ(tls_ctx_danger_set_keylog_file(ctx, NULL), TLS_OK); /* names no file: nothing happens */
    setenv("SSLKEYLOGFILE", path, 1);
    p = pair_of(ctx, server_ctx("p256"));
    CHECK_EQ(pair_handshake(&p, 4096), TLS_OK);
    CHECK_EQ(file_len(path), 0); /* the variable alone does nothing */
    CHECK_EQ(tls_ctx_danger_set_keylog_file(ctx, NULL), TLS_OK);
    ctx = tls_ctx_ref(ctx);
    pair_free(&p);
    p = pair_of(ctx, server_ctx("p256"));
    CHECK_EQ(pair_handshake(&p, 4096), TLS_OK);
    CHECK_EQ(file_len(path), 13 + 1 + 64 + 1 + 96 + 1);
    pair_free(&p);
    unlink(path);
}

int main(void)
{
    exporter();
    channel_binding();
    key_log();
    key_log_file();
    return checks_done();
}
