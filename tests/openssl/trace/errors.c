#include "trace.h"

void trace_errors(void)
{
    char text[256];
    const char *file, *data;
    int line, flags;

    theme = "errors";
    say("empty", "%lu %lu %lu", ERR_get_error(), ERR_peek_error(), ERR_peek_last_error());
    ERR_put_error(ERR_LIB_SSL, 0, SSL_R_BAD_LENGTH, "one.c", 1);
    ERR_put_error(ERR_LIB_X509, 0, X509_R_KEY_VALUES_MISMATCH, "two.c", 2);
    ERR_add_error_data(2, "some ", "data");
    ERR_put_error(ERR_LIB_SYS, 0, ENOENT, "three.c", 3);
    say("peek", "%d %d", ERR_GET_REASON(ERR_peek_error()), ERR_GET_REASON(ERR_peek_last_error()));
    ERR_error_string_n(ERR_peek_error(), text, sizeof(text));
    say("string", "%s", text);
    ERR_error_string_n(ERR_peek_error(), text, 20);
    say("short string", "%zu", strlen(text));
    ERR_error_string_n(ERR_peek_last_error(), text, sizeof(text));
    say("system string", "%s", text);
    ERR_get_error_line(&file, &line);
    say("line", "%s:%d", file, line);
    ERR_get_error_line_data(&file, &line, &data, &flags);
    say("data", "%s:%d %s %d", file, line, data, flags & ERR_TXT_STRING);
    errors("order");

    ERR_put_error(ERR_LIB_SSL, 0, SSL_R_BAD_LENGTH, "", 0);
    say("mark", "%d", ERR_set_mark());
    ERR_put_error(ERR_LIB_SSL, 0, SSL_R_NO_CIPHER_MATCH, "", 0);
    say("pop", "%d", ERR_pop_to_mark());
    errors("behind the mark");
    say("pop without a mark", "%d", ERR_pop_to_mark());
    say("mark of nothing", "%d", ERR_set_mark());

    for (int i = 0; i < 20; i++)
        ERR_put_error(ERR_LIB_SSL, 0, 100 + i, "", 0);
    errors("full");

    ERR_put_error(ERR_LIB_SSL, 0, SSL_R_BAD_LENGTH, "", 0);
    ERR_clear_error();
    errors("cleared");
    say("lib string", "%s", ERR_lib_error_string(ERR_PACK(ERR_LIB_SSL, 0, 1)));
    say("reason string", "%s", ERR_reason_error_string(ERR_PACK(ERR_LIB_SSL, 0, SSL_R_CERTIFICATE_VERIFY_FAILED)));
    say("alert string", "%s", ERR_reason_error_string(ERR_PACK(ERR_LIB_SSL, 0, SSL_R_TLSV1_ALERT_UNKNOWN_CA)));
    say("unknown reason", "%d", ERR_reason_error_string(ERR_PACK(ERR_LIB_SSL, 0, 3000)) == NULL);
}
