// Part of <tlscore/tls.hpp>: certificates and sessions.
#ifndef TLSCORE_CPP_OBJECTS_HPP
#define TLSCORE_CPP_OBJECTS_HPP

#include <tlscore/cpp/base.hpp>

namespace tlscore {

class Connection;
class Verdict;

/// A certificate, for reading. What views show belongs to it.
class Certificate {
  public:
    /// Another reference to the same.
    Certificate share() const { return Certificate(tls_cert_ref(raw_.get())); }

    ByteView der() const noexcept
    {
        std::size_t len = 0;
        const void *bytes = tls_cert_der(raw_.get(), &len);
        return detail::view(bytes, len);
    }
    std::string_view subject() const noexcept { return detail::text_or_empty(tls_cert_subject(raw_.get())); }
    std::string_view issuer() const noexcept { return detail::text_or_empty(tls_cert_issuer(raw_.get())); }
    std::string_view serial() const noexcept { return detail::text_or_empty(tls_cert_serial(raw_.get())); }
    std::string_view fingerprint() const noexcept { return detail::text_or_empty(tls_cert_fingerprint(raw_.get())); }
    /// Seconds since 1970.
    std::int64_t not_before() const noexcept { return tls_cert_not_before(raw_.get()); }
    std::int64_t not_after() const noexcept { return tls_cert_not_after(raw_.get()); }

    /// A name of its subjectAltName; `type` is one of TLS_NAME_*.
    struct Name {
        int type;
        std::string_view text;
    };
    std::vector<Name> names() const
    {
        std::vector<Name> all;
        for (std::size_t i = 0; i < tls_cert_name_count(raw_.get()); i++)
            all.push_back({tls_cert_name_type(raw_.get(), i), detail::text_or_empty(tls_cert_name(raw_.get(), i))});
        return all;
    }

  private:
    friend class Connection;
    friend class Verdict;
    explicit Certificate(tls_cert *raw) noexcept : raw_(raw) {}
    detail::Handle<tls_cert, tls_cert_free> raw_;
};

/// A client's session: what a later connection resumes.
class Session {
  public:
    /// Reads what save() wrote. Throws UsageError (TLS_REASON_BAD_SESSION).
    static Session load(Bytes saved)
    {
        tls_session *raw = nullptr;
        tls_error_info error{};
        const int rc = tls_session_import(saved.data(), saved.size(), &raw, &error);
        if (rc != TLS_OK)
            detail::fail(rc, error);
        return Session(raw);
    }
    /// It as bytes that hold secrets: keep them as you keep a private key.
    std::vector<std::uint8_t> save() const
    {
        auto out = detail::bytes_of([this](void *to, std::size_t cap) { return tls_session_export(raw_.get(), to, cap); });
        if (out.empty())
            detail::moved_from();
        return out;
    }
    /// Another reference to the same.
    Session share() const { return Session(tls_session_ref(raw_.get())); }

    /// Seconds since 1970, and for how many seconds from then on.
    std::int64_t issued() const noexcept { return tls_session_issued(raw_.get()); }
    std::uint32_t lifetime() const noexcept { return tls_session_lifetime(raw_.get()); }
    bool has_ticket() const noexcept { return tls_session_has_ticket(raw_.get()) == 1; }
    ByteView id() const noexcept
    {
        std::size_t len = 0;
        const std::uint8_t *bytes = tls_session_id(raw_.get(), &len);
        return detail::view(bytes, len);
    }
    std::string_view server_name() const noexcept { return detail::text_or_empty(tls_session_server_name(raw_.get())); }
    std::string_view cipher() const noexcept { return detail::text_or_empty(tls_session_cipher(raw_.get())); }

  private:
    friend class Connection;
    explicit Session(tls_session *raw) noexcept : raw_(raw) {}
    detail::Handle<tls_session, tls_session_free> raw_;
};

} // namespace tlscore

#endif
