// fetch HOST PORT [CA-FILE]: prints what the server answers to GET /.
#include <tlscore/tls.hpp>

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <iostream>

namespace {

class Socket {
  public:
    Socket(const char *host, const char *port)
    {
        addrinfo hints{}, *list = nullptr;
        hints.ai_socktype = SOCK_STREAM;
        if (int rc = getaddrinfo(host, port, &hints, &list))
            throw std::runtime_error(gai_strerror(rc));
        const std::unique_ptr<addrinfo, void (*)(addrinfo *)> addresses(list, freeaddrinfo);
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

void fetch(const char *host, const char *port, const char *ca)
{
    tlscore::Context context = tlscore::Context::client();
    if (ca) // else the system's
        context.add_ca_file(ca);
    const Socket socket(host, port);
    tlscore::Connection conn(context, host); // the name that is sent, and verified
    conn.set_fd(socket.fd());
    conn.handshake();
    std::cerr << conn.version() << ", " << conn.cipher() << '\n';

    conn.write("GET / HTTP/1.0\r\nHost: " + std::string(host) + "\r\n\r\n");
    std::array<char, 16384> room;
    while (const tlscore::Io got = conn.read(room)) // ends with the peer's close_notify; truncation throws
        std::cout.write(room.data(), static_cast<std::streamsize>(got.size()));
    conn.close();
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
    } catch (const std::exception &error) { // tlscore::Error, with a number, a name and the alert, among them
        std::cerr << error.what() << '\n';
        return 1;
    }
    return 0;
}
