/* Made of the sources of tls-openssl by tools/openssl-header.py: do not edit. */
#ifndef TLSCORE_OPENSSL_FUNCTIONS_H
#define TLSCORE_OPENSSL_FUNCTIONS_H

#ifdef __cplusplus
extern "C" {
#endif
/* asn1/mod.rs */
int tlscore_ASN1_STRING_length(const ASN1_STRING *string);
int tlscore_ASN1_STRING_type(const ASN1_STRING *string);
const unsigned char *tlscore_ASN1_STRING_get0_data(const ASN1_STRING *string);
unsigned char *tlscore_ASN1_STRING_data(const ASN1_STRING *string);
/* Into memory that the program frees with `OPENSSL_free`; its length, or -1. */
int tlscore_ASN1_STRING_to_UTF8(unsigned char **out, const ASN1_STRING *string);
int tlscore_ASN1_STRING_cmp(const ASN1_STRING *a, const ASN1_STRING *b);
ASN1_STRING *tlscore_ASN1_STRING_dup(const ASN1_STRING *string);
void tlscore_ASN1_STRING_free(ASN1_STRING *string);
/* The number, or -1 for one that does not fit. */
long tlscore_ASN1_INTEGER_get(const ASN1_STRING *integer);

/* asn1/object.rs */
int tlscore_OBJ_obj2nid(const ASN1_OBJECT *object);
const char *tlscore_OBJ_nid2sn(int nid);
const char *tlscore_OBJ_nid2ln(int nid);
int tlscore_OBJ_txt2nid(const char *text);
int tlscore_OBJ_sn2nid(const char *text);
/* The name of an object, or its dotted form where it has none or `dotted` asks for it. */
int tlscore_OBJ_obj2txt(char *out, int len, const ASN1_OBJECT *object, int dotted);
void tlscore_ASN1_OBJECT_free(ASN1_OBJECT *object);

/* asn1/time.rs */
/* Sets a time to these seconds since 1970; for NULL it makes one. */
ASN1_STRING *tlscore_ASN1_TIME_set(const ASN1_STRING *time, time_t seconds);
int tlscore_ASN1_TIME_check(const ASN1_STRING *time);
/* -1: `a` is earlier, 0: the same, 1: later, -2: one of them is no time. */
int tlscore_ASN1_TIME_compare(const ASN1_STRING *a, const ASN1_STRING *b);
/* Days and seconds from one time to another; NULL is now. */
int tlscore_ASN1_TIME_diff(int *out_days, int *out_seconds, const ASN1_STRING *from, const ASN1_STRING *to);
/* Fills a `struct tm`; NULL is now. */
int tlscore_ASN1_TIME_to_tm(const ASN1_STRING *time, struct tm *out);
/* `Jan  5 09:34:43 2018 GMT` */
int tlscore_ASN1_TIME_print(const BIO *bio, const ASN1_STRING *time);

/* bio/api.rs */
int tlscore_BIO_read(const BIO *bio, void *out, int len);
int tlscore_BIO_read_ex(const BIO *bio, void *out, size_t len, size_t *read);
int tlscore_BIO_write(const BIO *bio, const void *data, int len);
int tlscore_BIO_write_ex(const BIO *bio, const void *data, size_t len, size_t *written);
int tlscore_BIO_gets(const BIO *bio, char *out, int len);
int tlscore_BIO_puts(const BIO *bio, const char *text);
long tlscore_BIO_ctrl(const BIO *bio, int cmd, long num, void *ptr);
long tlscore_BIO_int_ctrl(const BIO *bio, int cmd, long num, int arg);
void *tlscore_BIO_ptr_ctrl(const BIO *bio, int cmd, long num);
size_t tlscore_BIO_ctrl_pending(const BIO *bio);
size_t tlscore_BIO_ctrl_wpending(const BIO *bio);
size_t tlscore_BIO_ctrl_get_write_guarantee(const BIO *bio);
size_t tlscore_BIO_ctrl_get_read_request(const BIO *bio);
int tlscore_BIO_ctrl_reset_read_request(const BIO *bio);
/* How many bytes lie together in a pair, to be read where they are; what is written meanwhile lies elsewhere. */
int tlscore_BIO_nread(const BIO *bio, char **out, int most);
int tlscore_BIO_nread0(const BIO *bio, char **out);
int tlscore_BIO_nwrite(const BIO *bio, char **out, int most);
int tlscore_BIO_nwrite0(const BIO *bio, char **out);
int tlscore_BIO_up_ref(const BIO *bio);
int tlscore_BIO_free(BIO *bio);
void tlscore_BIO_vfree(BIO *bio);
int tlscore_BIO_test_flags(const BIO *bio, int flags);
void tlscore_BIO_set_flags(const BIO *bio, int flags);
void tlscore_BIO_clear_flags(const BIO *bio, int flags);
int tlscore_BIO_get_retry_reason(const BIO *bio);
void tlscore_BIO_set_retry_reason(const BIO *bio, int reason);
void tlscore_BIO_copy_next_retry(const BIO *bio);
void tlscore_BIO_set_data(const BIO *bio, void *data);
void *tlscore_BIO_get_data(const BIO *bio);
int tlscore_BIO_set_ex_data(const BIO *bio, int index, void *data);
void *tlscore_BIO_get_ex_data(const BIO *bio, int index);
void tlscore_BIO_set_init(const BIO *bio, int init);
int tlscore_BIO_get_init(const BIO *bio);
void tlscore_BIO_set_shutdown(const BIO *bio, int close);
int tlscore_BIO_get_shutdown(const BIO *bio);
int tlscore_BIO_method_type(const BIO *bio);
uint64_t tlscore_BIO_number_read(const BIO *bio);
uint64_t tlscore_BIO_number_written(const BIO *bio);
/* Whether a call on a socket with this result may be repeated, by errno. */
int tlscore_BIO_sock_should_retry(int result);
int tlscore_BIO_sock_non_fatal_error(int code);

/* bio/buf_mem.rs */
BUF_MEM *tlscore_BUF_MEM_new(void);
void tlscore_BUF_MEM_free(BUF_MEM *buf);
/* Makes it `len` bytes long, new ones 0; returns the length, or 0 without memory. */
size_t tlscore_BUF_MEM_grow(BUF_MEM *buf, size_t len);
/* As `BUF_MEM_grow`; bytes that it leaves behind a shorter length are wiped at once. */
int tlscore_BUF_MEM_grow_clean(BUF_MEM *buf, size_t len);

/* bio/chain.rs */
/* Puts `next` behind the end of `bio`'s chain. The reference to `next` goes to the chain. */
BIO *tlscore_BIO_push(const BIO *bio, BIO *next);
/* Takes `bio` out of its chain and returns what was behind it. */
BIO *tlscore_BIO_pop(const BIO *bio);
BIO *tlscore_BIO_next(const BIO *bio);
void tlscore_BIO_set_next(const BIO *bio, BIO *next);
BIO *tlscore_BIO_find_type(const BIO *bio, int kind);
/* Gives back each BIO of the chain, up to one that others hold, too. */
void tlscore_BIO_free_all(BIO *bio);

/* bio/method.rs */
BIO_METHOD *tlscore_BIO_meth_new(int kind, const char *name);
/* BIOs of the method keep it: it may go before them. */
void tlscore_BIO_meth_free(BIO_METHOD *method);
int tlscore_BIO_meth_set_write(const BIO_METHOD *method, tlscore_bio_write_fn f);
int tlscore_BIO_meth_set_write_ex(const BIO_METHOD *method, tlscore_bio_write_ex_fn f);
int tlscore_BIO_meth_set_read(const BIO_METHOD *method, tlscore_bio_read_fn f);
int tlscore_BIO_meth_set_read_ex(const BIO_METHOD *method, tlscore_bio_read_ex_fn f);
int tlscore_BIO_meth_set_puts(const BIO_METHOD *method, tlscore_bio_puts_fn f);
int tlscore_BIO_meth_set_gets(const BIO_METHOD *method, tlscore_bio_read_fn f);
int tlscore_BIO_meth_set_ctrl(const BIO_METHOD *method, tlscore_bio_ctrl_fn f);
int tlscore_BIO_meth_set_create(const BIO_METHOD *method, tlscore_bio_life_fn f);
int tlscore_BIO_meth_set_destroy(const BIO_METHOD *method, tlscore_bio_life_fn f);
/* A number for a kind of BIO of the program's own. */
int tlscore_BIO_get_new_index(void);

/* bio/sources.rs */
const BIO_METHOD *tlscore_BIO_s_mem(void);
/* The same as `BIO_s_mem`: what goes out of any memory BIO is wiped. */
const BIO_METHOD *tlscore_BIO_s_secmem(void);
const BIO_METHOD *tlscore_BIO_s_file(void);
const BIO_METHOD *tlscore_BIO_s_fd(void);
const BIO_METHOD *tlscore_BIO_s_socket(void);
const BIO_METHOD *tlscore_BIO_s_bio(void);
const BIO_METHOD *tlscore_BIO_s_null(void);
const BIO_METHOD *tlscore_BIO_f_ssl(void);
const BIO_METHOD *tlscore_BIO_f_base64(void);
BIO *tlscore_BIO_new(const BIO_METHOD *method);
/* Reads a copy of the bytes: they may change, or go, meanwhile. */
BIO *tlscore_BIO_new_mem_buf(const void *data, int len);
BIO *tlscore_BIO_new_socket(int fd, int close);
BIO *tlscore_BIO_new_fd(int fd, int close);
BIO *tlscore_BIO_new_file(const char *name, const char *mode);
BIO *tlscore_BIO_new_fp(FILE *stream, int close);
/* Two halves that are joined; a size of 0 is 17 KiB. */
int tlscore_BIO_new_bio_pair(BIO **one, size_t one_size, BIO **other, size_t other_size);
/* A filter over an SSL of its own, for a client (`client` is not 0) or a server. */
BIO *tlscore_BIO_new_ssl(const SSL_CTX *ctx, int client);
/* The name of a kind of BIO ("memory buffer"). */
const char *tlscore_BIO_method_name(const BIO *bio);

/* cipher.rs */
const char *tlscore_SSL_CIPHER_get_name(const SSL_CIPHER *cipher);
const char *tlscore_SSL_CIPHER_standard_name(const SSL_CIPHER *cipher);
const char *tlscore_OPENSSL_cipher_name(const char *standard);
int tlscore_SSL_CIPHER_get_bits(const SSL_CIPHER *cipher, int *algorithm);
const char *tlscore_SSL_CIPHER_get_version(const SSL_CIPHER *cipher);
uint32_t tlscore_SSL_CIPHER_get_id(const SSL_CIPHER *cipher);
uint16_t tlscore_SSL_CIPHER_get_protocol_id(const SSL_CIPHER *cipher);
int tlscore_SSL_CIPHER_get_kx_nid(const SSL_CIPHER *cipher);
int tlscore_SSL_CIPHER_get_auth_nid(const SSL_CIPHER *cipher);
int tlscore_SSL_CIPHER_get_cipher_nid(const SSL_CIPHER *cipher);
int tlscore_SSL_CIPHER_get_digest_nid(const SSL_CIPHER *cipher);
int tlscore_SSL_CIPHER_is_aead(const SSL_CIPHER *cipher);
/* Into `len` bytes at `out`, at least 128, or into memory that the program frees (`OPENSSL_free`). */
char *tlscore_SSL_CIPHER_description(const SSL_CIPHER *cipher, char *out, int len);

/* cipher_lists.rs */
/* The suites that a connection may choose, most preferred first; the list belongs to the SSL. */
STACK_OF(SSL_CIPHER) *tlscore_SSL_get_ciphers(const SSL *ssl);
/* The same of a context, to which the list belongs. */
STACK_OF(SSL_CIPHER) *tlscore_SSL_CTX_get_ciphers(const SSL_CTX *ctx);
/* The suites as a list that the program frees. */
STACK_OF(SSL_CIPHER) *tlscore_SSL_get1_supported_ciphers(const SSL *ssl);
/* The suites that the client offers, on servers; the list belongs to the SSL. */
STACK_OF(SSL_CIPHER) *tlscore_SSL_get_client_ciphers(const SSL *ssl);
/* The name of the suite at this place of `SSL_get_ciphers`; NULL beyond the last. */
const char *tlscore_SSL_get_cipher_list(const SSL *ssl, int at);
/* On servers: the names of the suites that both sides have, with colons between, in `len` bytes at `out`; NULL where there */
/* are none. */
char *tlscore_SSL_get_shared_ciphers(const SSL *ssl, char *out, int len);
/* The suite with this number in two bytes; NULL for one that is not there. */
const SSL_CIPHER *tlscore_SSL_CIPHER_find(const SSL *ssl, const unsigned char *number);

/* crypto.rs */
/* Nothing to do: 1. */
int tlscore_OPENSSL_init_ssl(uint64_t options, const void *settings);
/* Nothing to do: 1. No configuration file is read. */
/* Not as in OpenSSL: reads no configuration file. */
int tlscore_OPENSSL_init_crypto(uint64_t options, const void *settings);
/* Nothing to do. */
void tlscore_OPENSSL_cleanup(void);
unsigned long tlscore_OpenSSL_version_num(void);
unsigned int tlscore_OPENSSL_version_major(void);
unsigned int tlscore_OPENSSL_version_minor(void);
unsigned int tlscore_OPENSSL_version_patch(void);
/* Says what it is: "tlscore (interface of OpenSSL 3.0)". */
/* Not as in OpenSSL: says what it is: tlscore. */
const char *tlscore_OpenSSL_version(int kind);
/* The C library's memory: programs and this library free each other's. */
void *tlscore_CRYPTO_malloc(size_t len, const char *file, int line);
void *tlscore_CRYPTO_zalloc(size_t len, const char *file, int line);
void *tlscore_CRYPTO_realloc(void *old, size_t len, const char *file, int line);
void tlscore_CRYPTO_free(void *memory, const char *file, int line);
char *tlscore_CRYPTO_strdup(const char *text, const char *file, int line);
void tlscore_OPENSSL_cleanse(void *memory, size_t len);
/* 0 where they are the same; its time depends on the length alone. */
int tlscore_CRYPTO_memcmp(const void *a, const void *b, size_t len);
int tlscore_CRYPTO_get_ex_new_index(int class_, long argl, void *argp, CRYPTO_EX_new *new_, CRYPTO_EX_dup *dup, CRYPTO_EX_free *free);
/* Random bytes of the operating system. */
int tlscore_RAND_bytes(unsigned char *out, int len);
/* Nothing to do: 1. The operating system seeds itself. */
/* Not as in OpenSSL: does nothing: the operating system seeds itself. */
int tlscore_RAND_poll(void);
int tlscore_RAND_status(void);
/* Nothing to do with it. */
/* Not as in OpenSSL: does nothing: the operating system seeds itself. */
void tlscore_RAND_seed(const void *data, int len);
/* Nothing to do with it. */
/* Not as in OpenSSL: does nothing: the operating system seeds itself. */
void tlscore_RAND_add(const void *data, int len, double entropy);

/* ctx/api.rs */
SSL_CTX *tlscore_SSL_CTX_new(const SSL_METHOD *method);
void tlscore_SSL_CTX_free(SSL_CTX *ctx);
int tlscore_SSL_CTX_up_ref(const SSL_CTX *ctx);
/* Not as in OpenSSL: what names no version: LEGACY_SERVER_CONNECT, IGNORE_UNEXPECTED_EOF, ALLOW_CLIENT_RENEGOTIATION, NO_RENEGOTIATION, NO_TICKET, CIPHER_SERVER_PREFERENCE and DISABLE_TLSEXT_CA_NAMES are followed, the others change nothing. */
uint64_t tlscore_SSL_CTX_set_options(const SSL_CTX *ctx, uint64_t options);
uint64_t tlscore_SSL_CTX_clear_options(const SSL_CTX *ctx, uint64_t options);
uint64_t tlscore_SSL_CTX_get_options(const SSL_CTX *ctx);
int tlscore_SSL_CTX_set_cipher_list(const SSL_CTX *ctx, const char *list);
/* Knows the names of TLS 1.3; there is nothing to choose. */
/* Not as in OpenSSL: knows the names of TLS 1.3; there is nothing to choose. */
int tlscore_SSL_CTX_set_ciphersuites(const SSL_CTX *ctx, const char *list);
void tlscore_SSL_CTX_set_security_level(const SSL_CTX *ctx, int level);
int tlscore_SSL_CTX_get_security_level(const SSL_CTX *ctx);
/* 0 where it is set: as in OpenSSL. */
int tlscore_SSL_CTX_set_alpn_protos(const SSL_CTX *ctx, const unsigned char *wire, unsigned int len);
void tlscore_SSL_CTX_set_quiet_shutdown(const SSL_CTX *ctx, int quiet);
int tlscore_SSL_CTX_get_quiet_shutdown(const SSL_CTX *ctx);
int tlscore_SSL_CTX_set_ex_data(const SSL_CTX *ctx, int index, void *data);
void *tlscore_SSL_CTX_get_ex_data(const SSL_CTX *ctx, int index);
/* TLS 1.3's: there is none. */
/* Not as in OpenSSL: there is TLS 1.2 alone, which has one ticket. */
int tlscore_SSL_CTX_set_num_tickets(const SSL_CTX *ctx, size_t tickets);
/* TLS 1.3's: there is none. */
/* Not as in OpenSSL: there is TLS 1.2 alone, which has one ticket. */
size_t tlscore_SSL_CTX_get_num_tickets(const SSL_CTX *ctx);
/* TLS 1.3's: there is none. */
/* Not as in OpenSSL: there is TLS 1.2 alone, which asks for certificates by renegotiation. */
void tlscore_SSL_CTX_set_post_handshake_auth(const SSL_CTX *ctx, int on);

/* ctx/authorities.rs */
/* The names that a server sends when it asks for a certificate. They must be subjects of certificates: what */
/* `SSL_load_client_CA_file` and `X509_get_subject_name` give. The list goes to the context. */
/* Not as in OpenSSL: the names must be subjects of certificates, as SSL_load_client_CA_file gives them. */
void tlscore_SSL_CTX_set_client_CA_list(const SSL_CTX *ctx, STACK_OF(X509_NAME) *names);
/* As `SSL_CTX_set_client_CA_list`; for servers that make a context for each name. */
/* Not as in OpenSSL: the names must be subjects of certificates, as SSL_load_client_CA_file gives them. */
void tlscore_SSL_set_client_CA_list(const SSL *ssl, STACK_OF(X509_NAME) *names);
int tlscore_SSL_CTX_add_client_CA(const SSL_CTX *ctx, const X509 *x509);
int tlscore_SSL_add_client_CA(const SSL *ssl, const X509 *x509);
/* What `SSL_CTX_set_client_CA_list` has set; the list belongs to the context. */
STACK_OF(X509_NAME) *tlscore_SSL_CTX_get_client_CA_list(const SSL_CTX *ctx);
/* On a server what it sends; on a client, once the server has asked for a certificate, the names that the server sent. The */
/* list belongs to the SSL. */
STACK_OF(X509_NAME) *tlscore_SSL_get_client_CA_list(const SSL *ssl);
/* The subjects of the certificates in a PEM file. */
STACK_OF(X509_NAME) *tlscore_SSL_load_client_CA_file(const char *file);
/* Adds to a list the subjects of the certificates in a PEM file that are not in it. */
int tlscore_SSL_add_file_cert_subjects_to_stack(const STACK_OF(X509_NAME) *list, const char *file);
STACK_OF(X509_NAME) *tlscore_SSL_dup_CA_list(const STACK_OF(X509_NAME) *names);

/* ctx/control.rs */
long tlscore_SSL_CTX_ctrl(const SSL_CTX *ctx, int command, long number, void *pointer);
/* A function of the program's: one for the host name that a client asks for. */
long tlscore_SSL_CTX_callback_ctrl(const SSL_CTX *ctx, int command, tlscore_function callback);

/* ctx/hooks.rs */
void tlscore_SSL_CTX_set_default_passwd_cb(const SSL_CTX *ctx, pem_password_cb *callback);
void tlscore_SSL_CTX_set_default_passwd_cb_userdata(const SSL_CTX *ctx, void *data);
pem_password_cb *tlscore_SSL_CTX_get_default_passwd_cb(const SSL_CTX *ctx);
void *tlscore_SSL_CTX_get_default_passwd_cb_userdata(const SSL_CTX *ctx);
/* Not as in OpenSSL: told of handshakes that begin, are done and are left, and of alerts: not of each state (SSL_CB_LOOP). */
void tlscore_SSL_CTX_set_info_callback(const SSL_CTX *ctx, tlscore_ssl_info_cb callback);
tlscore_ssl_info_cb tlscore_SSL_CTX_get_info_callback(const SSL_CTX *ctx);
void tlscore_SSL_CTX_set_keylog_callback(const SSL_CTX *ctx, SSL_CTX_keylog_cb_func callback);
void tlscore_SSL_CTX_set_client_hello_cb(const SSL_CTX *ctx, SSL_client_hello_cb_fn callback, void *arg);
/* Servers ask it in every handshake, resumed ones too; clients before their ClientHello, whether or not the server will */
/* want a certificate. */
/* Not as in OpenSSL: a client's is asked before the ClientHello, a server's before it is known whether a session is resumed. */
void tlscore_SSL_CTX_set_cert_cb(const SSL_CTX *ctx, tlscore_ssl_cert_cb callback, void *arg);
/* Asked where a client has no certificate, before its ClientHello. */
/* Not as in OpenSSL: asked before the ClientHello, whether or not the server will want a certificate. */
void tlscore_SSL_CTX_set_client_cert_cb(const SSL_CTX *ctx, tlscore_ssl_client_cert_cb callback);
void tlscore_SSL_CTX_set_alpn_select_cb(const SSL_CTX *ctx, SSL_CTX_alpn_select_cb_func callback, void *arg);

/* ctx/keys_api.rs */
int tlscore_SSL_CTX_use_certificate(const SSL_CTX *ctx, const X509 *x509);
int tlscore_SSL_CTX_use_PrivateKey(const SSL_CTX *ctx, const EVP_PKEY *key);
int tlscore_SSL_CTX_use_certificate_file(const SSL_CTX *ctx, const char *file, int kind);
int tlscore_SSL_CTX_use_certificate_chain_file(const SSL_CTX *ctx, const char *file);
int tlscore_SSL_CTX_use_PrivateKey_file(const SSL_CTX *ctx, const char *file, int kind);
int tlscore_SSL_CTX_use_RSAPrivateKey_file(const SSL_CTX *ctx, const char *file, int kind);
int tlscore_SSL_CTX_check_private_key(const SSL_CTX *ctx);
X509 *tlscore_SSL_CTX_get0_certificate(const SSL_CTX *ctx);
EVP_PKEY *tlscore_SSL_CTX_get0_privatekey(const SSL_CTX *ctx);
/* Parameters for DHE; the context takes the reference where it returns 1. */
int tlscore_SSL_CTX_set0_tmp_dh_pkey(const SSL_CTX *ctx, EVP_PKEY *key);

/* ctx/method.rs */
const SSL_METHOD *tlscore_TLS_method(void);
const SSL_METHOD *tlscore_TLS_client_method(void);
const SSL_METHOD *tlscore_TLS_server_method(void);
const SSL_METHOD *tlscore_TLSv1_2_method(void);
const SSL_METHOD *tlscore_TLSv1_2_client_method(void);
const SSL_METHOD *tlscore_TLSv1_2_server_method(void);

/* ctx/session_cache.rs */
/* 1 where it was not there yet. Sessions without an ID (tickets, a client's) cannot be looked for: 0. */
int tlscore_SSL_CTX_add_session(const SSL_CTX *ctx, const SSL_SESSION *session);
/* No connection resumes it any more; 1 where it was kept. The program's remove callback is told of it. */
int tlscore_SSL_CTX_remove_session(const SSL_CTX *ctx, const SSL_SESSION *session);

/* ctx/sessions.rs */
int tlscore_SSL_CTX_set_session_id_context(const SSL_CTX *ctx, const unsigned char *id, unsigned int len);
long tlscore_SSL_CTX_set_timeout(const SSL_CTX *ctx, long seconds);
long tlscore_SSL_CTX_get_timeout(const SSL_CTX *ctx);
void tlscore_SSL_CTX_sess_set_new_cb(const SSL_CTX *ctx, tlscore_ssl_new_session_cb callback);
tlscore_ssl_new_session_cb tlscore_SSL_CTX_sess_get_new_cb(const SSL_CTX *ctx);
/* Asked for sessions of clients that come with a session ID which is not in the cache of this process. */
void tlscore_SSL_CTX_sess_set_get_cb(const SSL_CTX *ctx, tlscore_ssl_get_session_cb callback);
tlscore_ssl_get_session_cb tlscore_SSL_CTX_sess_get_get_cb(const SSL_CTX *ctx);
tlscore_ssl_remove_session_cb tlscore_SSL_CTX_sess_get_remove_cb(const SSL_CTX *ctx);
/* Told of each session that leaves the cache: it is too old, there are too many, its connection failed, or the program */
/* removes it. */
void tlscore_SSL_CTX_sess_set_remove_cb(const SSL_CTX *ctx, tlscore_ssl_remove_session_cb callback);
/* Forgets the sessions in the cache that are over at `time`; all where `time` is 0. */
void tlscore_SSL_CTX_flush_sessions(const SSL_CTX *ctx, long time);

/* ctx/ticket.rs */
const EVP_CIPHER *tlscore_EVP_aes_128_cbc(void);
const EVP_CIPHER *tlscore_EVP_aes_256_cbc(void);
/* In a ticket key callback: AES-128-CBC or AES-256-CBC with this key. The IV is libtlscore's to choose. */
/* Not as in OpenSSL: notes the key for a ticket key callback, and encrypts nothing anywhere else. */
int tlscore_EVP_EncryptInit_ex(const EVP_CIPHER_CTX *ctx, const EVP_CIPHER *cipher, void *engine, const unsigned char *key, const unsigned char *iv);
/* In a ticket key callback, as EVP_EncryptInit_ex. */
/* Not as in OpenSSL: notes the key for a ticket key callback, and decrypts nothing anywhere else. */
int tlscore_EVP_DecryptInit_ex(const EVP_CIPHER_CTX *ctx, const EVP_CIPHER *cipher, void *engine, const unsigned char *key, const unsigned char *iv);
/* In a ticket key callback: HMAC-SHA256 with this key, 32 bytes at most (16 beside AES-128); no other hash. */
/* Not as in OpenSSL: notes the key for a ticket key callback. */
int tlscore_HMAC_Init_ex(const HMAC_CTX *ctx, const void *key, int len, const EVP_MD *md, void *engine);
/* In a ticket key callback: "key" (octets) and "digest" (SHA256) of the MAC. */
/* Not as in OpenSSL: notes the key for a ticket key callback. */
int tlscore_EVP_MAC_CTX_set_params(const EVP_MAC_CTX *ctx, const OSSL_PARAM *params);
OSSL_PARAM tlscore_OSSL_PARAM_construct_octet_string(const char *key, void *data, size_t len);
/* `len` 0: up to the NUL. */
OSSL_PARAM tlscore_OSSL_PARAM_construct_utf8_string(const char *key, char *text, size_t len);
OSSL_PARAM tlscore_OSSL_PARAM_construct_end(void);
/* The keys that tickets are sealed and opened with. The cipher is AES-CBC (EVP_EncryptInit_ex, EVP_DecryptInit_ex), the */
/* MAC HMAC-SHA256 (EVP_MAC_CTX_set_params): they note the keys and do nothing else. */
int tlscore_SSL_CTX_set_tlsext_ticket_key_evp_cb(const SSL_CTX *ctx, tlscore_ssl_ticket_key_cb callback);

/* ctx/verify.rs */
void tlscore_SSL_CTX_set_verify(const SSL_CTX *ctx, int mode, SSL_verify_cb callback);
int tlscore_SSL_CTX_get_verify_mode(const SSL_CTX *ctx);
SSL_verify_cb tlscore_SSL_CTX_get_verify_callback(const SSL_CTX *ctx);
void tlscore_SSL_CTX_set_verify_depth(const SSL_CTX *ctx, int depth);
int tlscore_SSL_CTX_get_verify_depth(const SSL_CTX *ctx);
void tlscore_SSL_CTX_set_cert_verify_callback(const SSL_CTX *ctx, tlscore_ssl_cert_verify_cb callback, void *arg);
/* What is asked of peers' certificates; connections that are made later get a copy. It belongs to the context. */
X509_VERIFY_PARAM *tlscore_SSL_CTX_get0_param(const SSL_CTX *ctx);
/* What `param` has set; the rest stays. */
int tlscore_SSL_CTX_set1_param(const SSL_CTX *ctx, const X509_VERIFY_PARAM *param);
int tlscore_SSL_CTX_load_verify_locations(const SSL_CTX *ctx, const char *file, const char *dir);
int tlscore_SSL_CTX_load_verify_file(const SSL_CTX *ctx, const char *file);
int tlscore_SSL_CTX_load_verify_dir(const SSL_CTX *ctx, const char *dir);
int tlscore_SSL_CTX_set_default_verify_paths(const SSL_CTX *ctx);
X509_STORE *tlscore_SSL_CTX_get_cert_store(const SSL_CTX *ctx);
void tlscore_SSL_CTX_set_cert_store(const SSL_CTX *ctx, X509_STORE *store);
/* The store keeps its reference with the caller. */
void tlscore_SSL_CTX_set1_cert_store(const SSL_CTX *ctx, const X509_STORE *store);

/* err/api.rs */
void tlscore_ERR_clear_error(void);
void tlscore_ERR_error_string_n(unsigned long code, char *out, size_t len);
/* Into 256 bytes at `out`, or, for NULL, into memory of this thread (not of the whole process, as in OpenSSL). */
char *tlscore_ERR_error_string(unsigned long code, char *out);
/* NULL, as in OpenSSL 3.0: errors name no functions by number. */
/* Not as in OpenSSL: always NULL, as in OpenSSL 3.0. */
const char *tlscore_ERR_func_error_string(unsigned long code);
int tlscore_ERR_set_mark(void);
int tlscore_ERR_pop_to_mark(void);
int tlscore_ERR_clear_last_mark(void);
/* What the header's `ERR_raise`, `ERR_raise_data` and `ERR_put_error` become. */
void tlscore_ERR_put(int lib, int reason, const char *file, int line, const char *func, const char *data);
/* What the header's `ERR_add_error_data` becomes: takes the place of the newest error's text. */
void tlscore_ERR_set_data(const char *data);
void tlscore_ERR_print_errors_fp(FILE *file);
void tlscore_ERR_print_errors(const BIO *bio);
void tlscore_ERR_print_errors_cb(tlscore_err_print_cb callback, void *arg);

/* err/read.rs */
unsigned long tlscore_ERR_get_error(void);
unsigned long tlscore_ERR_peek_error(void);
unsigned long tlscore_ERR_peek_last_error(void);
unsigned long tlscore_ERR_get_error_all(const char **file, int *line, const char **func, const char **data, int *flags);
unsigned long tlscore_ERR_peek_error_all(const char **file, int *line, const char **func, const char **data, int *flags);
unsigned long tlscore_ERR_peek_last_error_all(const char **file, int *line, const char **func, const char **data, int *flags);
/* The words for a library's number as they are in OpenSSL, NULL for one that is not known. */
const char *tlscore_ERR_lib_error_string(unsigned long code);
/* The words for an error. Those of the operating system are kept for ever, once each. */
const char *tlscore_ERR_reason_error_string(unsigned long code);

/* evp/decoder.rs */
/* A decoder for DH parameters in PEM; NULL for everything else. */
/* Not as in OpenSSL: parameters for DH alone. */
OSSL_DECODER_CTX *tlscore_OSSL_DECODER_CTX_new_for_pkey(EVP_PKEY **key, const char *input, const char *structure, const char *kind, int selection, void *libctx, const char *propquery);
int tlscore_OSSL_DECODER_from_bio(const OSSL_DECODER_CTX *decoder, const BIO *bio);
int tlscore_OSSL_DECODER_from_fp(const OSSL_DECODER_CTX *decoder, FILE *file);
void tlscore_OSSL_DECODER_CTX_free(OSSL_DECODER_CTX *decoder);

/* evp/digest.rs */
EVP_MD_CTX *tlscore_EVP_MD_CTX_new(void);
void tlscore_EVP_MD_CTX_free(EVP_MD_CTX *ctx);
int tlscore_EVP_MD_CTX_reset(const EVP_MD_CTX *ctx);
/* Another hash goes on from where this one is; of one that did not begin there is nothing to copy. */
int tlscore_EVP_MD_CTX_copy_ex(const EVP_MD_CTX *to, const EVP_MD_CTX *from);
int tlscore_EVP_MD_CTX_copy(const EVP_MD_CTX *to, const EVP_MD_CTX *from);
const EVP_MD *tlscore_EVP_MD_CTX_get0_md(const EVP_MD_CTX *ctx);
int tlscore_EVP_DigestInit_ex(const EVP_MD_CTX *ctx, const EVP_MD *md, void *engine);
int tlscore_EVP_DigestInit_ex2(const EVP_MD_CTX *ctx, const EVP_MD *md, const void *params);
int tlscore_EVP_DigestInit(const EVP_MD_CTX *ctx, const EVP_MD *md);
int tlscore_EVP_DigestUpdate(const EVP_MD_CTX *ctx, const void *data, size_t len);
int tlscore_EVP_DigestFinal_ex(const EVP_MD_CTX *ctx, unsigned char *out, unsigned int *len);
int tlscore_EVP_DigestFinal(const EVP_MD_CTX *ctx, unsigned char *out, unsigned int *len);
int tlscore_EVP_Digest(const void *data, size_t count, unsigned char *out, unsigned int *len, const EVP_MD *md, void *engine);

/* evp/group.rs */
/* The name of a key's group under OpenSSL's name, as text of `room` bytes at most, its NUL among them; 0: there is none, or */
/* no room. `len` (may be NULL) receives its length. */
int tlscore_EVP_PKEY_get_group_name(const EVP_PKEY *key, char *out, size_t room, size_t *len);
/* Of a key's parameters "group" is there, as `EVP_PKEY_get_group_name` has it. */
int tlscore_EVP_PKEY_get_utf8_string_param(const EVP_PKEY *key, const char *name, char *out, size_t room, size_t *len);

/* evp/md.rs */
const EVP_MD *tlscore_EVP_md5(void);
const EVP_MD *tlscore_EVP_sha1(void);
const EVP_MD *tlscore_EVP_sha224(void);
const EVP_MD *tlscore_EVP_sha256(void);
const EVP_MD *tlscore_EVP_sha384(void);
const EVP_MD *tlscore_EVP_sha512(void);
const EVP_MD *tlscore_EVP_get_digestbyname(const char *name);
int tlscore_EVP_MD_get_size(const EVP_MD *md);
int tlscore_EVP_MD_get_type(const EVP_MD *md);
int tlscore_EVP_MD_get_block_size(const EVP_MD *md);
const char *tlscore_EVP_MD_get0_name(const EVP_MD *md);

/* evp/mod.rs */
void tlscore_EVP_PKEY_free(EVP_PKEY *key);
int tlscore_EVP_PKEY_up_ref(const EVP_PKEY *key);
int tlscore_EVP_PKEY_get_base_id(const EVP_PKEY *key);
int tlscore_EVP_PKEY_get_id(const EVP_PKEY *key);
int tlscore_EVP_PKEY_get_bits(const EVP_PKEY *key);
/* The public key of a certificate, with a reference of its own. */
EVP_PKEY *tlscore_X509_get_pubkey(const X509 *x509);
/* 1 where the key belongs to the certificate. */
int tlscore_X509_check_private_key(const X509 *x509, const EVP_PKEY *key);

/* evp/read.rs */
/* Reads the next private key of a BIO. With `old` the key is put where it points, too. */
EVP_PKEY *tlscore_PEM_read_bio_PrivateKey(const BIO *bio, EVP_PKEY **old, pem_password_cb *callback, void *data);
/* The key of DHParameter in DER, as `PEM_read_bio_Parameters` reads it. */
/* Not as in OpenSSL: parameters for DH alone. */
EVP_PKEY *tlscore_PEM_read_bio_Parameters(const BIO *bio, EVP_PKEY **old);

/* evp/sha.rs */
int tlscore_MD5_Init(MD5_CTX *hash);
int tlscore_MD5_Update(MD5_CTX *hash, const void *data, size_t len);
int tlscore_MD5_Final(unsigned char *out, MD5_CTX *hash);
int tlscore_SHA1_Init(SHA_CTX *hash);
int tlscore_SHA1_Update(SHA_CTX *hash, const void *data, size_t len);
int tlscore_SHA1_Final(unsigned char *out, SHA_CTX *hash);
int tlscore_SHA256_Init(SHA256_CTX *hash);
int tlscore_SHA256_Update(SHA256_CTX *hash, const void *data, size_t len);
int tlscore_SHA256_Final(unsigned char *out, SHA256_CTX *hash);
int tlscore_SHA512_Init(SHA512_CTX *hash);
int tlscore_SHA512_Update(SHA512_CTX *hash, const void *data, size_t len);
int tlscore_SHA512_Final(unsigned char *out, SHA512_CTX *hash);
unsigned char *tlscore_MD5(const unsigned char *data, size_t len, unsigned char *out);
unsigned char *tlscore_SHA1(const unsigned char *data, size_t len, unsigned char *out);
unsigned char *tlscore_SHA224(const unsigned char *data, size_t len, unsigned char *out);
unsigned char *tlscore_SHA256(const unsigned char *data, size_t len, unsigned char *out);
unsigned char *tlscore_SHA384(const unsigned char *data, size_t len, unsigned char *out);
unsigned char *tlscore_SHA512(const unsigned char *data, size_t len, unsigned char *out);

/* pem.rs */
X509 *tlscore_PEM_read_bio_X509(const BIO *bio, X509 **old, pem_password_cb *callback, void *data);
X509 *tlscore_PEM_read_X509(FILE *file, X509 **old, pem_password_cb *callback, void *data);
int tlscore_PEM_write_bio_X509(const BIO *bio, const X509 *x509);
int tlscore_PEM_write_X509(FILE *file, const X509 *x509);

/* rand_file.rs */
/* `$RANDFILE`, or `.rnd` in the home directory; NULL where there is no room for it. */
const char *tlscore_RAND_file_name(char *out, size_t room);
/* How many bytes there are in the file, at most `most`; a negative number is 1024 of them. -1, with an error in the queue: */
/* it cannot be read. They change nothing. */
/* Not as in OpenSSL: reads the file, and changes nothing by it: the operating system seeds itself. */
int tlscore_RAND_load_file(const char *name, long most);
/* Writes 1024 random bytes to a file that its owner alone may read, and returns their number; -1: it cannot. */
int tlscore_RAND_write_file(const char *name);

/* session.rs */
void tlscore_SSL_SESSION_free(SSL_SESSION *session);
int tlscore_SSL_SESSION_up_ref(const SSL_SESSION *session);
/* The session ID; none for a ticket. */
const unsigned char *tlscore_SSL_SESSION_get_id(const SSL_SESSION *session, unsigned int *len);
long tlscore_SSL_SESSION_get_time(const SSL_SESSION *session);
/* Changes what `SSL_SESSION_get_time` says; libtlscore goes by its own clock. */
/* Not as in OpenSSL: libtlscore goes by its own clock. */
long tlscore_SSL_SESSION_set_time(const SSL_SESSION *session, long time);
long tlscore_SSL_SESSION_get_timeout(const SSL_SESSION *session);
long tlscore_SSL_SESSION_set_timeout(const SSL_SESSION *session, long timeout);
int tlscore_SSL_SESSION_get_protocol_version(const SSL_SESSION *session);
const SSL_CIPHER *tlscore_SSL_SESSION_get0_cipher(const SSL_SESSION *session);
X509 *tlscore_SSL_SESSION_get0_peer(const SSL_SESSION *session);
const char *tlscore_SSL_SESSION_get0_hostname(const SSL_SESSION *session);
int tlscore_SSL_SESSION_has_ticket(const SSL_SESSION *session);
unsigned long tlscore_SSL_SESSION_get_ticket_lifetime_hint(const SSL_SESSION *session);
/* 1 where a client can offer it, or a server resume it. */
int tlscore_SSL_SESSION_is_resumable(const SSL_SESSION *session);
int tlscore_SSL_SESSION_set_ex_data(const SSL_SESSION *session, int index, void *data);
void *tlscore_SSL_SESSION_get_ex_data(const SSL_SESSION *session, int index);
/* A client's session as bytes that `d2i_SSL_SESSION` of this library reads, and no other. They hold the master */
/* secret. A server's session with an ID is sealed, and resumed where the ticket keys are the same; in a ticket it is 0 bytes. */
/* Not as in OpenSSL: for this library alone; a server's session is sealed under the ticket keys, and 0 bytes where it is in a ticket. */
int tlscore_i2d_SSL_SESSION(const SSL_SESSION *session, unsigned char **out);
/* Not as in OpenSSL: reads what this library's i2d_SSL_SESSION wrote, and in the context that made it. */
SSL_SESSION *tlscore_d2i_SSL_SESSION(SSL_SESSION **old, const unsigned char **data, long len);

/* ssl/alerts.rs */
const char *tlscore_SSL_alert_desc_string_long(int value);
const char *tlscore_SSL_alert_desc_string(int value);
const char *tlscore_SSL_alert_type_string_long(int value);
const char *tlscore_SSL_alert_type_string(int value);
/* Not as in OpenSSL: says before, in and behind a handshake. */
int tlscore_SSL_get_state(const SSL *ssl);
/* Not as in OpenSSL: says before, in and behind a handshake. */
const char *tlscore_SSL_state_string_long(const SSL *ssl);
/* Not as in OpenSSL: says before, in and behind a handshake. */
const char *tlscore_SSL_state_string(const SSL *ssl);
int tlscore_SSL_in_init(const SSL *ssl);
int tlscore_SSL_in_before(const SSL *ssl);
int tlscore_SSL_is_init_finished(const SSL *ssl);

/* ssl/api.rs */
SSL *tlscore_SSL_new(const SSL_CTX *ctx);
void tlscore_SSL_free(SSL *ssl);
int tlscore_SSL_up_ref(const SSL *ssl);
/* Ready for another connection with the same settings; the session stays for a client to offer. */
int tlscore_SSL_clear(const SSL *ssl);
void tlscore_SSL_set_connect_state(const SSL *ssl);
void tlscore_SSL_set_accept_state(const SSL *ssl);
int tlscore_SSL_is_server(const SSL *ssl);
SSL_CTX *tlscore_SSL_get_SSL_CTX(const SSL *ssl);
/* Another context: its certificates, certificate callback, signature algorithms, parameters for DHE, security level and */
/* store are used from here on, what was copied by `SSL_new` stays. */
SSL_CTX *tlscore_SSL_set_SSL_CTX(const SSL *ssl, const SSL_CTX *ctx);
int tlscore_SSL_set_cipher_list(const SSL *ssl, const char *list);
/* Knows the names of TLS 1.3; there is nothing to choose. */
/* Not as in OpenSSL: knows the names of TLS 1.3; there is nothing to choose. */
int tlscore_SSL_set_ciphersuites(const SSL *ssl, const char *list);
/* 0 where it is set: as in OpenSSL. */
int tlscore_SSL_set_alpn_protos(const SSL *ssl, const unsigned char *wire, unsigned int len);
int tlscore_SSL_set_ex_data(const SSL *ssl, int index, void *data);
void *tlscore_SSL_get_ex_data(const SSL *ssl, int index);

/* ssl/bios.rs */
/* Takes a reference of each BIO, of one that is given twice one reference, as OpenSSL's rules for the references */
/* that it has already say. */
void tlscore_SSL_set_bio(const SSL *ssl, BIO *rbio, BIO *wbio);
void tlscore_SSL_set0_rbio(const SSL *ssl, BIO *bio);
void tlscore_SSL_set0_wbio(const SSL *ssl, BIO *bio);
BIO *tlscore_SSL_get_rbio(const SSL *ssl);
BIO *tlscore_SSL_get_wbio(const SSL *ssl);
int tlscore_SSL_set_fd(const SSL *ssl, int fd);
int tlscore_SSL_set_rfd(const SSL *ssl, int fd);
int tlscore_SSL_set_wfd(const SSL *ssl, int fd);
int tlscore_SSL_get_fd(const SSL *ssl);
int tlscore_SSL_get_rfd(const SSL *ssl);
int tlscore_SSL_get_wfd(const SSL *ssl);

/* ssl/client_hello.rs */
size_t tlscore_SSL_client_hello_get0_random(const SSL *ssl, const unsigned char **out);
size_t tlscore_SSL_client_hello_get0_session_id(const SSL *ssl, const unsigned char **out);
size_t tlscore_SSL_client_hello_get0_ciphers(const SSL *ssl, const unsigned char **out);
size_t tlscore_SSL_client_hello_get0_compression_methods(const SSL *ssl, const unsigned char **out);
unsigned int tlscore_SSL_client_hello_get0_legacy_version(const SSL *ssl);
/* The contents of an extension; 0: it is not there. */
int tlscore_SSL_client_hello_get0_ext(const SSL *ssl, unsigned int number, const unsigned char **out, size_t *out_len);

/* ssl/close.rs */
int tlscore_SSL_shutdown(const SSL *ssl);
void tlscore_SSL_set_shutdown(const SSL *ssl, int flags);
int tlscore_SSL_get_shutdown(const SSL *ssl);
void tlscore_SSL_set_quiet_shutdown(const SSL *ssl, int quiet);
int tlscore_SSL_get_quiet_shutdown(const SSL *ssl);

/* ssl/control.rs */
long tlscore_SSL_ctrl(const SSL *ssl, int command, long number, void *pointer);
/* Not as in OpenSSL: as SSL_CTX_set_options. */
uint64_t tlscore_SSL_set_options(const SSL *ssl, uint64_t options);
uint64_t tlscore_SSL_clear_options(const SSL *ssl, uint64_t options);
uint64_t tlscore_SSL_get_options(const SSL *ssl);
void tlscore_SSL_set_verify(const SSL *ssl, int mode, SSL_verify_cb callback);
int tlscore_SSL_get_verify_mode(const SSL *ssl);
SSL_verify_cb tlscore_SSL_get_verify_callback(const SSL *ssl);
void tlscore_SSL_set_verify_depth(const SSL *ssl, int depth);
int tlscore_SSL_get_verify_depth(const SSL *ssl);
int tlscore_SSL_set1_param(const SSL *ssl, const X509_VERIFY_PARAM *param);
/* What is asked of the peer's certificate; it belongs to the SSL. */
X509_VERIFY_PARAM *tlscore_SSL_get0_param(const SSL *ssl);
int tlscore_SSL_set1_host(const SSL *ssl, const char *name);
int tlscore_SSL_add1_host(const SSL *ssl, const char *name);
/* Not as in OpenSSL: a wildcard stands for a whole leftmost label; NO_WILDCARDS and NEVER_CHECK_SUBJECT are followed, the others are not. */
void tlscore_SSL_set_hostflags(const SSL *ssl, unsigned int flags);
/* The name that the peer's certificate was found to be for, of those of `SSL_set1_host`; it belongs to the SSL. */
const char *tlscore_SSL_get0_peername(const SSL *ssl);
/* Not as in OpenSSL: told of handshakes that begin, are done and are left, and of alerts: not of each state (SSL_CB_LOOP). */
void tlscore_SSL_set_info_callback(const SSL *ssl, tlscore_ssl_info_cb callback);
tlscore_ssl_info_cb tlscore_SSL_get_info_callback(const SSL *ssl);
void tlscore_SSL_set_read_ahead(const SSL *ssl, int on);
int tlscore_SSL_get_read_ahead(const SSL *ssl);

/* ssl/facts.rs */
const char *tlscore_SSL_get_version(const SSL *ssl);
int tlscore_SSL_version(const SSL *ssl);
int tlscore_SSL_client_version(const SSL *ssl);
int tlscore_SSL_is_dtls(const SSL *ssl);
const SSL_CIPHER *tlscore_SSL_get_current_cipher(const SSL *ssl);
int tlscore_SSL_session_reused(const SSL *ssl);
long tlscore_SSL_get_verify_result(const SSL *ssl);
void tlscore_SSL_set_verify_result(const SSL *ssl, long result);
X509 *tlscore_SSL_get0_peer_certificate(const SSL *ssl);
X509 *tlscore_SSL_get1_peer_certificate(const SSL *ssl);
/* The chain as the peer sent it: with its leaf on clients, without on servers. It belongs to the SSL. */
STACK_OF(X509) *tlscore_SSL_get_peer_cert_chain(const SSL *ssl);
STACK_OF(X509) *tlscore_SSL_get0_verified_chain(const SSL *ssl);
/* The host name that the client asks for; `kind` 0 is the only one there is. */
const char *tlscore_SSL_get_servername(const SSL *ssl, int kind);
/* 0 where there is a host name, -1 where there is none. */
int tlscore_SSL_get_servername_type(const SSL *ssl);
void tlscore_SSL_get0_alpn_selected(const SSL *ssl, const unsigned char **name, unsigned int *len);
/* Chooses a protocol of the server's list that the client's has, too: 1 (OPENSSL_NPN_NEGOTIATED); without one the */
/* client's first, and 2 (OPENSSL_NPN_NO_OVERLAP). */
int tlscore_SSL_select_next_proto(unsigned char **out, unsigned char *out_len, const unsigned char *server, unsigned int server_len, const unsigned char *client, unsigned int client_len);
/* RFC 5705; 1 where it worked, -1 before the handshake is complete. */
int tlscore_SSL_export_keying_material(const SSL *ssl, unsigned char *out, size_t out_len, const char *label, size_t label_len, const unsigned char *context, size_t context_len, int use_context);
/* No compression, ever. */
const void *tlscore_SSL_get_current_compression(const SSL *ssl);

/* ssl/handshake.rs */
int tlscore_SSL_connect(const SSL *ssl);
int tlscore_SSL_accept(const SSL *ssl);
int tlscore_SSL_do_handshake(const SSL *ssl);
int tlscore_SSL_renegotiate(const SSL *ssl);
/* As `SSL_renegotiate`: libtlscore decides whether a session is resumed. */
/* Not as in OpenSSL: libtlscore decides whether a session is resumed. */
int tlscore_SSL_renegotiate_abbreviated(const SSL *ssl);

/* ssl/keys.rs */
int tlscore_SSL_use_certificate(const SSL *ssl, const X509 *x509);
int tlscore_SSL_use_PrivateKey(const SSL *ssl, const EVP_PKEY *key);
int tlscore_SSL_use_certificate_file(const SSL *ssl, const char *file, int kind);
int tlscore_SSL_use_certificate_chain_file(const SSL *ssl, const char *file);
int tlscore_SSL_use_PrivateKey_file(const SSL *ssl, const char *file, int kind);
/* As `SSL_CTX_set_cert_cb`, for this connection. */
/* Not as in OpenSSL: a client's is asked before the ClientHello, a server's before it is known whether a session is resumed. */
void tlscore_SSL_set_cert_cb(const SSL *ssl, tlscore_ssl_cert_cb callback, void *arg);
int tlscore_SSL_check_private_key(const SSL *ssl);
/* The certificate of this side; it belongs to the SSL. */
X509 *tlscore_SSL_get_certificate(const SSL *ssl);
EVP_PKEY *tlscore_SSL_get_privatekey(const SSL *ssl);

/* ssl/messages.rs */
/* Connections that are made later have it. */
void tlscore_SSL_CTX_set_msg_callback(const SSL_CTX *ctx, tlscore_ssl_msg_cb callback);
/* Called for a connection that begins behind this: not for one that has begun. */
void tlscore_SSL_set_msg_callback(const SSL *ssl, tlscore_ssl_msg_cb callback);

/* ssl/outcome.rs */
int tlscore_SSL_get_error(const SSL *ssl, int result);
/* SSL_NOTHING 1, SSL_WRITING 2, SSL_READING 3, SSL_X509_LOOKUP 4, SSL_CLIENT_HELLO_CB 7 */
int tlscore_SSL_want(const SSL *ssl);

/* ssl/psk.rs */
void tlscore_SSL_CTX_set_psk_client_callback(const SSL_CTX *ctx, SSL_psk_client_cb_func callback);
void tlscore_SSL_set_psk_client_callback(const SSL *ssl, SSL_psk_client_cb_func callback);
void tlscore_SSL_CTX_set_psk_server_callback(const SSL_CTX *ctx, SSL_psk_server_cb_func callback);
void tlscore_SSL_set_psk_server_callback(const SSL *ssl, SSL_psk_server_cb_func callback);
int tlscore_SSL_CTX_use_psk_identity_hint(const SSL_CTX *ctx, const char *text);
int tlscore_SSL_use_psk_identity_hint(const SSL *ssl, const char *text);
/* The identity of the key that is in use, or NULL; it belongs to the SSL's connection. */
const char *tlscore_SSL_get_psk_identity(const SSL *ssl);

/* ssl/read.rs */
int tlscore_SSL_read(const SSL *ssl, void *out, int len);
int tlscore_SSL_read_ex(const SSL *ssl, void *out, size_t len, size_t *read);
int tlscore_SSL_peek(const SSL *ssl, void *out, int len);
int tlscore_SSL_peek_ex(const SSL *ssl, void *out, size_t len, size_t *read);
int tlscore_SSL_pending(const SSL *ssl);
int tlscore_SSL_has_pending(const SSL *ssl);

/* ssl/sessions.rs */
int tlscore_SSL_set_session(const SSL *ssl, const SSL_SESSION *session);
SSL_SESSION *tlscore_SSL_get_session(const SSL *ssl);
SSL_SESSION *tlscore_SSL_get1_session(const SSL *ssl);
/* Not as in OpenSSL: copies the session, and not the certificate. */
int tlscore_SSL_copy_session_id(const SSL *to, const SSL *from);
int tlscore_SSL_set_session_id_context(const SSL *ssl, const unsigned char *id, unsigned int len);

/* ssl/write.rs */
int tlscore_SSL_write(const SSL *ssl, const void *data, int len);
int tlscore_SSL_write_ex(const SSL *ssl, const void *data, size_t len, size_t *written);

/* stack.rs */
OPENSSL_STACK *tlscore_OPENSSL_sk_new_null(void);
OPENSSL_STACK *tlscore_OPENSSL_sk_new(OPENSSL_sk_compfunc compare);
int tlscore_OPENSSL_sk_num(const OPENSSL_STACK *stack);
void *tlscore_OPENSSL_sk_value(const OPENSSL_STACK *stack, int at);
void *tlscore_OPENSSL_sk_set(const OPENSSL_STACK *stack, int at, const void *item);
/* Puts an item before the one at `at`, or at the end, and returns how many there are; 0: it could not. */
int tlscore_OPENSSL_sk_insert(const OPENSSL_STACK *stack, const void *item, int at);
int tlscore_OPENSSL_sk_push(const OPENSSL_STACK *stack, const void *item);
int tlscore_OPENSSL_sk_unshift(const OPENSSL_STACK *stack, const void *item);
void *tlscore_OPENSSL_sk_delete(const OPENSSL_STACK *stack, int at);
void *tlscore_OPENSSL_sk_pop(const OPENSSL_STACK *stack);
void *tlscore_OPENSSL_sk_shift(const OPENSSL_STACK *stack);
void tlscore_OPENSSL_sk_zero(const OPENSSL_STACK *stack);
OPENSSL_STACK *tlscore_OPENSSL_sk_dup(const OPENSSL_STACK *stack);
OPENSSL_STACK *tlscore_OPENSSL_sk_deep_copy(const OPENSSL_STACK *stack, OPENSSL_sk_copyfunc copy, OPENSSL_sk_freefunc free);
void tlscore_OPENSSL_sk_free(OPENSSL_STACK *stack);
void tlscore_OPENSSL_sk_pop_free(OPENSSL_STACK *stack, OPENSSL_sk_freefunc free);
/* The place of an item, by the comparison of the list or, without one, by its address; -1: it is not there. */
int tlscore_OPENSSL_sk_find(const OPENSSL_STACK *stack, const void *item);
void tlscore_OPENSSL_sk_sort(const OPENSSL_STACK *stack);

/* x509/cert.rs */
void tlscore_X509_free(X509 *x509);
int tlscore_X509_up_ref(const X509 *x509);
X509 *tlscore_X509_dup(const X509 *x509);
X509_NAME *tlscore_X509_get_subject_name(const X509 *x509);
X509_NAME *tlscore_X509_get_issuer_name(const X509 *x509);
ASN1_STRING *tlscore_X509_get_serialNumber(const X509 *x509);
const ASN1_STRING *tlscore_X509_get0_serialNumber(const X509 *x509);
const ASN1_STRING *tlscore_X509_get0_notBefore(const X509 *x509);
const ASN1_STRING *tlscore_X509_get0_notAfter(const X509 *x509);
ASN1_STRING *tlscore_X509_getm_notBefore(const X509 *x509);
ASN1_STRING *tlscore_X509_getm_notAfter(const X509 *x509);
/* 0 for version 1, 2 for version 3. */
long tlscore_X509_get_version(const X509 *x509);
/* 0 where they are the same, byte for byte. */
int tlscore_X509_cmp(const X509 *a, const X509 *b);
/* A number for hash tables of the program's own: not OpenSSL's (`openssl x509 -hash`). */
/* Not as in OpenSSL: a number of its own: not the one of `openssl x509 -hash`. */
unsigned long tlscore_X509_subject_name_hash(const X509 *x509);
/* -1: the time is earlier than `at` (NULL: now), 1: later, or the same; 0: it is no time. */
int tlscore_X509_cmp_time(const ASN1_STRING *time, const time_t *at);
int tlscore_X509_cmp_current_time(const ASN1_STRING *time);
/* Writes the DER behind `*out`, which moves on, or into memory that the program frees; its length. */
int tlscore_i2d_X509(const X509 *x509, unsigned char **out);
/* Reads DER at `*data`, which moves on, and puts the certificate where `old` points as well. */
X509 *tlscore_d2i_X509(X509 **old, const unsigned char **data, long len);
/* A hash over the DER. */
int tlscore_X509_digest(const X509 *x509, const EVP_MD *md, unsigned char *out, unsigned int *len);
void *tlscore_X509_get_ex_data(const X509 *x509, int index);
int tlscore_X509_set_ex_data(const X509 *x509, int index, void *data);

/* x509/check.rs */
/* 1: it is for this host, and `peername` (may be NULL) receives the name that says so, to be freed by the program; 0: it is */
/* not; -2: that is no name. As verification asks: wildcards stand for a whole leftmost label. */
int tlscore_X509_check_host(const X509 *x509, const char *name, size_t len, unsigned int flags, char **peername);
/* 1 where its subjectAltName has this address: the part behind the @ without regard to case. */
int tlscore_X509_check_email(const X509 *x509, const char *address, size_t len, unsigned int flags);
/* 1 where its subjectAltName has this address, 4 or 16 bytes. */
int tlscore_X509_check_ip(const X509 *x509, const unsigned char *address, size_t len, unsigned int flags);
/* As X509_check_ip, with the address as text; -2 for what is none. */
int tlscore_X509_check_ip_asc(const X509 *x509, const char *address, unsigned int flags);

/* x509/errors.rs */
const char *tlscore_X509_verify_cert_error_string(long error);

/* x509/general.rs */
/* The subjectAltName (NID_subject_alt_name) as GENERAL_NAMES, which the program frees. Other names of X.400, EDI and the */
/* kind otherName are left out. `critical` (may be NULL) receives 0 or 1, and -1 where there is none. Of other extensions */
/* nothing is told: NULL, with an error in the queue. */
/* Not as in OpenSSL: subjectAltName alone: NULL for every other extension. */
void *tlscore_X509_get_ext_d2i(const X509 *x509, int nid, int *critical, int *index);
void tlscore_GENERAL_NAME_free(GENERAL_NAME *name);
void tlscore_GENERAL_NAMES_free(GENERAL_NAMES *names);
/* The value of a name, and its kind (GEN_*) in `kind` (may be NULL); it belongs to the name. */
void *tlscore_GENERAL_NAME_get0_value(const GENERAL_NAME *name, int *kind);

/* x509/lookup.rs */
const X509_LOOKUP_METHOD *tlscore_X509_LOOKUP_file(void);
/* Not as in OpenSSL: directories are read when they are given. */
const X509_LOOKUP_METHOD *tlscore_X509_LOOKUP_hash_dir(void);
/* The one of this kind that the store has; it belongs to the store. */
X509_LOOKUP *tlscore_X509_STORE_add_lookup(const X509_STORE *store, const X509_LOOKUP_METHOD *method);
/* How many CRLs there were in the file; 0 with errors in the queue. */
int tlscore_X509_load_crl_file(const X509_LOOKUP *lookup, const char *file, int kind);
/* How many certificates there were in the file; 0 with errors in the queue. */
int tlscore_X509_load_cert_file(const X509_LOOKUP *lookup, const char *file, int kind);
/* How many certificates and CRLs there were in the file; 0 with errors in the queue. */
int tlscore_X509_load_cert_crl_file(const X509_LOOKUP *lookup, const char *file, int kind);
/* X509_L_FILE_LOAD and X509_L_ADD_DIR, with the system's CAs for X509_FILETYPE_DEFAULT. */
int tlscore_X509_LOOKUP_ctrl(const X509_LOOKUP *lookup, int command, const char *path, long kind, char **result);

/* x509/name.rs */
/* Into `len` bytes at `out`, cut off where there is no room, or into memory that the program frees. */
char *tlscore_X509_NAME_oneline(const X509_NAME *name, char *out, int len);
int tlscore_X509_NAME_entry_count(const X509_NAME *name);
X509_NAME_ENTRY *tlscore_X509_NAME_get_entry(const X509_NAME *name, int at);
/* The place of the next attribute with this number behind `last` (-1: the first); -1: there is none. */
int tlscore_X509_NAME_get_index_by_NID(const X509_NAME *name, int nid, int last);
/* The first attribute with this number as bytes with a NUL; -1: there is none. */
int tlscore_X509_NAME_get_text_by_NID(const X509_NAME *name, int nid, char *out, int len);
ASN1_STRING *tlscore_X509_NAME_ENTRY_get_data(const X509_NAME_ENTRY *entry);
ASN1_OBJECT *tlscore_X509_NAME_ENTRY_get_object(const X509_NAME_ENTRY *entry);
int tlscore_X509_NAME_ENTRY_set(const X509_NAME_ENTRY *entry);
/* 0 where they are the same, byte for byte: OpenSSL folds case and blanks. */
/* Not as in OpenSSL: compares byte by byte: OpenSSL folds case and blanks. */
int tlscore_X509_NAME_cmp(const X509_NAME *a, const X509_NAME *b);
/* Not as in OpenSSL: a number of its own: not the one of `openssl x509 -hash`. */
unsigned long tlscore_X509_NAME_hash(const X509_NAME *name);
X509_NAME *tlscore_X509_NAME_dup(const X509_NAME *name);
void tlscore_X509_NAME_free(X509_NAME *name);

/* x509/object.rs */
/* The certificates that were added one by one or by file. The list is the store's, and lives as long; what is added later */
/* is in it when it is asked for again. CRLs and directories stay with libtlscore. */
/* Not as in OpenSSL: has certificates that were added one by one or by file: CRLs and directories are not shown. */
STACK_OF(X509_OBJECT) *tlscore_X509_STORE_get0_objects(const X509_STORE *store);
X509 *tlscore_X509_OBJECT_get0_X509(const X509_OBJECT *object);
/* X509_LU_X509; X509_LU_NONE (0) for NULL. */
int tlscore_X509_OBJECT_get_type(const X509_OBJECT *object);

/* x509/param.rs */
X509_VERIFY_PARAM *tlscore_X509_VERIFY_PARAM_new(void);
void tlscore_X509_VERIFY_PARAM_free(X509_VERIFY_PARAM *param);
int tlscore_X509_VERIFY_PARAM_set1_host(const X509_VERIFY_PARAM *param, const char *name, size_t len);
int tlscore_X509_VERIFY_PARAM_add1_host(const X509_VERIFY_PARAM *param, const char *name, size_t len);
int tlscore_X509_VERIFY_PARAM_set1_ip_asc(const X509_VERIFY_PARAM *param, const char *ip);
/* 4 bytes or 16. */
int tlscore_X509_VERIFY_PARAM_set1_ip(const X509_VERIFY_PARAM *param, const unsigned char *ip, size_t len);
/* X509_CHECK_FLAG_NO_WILDCARDS and X509_CHECK_FLAG_NEVER_CHECK_SUBJECT are followed. Wildcards stand for a whole leftmost */
/* label, and the common name counts where there is no subjectAltName at all: flags that ask for more have no effect. */
/* Not as in OpenSSL: a wildcard stands for a whole leftmost label; NO_WILDCARDS and NEVER_CHECK_SUBJECT are followed, the others are not. */
void tlscore_X509_VERIFY_PARAM_set_hostflags(const X509_VERIFY_PARAM *param, unsigned int flags);
unsigned int tlscore_X509_VERIFY_PARAM_get_hostflags(const X509_VERIFY_PARAM *param);
/* Not as in OpenSSL: 0 for checks that are not there (MIGRATION.md names them), with which nobody is trusted. */
int tlscore_X509_VERIFY_PARAM_set_flags(const X509_VERIFY_PARAM *param, unsigned long flags);
int tlscore_X509_VERIFY_PARAM_clear_flags(const X509_VERIFY_PARAM *param, unsigned long flags);
unsigned long tlscore_X509_VERIFY_PARAM_get_flags(const X509_VERIFY_PARAM *param);
void tlscore_X509_VERIFY_PARAM_set_depth(const X509_VERIFY_PARAM *param, int depth);
int tlscore_X509_VERIFY_PARAM_get_depth(const X509_VERIFY_PARAM *param);
/* 1: for a client's certificate, 2: for a server's, 7: for either. */
int tlscore_X509_VERIFY_PARAM_set_purpose(const X509_VERIFY_PARAM *param, int purpose);
void tlscore_X509_VERIFY_PARAM_set_time(const X509_VERIFY_PARAM *param, time_t time);
/* X509_VERIFY_PARAM_set1: what `from` has set; the rest stays. */
int tlscore_X509_VERIFY_PARAM_set1(const X509_VERIFY_PARAM *param, const X509_VERIFY_PARAM *from);
/* The name that matched in the last verification, or NULL. It belongs to `param`. */
char *tlscore_X509_VERIFY_PARAM_get0_peername(const X509_VERIFY_PARAM *param);

/* x509/print.rs */
/* Prints a name with XN_FLAG_* and ASN1_STRFLGS_*. The bytes, or -1; without any flag (XN_FLAG_COMPAT) 1. */
int tlscore_X509_NAME_print_ex(const BIO *bio, const X509_NAME *name, int indent, unsigned long flags);

/* x509/pubkey.rs */
/* The certificate's key; it belongs to the certificate. */
X509_PUBKEY *tlscore_X509_get_X509_PUBKEY(const X509 *x509);
/* Writes the DER behind `*out`, which moves on, or into memory that the program frees; its length. */
int tlscore_i2d_X509_PUBKEY(const X509_PUBKEY *key, unsigned char **out);
/* The 4 or 16 bytes of an address in text form, as a subjectAltName has them; NULL for what is none. */
ASN1_STRING *tlscore_a2i_IPADDRESS(const char *text);

/* x509/purpose.rs */
/* 1: a CA by its basicConstraints. Without that extension: 3 for a root of version 1, 4 where keyUsage allows it to sign */
/* certificates, 5 where Netscape's extension calls it a CA. 0: none. */
int tlscore_X509_check_ca(const X509 *x509);

/* x509/store_api.rs */
X509_STORE *tlscore_X509_STORE_new(void);
void tlscore_X509_STORE_free(X509_STORE *store);
int tlscore_X509_STORE_up_ref(const X509_STORE *store);
int tlscore_X509_STORE_add_cert(const X509_STORE *store, const X509 *x509);
int tlscore_X509_STORE_load_locations(const X509_STORE *store, const char *file, const char *dir);
int tlscore_X509_STORE_load_file(const X509_STORE *store, const char *file);
int tlscore_X509_STORE_load_path(const X509_STORE *store, const char *dir);
int tlscore_X509_STORE_set_default_paths(const X509_STORE *store);
/* Not as in OpenSSL: 0 for checks that are not there (MIGRATION.md names them), with which nobody is trusted. */
int tlscore_X509_STORE_set_flags(const X509_STORE *store, unsigned long flags);
X509_VERIFY_PARAM *tlscore_X509_STORE_get0_param(const X509_STORE *store);
void tlscore_X509_STORE_set_verify_cb(const X509_STORE *store, SSL_verify_cb callback);
/* The certificates that were added one by one or by file, each with a reference; directories stay with libtlscore. */
/* Not as in OpenSSL: has certificates that were added one by one or by file: those of directories are not shown. */
STACK_OF(X509) *tlscore_X509_STORE_get1_all_certs(const X509_STORE *store);
int tlscore_X509_STORE_set_ex_data(const X509_STORE *store, int index, void *data);
void *tlscore_X509_STORE_get_ex_data(const X509_STORE *store, int index);

/* x509/store_ctx_api.rs */
X509_STORE_CTX *tlscore_X509_STORE_CTX_new(void);
void tlscore_X509_STORE_CTX_free(X509_STORE_CTX *ctx);
int tlscore_X509_STORE_CTX_init(const X509_STORE_CTX *ctx, const X509_STORE *store, const X509 *leaf, const STACK_OF(X509) *untrusted);
void tlscore_X509_STORE_CTX_cleanup(const X509_STORE_CTX *ctx);
int tlscore_X509_verify_cert(const X509_STORE_CTX *ctx);
int tlscore_X509_STORE_CTX_get_error(const X509_STORE_CTX *ctx);
void tlscore_X509_STORE_CTX_set_error(const X509_STORE_CTX *ctx, int error);
int tlscore_X509_STORE_CTX_get_error_depth(const X509_STORE_CTX *ctx);
void tlscore_X509_STORE_CTX_set_error_depth(const X509_STORE_CTX *ctx, int depth);
/* The certificate that the callback is asked about. */
X509 *tlscore_X509_STORE_CTX_get_current_cert(const X509_STORE_CTX *ctx);
X509 *tlscore_X509_STORE_CTX_get0_cert(const X509_STORE_CTX *ctx);
X509_STORE *tlscore_X509_STORE_CTX_get0_store(const X509_STORE_CTX *ctx);
X509_VERIFY_PARAM *tlscore_X509_STORE_CTX_get0_param(const X509_STORE_CTX *ctx);
/* The chain, leaf first; it belongs to the context. */
STACK_OF(X509) *tlscore_X509_STORE_CTX_get0_chain(const X509_STORE_CTX *ctx);
/* The chain with references of its own. */
STACK_OF(X509) *tlscore_X509_STORE_CTX_get1_chain(const X509_STORE_CTX *ctx);
void tlscore_X509_STORE_CTX_set_verify_cb(const X509_STORE_CTX *ctx, SSL_verify_cb callback);
void tlscore_X509_STORE_CTX_set_flags(const X509_STORE_CTX *ctx, unsigned long flags);
/* "ssl_client" or "ssl_server": what the certificate must be good for. */
int tlscore_X509_STORE_CTX_set_default(const X509_STORE_CTX *ctx, const char *name);
int tlscore_X509_STORE_CTX_set_purpose(const X509_STORE_CTX *ctx, int purpose);
/* Number 0 is the SSL of the connection whose peer is verified. */
void *tlscore_X509_STORE_CTX_get_ex_data(const X509_STORE_CTX *ctx, int index);
int tlscore_X509_STORE_CTX_set_ex_data(const X509_STORE_CTX *ctx, int index, void *data);
int tlscore_SSL_get_ex_data_X509_STORE_CTX_idx(void);

#ifdef __cplusplus
}
#endif

#endif
