// Part of <tlscore/tls.hpp>: from C's function pointers to std::function. No exception gets through: <tlscore/tls.hpp>
// says what becomes of which.
#ifndef TLSCORE_CPP_TRAMPOLINE_HPP
#define TLSCORE_CPP_TRAMPOLINE_HPP

#include <tlscore/cpp/callbacks.hpp>

#include <algorithm>

namespace tlscore {

struct Trampoline {
    static int code(Answer answer) noexcept
    {
        return answer == Answer::given ? TLS_OK : answer == Answer::later ? TLS_WANT_APP : TLS_ERR_TLS;
    }
    static Pending keep(tls_pending *raw) { return Pending(tls_pending_ref(raw)); }
    template <class F> static void release(void *arg) noexcept { delete static_cast<F *>(arg); }

    /// Runs a callback whose answer is a number; `say` tells the sentence of an exception, and whether it could: where
    /// the callback had answered before it threw, its failure counts.
    template <class Call, class Say> static int answer(Call &&call, Say &&say) noexcept
    {
        try {
            return code(call());
        } catch (const std::exception &e) {
            return say(e.what()) ? TLS_OK : TLS_ERR_TLS;
        } catch (...) {
            return say("an exception that is no std::exception") ? TLS_OK : TLS_ERR_TLS;
        }
    }
    template <class Call> static int answer_or_error(tls_pending *raw, Call &&call) noexcept
    {
        return answer(call, [raw](const char *text) { return tls_pending_answer_error(raw, text) == TLS_OK; });
    }
    template <class Call> static void quietly(Call &&call) noexcept
    {
        try {
            call();
        } catch (...) { // nobody could be told
        }
    }

    static int hello(tls_pending *raw, const tls_hello *hello, void *arg) noexcept
    {
        auto &call = *static_cast<HelloCallback *>(arg);
        return answer_or_error(raw, [&] { return call(keep(raw), Hello(hello)); });
    }
    static int verify(tls_pending *raw, const tls_verdict *verdict, void *arg) noexcept
    {
        auto &call = *static_cast<VerifyCallback *>(arg);
        return answer([&] { return call(keep(raw), Verdict(verdict)); },
                      [raw](const char *text) { return tls_pending_refuse_peer(raw, -1, text) == TLS_OK; });
    }
    /// The name is found among those that are offered, which live as long as C needs it.
    static int alpn(const tls_hello *raw, const std::uint8_t **name, std::size_t *len, void *arg) noexcept
    {
        try {
            const Hello hello(raw);
            const AlpnChoice choice = (*static_cast<AlpnCallback *>(arg))(hello);
            if (choice.kind_ != TLS_OK)
                return choice.kind_;
            for (const std::string_view offered : hello.alpn())
                if (offered == choice.name_) {
                    *name = reinterpret_cast<const std::uint8_t *>(offered.data());
                    *len = offered.size();
                    return TLS_OK;
                }
        } catch (...) { // refused
        }
        return TLS_ERR_TLS;
    }
    /// What a password callback threw, until the call that loads, in the same thread, ends.
    static std::exception_ptr &password_thrown() noexcept
    {
        static thread_local std::exception_ptr thrown;
        return thrown;
    }
    static void rethrow_password()
    {
        if (password_thrown())
            std::rethrow_exception(std::exchange(password_thrown(), nullptr));
    }
    static std::ptrdiff_t password(const char *place, std::size_t attempt, char *out, std::size_t cap, void *arg) noexcept
    {
        try {
            std::optional<std::string> said = (*static_cast<PasswordCallback *>(arg))(place, attempt);
            if (!said)
                return -1;
            const auto length = static_cast<std::ptrdiff_t>(said->size()); // more than `cap` is an error there
            said->copy(out, cap);
            detail::wipe(*said);
            return length;
        } catch (...) {
            password_thrown() = std::current_exception();
            return -1; // there is none: the loading fails
        }
    }
    /// A clock that fails stands at 1970, when nothing is valid.
    static std::int64_t clock(void *arg) noexcept
    {
        std::int64_t now = 0;
        quietly([&] { now = (*static_cast<ClockCallback *>(arg))(); });
        return now;
    }
    static void line(const char *text, void *arg) noexcept
    {
        quietly([&] { (*static_cast<LineCallback *>(arg))(text); });
    }
    static void message(int sent, int content_type, int version, const void *data, std::size_t len, void *arg) noexcept
    {
        const Message told{sent != 0, content_type, version, detail::view(data, len)};
        quietly([&] { (*static_cast<MessageCallback *>(arg))(told); });
    }
    static int ticket_key(const std::uint8_t *name, std::uint8_t *out, int *renew, void *arg) noexcept
    {
        int length = 0;
        quietly([&] {
            bool wanted = false;
            auto &call = *static_cast<TicketKeyCallback *>(arg);
            length = static_cast<int>(call(detail::view(name, 16), span<std::uint8_t>(out, 80), wanted));
            *renew = wanted;
        });
        return length;
    }

    static int sign(tls_pending *raw, int scheme, const std::uint8_t *message, std::size_t len, void *arg) noexcept
    {
        auto &keys = *static_cast<KeyCallbacks *>(arg);
        return answer_or_error(raw, [&] { return keys.sign(keep(raw), scheme, detail::view(message, len)); });
    }
    static int decrypt(tls_pending *raw, const std::uint8_t *ciphertext, std::size_t len, void *arg) noexcept
    {
        auto &keys = *static_cast<KeyCallbacks *>(arg);
        return answer_or_error(raw, [&] { return keys.decrypt(keep(raw), detail::view(ciphertext, len)); });
    }
    static int client_psk(tls_pending *raw, const std::uint8_t *hint, std::size_t len, void *arg) noexcept
    {
        auto &keys = *static_cast<PskCallbacks *>(arg);
        return answer_or_error(raw, [&] { return keys.client(keep(raw), detail::view(hint, len)); });
    }
    static int server_psk(tls_pending *raw, const std::uint8_t *identity, std::size_t len, void *arg) noexcept
    {
        auto &keys = *static_cast<PskCallbacks *>(arg);
        return answer_or_error(raw, [&] { return keys.server(keep(raw), detail::view(identity, len)); });
    }
    static int get(tls_pending *raw, const std::uint8_t *id, std::size_t len, void *arg) noexcept
    {
        auto &store = *static_cast<SessionStore *>(arg);
        return answer([&] { return store.get(keep(raw), detail::view(id, len)); }, [](const char *) { return false; });
    }
    static void put(const std::uint8_t *id, std::size_t id_len, const std::uint8_t *value, std::size_t len,
                    std::uint32_t lifetime, void *arg) noexcept
    {
        auto &store = *static_cast<SessionStore *>(arg);
        quietly([&] { store.put(detail::view(id, id_len), detail::view(value, len), lifetime); });
    }
    static void remove(const std::uint8_t *id, std::size_t len, void *arg) noexcept
    {
        auto &store = *static_cast<SessionStore *>(arg);
        quietly([&] { store.remove(detail::view(id, len)); });
    }
};

} // namespace tlscore

#endif
