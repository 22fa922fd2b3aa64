/* What OpenSSL has as macros: over SSL_ctrl, SSL_CTX_ctrl, BIO_ctrl and the generic list. */
#ifndef TLSCORE_OPENSSL_MACROS_H
#define TLSCORE_OPENSSL_MACROS_H

#if defined(__GNUC__)
/* OpenSSL's macros have casts whose value nobody uses. */
#pragma GCC system_header
#endif

#define OPENSSL_VERSION_PREREQ(major, minor) ((3 << 16) + 0 >= ((major) << 16) + (minor))
#define SSLeay_version(kind) OpenSSL_version(kind)
#define SSLEAY_VERSION_NUMBER OPENSSL_VERSION_NUMBER
#define SSLEAY_VERSION OPENSSL_VERSION
#define SSLEAY_CFLAGS OPENSSL_CFLAGS
#define SSLEAY_BUILT_ON OPENSSL_BUILT_ON
#define SSLEAY_PLATFORM OPENSSL_PLATFORM
#define SSLEAY_DIR OPENSSL_DIR
#define SSLeay() OpenSSL_version_num()
#define OPENSSL_FILE __FILE__
#define OPENSSL_LINE __LINE__

/* Locks are the library's own. */
#define OPENSSL_THREADS

/* What is not here: programs look before they use it. */
#define OPENSSL_NO_SSL2
#define OPENSSL_NO_SSL3
#define OPENSSL_NO_SSL3_METHOD
#define OPENSSL_NO_TLS1
#define OPENSSL_NO_TLS1_METHOD
#define OPENSSL_NO_TLS1_1
#define OPENSSL_NO_TLS1_1_METHOD
#define OPENSSL_NO_DTLS
#define OPENSSL_NO_TLS1_3
#define OPENSSL_NO_COMP
#define OPENSSL_NO_ENGINE
#define OPENSSL_NO_NEXTPROTONEG
#define OPENSSL_NO_SRP
#define OPENSSL_NO_SRTP
#define OPENSSL_NO_GOST
#define OPENSSL_NO_DANE
#define OPENSSL_NO_HEARTBEATS
#define OPENSSL_NO_KTLS
#define OPENSSL_NO_QUIC
/* Nothing reads responses or certificate timestamps; a stapled response comes and goes as bytes. */
#define OPENSSL_NO_OCSP
#define OPENSSL_NO_CT

#define SSL_library_init() OPENSSL_init_ssl(0, NULL)
#define SSL_load_error_strings() OPENSSL_init_ssl(0, NULL)
#define SSLeay_add_ssl_algorithms() OPENSSL_init_ssl(0, NULL)
#define OpenSSL_add_ssl_algorithms() OPENSSL_init_ssl(0, NULL)
#define OpenSSL_add_all_algorithms() OPENSSL_init_crypto(0, NULL)
#define OpenSSL_add_all_ciphers() OPENSSL_init_crypto(0, NULL)
#define OpenSSL_add_all_digests() OPENSSL_init_crypto(0, NULL)
#define OPENSSL_add_all_algorithms_noconf() OPENSSL_init_crypto(0, NULL)
#define OPENSSL_config(name) ((void)OPENSSL_init_crypto(0, NULL))
#define OPENSSL_no_config() ((void)OPENSSL_init_crypto(0, NULL))
#define ERR_load_crypto_strings() OPENSSL_init_crypto(0, NULL)
#define ERR_load_SSL_strings() OPENSSL_init_ssl(0, NULL)
#define ERR_load_BIO_strings() OPENSSL_init_crypto(0, NULL)
#define ERR_free_strings() ((void)0)
#define ERR_remove_state(pid) ((void)0)
#define ERR_remove_thread_state(tid) ((void)0)
#define EVP_cleanup() ((void)0)
#define CONF_modules_free() ((void)0)
#define CONF_modules_unload(all) ((void)0)
#define ENGINE_cleanup() ((void)0)
#define COMP_zlib_cleanup() ((void)0)
#define CRYPTO_cleanup_all_ex_data() ((void)0)
#define SSL_COMP_free_compression_methods() ((void)0)
#define CRYPTO_num_locks() (1)
#define CRYPTO_set_locking_callback(f) ((void)(f))
#define CRYPTO_get_locking_callback() (NULL)
#define CRYPTO_set_id_callback(f) ((void)(f))
#define CRYPTO_THREADID_set_callback(f) (0)
#define CRYPTO_THREADID_set_numeric(id, value)
#define CRYPTO_THREADID_set_pointer(id, value)
#define CRYPTO_get_id_callback() (NULL)
#define CRYPTO_LOCK 1
#define CRYPTO_UNLOCK 2
#define CRYPTO_READ 4
#define CRYPTO_WRITE 8
#define RAND_cleanup() ((void)0)
#define RAND_pseudo_bytes(buf, len) RAND_bytes((buf), (len))
#define RAND_priv_bytes(buf, len) RAND_bytes((buf), (len))

#define OPENSSL_malloc(len) CRYPTO_malloc((len), OPENSSL_FILE, OPENSSL_LINE)
#define OPENSSL_zalloc(len) CRYPTO_zalloc((len), OPENSSL_FILE, OPENSSL_LINE)
#define OPENSSL_realloc(old, len) CRYPTO_realloc((old), (len), OPENSSL_FILE, OPENSSL_LINE)
#define OPENSSL_free(memory) CRYPTO_free((memory), OPENSSL_FILE, OPENSSL_LINE)
#define OPENSSL_strdup(text) CRYPTO_strdup((text), OPENSSL_FILE, OPENSSL_LINE)

/* Errors. */
TLSCORE_INLINE int ERR_GET_LIB(unsigned long code) { return (code & 0x80000000UL) != 0 ? 2 : (int)((code >> 23) & 0xff); }
TLSCORE_INLINE int ERR_GET_REASON(unsigned long code)
{
    return (int)(code & ((code & 0x80000000UL) != 0 ? 0x7fffffffUL : 0x7fffffUL));
}
#define ERR_GET_FUNC(code) (0)
#define ERR_SYSTEM_ERROR(code) ((((unsigned long)(code)) & 0x80000000UL) != 0)
#define ERR_FATAL_ERROR(code) ((ERR_GET_REASON(code) & 0x40000) != 0)
#define ERR_PACK(lib, func, reason) (((((unsigned long)(lib)) & 0xffUL) << 23) | (((unsigned long)(reason)) & 0x7fffffUL))
#define ERR_raise(lib, reason) ERR_put((lib), (reason), OPENSSL_FILE, OPENSSL_LINE, __func__, NULL)
#define ERR_put_error(lib, func, reason, file, line) ERR_put((lib), (reason), (file), (line), NULL, NULL)
#define SSLerr(func, reason) ERR_put(20, (reason), OPENSSL_FILE, OPENSSL_LINE, NULL, NULL)
#define ERR_get_error_line(file, line) ERR_get_error_all((file), (line), NULL, NULL, NULL)
#define ERR_get_error_line_data(file, line, data, flags) ERR_get_error_all((file), (line), NULL, (data), (flags))
#define ERR_peek_error_line(file, line) ERR_peek_error_all((file), (line), NULL, NULL, NULL)
#define ERR_peek_error_line_data(file, line, data, flags) ERR_peek_error_all((file), (line), NULL, (data), (flags))
#define ERR_peek_error_func(func) ERR_peek_error_all(NULL, NULL, (func), NULL, NULL)
#define ERR_peek_error_data(data, flags) ERR_peek_error_all(NULL, NULL, NULL, (data), (flags))
#define ERR_peek_last_error_line(file, line) ERR_peek_last_error_all((file), (line), NULL, NULL, NULL)
#define ERR_peek_last_error_line_data(file, line, data, flags) \
    ERR_peek_last_error_all((file), (line), NULL, (data), (flags))
#define ERR_peek_last_error_func(func) ERR_peek_last_error_all(NULL, NULL, (func), NULL, NULL)
#define ERR_peek_last_error_data(data, flags) ERR_peek_last_error_all(NULL, NULL, NULL, (data), (flags))

/* BIO. */
#define BIO_should_read(b) BIO_test_flags((b), 1)
#define BIO_should_write(b) BIO_test_flags((b), 2)
#define BIO_should_io_special(b) BIO_test_flags((b), 4)
#define BIO_should_retry(b) BIO_test_flags((b), 8)
#define BIO_retry_type(b) BIO_test_flags((b), 7)
#define BIO_get_flags(b) BIO_test_flags((b), ~0)
#define BIO_set_retry_read(b) BIO_set_flags((b), 1 | 8)
#define BIO_set_retry_write(b) BIO_set_flags((b), 2 | 8)
#define BIO_set_retry_special(b) BIO_set_flags((b), 4 | 8)
#define BIO_clear_retry_flags(b) BIO_clear_flags((b), 1 | 2 | 4 | 8)
#define BIO_get_retry_flags(b) BIO_test_flags((b), 1 | 2 | 4 | 8)
#define BIO_reset(b) (int)BIO_ctrl((b), BIO_CTRL_RESET, 0, NULL)
#define BIO_eof(b) (int)BIO_ctrl((b), BIO_CTRL_EOF, 0, NULL)
#define BIO_set_close(b, c) (int)BIO_ctrl((b), BIO_CTRL_SET_CLOSE, (c), NULL)
#define BIO_get_close(b) (int)BIO_ctrl((b), BIO_CTRL_GET_CLOSE, 0, NULL)
#define BIO_pending(b) (int)BIO_ctrl((b), BIO_CTRL_PENDING, 0, NULL)
#define BIO_wpending(b) (int)BIO_ctrl((b), BIO_CTRL_WPENDING, 0, NULL)
#define BIO_flush(b) (int)BIO_ctrl((b), BIO_CTRL_FLUSH, 0, NULL)
#define BIO_seek(b, at) (int)BIO_ctrl((b), BIO_C_FILE_SEEK, (at), NULL)
#define BIO_tell(b) (int)BIO_ctrl((b), BIO_C_FILE_TELL, 0, NULL)
#define BIO_set_fd(b, fd, c) BIO_int_ctrl((b), BIO_C_SET_FD, (c), (fd))
#define BIO_get_fd(b, out) BIO_ctrl((b), BIO_C_GET_FD, 0, (char *)(out))
#define BIO_set_fp(b, fp, c) BIO_ctrl((b), BIO_C_SET_FILE_PTR, (c), (char *)(fp))
#define BIO_get_fp(b, out) BIO_ctrl((b), BIO_C_GET_FILE_PTR, 0, (char *)(out))
#define BIO_read_filename(b, name) (int)BIO_ctrl((b), BIO_C_SET_FILENAME, 1 | 2, (char *)(name))
#define BIO_write_filename(b, name) (int)BIO_ctrl((b), BIO_C_SET_FILENAME, 1 | 4, (char *)(name))
#define BIO_append_filename(b, name) (int)BIO_ctrl((b), BIO_C_SET_FILENAME, 1 | 8, (char *)(name))
#define BIO_get_mem_data(b, out) BIO_ctrl((b), BIO_CTRL_INFO, 0, (char *)(out))
#define BIO_get_mem_ptr(b, out) BIO_ctrl((b), BIO_C_GET_BUF_MEM_PTR, 0, (char *)(out))
#define BIO_set_mem_eof_return(b, v) BIO_ctrl((b), BIO_C_SET_BUF_MEM_EOF_RETURN, (v), NULL)
#define BIO_make_bio_pair(a, b) (int)BIO_ctrl((a), BIO_C_MAKE_BIO_PAIR, 0, (b))
#define BIO_destroy_bio_pair(b) (int)BIO_ctrl((b), BIO_C_DESTROY_BIO_PAIR, 0, NULL)
#define BIO_shutdown_wr(b) (int)BIO_ctrl((b), BIO_C_SHUTDOWN_WR, 0, NULL)
#define BIO_set_write_buf_size(b, n) (int)BIO_ctrl((b), BIO_C_SET_WRITE_BUF_SIZE, (n), NULL)
#define BIO_get_write_buf_size(b, n) (size_t)BIO_ctrl((b), BIO_C_GET_WRITE_BUF_SIZE, (n), NULL)
#define BIO_get_write_guarantee(b) (int)BIO_ctrl((b), BIO_C_GET_WRITE_GUARANTEE, 0, NULL)
#define BIO_get_read_request(b) (int)BIO_ctrl((b), BIO_C_GET_READ_REQUEST, 0, NULL)
#define BIO_set_ssl(b, ssl, c) BIO_ctrl((b), BIO_C_SET_SSL, (c), (char *)(ssl))
#define BIO_get_ssl(b, out) BIO_ctrl((b), BIO_C_GET_SSL, 0, (char *)(out))
#define BIO_set_ssl_mode(b, client) BIO_ctrl((b), BIO_C_SSL_MODE, (client), NULL)
#define BIO_do_handshake(b) BIO_ctrl((b), BIO_C_DO_STATE_MACHINE, 0, NULL)
#define BIO_set_app_data(b, data) BIO_set_ex_data((b), 0, (data))
#define BIO_get_app_data(b) BIO_get_ex_data((b), 0)

#if defined(__GNUC__)
__attribute__((format(printf, 2, 0), unused))
#endif
TLSCORE_INLINE int tlscore_bio_vprintf(BIO *bio, const char *format, va_list arguments)
{
    char small[512];
    char *large;
    va_list again;
    int len, written;

    TLSCORE_VA_COPY(again, arguments);
    len = vsnprintf(small, sizeof(small), format, again);
    va_end(again);
    if (len < 0)
        return -1;
    if ((size_t)len < sizeof(small))
        return len == 0 ? 0 : BIO_write(bio, small, len);
    large = (char *)malloc((size_t)len + 1);
    if (large == NULL)
        return -1;
    vsnprintf(large, (size_t)len + 1, format, arguments);
    written = BIO_write(bio, large, len);
    free(large);
    return written;
}

#if defined(__GNUC__)
__attribute__((format(printf, 2, 3), unused))
#endif
TLSCORE_INLINE int tlscore_bio_printf(BIO *bio, const char *format, ...)
{
    va_list arguments;
    int written;

    va_start(arguments, format);
    written = tlscore_bio_vprintf(bio, format, arguments);
    va_end(arguments);
    return written;
}
#define BIO_printf tlscore_bio_printf
#define BIO_vprintf tlscore_bio_vprintf

/* -1 for what does not fit: programs write as many bytes as these return. */
#if defined(__GNUC__)
__attribute__((format(printf, 3, 0), unused))
#endif
TLSCORE_INLINE int tlscore_bio_vsnprintf(char *buf, size_t n, const char *format, va_list arguments)
{
    int len = vsnprintf(buf, n, format, arguments);

    return len < 0 || (size_t)len >= n ? -1 : len;
}

#if defined(__GNUC__)
__attribute__((format(printf, 3, 4), unused))
#endif
TLSCORE_INLINE int tlscore_bio_snprintf(char *buf, size_t n, const char *format, ...)
{
    va_list arguments;
    int len;

    va_start(arguments, format);
    len = tlscore_bio_vsnprintf(buf, n, format, arguments);
    va_end(arguments);
    return len;
}
#define BIO_snprintf tlscore_bio_snprintf
#define BIO_vsnprintf tlscore_bio_vsnprintf

#if defined(__GNUC__)
__attribute__((format(printf, 3, 4), unused))
#endif
TLSCORE_INLINE void tlscore_err_raise_data(int lib, int reason, const char *format, ...)
{
    char text[512];
    va_list arguments;

    text[0] = 0;
    if (format != NULL) {
        va_start(arguments, format);
        vsnprintf(text, sizeof(text), format, arguments);
        va_end(arguments);
    }
    ERR_put(lib, reason, NULL, 0, NULL, text);
}
#define ERR_raise_data tlscore_err_raise_data
#define ERR_new() ((void)0)
#define ERR_set_debug(file, line, func) ((void)0)
#define ERR_set_error tlscore_err_raise_data

#if defined(__GNUC__)
__attribute__((unused))
#endif
TLSCORE_INLINE void tlscore_err_add_data(int count, ...)
{
    char text[512];
    size_t used = 0;
    va_list arguments;

    va_start(arguments, count);
    for (; count > 0; count--) {
        const char *part = va_arg(arguments, const char *);
        size_t len = part == NULL ? 0 : strlen(part);

        if (len > sizeof(text) - 1 - used)
            len = sizeof(text) - 1 - used;
        if (len > 0)
            memcpy(text + used, part, len);
        used += len;
    }
    va_end(arguments);
    text[used] = 0;
    ERR_set_data(text);
}
#define ERR_add_error_data tlscore_err_add_data

/* Lists. */
#define TLSCORE_SK(sk) ((OPENSSL_STACK *)(sk))
#define TLSCORE_CSK(sk) ((const OPENSSL_STACK *)(sk))
#define TLSCORE_SK_FREE(f) ((OPENSSL_sk_freefunc)(f))
#define TLSCORE_SK_FUNCTIONS(type)                                                                                     \
    TLSCORE_INLINE STACK_OF(type) *tlscore_sk_##type##_new_null(void)                                                   \
    {                                                                                                                  \
        return (STACK_OF(type) *)OPENSSL_sk_new_null();                                                                \
    }                                                                                                                  \
    TLSCORE_INLINE int tlscore_sk_##type##_num(const STACK_OF(type) *sk) { return OPENSSL_sk_num(TLSCORE_CSK(sk)); }    \
    TLSCORE_INLINE type *tlscore_sk_##type##_value(const STACK_OF(type) *sk, int at)                                    \
    {                                                                                                                  \
        return (type *)OPENSSL_sk_value(TLSCORE_CSK(sk), at);                                                          \
    }                                                                                                                  \
    TLSCORE_INLINE int tlscore_sk_##type##_push(STACK_OF(type) *sk, const void *item)                                   \
    {                                                                                                                  \
        return OPENSSL_sk_push(TLSCORE_SK(sk), item);                                                                  \
    }                                                                                                                  \
    TLSCORE_INLINE int tlscore_sk_##type##_insert(STACK_OF(type) *sk, const void *item, int at)                         \
    {                                                                                                                  \
        return OPENSSL_sk_insert(TLSCORE_SK(sk), item, at);                                                            \
    }                                                                                                                  \
    TLSCORE_INLINE type *tlscore_sk_##type##_pop(STACK_OF(type) *sk) { return (type *)OPENSSL_sk_pop(TLSCORE_SK(sk)); } \
    TLSCORE_INLINE type *tlscore_sk_##type##_shift(STACK_OF(type) *sk)                                                  \
    {                                                                                                                  \
        return (type *)OPENSSL_sk_shift(TLSCORE_SK(sk));                                                               \
    }                                                                                                                  \
    TLSCORE_INLINE type *tlscore_sk_##type##_delete(STACK_OF(type) *sk, int at)                                         \
    {                                                                                                                  \
        return (type *)OPENSSL_sk_delete(TLSCORE_SK(sk), at);                                                          \
    }                                                                                                                  \
    TLSCORE_INLINE void tlscore_sk_##type##_free(STACK_OF(type) *sk) { OPENSSL_sk_free(TLSCORE_SK(sk)); }               \
    TLSCORE_INLINE void tlscore_sk_##type##_pop_free(STACK_OF(type) *sk, void (*f)(type *item))                         \
    {                                                                                                                  \
        OPENSSL_sk_pop_free(TLSCORE_SK(sk), TLSCORE_SK_FREE(f));                                                       \
    }                                                                                                                  \
    TLSCORE_INLINE STACK_OF(type) *tlscore_sk_##type##_dup(const STACK_OF(type) *sk)                                    \
    {                                                                                                                  \
        return (STACK_OF(type) *)OPENSSL_sk_dup(TLSCORE_CSK(sk));                                                      \
    }

#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 8
#pragma GCC diagnostic ignored "-Wcast-function-type"
#endif
#endif
TLSCORE_SK_FUNCTIONS(X509)
TLSCORE_SK_FUNCTIONS(X509_NAME)
TLSCORE_SK_FUNCTIONS(SSL_CIPHER)
TLSCORE_SK_FUNCTIONS(GENERAL_NAME)
TLSCORE_SK_FUNCTIONS(X509_OBJECT)
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif
#define sk_X509_new_null tlscore_sk_X509_new_null
#define sk_X509_num tlscore_sk_X509_num
#define sk_X509_value tlscore_sk_X509_value
#define sk_X509_push tlscore_sk_X509_push
#define sk_X509_insert tlscore_sk_X509_insert
#define sk_X509_pop tlscore_sk_X509_pop
#define sk_X509_shift tlscore_sk_X509_shift
#define sk_X509_delete tlscore_sk_X509_delete
#define sk_X509_free tlscore_sk_X509_free
#define sk_X509_dup tlscore_sk_X509_dup
#define sk_X509_pop_free(sk, f) OPENSSL_sk_pop_free(TLSCORE_SK(sk), TLSCORE_SK_FREE(f))
#define sk_X509_NAME_new_null tlscore_sk_X509_NAME_new_null
#define sk_X509_NAME_num tlscore_sk_X509_NAME_num
#define sk_X509_NAME_value tlscore_sk_X509_NAME_value
#define sk_X509_NAME_push tlscore_sk_X509_NAME_push
#define sk_X509_NAME_pop tlscore_sk_X509_NAME_pop
#define sk_X509_NAME_delete tlscore_sk_X509_NAME_delete
#define sk_X509_NAME_free tlscore_sk_X509_NAME_free
#define sk_X509_NAME_dup tlscore_sk_X509_NAME_dup
#define sk_X509_NAME_pop_free(sk, f) OPENSSL_sk_pop_free(TLSCORE_SK(sk), TLSCORE_SK_FREE(f))
#define sk_GENERAL_NAME_num tlscore_sk_GENERAL_NAME_num
#define sk_GENERAL_NAME_value tlscore_sk_GENERAL_NAME_value
#define sk_GENERAL_NAME_free tlscore_sk_GENERAL_NAME_free
#define sk_GENERAL_NAME_pop_free(sk, f) OPENSSL_sk_pop_free(TLSCORE_SK(sk), TLSCORE_SK_FREE(f))
#define sk_X509_OBJECT_num tlscore_sk_X509_OBJECT_num
#define sk_X509_OBJECT_value tlscore_sk_X509_OBJECT_value
#define GEN_OTHERNAME 0
#define GEN_EMAIL 1
#define GEN_DNS 2
#define GEN_X400 3
#define GEN_DIRNAME 4
#define GEN_EDIPARTY 5
#define GEN_URI 6
#define GEN_IPADD 7
#define GEN_RID 8
#define sk_SSL_CIPHER_num tlscore_sk_SSL_CIPHER_num
#define sk_SSL_CIPHER_value tlscore_sk_SSL_CIPHER_value
#define sk_SSL_CIPHER_free tlscore_sk_SSL_CIPHER_free
#define sk_SSL_CIPHER_dup tlscore_sk_SSL_CIPHER_dup

/* Data of the program's own. */
#define SSL_get_ex_new_index(l, p, n, d, f) CRYPTO_get_ex_new_index(0, (l), (p), (n), (d), (f))
#define SSL_CTX_get_ex_new_index(l, p, n, d, f) CRYPTO_get_ex_new_index(1, (l), (p), (n), (d), (f))
#define SSL_SESSION_get_ex_new_index(l, p, n, d, f) CRYPTO_get_ex_new_index(2, (l), (p), (n), (d), (f))
#define X509_get_ex_new_index(l, p, n, d, f) CRYPTO_get_ex_new_index(3, (l), (p), (n), (d), (f))
#define X509_STORE_get_ex_new_index(l, p, n, d, f) CRYPTO_get_ex_new_index(4, (l), (p), (n), (d), (f))
#define X509_STORE_CTX_get_ex_new_index(l, p, n, d, f) CRYPTO_get_ex_new_index(5, (l), (p), (n), (d), (f))
#define SSL_set_app_data(s, data) SSL_set_ex_data((s), 0, (char *)(data))
#define SSL_get_app_data(s) SSL_get_ex_data((s), 0)
#define SSL_CTX_set_app_data(c, data) SSL_CTX_set_ex_data((c), 0, (char *)(data))
#define SSL_CTX_get_app_data(c) SSL_CTX_get_ex_data((c), 0)
#define SSL_SESSION_set_app_data(s, data) SSL_SESSION_set_ex_data((s), 0, (char *)(data))
#define SSL_SESSION_get_app_data(s) SSL_SESSION_get_ex_data((s), 0)

/* SSL and SSL_CTX. */
#define SSLv23_method TLS_method
#define SSLv23_client_method TLS_client_method
#define SSLv23_server_method TLS_server_method
#define SSL_get_peer_certificate SSL_get1_peer_certificate
#define SSL_get0_session SSL_get_session
#define SSL_get_cipher(s) SSL_CIPHER_get_name(SSL_get_current_cipher(s))
#define SSL_get_cipher_name(s) SSL_CIPHER_get_name(SSL_get_current_cipher(s))
#define SSL_get_cipher_bits(s, np) SSL_CIPHER_get_bits(SSL_get_current_cipher(s), (np))
#define SSL_get_cipher_version(s) SSL_CIPHER_get_version(SSL_get_current_cipher(s))
#define SSL_get_timeout(s) SSL_SESSION_get_timeout(s)
#define SSL_want_nothing(s) (SSL_want(s) == 1)
#define SSL_want_write(s) (SSL_want(s) == 2)
#define SSL_want_read(s) (SSL_want(s) == 3)
#define SSL_want_x509_lookup(s) (SSL_want(s) == 4)
#define SSL_in_connect_init(s) (SSL_in_init(s) && !SSL_is_server(s))
#define SSL_in_accept_init(s) (SSL_in_init(s) && SSL_is_server(s))
#define SSL_state(s) SSL_get_state(s)
#define SSL_CTX_set_mode(c, m) SSL_CTX_ctrl((c), SSL_CTRL_MODE, (m), NULL)
#define SSL_CTX_clear_mode(c, m) SSL_CTX_ctrl((c), SSL_CTRL_CLEAR_MODE, (m), NULL)
#define SSL_CTX_get_mode(c) SSL_CTX_ctrl((c), SSL_CTRL_MODE, 0, NULL)
#define SSL_set_mode(s, m) SSL_ctrl((s), SSL_CTRL_MODE, (m), NULL)
#define SSL_clear_mode(s, m) SSL_ctrl((s), SSL_CTRL_CLEAR_MODE, (m), NULL)
#define SSL_get_mode(s) SSL_ctrl((s), SSL_CTRL_MODE, 0, NULL)
#define SSL_CTX_set_read_ahead(c, on) SSL_CTX_ctrl((c), SSL_CTRL_SET_READ_AHEAD, (on), NULL)
#define SSL_CTX_get_read_ahead(c) SSL_CTX_ctrl((c), SSL_CTRL_GET_READ_AHEAD, 0, NULL)
#define SSL_CTX_set_session_cache_mode(c, m) SSL_CTX_ctrl((c), SSL_CTRL_SET_SESS_CACHE_MODE, (m), NULL)
#define SSL_CTX_get_session_cache_mode(c) SSL_CTX_ctrl((c), SSL_CTRL_GET_SESS_CACHE_MODE, 0, NULL)
#define SSL_CTX_sess_set_cache_size(c, n) SSL_CTX_ctrl((c), SSL_CTRL_SET_SESS_CACHE_SIZE, (n), NULL)
#define SSL_CTX_sess_get_cache_size(c) SSL_CTX_ctrl((c), SSL_CTRL_GET_SESS_CACHE_SIZE, 0, NULL)
#define SSL_CTX_sess_connect(c) SSL_CTX_ctrl((c), SSL_CTRL_SESS_CONNECT, 0, NULL)
#define SSL_CTX_sess_connect_good(c) SSL_CTX_ctrl((c), SSL_CTRL_SESS_CONNECT_GOOD, 0, NULL)
#define SSL_CTX_sess_number(c) SSL_CTX_ctrl((c), SSL_CTRL_SESS_NUMBER, 0, NULL)
#define SSL_CTX_sess_accept(c) SSL_CTX_ctrl((c), SSL_CTRL_SESS_ACCEPT, 0, NULL)
#define SSL_CTX_sess_accept_good(c) SSL_CTX_ctrl((c), SSL_CTRL_SESS_ACCEPT_GOOD, 0, NULL)
#define SSL_CTX_sess_hits(c) SSL_CTX_ctrl((c), SSL_CTRL_SESS_HIT, 0, NULL)
#define SSL_CTX_set_min_proto_version(c, v) SSL_CTX_ctrl((c), SSL_CTRL_SET_MIN_PROTO_VERSION, (v), NULL)
#define SSL_CTX_set_max_proto_version(c, v) SSL_CTX_ctrl((c), SSL_CTRL_SET_MAX_PROTO_VERSION, (v), NULL)
#define SSL_CTX_get_min_proto_version(c) SSL_CTX_ctrl((c), SSL_CTRL_GET_MIN_PROTO_VERSION, 0, NULL)
#define SSL_CTX_get_max_proto_version(c) SSL_CTX_ctrl((c), SSL_CTRL_GET_MAX_PROTO_VERSION, 0, NULL)
#define SSL_set_min_proto_version(s, v) SSL_ctrl((s), SSL_CTRL_SET_MIN_PROTO_VERSION, (v), NULL)
#define SSL_set_max_proto_version(s, v) SSL_ctrl((s), SSL_CTRL_SET_MAX_PROTO_VERSION, (v), NULL)
#define SSL_get_min_proto_version(s) SSL_ctrl((s), SSL_CTRL_GET_MIN_PROTO_VERSION, 0, NULL)
#define SSL_get_max_proto_version(s) SSL_ctrl((s), SSL_CTRL_GET_MAX_PROTO_VERSION, 0, NULL)
#define SSL_CTX_set_max_send_fragment(c, n) SSL_CTX_ctrl((c), SSL_CTRL_SET_MAX_SEND_FRAGMENT, (n), NULL)
#define SSL_CTX_get_max_cert_list(c) SSL_CTX_ctrl((c), SSL_CTRL_GET_MAX_CERT_LIST, 0, NULL)
#define SSL_CTX_set_max_cert_list(c, n) SSL_CTX_ctrl((c), SSL_CTRL_SET_MAX_CERT_LIST, (n), NULL)
#define SSL_CTX_set1_groups_list(c, list) SSL_CTX_ctrl((c), SSL_CTRL_SET_GROUPS_LIST, 0, (char *)(list))
#define SSL_CTX_set1_curves_list SSL_CTX_set1_groups_list
#define SSL_CTX_set1_sigalgs_list(c, list) SSL_CTX_ctrl((c), SSL_CTRL_SET_SIGALGS_LIST, 0, (char *)(list))
#define SSL_CTX_set_ecdh_auto(c, on) ((void)(c), (void)(on), 1)
#define SSL_set_ecdh_auto(s, on) ((void)(s), (void)(on), 1)
#define SSL_CTX_set_dh_auto(c, on) SSL_CTX_ctrl((c), SSL_CTRL_SET_DH_AUTO, (on), NULL)
#define SSL_set_dh_auto(s, on) SSL_ctrl((s), SSL_CTRL_SET_DH_AUTO, (on), NULL)
#define SSL_CTX_add_extra_chain_cert(c, x) SSL_CTX_ctrl((c), SSL_CTRL_EXTRA_CHAIN_CERT, 0, (char *)(x))
#define SSL_CTX_get_extra_chain_certs(c, out) SSL_CTX_ctrl((c), SSL_CTRL_GET_EXTRA_CHAIN_CERTS, 0, (char *)(out))
#define SSL_CTX_get_extra_chain_certs_only(c, out) SSL_CTX_ctrl((c), SSL_CTRL_GET_EXTRA_CHAIN_CERTS, 1, (char *)(out))
#define SSL_CTX_clear_extra_chain_certs(c) SSL_CTX_ctrl((c), SSL_CTRL_CLEAR_EXTRA_CHAIN_CERTS, 0, NULL)
#define SSL_CTX_get0_chain_certs(c, out) SSL_CTX_ctrl((c), SSL_CTRL_GET_CHAIN_CERTS, 0, (char *)(out))
#define SSL_CTX_set0_chain(c, sk) SSL_CTX_ctrl((c), SSL_CTRL_CHAIN, 0, (char *)(sk))
#define SSL_CTX_set1_chain(c, sk) SSL_CTX_ctrl((c), SSL_CTRL_CHAIN, 1, (char *)(sk))
#define SSL_CTX_add0_chain_cert(c, x) SSL_CTX_ctrl((c), SSL_CTRL_CHAIN_CERT, 0, (char *)(x))
#define SSL_CTX_add1_chain_cert(c, x) SSL_CTX_ctrl((c), SSL_CTRL_CHAIN_CERT, 1, (char *)(x))
#define SSL_CTX_clear_chain_certs(c) SSL_CTX_set0_chain((c), NULL)
#define SSL_CTX_set_tlsext_servername_callback(c, f) \
    SSL_CTX_callback_ctrl((c), SSL_CTRL_SET_TLSEXT_SERVERNAME_CB, (tlscore_function)(f))
#define SSL_CTX_set_msg_callback_arg(c, arg) SSL_CTX_ctrl((c), SSL_CTRL_SET_MSG_CALLBACK_ARG, 0, (arg))
#define SSL_set_msg_callback_arg(s, arg) SSL_ctrl((s), SSL_CTRL_SET_MSG_CALLBACK_ARG, 0, (arg))
#define SSL_CTX_set_tlsext_servername_arg(c, arg) SSL_CTX_ctrl((c), SSL_CTRL_SET_TLSEXT_SERVERNAME_ARG, 0, (arg))
#define SSL_CTX_set_tlsext_ticket_key_cb(c, f) SSL_CTX_set_tlsext_ticket_key_evp_cb((c), (f))
#define OSSL_MAC_PARAM_KEY "key"
#define OSSL_MAC_PARAM_DIGEST "digest"
#define PSK_MAX_IDENTITY_LEN 256
#define PSK_MAX_PSK_LEN 512
#define SSL_CTX_set_tlsext_status_cb(c, f) SSL_CTX_callback_ctrl((c), SSL_CTRL_SET_TLSEXT_STATUS_REQ_CB, (tlscore_function)(f))
#define SSL_CTX_get_tlsext_status_cb(c, f) SSL_CTX_ctrl((c), SSL_CTRL_GET_TLSEXT_STATUS_REQ_CB, 0, (void *)(f))
#define SSL_CTX_set_tlsext_status_arg(c, arg) SSL_CTX_ctrl((c), SSL_CTRL_SET_TLSEXT_STATUS_REQ_CB_ARG, 0, (arg))
#define SSL_CTX_get_tlsext_status_arg(c, arg) SSL_CTX_ctrl((c), SSL_CTRL_GET_TLSEXT_STATUS_REQ_CB_ARG, 0, (arg))
#define SSL_CTX_set_tlsext_status_type(c, type) SSL_CTX_ctrl((c), SSL_CTRL_SET_TLSEXT_STATUS_REQ_TYPE, (type), NULL)
#define SSL_CTX_get_tlsext_status_type(c) SSL_CTX_ctrl((c), SSL_CTRL_GET_TLSEXT_STATUS_REQ_TYPE, 0, NULL)
#define SSL_set_tlsext_status_type(s, type) SSL_ctrl((s), SSL_CTRL_SET_TLSEXT_STATUS_REQ_TYPE, (type), NULL)
#define SSL_get_tlsext_status_type(s) SSL_ctrl((s), SSL_CTRL_GET_TLSEXT_STATUS_REQ_TYPE, 0, NULL)
#define SSL_set_tlsext_status_ocsp_resp(s, response, len) \
    SSL_ctrl((s), SSL_CTRL_SET_TLSEXT_STATUS_REQ_OCSP_RESP, (len), (response))
#define SSL_get_tlsext_status_ocsp_resp(s, response) SSL_ctrl((s), SSL_CTRL_GET_TLSEXT_STATUS_REQ_OCSP_RESP, 0, (response))
#define SSL_set_tlsext_host_name(s, name) SSL_ctrl((s), SSL_CTRL_SET_TLSEXT_HOSTNAME, 0, (char *)(name))
#define SSL_get_secure_renegotiation_support(s) SSL_ctrl((s), SSL_CTRL_GET_RI_SUPPORT, 0, NULL)
#define SSL_get_peer_tmp_key(s, key) SSL_ctrl((s), SSL_CTRL_GET_PEER_TMP_KEY, 0, (key))
#define SSL_get_server_tmp_key(s, key) SSL_get_peer_tmp_key(s, key)
#define SSL_get_extms_support(s) SSL_ctrl((s), SSL_CTRL_GET_EXTMS_SUPPORT, 0, NULL)

/* X509 and its kin. */
#define X509_get_notBefore X509_getm_notBefore
#define X509_get_notAfter X509_getm_notAfter
#define X509_STORE_CTX_get_chain X509_STORE_CTX_get0_chain
#define X509_STORE_CTX_get_app_data(c) X509_STORE_CTX_get_ex_data((c), 0)
#define X509_STORE_CTX_set_app_data(c, data) X509_STORE_CTX_set_ex_data((c), 0, (data))
#define X509_STORE_set_verify_cb_func X509_STORE_set_verify_cb
#define X509_extract_key X509_get_pubkey
#define EVP_PKEY_base_id EVP_PKEY_get_base_id
#define EVP_PKEY_id EVP_PKEY_get_id
#define EVP_PKEY_bits EVP_PKEY_get_bits
#define X509_LOOKUP_load_file(lookup, name, type) X509_LOOKUP_ctrl((lookup), X509_L_FILE_LOAD, (name), (long)(type), NULL)
#define X509_LOOKUP_add_dir(lookup, name, type) X509_LOOKUP_ctrl((lookup), X509_L_ADD_DIR, (name), (long)(type), NULL)
#define ASN1_OCTET_STRING_cmp ASN1_STRING_cmp
#define ASN1_OCTET_STRING_free ASN1_STRING_free
#define EVP_MD_size EVP_MD_get_size
#define EVP_MD_block_size EVP_MD_get_block_size
#define EVP_MD_name EVP_MD_get0_name
#define EVP_MD_CTX_create() EVP_MD_CTX_new()
#define EVP_MD_CTX_init(c) EVP_MD_CTX_reset((c))
#define EVP_MD_CTX_destroy(c) EVP_MD_CTX_free((c))
#define EVP_MD_CTX_md EVP_MD_CTX_get0_md
#define EVP_MD_CTX_get_size(c) EVP_MD_get_size(EVP_MD_CTX_get0_md(c))
#define EVP_MD_CTX_size EVP_MD_CTX_get_size
#define EVP_MD_CTX_get_block_size(c) EVP_MD_get_block_size(EVP_MD_CTX_get0_md(c))
#define EVP_MD_CTX_block_size EVP_MD_CTX_get_block_size
#define EVP_MD_CTX_get_type(c) EVP_MD_get_type(EVP_MD_CTX_get0_md(c))
#define EVP_MD_CTX_type EVP_MD_CTX_get_type
#define EVP_get_digestbynid(nid) EVP_get_digestbyname(OBJ_nid2sn(nid))
#define EVP_MD_type EVP_MD_get_type
#define EVP_MD_nid EVP_MD_get_type
#define EVP_MAX_MD_SIZE 64
#define ASN1_TIME_free ASN1_STRING_free
#define ASN1_INTEGER_free ASN1_STRING_free
#define ASN1_OCTET_STRING_free ASN1_STRING_free
#define M_ASN1_STRING_length ASN1_STRING_length
#define M_ASN1_STRING_data ASN1_STRING_data

#endif
