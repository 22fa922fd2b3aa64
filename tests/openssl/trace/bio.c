#include "trace.h"

static int custom_write(BIO *bio, const char *data, int len)
{
    (void)data;
    BIO_clear_retry_flags(bio);
    if (len > 3) {
        BIO_set_retry_write(bio);
        return -1;
    }
    return len;
}

static int custom_read(BIO *bio, char *out, int len)
{
    (void)bio;
    memset(out, 'x', (size_t)len);
    return len;
}

static long custom_ctrl(BIO *bio, int cmd, long num, void *ptr)
{
    (void)bio, (void)ptr;
    return cmd == BIO_CTRL_FLUSH ? 1 : cmd == BIO_CTRL_PENDING ? num + 7 : 0;
}

static int destroyed;
static int custom_create(BIO *bio)
{
    BIO_set_init(bio, 1);
    BIO_set_data(bio, &destroyed);
    return 1;
}

static int custom_destroy(BIO *bio)
{
    *(int *)BIO_get_data(bio) += 1;
    return 1;
}

static void memory(void)
{
    char buf[64], *data;
    BUF_MEM *view;
    long n, m, k;
    BIO *bio = BIO_new(BIO_s_mem());

    theme = "bio.mem";
    n = (long)BIO_read(bio, buf, 4);
    m = (long)BIO_should_retry(bio) != 0;
    k = (long)BIO_eof(bio);
    say("empty", "%ld, retry %ld, eof %ld", n, m, k);
    say("write", "%d", BIO_write(bio, "one\ntwo\nthree", 13));
    say("pending", "%d", BIO_pending(bio));
    n = (long)BIO_gets(bio, buf, sizeof(buf));
    say("gets", "%ld %.4s", n, buf);
    n = (long)BIO_gets(bio, buf, 3);
    say("short gets", "%ld %s", n, buf);
    n = (long)BIO_get_mem_data(bio, &data);
    say("data", "%ld %.1s", n, data);
    BIO_get_mem_ptr(bio, &view);
    say("view", "%zu", view->length);
    n = (long)BIO_read(bio, buf, sizeof(buf));
    say("read", "%ld %.7s", n, buf);
    say("puts", "%d", BIO_puts(bio, "more"));
    say("printf", "%d", BIO_printf(bio, "%s-%d", "a", 12));
    n = (long)BIO_reset(bio);
    m = (long)BIO_pending(bio);
    say("reset", "%ld, pending %ld", n, m);
    BIO_set_mem_eof_return(bio, 0);
    n = (long)BIO_read(bio, buf, 4);
    m = (long)BIO_should_retry(bio) != 0;
    say("end", "%ld, retry %ld", n, m);
    say("type", "%d", BIO_method_type(bio));
    say("up_ref", "%d", BIO_up_ref(bio));
    n = (long)BIO_free(bio);
    m = (long)BIO_free(bio);
    say("free", "%ld %ld", n, m);
    say("free NULL", "%d", BIO_free(NULL));

    bio = BIO_new_mem_buf("constant", -1);
    say("read-only write", "%d", BIO_write(bio, "x", 1));
    errors("read-only write error");
    say("read-only read", "%d", BIO_read(bio, buf, 5));
    n = (long)BIO_read(bio, buf, 5);
    m = (long)BIO_read(bio, buf, 5);
    k = (long)BIO_should_retry(bio) != 0;
    say("read-only end", "%ld %ld, retry %ld", n, m, k);
    n = (long)BIO_reset(bio);
    m = (long)BIO_pending(bio);
    say("read-only reset", "%ld, pending %ld", n, m);
    BIO_free(bio);
}

static void pair(void)
{
    char buf[64], *place;
    long n, m, k;
    BIO *a, *b;

    theme = "bio.pair";
    say("new", "%d", BIO_new_bio_pair(&a, 8, &b, 0));
    n = (long)BIO_get_write_buf_size(a, 0);
    m = (long)BIO_get_write_buf_size(b, 0);
    say("sizes", "%ld %ld", n, m);
    n = (long)BIO_read(b, buf, 5);
    m = (long)BIO_should_read(b) != 0;
    say("read nothing", "%ld, retry %ld", n, m);
    say("request", "%zu", BIO_ctrl_get_read_request(a));
    say("guarantee", "%zu", BIO_ctrl_get_write_guarantee(a));
    say("write", "%d", BIO_write(a, "0123456789", 10));
    n = (long)BIO_write(a, "x", 1);
    m = (long)BIO_should_write(a) != 0;
    say("full", "%ld, retry %ld", n, m);
    n = (long)BIO_ctrl_pending(b);
    m = (long)BIO_ctrl_wpending(a);
    say("pending", "%ld %ld", n, m);
    n = (long)BIO_read(b, buf, 5);
    say("read", "%ld %.5s", n, buf);
    say("wrapped write", "%d", BIO_write(a, "abcde", 5));
    n = (long)BIO_nread(b, &place, 10);
    say("in place", "%ld %.3s", n, place);
    n = (long)BIO_read(b, buf, sizeof(buf));
    say("rest", "%ld %.5s", n, buf);
    n = (long)BIO_nwrite(a, &place, 3);
    m = (long)BIO_nread(b, &place, 2);
    say("both in place", "%ld %ld", n, m);
    n = (long)BIO_number_written(a);
    m = (long)BIO_number_read(b);
    say("counted", "%ld %ld", n, m);
    n = (long)BIO_nwrite0(a, &place);
    m = (long)BIO_nread0(b, &place);
    say("looked at", "%ld %ld", n, m);
    n = (long)BIO_number_written(a);
    m = (long)BIO_number_read(b);
    say("counted then", "%ld %ld", n, m);
    (void)BIO_read(b, buf, sizeof(buf));
    say("shutdown", "%d", BIO_shutdown_wr(a));
    say("write behind shutdown", "%d", BIO_write(a, "x", 1));
    errors("write behind shutdown error");
    n = (long)BIO_read(b, buf, 5);
    m = (long)BIO_should_retry(b) != 0;
    k = (long)BIO_eof(b);
    say("end", "%ld, retry %ld, eof %ld", n, m, k);
    BIO_free(a);
    say("peer gone", "%d", BIO_write(b, "x", 1));
    BIO_free(b);
    ERR_clear_error();
}

static void others(void)
{
    char buf[8] = "";
    BIO_METHOD *method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "custom");
    long n, m;
    BIO *bio;

    theme = "bio.other";
    BIO_meth_set_write(method, custom_write);
    BIO_meth_set_read(method, custom_read);
    BIO_meth_set_ctrl(method, custom_ctrl);
    BIO_meth_set_create(method, custom_create);
    BIO_meth_set_destroy(method, custom_destroy);
    bio = BIO_new(method);
    say("custom write", "%d", BIO_write(bio, "abc", 3));
    n = (long)BIO_write(bio, "abcd", 4);
    m = (long)BIO_should_write(bio) != 0;
    say("custom retry", "%ld %ld", n, m);
    n = (long)BIO_read(bio, buf, 2);
    say("custom read", "%ld %.2s", n, buf);
    n = (long)BIO_flush(bio);
    m = (long)BIO_pending(bio);
    say("custom ctrl", "%ld %ld", n, m);
    say("custom gets", "%d", BIO_gets(bio, buf, 2));
    errors("custom gets error");
    BIO_free(bio);
    say("custom destroyed", "%d", destroyed);
    BIO_meth_free(method);

    bio = BIO_new(BIO_s_null());
    n = (long)BIO_write(bio, "abc", 3);
    m = (long)BIO_read(bio, buf, 3);
    say("null", "%ld %ld", n, m);
    BIO_free(bio);
    bio = BIO_new_file("/nonexistent/file", "r");
    say("no file", "%d", bio == NULL);
    errors("no file error");
    bio = BIO_new(BIO_s_bio());
    say("unjoined", "%d", BIO_read(bio, buf, 1));
    BIO_free(bio);
    ERR_clear_error();
}

void trace_bio(void)
{
    memory();
    pair();
    others();
}
