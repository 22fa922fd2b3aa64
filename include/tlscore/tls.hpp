// tlscore for C++17 and later: <tlscore/tls.h> as classes that own what they hold.
//
//   tlscore::Context context = tlscore::Context::client();
//   tlscore::Connection conn(context, "example.org");
//   conn.set_fd(fd);
//   conn.write("GET / HTTP/1.0\r\n\r\n");
//   while (tlscore::Io got = conn.read(buffer))
//       std::cout.write(buffer.data(), got.size());
//
// - Objects are move-only; share() makes another reference. A moved-from object throws UsageError, or knows nothing.
// - A failure is an exception (Error: number, name, sentence, alert and its direction). A want is a value, since it is
//   no failure: Io for reading and writing, Want for the other verbs. A blocking transport never wants.
// - Bytes and Buffer take strings, vectors, arrays and spans, borrowed for the call. Text with a NUL inside is
//   std::invalid_argument, since C would see half of it.
// - Callbacks are std::function. Their exceptions do not get into the library. Those of a transport and of a key limit's
//   come out of the verb that called it, or out of the next one where that one returns bytes; those of a password out of
//   the call that loads. Those about a ClientHello, a certificate, a peer, a signature or a client's pre-shared
//   key are the sentence of the connection's error. Elsewhere nobody is told: a decryption, or a server's pre-shared key,
//   fails as any that is wrong; ALPN is refused; a store or a ticket key has nothing, a clock stands at 1970.
// - What a function does is written once, in <tlscore/tls.h>; names differ in nothing but the prefix. Threads as there: a
//   Connection belongs to one at a time, everything else may be shared.
#ifndef TLSCORE_TLS_HPP
#define TLSCORE_TLS_HPP

#if __cplusplus < 201703L && !(defined(_MSVC_LANG) && _MSVC_LANG >= 201703L)
#error "<tlscore/tls.hpp> needs C++17"
#endif

#include <tlscore/cpp/connection.hpp>
#include <tlscore/cpp/verify.hpp>

#endif
