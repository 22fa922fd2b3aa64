// Counting checks, as tests/c/check.h, and two connections joined in memory.
#ifndef CHECK_HPP
#define CHECK_HPP

#include <tlscore/tls.hpp>

#include <array>
#include <iostream>
#include <string>

inline int passed, failed;

template <class A, class B> void check_equal(const A &got, const B &want, const char *what, int line)
{
    if (got == want) {
        passed++;
        return;
    }
    failed++;
    std::cerr << "line " << line << ": failed: " << what << "\n";
}
#define CHECK(what) check_equal(static_cast<bool>(what), true, #what, __LINE__)
#define CHECK_EQ(got, want) check_equal((got), (want), #got " == " #want, __LINE__)

// The error that `call` throws is an E with this number.
template <class E = tlscore::UsageError, class F> void check_throws(F &&call, int number, const char *what, int line)
{
    try {
        call();
    } catch (const E &error) {
        if (error.number() != number)
            std::cerr << "    is " << error.what() << "\n";
        check_equal(error.number(), number, what, line);
        return;
    } catch (const std::exception &error) {
        std::cerr << "another exception: " << error.what() << "\n";
    }
    check_equal(false, true, what, line);
}
#define CHECK_THROWS(E, number, ...) check_throws<E>([&] { __VA_ARGS__; }, number, #__VA_ARGS__, __LINE__)

inline std::string pki(const std::string &file) { return "tests/pki/" + file; }
inline tlscore::Context client_context()
{
    tlscore::Context context = tlscore::Context::client();
    context.add_ca_file(pki("ca.pem"));
    return context;
}
inline tlscore::Context server_context(const std::string &name = "p256")
{
    tlscore::Context context = tlscore::Context::server();
    context.add_keypair_file(pki("server-" + name + ".pem"), pki("server-" + name + ".key"));
    return context;
}

struct Pair {
    Pair(const tlscore::Context &c, const tlscore::Context &s)
        : client(c, "localhost"), server(tlscore::Connection::server(s))
    {
    }
    // What waits in one goes to the other.
    static void shuttle(tlscore::Connection &from, tlscore::Connection &to)
    {
        std::array<std::uint8_t, 4096> buf;
        while (const std::size_t n = from.drain(buf))
            for (std::size_t fed = 0; fed < n;)
                fed += to.feed(tlscore::Bytes(buf.data() + fed, n - fed));
    }
    // True when both are through; false when one waits for its application.
    bool handshake()
    {
        for (int i = 0; i < 20; i++) {
            const tlscore::Want c = client.handshake();
            shuttle(client, server);
            const tlscore::Want s = server.handshake();
            shuttle(server, client);
            if (c == tlscore::Want::nothing && s == tlscore::Want::nothing)
                return true;
            if (c == tlscore::Want::app || s == tlscore::Want::app)
                return false;
        }
        return false;
    }
    tlscore::Connection client, server;
};

inline int checks_done()
{
    std::cout << passed << " passed, " << failed << " failed\n";
    return failed != 0;
}

#endif
