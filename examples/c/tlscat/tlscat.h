/* tlscat in parts: options, context, net, report, and one file for each thing it does. */
#ifndef TLSCAT_H
#define TLSCAT_H

#include <tlscore/tls.h>

#include <stdio.h>

enum { EXIT_CLEAN = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };
enum { MAX_KEYPAIRS = 8, MAX_HOSTS = 4 };

struct keypair {
    const char *cert, *key; /* file names */
    int host;               /* 0: whoever asks for none of the hosts; else its place behind 0 */
};

struct options {
    enum { MODE_CONNECT, MODE_SERVE, MODE_VERIFY } mode;
    char host[256]; /* connect: without the brackets of an IPv6 literal */
    char port[32];
    const char *ca, *name, *policy, *ciphers, *groups, *alpn, *get, *keylog, *export, *trace, *starttls;
    const char *session, *ticket_keys, *dhparam, *verify, *renegotiate, *psk_hint;
    const char *ocsp, *save_ocsp, *crl, *max_fragment, *record_limit;
    const char *pkcs12, *password, *password_file;
    const char *leaf, *untrusted, *time, *purpose, *depth; /* verify */
    unsigned char pin[32];
    int pinned; /* --pin */
    struct keypair keypairs[MAX_KEYPAIRS];
    int keypair_count;
    const char *hosts[MAX_HOSTS];
    int host_count;
    char psk_identity[256]; /* --psk: empty where there is none */
    unsigned char psk[64];
    size_t psk_len;
    int client_auth; /* TLS_CLIENT_AUTH_* */
    int asks_again;  /* --renegotiate request */
    int insecure, www, echo, once, no_tickets, no_cache, dh_1024, crl_leaf_only, partial_chain, strict;
};

/* options.c: fills `o`, or says what is wrong with the command line and ends the process. */
void parse_options(struct options *o, int argc, char **argv);
void print_usage(FILE *to);

/* context.c: a context as the options want it, with the keypairs of a host, or NULL after saying why not. */
tls_ctx *make_context(const struct options *o, int host);

/* hosts.c: a context for each host behind that of all others, which asks by name which one to go on with.
 * -1 after saying why not. */
struct hosts {
    const struct options *options;
    tls_ctx *contexts[1 + MAX_HOSTS];
};
int make_hosts(struct hosts *hosts, const struct options *o);
void free_hosts(struct hosts *hosts);

/* credentials.c: the keypairs and the PKCS #12 file, with their password; -1 when the context has an error. */
int load_credentials(tls_ctx *ctx, const struct options *o, int host);

/* net.c: sockets. Each returns -1 (dial, listen) or fewer than asked for after saying why. */
int dial(const char *host, const char *port);
int listen_loopback(const char *port, int listeners[2]); /* how many of 127.0.0.1 and ::1 */
void set_nonblocking(int fd);

/* report.c: one line on stderr each. */
void print_summary(const tls_conn *conn);
void print_error(const tls_conn *conn);
void describe(const tls_conn *conn, char *out, size_t cap); /* the summary line as text */

/* starttls.c: from plain text to where TLS begins; -1 after saying why not. */
int knows_starttls(const char *name);
int starttls(int fd, const char *name);

/* secrets.c: keying material for this label and the channel bindings, a line on stderr each; "-" for what
 * is not defined. */
void print_secrets(tls_conn *conn, const char *label);

/* renegotiate.c: after each read. Asks for another handshake once, where the options say so, and reports
 * the ones that were completed. */
struct watch {
    const struct options *options;
    int reported; /* handshakes */
    int refused;  /* that the peer refused is reported */
};
void watch_handshakes(struct watch *watch, tls_conn *conn);

/* session.c: a client offers the session in `file`, if there is one, and keeps its own there. What does not
 * work is said and no error: the handshake is then a full one. */
void load_session(tls_conn *conn, const char *file);
void save_session(const tls_conn *conn, const char *file);

/* converse.c: standard input to the peer, the peer to standard output, until both have ended. */
int converse(tls_conn *conn, int fd, struct watch *watch);

/* reply.c: what a server does on one connection; each returns an exit status. */
int reply_echo(tls_conn *conn, struct watch *watch);
int reply_www(tls_conn *conn, struct watch *watch);
int reply_sink(tls_conn *conn, struct watch *watch);
int send_all(tls_conn *conn, const void *bytes, size_t len); /* 0 when all was sent */

/* connect.c, serve.c, verify.c: each returns an exit status. */
int run_connect(const struct options *o);
int run_serve(const struct options *o);
int run_verify(const struct options *o);

#endif
