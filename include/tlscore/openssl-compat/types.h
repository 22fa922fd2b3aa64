/* Types of OpenSSL's interface. Objects are opaque, as they are in OpenSSL since 1.1. */
#ifndef TLSCORE_OPENSSL_TYPES_H
#define TLSCORE_OPENSSL_TYPES_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>

typedef struct ssl_st SSL;
typedef struct ssl_ctx_st SSL_CTX;
typedef struct ssl_method_st SSL_METHOD;
typedef struct ssl_cipher_st SSL_CIPHER;
typedef struct ssl_session_st SSL_SESSION;
typedef struct bio_st BIO;
typedef struct bio_method_st BIO_METHOD;
typedef struct x509_st X509;
typedef struct X509_name_st X509_NAME;
typedef struct X509_name_entry_st X509_NAME_ENTRY;
typedef struct x509_object_st X509_OBJECT;
typedef struct x509_lookup_st X509_LOOKUP;
typedef struct x509_lookup_method_st X509_LOOKUP_METHOD;
typedef struct X509_pubkey_st X509_PUBKEY;
typedef struct crypto_threadid_st {
    int dummy;
} CRYPTO_THREADID;
typedef struct x509_store_st X509_STORE;
typedef struct x509_store_ctx_st X509_STORE_CTX;
typedef struct X509_VERIFY_PARAM_st X509_VERIFY_PARAM;
typedef struct evp_pkey_st EVP_PKEY;
typedef struct evp_md_st EVP_MD;
typedef struct evp_md_ctx_st EVP_MD_CTX;
typedef struct asn1_string_st ASN1_STRING;
typedef struct asn1_string_st ASN1_INTEGER;
typedef struct asn1_string_st ASN1_ENUMERATED;
typedef struct asn1_string_st ASN1_OCTET_STRING;
typedef struct asn1_string_st ASN1_BIT_STRING;
typedef struct asn1_string_st ASN1_UTF8STRING;
typedef struct asn1_string_st ASN1_IA5STRING;
typedef struct asn1_string_st ASN1_TIME;
typedef struct asn1_string_st ASN1_UTCTIME;
typedef struct asn1_string_st ASN1_GENERALIZEDTIME;
typedef struct asn1_object_st ASN1_OBJECT;
typedef struct stack_st OPENSSL_STACK;
typedef struct stack_st _STACK;
typedef struct ossl_decoder_ctx_st OSSL_DECODER_CTX;
typedef struct ossl_init_settings_st OPENSSL_INIT_SETTINGS;
typedef struct ossl_lib_ctx_st OSSL_LIB_CTX;
typedef struct engine_st ENGINE;
typedef struct dh_st DH;
typedef struct rsa_st RSA;
typedef struct crypto_ex_data_st CRYPTO_EX_DATA;

/* For ticket key callbacks alone. */
typedef struct evp_cipher_st EVP_CIPHER;
typedef struct evp_cipher_ctx_st EVP_CIPHER_CTX;
typedef struct hmac_ctx_st HMAC_CTX;
typedef struct hmac_ctx_st EVP_MAC_CTX;
typedef struct ossl_param_st {
    const char *key;
    unsigned int data_type;
    void *data;
    size_t data_size;
    size_t return_size;
} OSSL_PARAM;

/* Hashes in memory of the program's. */
typedef struct MD5state_st {
    uint64_t tlscore_state[14];
} MD5_CTX;
typedef struct SHAstate_st {
    uint64_t tlscore_state[14];
} SHA_CTX;
typedef struct SHA256state_st {
    uint64_t tlscore_state[16];
} SHA256_CTX;
typedef struct SHA512state_st {
    uint64_t tlscore_state[28];
} SHA512_CTX;

/* For reading. */
struct asn1_string_st {
    int length;
    int type;
    unsigned char *data;
    long flags;
};

typedef struct buf_mem_st {
    size_t length;
    char *data;
    size_t max;
    unsigned long flags;
} BUF_MEM;

#define STACK_OF(type) struct stack_st_##type
struct stack_st_GENERAL_NAME;
typedef STACK_OF(GENERAL_NAME) GENERAL_NAMES;

/* One name of a subjectAltName: which member of d it is says the type (GEN_*). */
typedef struct GENERAL_NAME_st {
    int type;
    union {
        char *ptr;
        ASN1_IA5STRING *rfc822Name;
        ASN1_IA5STRING *dNSName;
        X509_NAME *directoryName;
        ASN1_IA5STRING *uniformResourceIdentifier;
        ASN1_OCTET_STRING *iPAddress;
        ASN1_OBJECT *registeredID;
        ASN1_OCTET_STRING *ip;
        X509_NAME *dirn;
        ASN1_IA5STRING *ia5;
        ASN1_OBJECT *rid;
    } d;
} GENERAL_NAME;
struct stack_st_X509;
struct stack_st_X509_NAME;
struct stack_st_X509_OBJECT;
struct stack_st_SSL_CIPHER;

/* Functions of the program's. */
typedef int (*SSL_verify_cb)(int ok, X509_STORE_CTX *ctx);
typedef int pem_password_cb(char *buf, int size, int rwflag, void *userdata);
typedef void (*tlscore_ssl_msg_cb)(int write_p, int version, int content_type, const void *buf, size_t len, SSL *ssl, void *arg);
typedef void (*tlscore_ssl_info_cb)(const SSL *ssl, int where, int value);
typedef int (*tlscore_ssl_cert_verify_cb)(X509_STORE_CTX *ctx, void *arg);
typedef int (*tlscore_ssl_new_session_cb)(SSL *ssl, SSL_SESSION *session);
typedef SSL_SESSION *(*tlscore_ssl_get_session_cb)(SSL *ssl, const unsigned char *id, int len, int *copy);
typedef void (*tlscore_ssl_remove_session_cb)(SSL_CTX *ctx, SSL_SESSION *session);
typedef void (*SSL_CTX_keylog_cb_func)(const SSL *ssl, const char *line);
typedef int (*SSL_client_hello_cb_fn)(SSL *ssl, int *alert, void *arg);
typedef int (*tlscore_ssl_cert_cb)(SSL *ssl, void *arg);
typedef int (*SSL_CTX_alpn_select_cb_func)(SSL *ssl, const unsigned char **out, unsigned char *outlen,
                                           const unsigned char *in, unsigned int inlen, void *arg);
typedef int (*tlscore_ssl_client_cert_cb)(SSL *ssl, X509 **x509, EVP_PKEY **pkey);
typedef unsigned int (*SSL_psk_client_cb_func)(SSL *ssl, const char *hint, char *identity, unsigned int max_identity_len,
                                               unsigned char *psk, unsigned int max_psk_len);
typedef unsigned int (*SSL_psk_server_cb_func)(SSL *ssl, const char *identity, unsigned char *psk, unsigned int max_psk_len);
typedef int (*tlscore_ssl_ticket_key_cb)(SSL *ssl, unsigned char key_name[16], unsigned char *iv, EVP_CIPHER_CTX *cipher,
                                         EVP_MAC_CTX *mac, int enc);
typedef int (*tlscore_bio_read_fn)(BIO *bio, char *out, int len);
typedef int (*tlscore_bio_write_fn)(BIO *bio, const char *data, int len);
typedef int (*tlscore_bio_read_ex_fn)(BIO *bio, char *out, size_t len, size_t *read);
typedef int (*tlscore_bio_write_ex_fn)(BIO *bio, const char *data, size_t len, size_t *written);
typedef int (*tlscore_bio_puts_fn)(BIO *bio, const char *text);
typedef long (*tlscore_bio_ctrl_fn)(BIO *bio, int cmd, long num, void *ptr);
typedef int (*tlscore_bio_life_fn)(BIO *bio);
typedef int (*OPENSSL_sk_compfunc)(const void *a, const void *b);
typedef void (*OPENSSL_sk_freefunc)(void *item);
typedef void *(*OPENSSL_sk_copyfunc)(const void *item);
typedef int (*tlscore_err_print_cb)(const char *text, size_t len, void *arg);
typedef void (*tlscore_function)(void);
typedef void CRYPTO_EX_new(void *parent, void *ptr, CRYPTO_EX_DATA *ad, int idx, long argl, void *argp);
typedef void CRYPTO_EX_free(void *parent, void *ptr, CRYPTO_EX_DATA *ad, int idx, long argl, void *argp);
typedef int CRYPTO_EX_dup(CRYPTO_EX_DATA *to, const CRYPTO_EX_DATA *from, void **from_d, int idx, long argl,
                          void *argp);

#endif
