// poll_echo PORT CERT-FILE KEY-FILE [COUNT]: many connections in one thread, with poll(). Sends back what each client
// sends, on 127.0.0.1; ends after COUNT connections when that is given.
//
// The pattern: call a verb until it wants something, ask wants() what to wait for, poll, repeat.
#include <tlscore/tls.hpp>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <iostream>
#include <list>
#include <system_error>

namespace {

class Socket {
  public:
    explicit Socket(int fd) : fd_(fd)
    {
        if (fd_ < 0 || fcntl(fd_, F_SETFL, fcntl(fd_, F_GETFL) | O_NONBLOCK) < 0)
            throw std::system_error(errno, std::generic_category(), "socket");
    }
    Socket(Socket &&other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    ~Socket()
    {
        if (fd_ >= 0)
            close(fd_);
    }
    int fd() const { return fd_; }

  private:
    int fd_;
};

class Client {
  public:
    Client(const tlscore::Context &context, Socket socket)
        : socket_(std::move(socket)), conn_(tlscore::Connection::server(context))
    {
        conn_.set_fd(socket_.fd());
    }

    // Echoes until something is wanted (true), or all is over (false).
    bool advance()
    {
        for (;;) {
            if (closing_)
                return conn_.close() != tlscore::Want::nothing;
            if (sent_ < text_.size()) {
                const tlscore::Io took = conn_.write(text_.substr(sent_));
                if (!took)
                    return true;
                sent_ += took.size();
                continue;
            }
            if (conn_.flush() != tlscore::Want::nothing) // so that an echo never waits behind the next read
                return true;
            const tlscore::Io got = conn_.read(room_);
            if (!got && !got.ended())
                return true;
            closing_ = got.ended();
            text_ = std::string_view(room_.data(), got.size());
            sent_ = 0;
        }
    }

    pollfd wants() const
    {
        const tlscore::Wants wants = conn_.wants();
        return {socket_.fd(), static_cast<short>((wants.read ? POLLIN : 0) | (wants.write ? POLLOUT : 0)), 0};
    }

  private:
    Socket socket_;
    tlscore::Connection conn_;
    std::array<char, 16384> room_;
    std::string_view text_; // what is being echoed, in room_
    std::size_t sent_ = 0;
    bool closing_ = false;
};

Socket listen_on(const char *port)
{
    Socket socket(::socket(AF_INET, SOCK_STREAM, 0));
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(static_cast<std::uint16_t>(std::atoi(port)));
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int on = 1;
    if (setsockopt(socket.fd(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        bind(socket.fd(), reinterpret_cast<sockaddr *>(&at), sizeof at) != 0 || listen(socket.fd(), 128) != 0)
        throw std::system_error(errno, std::generic_category(), "listen");
    std::cerr << "listening on 127.0.0.1:" << port << std::endl;
    return socket;
}

// False when the client is gone; one that fails concerns nobody else.
bool serve(Client &client)
{
    try {
        return client.advance();
    } catch (const tlscore::Error &error) {
        std::cerr << error.what() << std::endl;
        return false;
    }
}

// Serves until `left` connections came and went; a negative `left` means for ever.
void loop(const tlscore::Context &context, const Socket &listener, long left)
{
    std::list<Client> clients;
    while (left != 0 || !clients.empty()) {
        std::vector<pollfd> polls{{listener.fd(), static_cast<short>(left != 0 ? POLLIN : 0), 0}};
        for (const Client &client : clients)
            polls.push_back(client.wants());
        if (poll(polls.data(), polls.size(), -1) < 0 && errno != EINTR)
            throw std::system_error(errno, std::generic_category(), "poll");
        std::size_t at = 1;
        for (auto client = clients.begin(); client != clients.end(); at++)
            client = polls[at].revents == 0 || serve(*client) ? std::next(client) : clients.erase(client);
        if (polls[0].revents & POLLIN) {
            const int fd = accept(listener.fd(), nullptr, nullptr);
            if (fd >= 0) {
                clients.emplace_back(context, Socket(fd));
                left -= left > 0;
            }
        }
    }
}

} // namespace

int main(int argc, char **argv)
{
    if (argc < 4) {
        std::cerr << "usage: poll_echo PORT CERT-FILE KEY-FILE [COUNT]\n";
        return 2;
    }
    try {
        tlscore::Context context = tlscore::Context::server();
        context.add_keypair_file(argv[2], argv[3]);
        loop(context, listen_on(argv[1]), argc > 4 ? std::atol(argv[4]) : -1);
    } catch (const std::exception &error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
    return 0;
}
