// fetch HOST PORT [CA-FILE]: prints what the server answers to GET /, from C++ on the C header.
//
// The handles become unique_ptrs, an error an exception; more is not needed.
#include <tlscore/tls.h>

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

struct Free {
    void operator()(tls_ctx *ctx) const { tls_ctx_free(ctx); }
    void operator()(tls_conn *conn) const { tls_conn_free(conn); }
    void operator()(addrinfo *list) const { freeaddrinfo(list); }
};
using Context = std::unique_ptr<tls_ctx, Free>;
using Connection = std::unique_ptr<tls_conn, Free>;
using Addresses = std::unique_ptr<addrinfo, Free>;

class Socket {
  public:
    Socket(const char *host, const char *port)
    {
        addrinfo hints{}, *list = nullptr;
        hints.ai_socktype = SOCK_STREAM;
        if (int rc = getaddrinfo(host, port, &hints, &list))
            throw std::runtime_error(gai_strerror(rc));
        Addresses addresses(list);
        for (; list && fd_ < 0; list = list->ai_next) {
            fd_ = socket(list->ai_family, list->ai_socktype, list->ai_protocol);
            if (fd_ >= 0 && connect(fd_, list->ai_addr, list->ai_addrlen) != 0) {
                close(fd_);
                fd_ = -1;
            }
        }
        if (fd_ < 0)
            throw std::runtime_error("cannot connect");
    }
    ~Socket() { close(fd_); }
    Socket(const Socket &) = delete;
    Socket &operator=(const Socket &) = delete;
    int fd() const { return fd_; }

  private:
    int fd_ = -1;
};

// A number of bytes, or an exception that says why not.
std::size_t check(const Connection &conn, std::ptrdiff_t rc)
{
    if (rc < 0)
        throw std::runtime_error(tls_conn_error_text(conn.get()));
    return static_cast<std::size_t>(rc);
}

void send_all(const Connection &conn, std::string_view text)
{
    while (!text.empty())
        text.remove_prefix(check(conn, tls_write(conn.get(), text.data(), text.size())));
    check(conn, tls_flush(conn.get()));
}

void fetch(const char *host, const char *port, const char *ca)
{
    Context ctx(tls_ctx_new(TLS_CLIENT));
    if (ca && tls_ctx_add_ca_file(ctx.get(), ca) != TLS_OK) {
        tls_error_info error;
        tls_ctx_error(ctx.get(), &error);
        throw std::runtime_error(error.text);
    }
    Socket socket(host, port);
    Connection conn(tls_conn_new(ctx.get(), host));
    check(conn, tls_conn_set_fd(conn.get(), socket.fd()));
    check(conn, tls_handshake(conn.get()));
    std::cerr << tls_conn_version(conn.get()) << ", " << tls_conn_cipher(conn.get()) << '\n';

    send_all(conn, "GET / HTTP/1.0\r\nHost: " + std::string(host) + "\r\n\r\n");
    char buf[16384];
    while (std::size_t n = check(conn, tls_read(conn.get(), buf, sizeof buf)))
        std::cout.write(buf, static_cast<std::streamsize>(n));
    check(conn, tls_close(conn.get()));
}

} // namespace

int main(int argc, char **argv)
{
    if (argc < 3) {
        std::cerr << "usage: fetch HOST PORT [CA-FILE]\n";
        return 2;
    }
    try {
        fetch(argv[1], argv[2], argc > 3 ? argv[3] : nullptr);
    } catch (const std::exception &e) {
        std::cerr << e.what() << '\n';
        return 1;
    }
    return 0;
}
