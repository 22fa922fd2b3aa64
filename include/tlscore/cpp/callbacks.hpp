// Part of <tlscore/tls.hpp>: questions to the application, and what they show.
#ifndef TLSCORE_CPP_CALLBACKS_HPP
#define TLSCORE_CPP_CALLBACKS_HPP

#include <tlscore/cpp/objects.hpp>

#include <functional>

namespace tlscore {

class Context;

/// What a callback that was given a Pending says when it returns.
enum class Answer {
    given, ///< the answer was given during this call, or there is nothing to say
    later, ///< it will be given later, from any thread: the Pending was moved elsewhere
    none,  ///< the operation failed, or the peer is refused
};

/// A question that waits for its answer, which is given once, from any thread. It may outlive its connection. Each
/// answer throws UsageError when another was given before, or when it is no answer to this question.
class Pending {
  public:
    /// Another reference to the same.
    Pending share() const { return Pending(tls_pending_ref(raw_.get())); }

    void answer_signature(Bytes signature) { done(tls_pending_answer_signature(raw_.get(), signature.data(), signature.size())); }
    void answer_decrypted(Bytes plain) { done(tls_pending_answer_decrypted(raw_.get(), plain.data(), plain.size())); }
    void answer_session(Bytes value) { done(tls_pending_answer_session(raw_.get(), value.data(), value.size())); }
    /// A client's key and its identity.
    void answer_psk(Bytes identity, Bytes key)
    {
        done(tls_pending_answer_psk(raw_.get(), identity.data(), identity.size(), key.data(), key.size()));
    }
    /// A server's key.
    void answer_psk(Bytes key) { done(tls_pending_answer_psk(raw_.get(), nullptr, 0, key.data(), key.size())); }
    void answer_error(std::string_view text) { done(tls_pending_answer_error(raw_.get(), detail::Text(text))); }

    void verdict_stands() { done(tls_pending_verdict_stands(raw_.get())); }
    /// `alert` -1: bad_certificate.
    void refuse_peer(std::string_view text, int alert = -1)
    {
        done(tls_pending_refuse_peer(raw_.get(), alert, detail::Text(text)));
    }
    void danger_accept_peer() { done(tls_pending_danger_accept_peer(raw_.get())); }

    void go_on() { done(tls_pending_go_on(raw_.get())); }
    void use_context(const Context &context);
    void use_keypairs_of(const Context &context);
    void refuse_hello(int alert) { done(tls_pending_refuse_hello(raw_.get(), alert)); }

    /// Calls `wake` once when the answer is there, from the thread that gives it; empty: calls nothing. It is called
    /// as long as this object lives and no longer: whoever destroys it, or sets another wake-up, waits for one that is
    /// being called, and must not do so from inside of it. An exception of `wake` ends the process.
    void set_wake(std::function<void()> wake)
    {
        auto next = std::make_unique<Wake>(tls_pending_ref(raw_.get()), std::move(wake));
        done(tls_pending_set_wake(raw_.get(), next->call ? &Wake::run : nullptr, next.get()));
        next->is_set = true;
        if (wake_)
            wake_->is_set = false; // the new one took its place
        wake_ = std::move(next);
    }

  private:
    friend class Connection;
    friend struct Trampoline;
    struct Wake {
        Wake(tls_pending *raw, std::function<void()> f) : question(raw), call(std::move(f)) {}
        Wake(const Wake &) = delete;
        Wake &operator=(const Wake &) = delete;
        ~Wake()
        {
            if (is_set)
                tls_pending_set_wake(question.get(), nullptr, nullptr);
        }
        static void run(void *arg) noexcept { static_cast<Wake *>(arg)->call(); }
        detail::Handle<tls_pending, tls_pending_free> question;
        std::function<void()> call;
        bool is_set = false;
    };
    explicit Pending(tls_pending *raw) noexcept : raw_(raw) {}
    void done(int rc) const
    {
        if (rc != TLS_OK && !raw_.get())
            detail::moved_from();
        if (rc != TLS_OK)
            detail::misuse(TLS_REASON_ALREADY_ANSWERED, "ALREADY_ANSWERED", "answered before, or no answer to this question");
    }
    detail::Handle<tls_pending, tls_pending_free> raw_;
    std::unique_ptr<Wake> wake_;
};

/// A ClientHello, borrowed for the call.
class Hello {
  public:
    std::string_view server_name() const noexcept { return detail::text_or_empty(tls_hello_server_name(raw_)); }
    int version() const noexcept { return tls_hello_version(raw_); }
    span<const std::uint16_t> ciphers() const noexcept { return numbers(tls_hello_ciphers); }
    span<const std::uint16_t> groups() const noexcept { return numbers(tls_hello_groups); }
    span<const std::uint16_t> sigalgs() const noexcept { return numbers(tls_hello_sigalgs); }
    ByteView session_id() const noexcept { return bytes(tls_hello_session_id); }
    ByteView raw() const noexcept { return bytes(tls_hello_raw); }
    /// The names that the client offers, in its order.
    std::vector<std::string_view> alpn() const
    {
        std::vector<std::string_view> names;
        const ByteView wire = bytes(tls_hello_alpn);
        for (std::size_t at = 0; at < wire.size(); at += 1u + wire[at])
            names.emplace_back(reinterpret_cast<const char *>(wire.data()) + at + 1, wire[at]);
        return names;
    }
    /// The contents of the extension with this number, where it is there.
    std::optional<ByteView> extension(int number) const noexcept
    {
        std::size_t len = 0;
        const std::uint8_t *data = tls_hello_extension(raw_, number, &len);
        return data ? std::optional<ByteView>(detail::view(data, len)) : std::nullopt;
    }

  private:
    friend struct Trampoline;
    explicit Hello(const tls_hello *raw) noexcept : raw_(raw) {}
    template <class T> using Read = const T *(*)(const tls_hello *, std::size_t *);
    span<const std::uint16_t> numbers(Read<std::uint16_t> read) const noexcept
    {
        std::size_t count = 0;
        const std::uint16_t *data = read(raw_, &count);
        return {data, data ? count : 0};
    }
    ByteView bytes(Read<std::uint8_t> read) const noexcept
    {
        std::size_t len = 0;
        const std::uint8_t *data = read(raw_, &len);
        return detail::view(data, len);
    }
    const tls_hello *raw_;
};

/// A verdict on the peer's chain, borrowed for the call.
class Verdict {
  public:
    /// TLS_SERVER (this side is a client) or TLS_CLIENT.
    int peer() const noexcept { return raw_->peer; }
    /// The name that the certificate must be for; empty where none is checked.
    std::string_view name() const noexcept { return detail::text_or_empty(raw_->name); }
    bool accepted() const noexcept { return raw_->error.number == 0; }
    /// Why it was refused.
    std::optional<TlsError> error() const
    {
        return accepted() ? std::nullopt : std::optional<TlsError>(TlsError(TLS_ERR_TLS, raw_->error));
    }
    /// As they came, leaf first; and the path that verified, the trusted CA last.
    std::vector<Certificate> chain() const { return list(raw_->chain, raw_->chain_len); }
    std::vector<Certificate> path() const { return list(raw_->path, raw_->path_len); }
    ByteView ocsp_response() const noexcept { return detail::view(raw_->ocsp_response, raw_->ocsp_response_len); }

  private:
    friend struct Trampoline;
    explicit Verdict(const tls_verdict *raw) noexcept : raw_(raw) {}
    static std::vector<Certificate> list(const tls_cert *const *certs, std::size_t len)
    {
        std::vector<Certificate> all;
        for (std::size_t i = 0; i < len; i++)
            all.push_back(Certificate(tls_cert_ref(certs[i])));
        return all;
    }
    const tls_verdict *raw_;
};

/// What an ALPN callback chooses: one of the names that are offered, none, or no handshake at all.
class AlpnChoice {
  public:
    AlpnChoice(std::string_view name) : kind_(TLS_OK), name_(name) {}
    AlpnChoice(const char *name) : AlpnChoice(std::string_view(name)) {}
    static AlpnChoice ignore() { return AlpnChoice(TLS_ALPN_IGNORE); }
    static AlpnChoice refuse() { return AlpnChoice(TLS_ERR_TLS); }

  private:
    friend struct Trampoline;
    explicit AlpnChoice(int kind) : kind_(kind) {}
    int kind_;
    std::string name_;
};

using HelloCallback = std::function<Answer(Pending, const Hello &)>;
using VerifyCallback = std::function<Answer(Pending, const Verdict &)>;
using AlpnCallback = std::function<AlpnChoice(const Hello &)>;
/// The password of what is loaded, or none. `attempt` counts those that were wrong.
using PasswordCallback = std::function<std::optional<std::string>(std::string_view place, std::size_t attempt)>;
/// Seconds since 1970.
using ClockCallback = std::function<std::int64_t()>;
using LineCallback = std::function<void(std::string_view line)>;
/// What was sent or received, as it is before protection: by `content_type` a ChangeCipherSpec (20), an alert (21), a handshake
/// message (22), or the header of a record (TLS_RECORD_HEADER). `data` is valid for the call.
struct Message {
    bool sent;
    int content_type;
    int version;
    ByteView data;
};
using MessageCallback = std::function<void(const Message &message)>;
/// `name` empty: the key to encrypt with. The raw key, 48 or 80 bytes, goes to `out`; returns its length, 0 for none.
using TicketKeyCallback = std::function<std::size_t(ByteView name, span<std::uint8_t> out, bool &renew)>;

/// A private key that lives elsewhere (tls_key_callbacks). Without `decrypt` it only signs.
struct KeyCallbacks {
    std::function<Answer(Pending, int scheme, ByteView message)> sign;
    std::function<Answer(Pending, ByteView ciphertext)> decrypt = nullptr;
};
/// Where pre-shared keys are looked up (tls_psk_callbacks).
struct PskCallbacks {
    std::function<Answer(Pending, ByteView hint)> client;
    std::function<Answer(Pending, ByteView identity)> server = nullptr;
};
/// Where a server's sessions are kept outside (tls_session_store).
struct SessionStore {
    std::function<Answer(Pending, ByteView id)> get;
    std::function<void(ByteView id, ByteView value, std::uint32_t lifetime)> put;
    std::function<void(ByteView id)> remove = nullptr;
};

} // namespace tlscore

#endif
