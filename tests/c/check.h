/* Counting checks: a failing one says where and what, and the rest goes on. */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <string.h>

static int checks_passed, checks_failed;

static inline void check_at(int good, const char *what, const char *file, int line)
{
    if (good)
        checks_passed++;
    else {
        checks_failed++;
        fprintf(stderr, "%s:%d: failed: %s\n", file, line, what);
    }
}

static inline void check_number(long long got, long long want, const char *what, const char *file, int line)
{
    check_at(got == want, what, file, line);
    if (got != want)
        fprintf(stderr, "    is %lld, should be %lld\n", got, want);
}

static inline void check_text(const char *got, const char *want, const char *what, const char *file, int line)
{
    int good = got != NULL && want != NULL ? strcmp(got, want) == 0 : got == want;
    check_at(good, what, file, line);
    if (!good)
        fprintf(stderr, "    is \"%s\", should be \"%s\"\n", got ? got : "(null)", want ? want : "(null)");
}

#define CHECK(what) check_at(!!(what), #what, __FILE__, __LINE__)
#define CHECK_EQ(got, want) check_number((long long)(got), (long long)(want), #got " == " #want, __FILE__, __LINE__)
#define CHECK_STR(got, want) check_text((got), (want), #got " == " #want, __FILE__, __LINE__)

/* The last line of every test program, and its exit status. */
static inline int checks_done(void)
{
    printf("%d passed, %d failed\n", checks_passed, checks_failed);
    return checks_failed != 0;
}

#endif
