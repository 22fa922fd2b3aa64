/* What a program can ask of the library that it finds at run time: its version, its features, the version of
 * its symbols. */
#define _GNU_SOURCE
#include "check.h"
#include "support.h"

#include <dlfcn.h>
#include <stdlib.h>

/* Numbers of the header, text of the library: one version, that of Cargo.toml. */
static void versions_agree(void)
{
    char text[64], line[256], package[64] = "";
    FILE *manifest = fopen("Cargo.toml", "r");
    snprintf(text, sizeof text, "%d.%d.%d", TLSCORE_VERSION_MAJOR, TLSCORE_VERSION_MINOR, TLSCORE_VERSION_PATCH);
    CHECK_STR(tls_version(), text);
    CHECK(manifest != NULL);
    while (manifest != NULL && package[0] == '\0' && fgets(line, sizeof line, manifest) != NULL)
        sscanf(line, "version = \"%63[^\"]", package);
    if (manifest != NULL)
        fclose(manifest);
    CHECK_STR(package, text);
}

/* 1 when `word` is one of the words between spaces. */
static int has_word(const char *words, const char *word)
{
    size_t len = strlen(word);
    for (;;) {
        size_t n = strcspn(words, " ");
        if (n == len && memcmp(words, word, n) == 0)
            return 1;
        if (words[n] == '\0')
            return 0;
        words += n + 1;
    }
}

static void features_are_words(void)
{
    const char *features = tls_features(), *c;
    CHECK(features == tls_features()); /* static */
    CHECK(has_word(features, "TLSv1.2"));
    CHECK(has_word(features, "provider=tlscore"));
    CHECK(!has_word(features, "TLSv1")); /* no prefix is a word */
    CHECK(!has_word(features, ""));
    for (c = features; *c != '\0'; c++)
        CHECK(*c >= ' ' && *c < 0x7f);
}

/* The loader finds TLSCORE_1 and nothing under another version: two versions can live in one process. */
static void symbols_have_a_version(void)
{
    CHECK(dlvsym(RTLD_DEFAULT, "tls_ctx_new", "TLSCORE_1") != NULL);
    CHECK(dlvsym(RTLD_DEFAULT, "tls_ctx_new", "TLSCORE_2") == NULL);
    CHECK(dlsym(RTLD_DEFAULT, "tls_test_panic") == NULL);
    CHECK(dlsym(RTLD_DEFAULT, "rust_eh_personality") == NULL);
}

int main(void)
{
    versions_agree();
    features_are_words();
    symbols_have_a_version();
    return checks_done();
}
