#define _POSIX_C_SOURCE 200809L
#include "tlscat.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The first line of a file, without its end. Unbuffered, so that `out` is the only place where it stands. */
static ptrdiff_t read_line(const char *path, char *out, size_t cap)
{
    FILE *file = fopen(path, "r");
    size_t len = 0;
    int c = EOF, too_long = 0;
    if (file != NULL) {
        setvbuf(file, NULL, _IONBF, 0);
        while ((c = getc(file)) != EOF && c != '\n' && !too_long) {
            if (len < cap)
                out[len++] = (char)c;
            else
                too_long = 1;
        }
    }
    if (file == NULL || (c == EOF && ferror(file))) {
        fprintf(stderr, "tlscat: %s: %s\n", path, strerror(errno));
        too_long = 1;
    }
    if (file != NULL)
        fclose(file);
    if (too_long || (len == 0 && c == EOF))
        return -1;
    while (len > 0 && out[len - 1] == '\r')
        len--;
    return (ptrdiff_t)len;
}

/* Called by the library when something encrypted is loaded; there is one password to try. */
static ptrdiff_t password(const char *place, size_t attempt, char *out, size_t cap, void *arg)
{
    const struct options *o = arg;
    (void)place;
    if (attempt > 0)
        return -1;
    if (o->password_file != NULL)
        return read_line(o->password_file, out, cap);
    if (o->password == NULL || strlen(o->password) > cap)
        return -1;
    memcpy(out, o->password, strlen(o->password));
    return (ptrdiff_t)strlen(o->password);
}

int load_credentials(tls_ctx *ctx, const struct options *o, int host)
{
    int i, given = o->password != NULL || o->password_file != NULL;
    if (given && tls_ctx_set_password_callback(ctx, password, (void *)o, NULL) != TLS_OK)
        return -1;
    for (i = 0; i < o->keypair_count; i++)
        if (o->keypairs[i].host == host &&
            tls_ctx_add_keypair_file(ctx, o->keypairs[i].cert, o->keypairs[i].key) != TLS_OK)
            return -1;
    if (o->pkcs12 != NULL && host == 0 && tls_ctx_add_pkcs12_file(ctx, o->pkcs12, NULL) != TLS_OK)
        return -1;
    return 0;
}
