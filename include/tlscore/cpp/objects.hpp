// Part of <tlscore/tls.hpp>: certificates and sessions.
#ifndef TLSCORE_CPP_OBJECTS_HPP
#define TLSCORE_CPP_OBJECTS_HPP

#include <tlscore/cpp/base.hpp>

#include <memory>

namespace tlscore {

class Connection;
class Verdict;
class Verify;

/// A certificate, for reading. What views show belongs to it.
class Certificate {
  public:
    /// Another reference to the same.
    Certificate share() const { return Certificate(tls_cert_ref(raw_.get())); }

    /// Those of a file, or of memory, in PEM, or the one in DER: for reading, nothing is verified. Throws UsageError.
    static std::vector<Certificate> load_file(std::string_view path)
    {
        const detail::Text text(path);
        return load([&](std::size_t *count, tls_error_info *error) {
            return tls_certs_from_file(text, count, error);
        });
    }
    static std::vector<Certificate> load_mem(Bytes bytes)
    {
        return load([&](std::size_t *count, tls_error_info *error) {
            return tls_certs_from_mem(bytes.data(), bytes.size(), count, error);
        });
    }
    std::string_view pem() const noexcept { return detail::text_or_empty(tls_cert_pem(raw_.get())); }
    int version() const noexcept { return tls_cert_version(raw_.get()); }
    std::string_view common_name() const noexcept { return detail::text_or_empty(tls_cert_common_name(raw_.get())); }
    std::string_view fingerprint_sha1() const noexcept { return detail::text_or_empty(tls_cert_fingerprint_sha1(raw_.get())); }
    std::string_view key_type() const noexcept { return detail::text_or_empty(tls_cert_key_type(raw_.get())); }
    std::string_view key_curve() const noexcept { return detail::text_or_empty(tls_cert_key_curve(raw_.get())); }
    int key_bits() const noexcept { return tls_cert_key_bits(raw_.get()); }
    std::string_view signature_algorithm() const noexcept
    {
        return detail::text_or_empty(tls_cert_signature_algorithm(raw_.get()));
    }
    bool is_ca() const noexcept { return tls_cert_is_ca(raw_.get()) == 1; }
    bool is_for(const char *name) const noexcept { return tls_cert_is_for(raw_.get(), name) == 1; }
    /// Empty: everything.
    std::string_view key_usage() const noexcept { return detail::text_or_empty(tls_cert_key_usage(raw_.get())); }
    /// "sha256//" and base64; spki_sha256() has the bytes (none where the certificate does not parse).
    std::string_view pin() const noexcept { return detail::text_or_empty(tls_cert_pin(raw_.get())); }
    std::vector<std::uint8_t> spki_sha256() const
    {
        std::vector<std::uint8_t> out(32);
        if (tls_cert_spki_sha256(raw_.get(), out.data(), out.size()) != TLS_OK)
            out.clear();
        return out;
    }
    ByteView spki() const noexcept
    {
        std::size_t len = 0;
        const void *bytes = tls_cert_spki(raw_.get(), &len);
        return detail::view(bytes, len);
    }
    /// extendedKeyUsage; none: everything.
    std::vector<std::string_view> purposes() const
    {
        std::vector<std::string_view> all;
        for (std::size_t i = 0; i < tls_cert_purpose_count(raw_.get()); i++)
            all.push_back(detail::text_or_empty(tls_cert_purpose(raw_.get(), i)));
        return all;
    }

    /// An extension; `oid` is dotted.
    struct Extension {
        std::string_view oid;
        bool critical;
        ByteView value;
    };
    std::vector<Extension> extensions() const
    {
        std::vector<Extension> all;
        for (std::size_t i = 0; i < tls_cert_extension_count(raw_.get()); i++)
            all.push_back(extension(i));
        return all;
    }
    std::optional<Extension> extension(std::string_view oid) const
    {
        const std::size_t at = tls_cert_extension_find(raw_.get(), detail::Text(oid));
        return at < tls_cert_extension_count(raw_.get()) ? std::optional<Extension>(extension(at)) : std::nullopt;
    }

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
    friend class Verify;
    explicit Certificate(tls_cert *raw) noexcept : raw_(raw) {}
    /// A file, read once for all that is in it.
    template <class Read> static std::vector<Certificate> load(Read &&read)
    {
        std::size_t count = 0;
        tls_error_info error{};
        const std::unique_ptr<tls_cert *, void (*)(tls_cert **)> found(read(&count, &error), tls_certs_free);
        if (!found)
            detail::fail(detail::code_of(error), error);
        std::vector<Certificate> all;
        all.reserve(count);
        for (std::size_t i = 0; i < count; i++)
            all.push_back(Certificate(tls_cert_ref(found.get()[i])));
        return all;
    }
    Extension extension(std::size_t i) const noexcept
    {
        std::size_t len = 0;
        const void *value = tls_cert_extension_value(raw_.get(), i, &len);
        return {detail::text_or_empty(tls_cert_extension_oid(raw_.get(), i)),
                tls_cert_extension_critical(raw_.get(), i) == 1, detail::view(value, len)};
    }
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
