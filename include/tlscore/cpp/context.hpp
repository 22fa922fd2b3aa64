// Part of <tlscore/tls.hpp>: configuration of connections.
#ifndef TLSCORE_CPP_CONTEXT_HPP
#define TLSCORE_CPP_CONTEXT_HPP

#include <tlscore/cpp/trampoline.hpp>

namespace tlscore {

/// Which connections a context makes.
enum class Role : int { client = TLS_CLIENT, server = TLS_SERVER, both = TLS_CLIENT | TLS_SERVER };
/// What servers ask of their clients.
enum class ClientAuth : int { none = TLS_CLIENT_AUTH_NONE, request = TLS_CLIENT_AUTH_REQUEST, require = TLS_CLIENT_AUTH_REQUIRE };
/// What clients do about OCSP staples.
enum class Ocsp : int { off = TLS_OCSP_OFF, request = TLS_OCSP_REQUEST, require = TLS_OCSP_REQUIRE };
/// Whether handshakes may follow the first one.
enum class Renegotiation : int {
    refuse = TLS_RENEGOTIATION_REFUSE,
    own = TLS_RENEGOTIATION_OWN,
    allow = TLS_RENEGOTIATION_ALLOW,
};

/// Configuration: trust, keypairs, policy and lists. Shared by any number of threads; setters work at any time and
/// affect the connections that are created later. Each throws UsageError and then changed nothing; otherwise it returns
/// the context, for the next. tls_ctx_NAME() in <tlscore/tls.h> says what NAME() does.
class Context {
  public:
    explicit Context(Role role) : raw_(tls_ctx_new(static_cast<int>(role))) {}
    static Context client() { return Context(Role::client); }
    static Context server() { return Context(Role::server); }
    /// Another reference to the same.
    Context share() const { return Context(tls_ctx_ref(raw())); }
    /// Another context with the same settings, which goes its own way.
    Context dup() const { return Context(tls_ctx_dup(raw())); }

    // Policy and lists.
    Context &set_policy(std::string_view name) { return done(tls_ctx_set_policy(raw(), Text(name))); }
    Context &set_cipher_list(std::string_view list) { return done(tls_ctx_set_cipher_list(raw(), Text(list))); }
    Context &set_groups(std::string_view list) { return done(tls_ctx_set_groups(raw(), Text(list))); }
    Context &set_sigalgs(std::string_view list) { return done(tls_ctx_set_sigalgs(raw(), Text(list))); }
    Context &set_alpn(std::string_view list) { return done(tls_ctx_set_alpn(raw(), Text(list))); }
    Context &set_alpn_wire(Bytes wire) { return done(tls_ctx_set_alpn_wire(raw(), wire.data(), wire.size())); }
    Context &prefer_client_order(bool on = true)
    {
        return done(tls_ctx_set_preference(raw(), on ? TLS_PREFER_CLIENT : TLS_PREFER_SERVER));
    }
    Context &set_security_level(int level) { return done(tls_ctx_set_security_level(raw(), level)); }
    int security_level() const noexcept { return tls_ctx_security_level(raw()); }
    std::string ciphers() const { return text(tls_ctx_ciphers); }
    std::string groups() const { return text(tls_ctx_groups); }
    std::string sigalgs() const { return text(tls_ctx_sigalgs); }

    // Trust.
    Context &add_ca_file(std::string_view path) { return done(tls_ctx_add_ca_file(raw(), Text(path))); }
    Context &add_ca_dir(std::string_view path) { return done(tls_ctx_add_ca_dir(raw(), Text(path))); }
    Context &add_ca_mem(Bytes ca) { return done(tls_ctx_add_ca_mem(raw(), ca.data(), ca.size())); }
    Context &add_ca_system() { return done(tls_ctx_add_ca_system(raw())); }
    Context &add_crl_file(std::string_view path) { return done(tls_ctx_add_crl_file(raw(), Text(path))); }
    Context &add_crl_dir(std::string_view path) { return done(tls_ctx_add_crl_dir(raw(), Text(path))); }
    Context &add_crl_mem(Bytes crl) { return done(tls_ctx_add_crl_mem(raw(), crl.data(), crl.size())); }
    Context &set_crls_of(const Context &from) { return done(tls_ctx_set_crls_of(raw(), from.raw())); }
    Context &clear_crls() { return done(tls_ctx_clear_crls(raw())); }
    Context &set_crl_leaf_only(bool on = true) { return done(tls_ctx_set_crl_leaf_only(raw(), on)); }
    Context &allow_unknown_revocation(bool on = true) { return done(tls_ctx_allow_unknown_revocation(raw(), on)); }
    Context &allow_expired_crls(bool on = true) { return done(tls_ctx_allow_expired_crls(raw(), on)); }
    Context &add_pin(Bytes spki_sha256) { return done(tls_ctx_add_pin(raw(), spki_sha256.data(), spki_sha256.size())); }
    Context &trust_pins_alone(bool on = true) { return done(tls_ctx_trust_pins_alone(raw(), on)); }
    Context &set_partial_chain(bool on = true) { return done(tls_ctx_set_partial_chain(raw(), on)); }
    Context &set_strict_certificates(bool on = true) { return done(tls_ctx_set_strict_certificates(raw(), on)); }
    Context &set_verify_depth(std::size_t depth) { return done(tls_ctx_set_verify_depth(raw(), depth)); }
    Context &set_clock(ClockCallback call) { return hook(tls_ctx_set_clock, Trampoline::clock, std::move(call)); }
    Context &set_verify_required() { return done(tls_ctx_set_verify(raw(), TLS_VERIFY_REQUIRED)); }
    Context &danger_accept_any_name() { return done(tls_ctx_danger_accept_any_name(raw())); }
    Context &danger_accept_any_cert() { return done(tls_ctx_danger_accept_any_cert(raw())); }
    Context &set_legacy_common_name(bool on) { return done(tls_ctx_set_legacy_common_name(raw(), on)); }
    Context &set_verify_callback(VerifyCallback call)
    {
        return hook(tls_ctx_set_verify_callback, Trampoline::verify, std::move(call));
    }
    Context &set_client_auth(ClientAuth mode) { return done(tls_ctx_set_client_auth(raw(), static_cast<int>(mode))); }
    Context &set_client_ca_file(std::string_view path) { return done(tls_ctx_set_client_ca_file(raw(), Text(path))); }
    Context &set_client_ca_mem(Bytes ca) { return done(tls_ctx_set_client_ca_mem(raw(), ca.data(), ca.size())); }
    Context &set_client_ca_trusted() { return done(tls_ctx_set_client_ca_trusted(raw())); }
    Context &set_ocsp(Ocsp mode) { return done(tls_ctx_set_ocsp(raw(), static_cast<int>(mode))); }

    // Keypairs, and what is stapled to them. Without `key` it stands beside the certificate.
    Context &add_keypair_file(std::string_view cert, std::string_view key = {})
    {
        return done(tls_ctx_add_keypair_file(raw(), Text(cert), key.empty() ? nullptr : static_cast<const char *>(Text(key))));
    }
    Context &add_keypair_mem(Bytes cert, Bytes key = {})
    {
        return done(tls_ctx_add_keypair_mem(raw(), cert.data(), cert.size(), key.data(), key.size()));
    }
    Context &set_keypair_file(std::string_view cert, std::string_view key = {})
    {
        return done(tls_ctx_set_keypair_file(raw(), Text(cert), key.empty() ? nullptr : static_cast<const char *>(Text(key))));
    }
    Context &set_keypair_mem(Bytes cert, Bytes key = {})
    {
        return done(tls_ctx_set_keypair_mem(raw(), cert.data(), cert.size(), key.data(), key.size()));
    }
    Context &set_keypairs_of(const Context &from) { return done(tls_ctx_set_keypairs_of(raw(), from.raw())); }
    Context &add_keypair_callback(Bytes cert, KeyCallbacks keys)
    {
        tls_key_callbacks table{};
        table.sign = keys.sign ? Trampoline::sign : nullptr;
        table.decrypt = keys.decrypt ? Trampoline::decrypt : nullptr;
        table.release = Trampoline::release<KeyCallbacks>;
        auto held = std::make_unique<KeyCallbacks>(std::move(keys));
        done(tls_ctx_add_keypair_callback(raw(), cert.data(), cert.size(), &table, held.get()));
        return (void)held.release(), *this;
    }
    /// Without a password the callback is asked.
    Context &add_pkcs12_file(std::string_view path) { return done(tls_ctx_add_pkcs12_file(raw(), Text(path), nullptr)); }
    Context &add_pkcs12_file(std::string_view path, std::string_view password)
    {
        return done(tls_ctx_add_pkcs12_file(raw(), Text(path), Text(password)));
    }
    Context &add_pkcs12_mem(Bytes pfx) { return done(tls_ctx_add_pkcs12_mem(raw(), pfx.data(), pfx.size(), nullptr)); }
    Context &add_pkcs12_mem(Bytes pfx, std::string_view password)
    {
        return done(tls_ctx_add_pkcs12_mem(raw(), pfx.data(), pfx.size(), Text(password)));
    }
    Context &set_pkcs12_file(std::string_view path) { return done(tls_ctx_set_pkcs12_file(raw(), Text(path), nullptr)); }
    Context &set_pkcs12_file(std::string_view path, std::string_view password)
    {
        return done(tls_ctx_set_pkcs12_file(raw(), Text(path), Text(password)));
    }
    Context &set_pkcs12_mem(Bytes pfx) { return done(tls_ctx_set_pkcs12_mem(raw(), pfx.data(), pfx.size(), nullptr)); }
    Context &set_pkcs12_mem(Bytes pfx, std::string_view password)
    {
        return done(tls_ctx_set_pkcs12_mem(raw(), pfx.data(), pfx.size(), Text(password)));
    }
    Context &set_password_callback(PasswordCallback call)
    {
        return hook(tls_ctx_set_password_callback, Trampoline::password, std::move(call));
    }
    Context &set_ocsp_response_mem(std::size_t keypair, Bytes response)
    {
        return done(tls_ctx_set_ocsp_response_mem(raw(), keypair, response.data(), response.size()));
    }
    Context &set_ocsp_response_file(std::size_t keypair, std::string_view path)
    {
        return done(tls_ctx_set_ocsp_response_file(raw(), keypair, Text(path)));
    }
    Context &set_scts_mem(std::size_t keypair, Bytes list)
    {
        return done(tls_ctx_set_scts_mem(raw(), keypair, list.data(), list.size()));
    }
    Context &request_scts(bool on = true) { return done(tls_ctx_request_scts(raw(), on)); }
    Context &set_dh_params_file(std::string_view path) { return done(tls_ctx_set_dh_params_file(raw(), Text(path))); }
    Context &set_dh_params_mem(Bytes params) { return done(tls_ctx_set_dh_params_mem(raw(), params.data(), params.size())); }
    Context &danger_accept_1024_bit_dh() { return done(tls_ctx_danger_accept_1024_bit_dh(raw())); }

    // Pre-shared keys.
    Context &set_psk(Bytes identity, Bytes key)
    {
        return done(tls_ctx_set_psk(raw(), identity.data(), identity.size(), key.data(), key.size()));
    }
    Context &set_psk_hint(Bytes hint) { return done(tls_ctx_set_psk_hint(raw(), hint.data(), hint.size())); }
    Context &set_psk_callback(PskCallbacks keys)
    {
        tls_psk_callbacks table{};
        table.client = keys.client ? Trampoline::client_psk : nullptr;
        table.server = keys.server ? Trampoline::server_psk : nullptr;
        table.release = Trampoline::release<PskCallbacks>;
        auto held = std::make_unique<PskCallbacks>(std::move(keys));
        done(tls_ctx_set_psk_callback(raw(), &table, held.get()));
        return (void)held.release(), *this;
    }
    Context &clear_psk() { return done(tls_ctx_set_psk_callback(raw(), nullptr, nullptr)); }

    // Sessions and ticket keys.
    Context &set_tickets(bool on) { return done(tls_ctx_set_tickets(raw(), on)); }
    Context &set_session_cache(std::size_t sessions) { return done(tls_ctx_set_session_cache(raw(), sessions)); }
    Context &set_client_session_cache(std::size_t sessions) { return done(tls_ctx_set_client_session_cache(raw(), sessions)); }
    Context &set_session_lifetime(std::uint32_t seconds) { return done(tls_ctx_set_session_lifetime(raw(), seconds)); }
    Context &set_session_id_context(Bytes id) { return done(tls_ctx_set_session_id_context(raw(), id.data(), id.size())); }
    Context &set_session_store(SessionStore store)
    {
        tls_session_store table{};
        table.get = store.get ? Trampoline::get : nullptr;
        table.put = store.put ? Trampoline::put : nullptr;
        table.remove = store.remove ? Trampoline::remove : nullptr;
        table.release = Trampoline::release<SessionStore>;
        auto held = std::make_unique<SessionStore>(std::move(store));
        done(tls_ctx_set_session_store(raw(), &table, held.get()));
        return (void)held.release(), *this;
    }
    Context &set_ticket_keys_file(std::string_view path) { return done(tls_ctx_set_ticket_keys_file(raw(), Text(path))); }
    Context &set_ticket_keys_mem(Bytes keys) { return done(tls_ctx_set_ticket_keys_mem(raw(), keys.data(), keys.size())); }
    Context &add_ticket_key_mem(Bytes key, std::uint64_t encrypt, std::uint64_t decrypt)
    {
        return done(tls_ctx_add_ticket_key_mem(raw(), key.data(), key.size(), encrypt, decrypt));
    }
    Context &add_ticket_key_file(std::string_view path, std::uint64_t encrypt, std::uint64_t decrypt)
    {
        return done(tls_ctx_add_ticket_key_file(raw(), Text(path), encrypt, decrypt));
    }
    Context &remove_ticket_key(Bytes name)
    {
        return done(tls_ctx_remove_ticket_key(raw(), static_cast<const std::uint8_t *>(name.data()), name.size()));
    }
    Context &set_ticket_master(Bytes secret, std::uint32_t epoch)
    {
        return done(tls_ctx_set_ticket_master(raw(), secret.data(), secret.size(), epoch));
    }
    Context &set_ticket_key_callback(TicketKeyCallback call)
    {
        return hook(tls_ctx_set_ticket_key_callback, Trampoline::ticket_key, std::move(call));
    }

    // What servers decide by a ClientHello.
    Context &set_hello_callback(HelloCallback call) { return hook(tls_ctx_set_hello_callback, Trampoline::hello, std::move(call)); }
    Context &set_certificate_callback(HelloCallback call)
    {
        return hook(tls_ctx_set_certificate_callback, Trampoline::hello, std::move(call));
    }
    Context &set_alpn_callback(AlpnCallback call) { return hook(tls_ctx_set_alpn_callback, Trampoline::alpn, std::move(call)); }

    // Records, limits, extensions.
    Context &set_renegotiation(Renegotiation mode) { return done(tls_ctx_set_renegotiation(raw(), static_cast<int>(mode))); }
    Context &set_key_limit(std::uint64_t limit) { return done(tls_ctx_set_key_limit(raw(), limit)); }
    Context &set_max_fragment_length(std::size_t length) { return done(tls_ctx_set_max_fragment_length(raw(), length)); }
    Context &set_record_size_limit(std::size_t limit) { return done(tls_ctx_set_record_size_limit(raw(), limit)); }
    Context &set_max_send_fragment(std::size_t bytes) { return done(tls_ctx_set_max_send_fragment(raw(), bytes)); }
    Context &set_hello_padding(std::size_t bytes) { return done(tls_ctx_set_hello_padding(raw(), bytes)); }
    Context &set_fallback_scsv(bool on) { return done(tls_ctx_set_fallback_scsv(raw(), on)); }

    // To look inside.
    Context &set_trace(LineCallback call) { return hook(tls_ctx_set_trace, Trampoline::line, std::move(call)); }
    Context &danger_set_message_callback(MessageCallback call)
    {
        return hook(tls_ctx_danger_set_message_callback, Trampoline::message, std::move(call));
    }
    Context &danger_set_keylog(LineCallback call) { return hook(tls_ctx_danger_set_keylog, Trampoline::line, std::move(call)); }
    Context &danger_set_keylog_file(std::string_view path) { return done(tls_ctx_danger_set_keylog_file(raw(), Text(path))); }
    /// The file that SSLKEYLOGFILE names, if it names one.
    Context &danger_set_keylog_file() { return done(tls_ctx_danger_set_keylog_file(raw(), nullptr)); }

  private:
    friend class Connection;
    friend class Pending;
    friend class Verify;
    using Text = detail::Text;
    explicit Context(tls_ctx *raw) noexcept : raw_(raw) {}
    tls_ctx *raw() const noexcept { return raw_.get(); }

    Context &done(int rc)
    {
        if (rc == TLS_OK)
            return *this;
        Trampoline::rethrow_password();
        tls_error_info error{};
        if (tls_ctx_error(raw(), &error) != TLS_OK)
            detail::moved_from();
        detail::fail(rc, error);
    }
    /// A callback with its `release`; an empty one ends what was set before.
    template <class Set, class C, class F> Context &hook(Set set, C *trampoline, F call)
    {
        if (!call)
            return done(set(raw(), nullptr, nullptr, nullptr));
        auto held = std::make_unique<F>(std::move(call));
        done(set(raw(), trampoline, held.get(), Trampoline::release<F>));
        return (void)held.release(), *this;
    }
    std::string text(std::ptrdiff_t (*list)(const tls_ctx *, char *, std::size_t)) const
    {
        std::string out;
        for (std::ptrdiff_t n = list(raw(), nullptr, 0); n > static_cast<std::ptrdiff_t>(out.size());) {
            out.resize(static_cast<std::size_t>(n) + 1); // C wants room for its NUL
            n = list(raw(), &out[0], out.size());
            if (n < static_cast<std::ptrdiff_t>(out.size()))
                return out.resize(n > 0 ? static_cast<std::size_t>(n) : 0), out;
        }
        return out;
    }

    detail::Handle<tls_ctx, tls_ctx_free> raw_;
};

inline void Pending::use_context(const Context &context) { done(tls_pending_use_ctx(raw_.get(), context.raw())); }
inline void Pending::use_keypairs_of(const Context &context) { done(tls_pending_use_keypairs_of(raw_.get(), context.raw())); }

} // namespace tlscore

#endif
