/* One library's half of a conversation, without a type of OpenSSL's in it: two libraries use the same names for theirs. */
struct half {
    const char *library;
    void *(*make)(int server, const char *ca, const char *cert, const char *key);
    int (*step)(void *half);                        /* 1: established, 0: not yet, -1: failed */
    int (*in)(void *half, const char *data, int len); /* bytes of the peer */
    int (*out)(void *half, char *data, int len);      /* bytes for the peer */
    int (*send)(void *half, const char *data, int len);
    int (*receive)(void *half, char *data, int len);
    void (*drop)(void *half);
};
extern const struct half of_openssl, of_tlscore;
