/* Versions, written out: CMake and configure scripts read the text of this file. */
#ifndef TLSCORE_OPENSSL_OPENSSLV_H
#define TLSCORE_OPENSSL_OPENSSLV_H

/* The interface is OpenSSL 3.0's. TLSCORE_OPENSSL_COMPAT tells a program what is behind it. */
#define TLSCORE_OPENSSL_COMPAT 1
#define OPENSSL_VERSION_MAJOR 3
#define OPENSSL_VERSION_MINOR 0
#define OPENSSL_VERSION_PATCH 0
#define OPENSSL_VERSION_NUMBER 0x30000000L
#define OPENSSL_VERSION_TEXT "tlscore (interface of OpenSSL 3.0.0)"
#define OPENSSL_VERSION_STR "3.0.0"

#endif
