// Part of <tlscore/tls.hpp>: one connection.
#ifndef TLSCORE_CPP_CONNECTION_HPP
#define TLSCORE_CPP_CONNECTION_HPP

#include <tlscore/cpp/context.hpp>

namespace tlscore {

/// Which channel binding (RFC 5929, RFC 9266).
enum class Binding : int {
    unique = TLS_BINDING_UNIQUE,
    server_end_point = TLS_BINDING_SERVER_END_POINT,
    exporter = TLS_BINDING_EXPORTER,
};

/// What a connection waits for.
struct Wants {
    bool read, write, app;
    explicit operator bool() const noexcept { return read || write || app; }
};

/// One TLS connection, used by one thread at a time. Verbs and setters throw an Error; a want is a value. tls_conn_NAME()
/// or tls_NAME() in <tlscore/tls.h> says what NAME() does. Views stay valid as the header says; facts that are not there
/// are empty or 0. A function that the connection calls may not destroy it or assign to it: that ends the program
/// (std::terminate), for the verb that called goes on with it.
class Connection {
  public:
    /// A client's connection; `name`, in A-labels, is sent and verified. Throws where it could not be set up.
    Connection(const Context &context, std::string_view name)
        : Connection(tls_conn_new(context.raw(), detail::Text(name)))
    {
    }
    /// A client's connection without names: set_server_name(), set_verify_name().
    static Connection client(const Context &context) { return Connection(tls_conn_new(context.raw(), nullptr)); }
    static Connection client(const Context &context, std::string_view name) { return Connection(context, name); }
    static Connection server(const Context &context) { return Connection(tls_conn_new_server(context.raw())); }

    // Until the first verb.
    Connection &set_server_name(std::string_view name) { return done(tls_conn_set_server_name(raw(), Text(name))); }
    Connection &set_no_server_name() { return done(tls_conn_set_server_name(raw(), nullptr)); }
    Connection &set_verify_name(std::string_view name) { return done(tls_conn_set_verify_name(raw(), Text(name))); }
    Connection &add_pin(Bytes spki_sha256) { return done(tls_conn_add_pin(raw(), spki_sha256.data(), spki_sha256.size())); }
    Connection &set_cipher_list(std::string_view list) { return done(tls_conn_set_cipher_list(raw(), Text(list))); }
    Connection &set_alpn(std::string_view list) { return done(tls_conn_set_alpn(raw(), Text(list))); }
    Connection &set_alpn_wire(Bytes wire) { return done(tls_conn_set_alpn_wire(raw(), wire.data(), wire.size())); }
    Connection &set_verify_required() { return done(tls_conn_set_verify(raw(), TLS_VERIFY_REQUIRED)); }
    Connection &danger_accept_any_name() { return done(tls_conn_danger_accept_any_name(raw())); }
    Connection &danger_accept_any_cert() { return done(tls_conn_danger_accept_any_cert(raw())); }
    Connection &set_keypair_file(std::string_view cert, std::string_view key = {})
    {
        return done(tls_conn_set_keypair_file(raw(), Text(cert), key.empty() ? nullptr : static_cast<const char *>(Text(key))));
    }
    Connection &set_keypair_mem(Bytes cert, Bytes key = {})
    {
        return done(tls_conn_set_keypair_mem(raw(), cert.data(), cert.size(), key.data(), key.size()));
    }
    Connection &set_session(const Session &session) { return done(tls_conn_set_session(raw(), session.raw_.get())); }
    Connection &set_verify_callback(VerifyCallback call)
    {
        if (!call)
            return done(tls_conn_set_verify_callback(raw(), nullptr, nullptr, nullptr));
        auto held = std::make_unique<VerifyCallback>(std::move(call));
        done(tls_conn_set_verify_callback(raw(), Trampoline::verify, held.get(), Trampoline::release<VerifyCallback>));
        return (void)held.release(), *this;
    }
    Connection &set_client_auth(ClientAuth mode) { return done(tls_conn_set_client_auth(raw(), static_cast<int>(mode))); }
    Connection &set_renegotiation(Renegotiation mode) { return done(tls_conn_set_renegotiation(raw(), static_cast<int>(mode))); }

    // The transport. Without one the connection is driven by feed() and drain().
    /// It stays the caller's, and open.
    Connection &set_fd(int fd) { return done(tls_conn_set_fd(raw(), fd)); }
    Connection &set_fds(int read_fd, int write_fd) { return done(tls_conn_set_fds(raw(), read_fd, write_fd)); }
    /// They return bytes, a want, the end (reading) or a failure. What they throw comes out of the verb that called
    /// them, or, where that one still returns bytes, out of the next; to the connection the transport failed.
    using ReadFn = std::function<Io(span<std::uint8_t>)>;
    using WriteFn = std::function<Io(ByteView)>;
    Connection &set_io(ReadFn read, WriteFn write)
    {
        const bool none = !read && !write;
        Hooks &to = hooks();
        done(none ? tls_conn_set_io(raw(), nullptr, nullptr, nullptr)
                  : tls_conn_set_io(raw(), read ? &Hooks::on_read : nullptr, write ? &Hooks::on_write : nullptr, &to));
        to.read = std::move(read);
        to.write = std::move(write);
        return *this;
    }

    // The verbs.
    Want handshake() { return unit(tls_handshake); }
    Io read(Buffer room)
    {
        return verb([&] { return tls_read(raw(), room.data(), room.size()); });
    }
    Io write(Bytes bytes)
    {
        return verb([&] { return tls_write(raw(), bytes.data(), bytes.size()); });
    }
    Want flush() { return unit(tls_flush); }
    Want close() { return unit(tls_close); }
    Want renegotiate() { return unit(tls_renegotiate); }
    std::size_t feed(Bytes bytes) { return io(tls_feed(raw(), bytes.data(), bytes.size())).size(); }
    void feed_eof() { io(tls_feed_eof(raw())); }
    std::size_t drain(Buffer room) { return io(tls_drain(raw(), room.data(), room.size())).size(); }
    std::size_t unread(Buffer room) { return io(tls_conn_unread(raw(), room.data(), room.size())).size(); }

    // What it waits for.
    Wants wants() const noexcept
    {
        const int bits = tls_conn_wants(raw());
        return {(bits & TLS_WANTS_READ) != 0, (bits & TLS_WANTS_WRITE) != 0, (bits & TLS_WANTS_APP) != 0};
    }
    std::size_t pending() const noexcept { return tls_conn_pending(raw()); }
    bool has_pending() const noexcept { return tls_conn_has_pending(raw()) == 1; }
    std::optional<Pending> question() const
    {
        tls_pending *question = tls_conn_question(raw());
        return question ? std::optional<Pending>(Pending(tls_pending_ref(question))) : std::nullopt;
    }
    /// Called by the read() or write() that noticed, and may call what it likes here, this too. What it throws comes out
    /// of there, or, where that one returns bytes, out of the next verb.
    Connection &set_key_limit_callback(std::function<void()> call)
    {
        Hooks &to = hooks();
        auto next = call ? std::make_shared<std::function<void()>>(std::move(call)) : nullptr;
        done(tls_conn_set_key_limit_callback(raw(), next ? &Hooks::on_key_limit : nullptr, &to));
        to.key_limit = std::move(next);
        return *this;
    }

    // Facts.
    /// The error that stands on it, if one does.
    std::optional<Error> error() const
    {
        tls_error_info info{};
        if (tls_conn_error(raw(), &info) != TLS_OK || info.number == 0)
            return std::nullopt;
        return Error(detail::code_of(info), info);
    }
    Role role() const noexcept { return static_cast<Role>(tls_conn_role(raw())); }
    bool established() const noexcept { return tls_conn_established(raw()) == 1; }
    bool verified() const noexcept { return tls_conn_verified(raw()) == 1; }
    bool resumed() const noexcept { return tls_conn_resumed(raw()) == 1; }
    bool close_sent() const noexcept { return tls_conn_close_sent(raw()) == 1; }
    bool close_received() const noexcept { return tls_conn_close_received(raw()) == 1; }
    std::string_view version() const noexcept { return shown(tls_conn_version(raw())); }
    std::string_view cipher() const noexcept { return shown(tls_conn_cipher(raw())); }
    std::string_view cipher_iana() const noexcept { return shown(tls_conn_cipher_iana(raw())); }
    int cipher_id() const noexcept { return tls_conn_cipher_id(raw()); }
    int cipher_bits() const noexcept { return tls_conn_cipher_bits(raw()); }
    std::string_view group() const noexcept { return shown(tls_conn_group(raw())); }
    int dh_bits() const noexcept { return tls_conn_dh_bits(raw()); }
    std::string_view scheme() const noexcept { return shown(tls_conn_scheme(raw())); }
    std::string_view client_scheme() const noexcept { return shown(tls_conn_client_scheme(raw())); }
    std::string_view alpn() const noexcept { return named(tls_conn_alpn); }
    std::string_view psk_identity() const noexcept { return named(tls_conn_psk_identity); }
    std::string_view server_name() const noexcept { return shown(tls_conn_server_name(raw())); }
    bool extended_master_secret() const noexcept { return tls_conn_extended_master_secret(raw()) == 1; }
    bool encrypt_then_mac() const noexcept { return tls_conn_encrypt_then_mac(raw()) == 1; }
    bool secure_renegotiation() const noexcept { return tls_conn_secure_renegotiation(raw()) == 1; }
    int handshakes() const noexcept { return tls_conn_handshakes(raw()); }
    bool renegotiation_refused() const noexcept { return tls_conn_renegotiation_refused(raw()) == 1; }
    std::size_t send_limit() const noexcept { return tls_conn_send_limit(raw()); }
    std::size_t receive_limit() const noexcept { return tls_conn_receive_limit(raw()); }
    bool cert_requested() const noexcept { return tls_conn_cert_requested(raw()) == 1; }
    /// Which keypair this side showed, by its place in the context.
    std::optional<int> keypair() const noexcept
    {
        const int place = tls_conn_keypair(raw());
        return place < 0 ? std::nullopt : std::optional<int>(place);
    }

    // Certificates, staples, sessions, secrets.
    /// As they came, leaf first; and the path that verified, the trusted CA last.
    std::vector<Certificate> peer_certs() const { return list(tls_conn_peer_cert_count(raw()), tls_conn_peer_cert); }
    std::vector<Certificate> verified_certs() const { return list(tls_conn_verified_cert_count(raw()), tls_conn_verified_cert); }
    /// The names of the CAs in a server's request, in DER.
    std::vector<std::vector<std::uint8_t>> client_cas() const
    {
        std::vector<std::vector<std::uint8_t>> all;
        for (std::size_t i = 0; i < tls_conn_client_ca_count(raw()); i++)
            all.push_back(detail::bytes_of([&](void *out, std::size_t cap) { return tls_conn_client_ca(raw(), i, out, cap); }));
        return all;
    }
    std::vector<std::uint8_t> ocsp_response() const
    {
        return detail::bytes_of([&](void *out, std::size_t cap) { return tls_conn_ocsp_response(raw(), out, cap); });
    }
    /// What it says of the server's certificate, and what that is worth.
    std::optional<tls_ocsp_info> ocsp_info() const noexcept
    {
        tls_ocsp_info info;
        return tls_conn_ocsp_info(raw(), &info) == 1 ? std::optional<tls_ocsp_info>(info) : std::nullopt;
    }
    std::vector<std::uint8_t> scts() const
    {
        return detail::bytes_of([&](void *out, std::size_t cap) { return tls_conn_scts(raw(), out, cap); });
    }
    std::optional<Session> session() const
    {
        tls_session *session = tls_conn_session(raw());
        return session ? std::optional<Session>(Session(session)) : std::nullopt;
    }
    /// `length` bytes of keying material (RFC 5705); no context differs from an empty one.
    std::vector<std::uint8_t> export_key(std::string_view label, std::size_t length, std::optional<Bytes> context = {})
    {
        std::vector<std::uint8_t> out(length);
        const void *data = !context ? nullptr : context->size() == 0 ? "" : context->data();
        done(tls_conn_export(raw(), label.data(), label.size(), data, context ? context->size() : 0, out.data(), length));
        return out;
    }
    std::vector<std::uint8_t> channel_binding(Binding binding)
    {
        std::vector<std::uint8_t> out(TLS_BINDING_MAX);
        out.resize(io(tls_conn_channel_binding(raw(), static_cast<int>(binding), out.data(), out.size())).size());
        return out;
    }
    std::vector<std::uint8_t> danger_tls_unique()
    {
        std::vector<std::uint8_t> out(TLS_BINDING_MAX);
        out.resize(io(tls_conn_danger_tls_unique(raw(), out.data(), out.size())).size());
        return out;
    }

  private:
    using Text = detail::Text;
    /// What C calls back to: it keeps its place for as long as the connection lives, wherever that moves. Exceptions
    /// wait here for the end of a verb.
    struct Hooks {
        Hooks() = default;
        Hooks(const Hooks &) = delete;
        Hooks &operator=(const Hooks &) = delete;
        ~Hooks()
        {
            if (running)
                std::terminate(); // one of its functions destroys the connection
        }
        bool running = false;
        ReadFn read;
        WriteFn write;
        std::shared_ptr<std::function<void()>> key_limit; // shared with a call of it, which may set another
        std::exception_ptr transport_thrown, key_limit_thrown;

        void rethrow()
        {
            for (std::exception_ptr *thrown : {&transport_thrown, &key_limit_thrown})
                if (*thrown)
                    std::rethrow_exception(std::exchange(*thrown, nullptr));
        }
        /// While a function runs.
        struct Running {
            explicit Running(Hooks &of) : flag(of.running), before(std::exchange(of.running, true)) {}
            ~Running() { flag = before; }
            bool &flag;
            const bool before;
        };
        template <class Call> std::ptrdiff_t transfer(tls_conn *conn, Call &&function) noexcept
        {
            const Running now(*this);
            try {
                const Io io = function();
                if (io.os_errno() != 0)
                    tls_conn_set_os_error(conn, io.os_errno());
                return io.code();
            } catch (...) {
                if (!transport_thrown) // the first says why
                    transport_thrown = std::current_exception();
                return TLS_ERR_IO;
            }
        }
        static std::ptrdiff_t on_read(tls_conn *conn, void *buf, std::size_t len, void *arg) noexcept
        {
            auto *self = static_cast<Hooks *>(arg);
            return self->transfer(conn, [&] { return self->read(span<std::uint8_t>(static_cast<std::uint8_t *>(buf), len)); });
        }
        static std::ptrdiff_t on_write(tls_conn *conn, const void *buf, std::size_t len, void *arg) noexcept
        {
            auto *self = static_cast<Hooks *>(arg);
            return self->transfer(conn, [&] { return self->write(detail::view(buf, len)); });
        }
        static void on_key_limit(tls_conn *, void *arg) noexcept
        {
            auto *self = static_cast<Hooks *>(arg);
            const auto function = self->key_limit;
            const Running now(*self);
            try {
                (*function)();
            } catch (...) {
                if (!self->key_limit_thrown) // the first says why
                    self->key_limit_thrown = std::current_exception();
            }
        }
    };
    Hooks &hooks()
    {
        if (!hooks_)
            hooks_ = std::make_unique<Hooks>();
        return *hooks_;
    }

    explicit Connection(tls_conn *raw) : raw_(raw)
    {
        tls_error_info info{};
        if (tls_conn_error(raw, &info) != TLS_OK)
            detail::moved_from(); // the context
        // What it lacks and can still get becomes fatal with the first verb.
        const bool lacks = info.number == TLS_REASON_NO_KEYPAIR || info.number == TLS_REASON_NO_TRUST_ANCHORS;
        if (info.number != 0 && !lacks)
            detail::fail(detail::code_of(info), info);
    }
    tls_conn *raw() const noexcept { return raw_.get(); }

    /// What callbacks threw comes out before anything is done, or in place of a result without bytes: those were read or
    /// taken, and would be lost or sent twice.
    template <class Call> Io verb(Call &&call)
    {
        if (hooks_)
            hooks_->rethrow();
        const std::ptrdiff_t rc = call();
        if (rc <= 0 && hooks_)
            hooks_->rethrow();
        return io(rc);
    }
    Want unit(int (*function)(tls_conn *))
    {
        return verb([&] { return function(raw()); }).want();
    }
    /// The result alone, for what calls back to nobody.
    Io io(std::ptrdiff_t rc)
    {
        if (rc >= 0 || rc == TLS_WANT_READ || rc == TLS_WANT_WRITE || rc == TLS_WANT_APP)
            return Io(rc);
        tls_error_info info{};
        if (tls_conn_error(raw(), &info) != TLS_OK)
            detail::moved_from();
        detail::fail(static_cast<int>(rc), info);
    }
    Connection &done(int rc)
    {
        if (rc != TLS_OK)
            Trampoline::rethrow_password();
        return io(rc), *this;
    }

    static std::string_view shown(const char *text) noexcept { return detail::text_or_empty(text); }
    std::string_view named(const char *(*fact)(const tls_conn *, std::size_t *)) const noexcept
    {
        std::size_t len = 0;
        const char *text = fact(raw(), &len);
        return text ? std::string_view(text, len) : std::string_view();
    }
    std::vector<Certificate> list(std::size_t count, const tls_cert *(*at)(const tls_conn *, std::size_t)) const
    {
        std::vector<Certificate> all;
        for (std::size_t i = 0; i < count; i++)
            all.push_back(Certificate(tls_cert_ref(at(raw(), i))));
        return all;
    }

    std::unique_ptr<Hooks> hooks_;
    detail::Handle<tls_conn, tls_conn_free> raw_; // goes first
};

} // namespace tlscore

#endif
