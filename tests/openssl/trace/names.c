/* Distinguished names as text, with every flag. */
#include "trace.h"

static void print(const char *label, X509_NAME *name, int indent, unsigned long flags)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char hex[2048] = "", *data;
    int n = X509_NAME_print_ex(bio, name, indent, flags);
    long len = BIO_get_mem_data(bio, &data);

    /* Line ends would end the answer. */
    for (long i = 0, at = 0; i < len && at < (long)sizeof(hex) - 4; i++)
        at += snprintf(hex + at, sizeof(hex) - at, data[i] == '\n' ? "|" : "%c", data[i]);
    say(label, "%d <%s>", n, hex);
    BIO_free(bio);
}

void trace_names(void)
{
    static const char *const files[] = {PKI "name-utf8.pem", "tests/openssl/pki/name-escaped.pem", "tests/openssl/pki/name-international.pem",
                                        PKI "server-rsa.pem", PKI "no-subject.pem"};
    static const unsigned long flags[] = {
        XN_FLAG_COMPAT, XN_FLAG_RFC2253, XN_FLAG_ONELINE, XN_FLAG_MULTILINE, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB,
        XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB, XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_QUOTE, XN_FLAG_MULTILINE & ~ASN1_STRFLGS_ESC_MSB,
        XN_FLAG_SEP_CPLUS_SPC | XN_FLAG_DN_REV, XN_FLAG_SEP_SPLUS_SPC | XN_FLAG_FN_LN, XN_FLAG_SEP_COMMA_PLUS | XN_FLAG_FN_OID,
        XN_FLAG_SEP_COMMA_PLUS | XN_FLAG_FN_NONE, XN_FLAG_SEP_MULTILINE | XN_FLAG_FN_ALIGN | XN_FLAG_SPC_EQ,
        XN_FLAG_SEP_COMMA_PLUS | ASN1_STRFLGS_UTF8_CONVERT, XN_FLAG_SEP_COMMA_PLUS | ASN1_STRFLGS_ESC_MSB,
        XN_FLAG_SEP_COMMA_PLUS | ASN1_STRFLGS_ESC_2253, XN_FLAG_SEP_COMMA_PLUS | ASN1_STRFLGS_ESC_QUOTE,
        XN_FLAG_SEP_COMMA_PLUS | ASN1_STRFLGS_ESC_2254, XN_FLAG_SEP_COMMA_PLUS | ASN1_STRFLGS_SHOW_TYPE,
        XN_FLAG_SEP_COMMA_PLUS | ASN1_STRFLGS_DUMP_ALL, XN_FLAG_SEP_COMMA_PLUS | ASN1_STRFLGS_DUMP_ALL | ASN1_STRFLGS_DUMP_DER,
        XN_FLAG_SEP_COMMA_PLUS | ASN1_STRFLGS_IGNORE_TYPE,
        /* No separators that there are. */
        ASN1_STRFLGS_ESC_MSB, 9ul << 16,
    };
    static const char *const attributes[] = {
        "1.2.840.113549.1.9.2", "2.5.4.43", "2.5.4.13", "2.5.4.44", "2.5.4.65", "2.5.4.15", "1.3.6.1.4.1.311.60.2.1.1",
        "1.3.6.1.4.1.311.60.2.1.2", "1.3.6.1.4.1.311.60.2.1.3", "2.5.4.97", "2.5.4.3", "2.5.4.46", "0.9.2342.19200300.100.1.1",
    };
    char label[64], text[256];

    theme = "names.attribute";
    for (size_t i = 0; i < sizeof(attributes) / sizeof(*attributes); i++) {
        int nid = OBJ_txt2nid(attributes[i]);

        say(attributes[i], "%d %s %s", nid, OBJ_nid2sn(nid), OBJ_nid2ln(nid));
    }
    for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
        BIO *bio = BIO_new_file(files[i], "r");
        X509 *cert = PEM_read_bio_X509(bio, NULL, NULL, NULL);

        theme = files[i];
        say("one line", "%s", X509_NAME_oneline(X509_get_subject_name(cert), text, sizeof(text)));
        for (size_t f = 0; f < sizeof(flags) / sizeof(*flags); f++) {
            snprintf(label, sizeof(label), "flags %#lx", flags[f]);
            print(label, X509_get_subject_name(cert), 0, flags[f]);
            if (f >= sizeof(flags) / sizeof(*flags) - 2)
                continue;
            snprintf(label, sizeof(label), "flags %#lx, indented", flags[f]);
            print(label, X509_get_subject_name(cert), 3, flags[f]);
        }
        BIO_free(bio);
        X509_free(cert);
    }
}
