/* What both libraries are asked: every answer is a line "label: value" on stdout, and run.py compares the lines. */
#ifndef TRACE_H
#define TRACE_H

#include <errno.h>
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PKI "tests/pki/"

/* A label: the theme, a dot and what was asked. */
extern const char *theme;
void say(const char *label, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A result, and what SSL_get_error says of it. */
void result(const char *label, SSL *ssl, int value);
/* The codes in the queue, oldest first; the queue is empty afterwards. */
void errors(const char *label);

/* Two ends over a BIO pair. */
struct ends {
    SSL_CTX *server_ctx, *client_ctx;
    SSL *server, *client;
};
SSL_CTX *server_context(const char *name);
SSL_CTX *client_context(void);
void connect_ends(struct ends *ends, size_t room);
/* Runs both handshakes to their ends; 1 where both are complete. */
int shake(struct ends *ends, const char *label);
void free_ends(struct ends *ends);

void trace_errors(void);
void trace_bio(void);
void trace_context(void);
void trace_handshake(void);
void trace_io(void);
void trace_helpers(void);
void trace_shutdown(void);
void trace_verify(void);
void trace_sessions(void);
void trace_callbacks(void);
void trace_objects(void);
void trace_digests(void);
void trace_overrule(void);
void trace_careless(void);
void trace_asked(void);
void trace_forged(void);
void trace_secrets(void);
void trace_terms(void);
void trace_ownership(void);
void trace_stores(void);
void trace_lasting(void);
void trace_stored(void);
void trace_demands(void);
void trace_names(void);
void trace_status(void);
void trace_holding(void);
void trace_messages(void);

#endif
