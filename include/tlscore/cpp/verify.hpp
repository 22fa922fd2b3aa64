// Part of <tlscore/tls.hpp>: certificates verified without a connection.
#ifndef TLSCORE_CPP_VERIFY_HPP
#define TLSCORE_CPP_VERIFY_HPP

#include <tlscore/cpp/context.hpp>

namespace tlscore {

/// A verification by what a context trusts and asks. tls_verify_NAME() in <tlscore/tls.h> says what NAME() does; setters
/// throw UsageError, a certificate that does not verify is a TlsError.
class Verify {
  public:
    explicit Verify(const Context &context) : raw_(tls_verify_new(context.raw())) {}

    Verify &set_name(std::string_view name) { return done(tls_verify_set_name(raw(), Text(name))); }
    Verify &set_no_name() { return done(tls_verify_set_name(raw(), nullptr)); }
    Verify &set_purpose(Role owner) { return done(tls_verify_set_purpose(raw(), static_cast<int>(owner))); }
    Verify &set_time(std::int64_t unix_time) { return done(tls_verify_set_time(raw(), unix_time)); }
    Verify &set_depth(std::size_t depth) { return done(tls_verify_set_depth(raw(), depth)); }
    Verify &add_untrusted_mem(Bytes certs) { return done(tls_verify_add_untrusted_mem(raw(), certs.data(), certs.size())); }
    Verify &add_untrusted_file(std::string_view path) { return done(tls_verify_add_untrusted_file(raw(), Text(path))); }
    Verify &add_untrusted(const Certificate &cert) { return done(tls_verify_add_untrusted_cert(raw(), cert.raw_.get())); }

    /// The verified path: leaf, intermediates, the trusted certificate.
    std::vector<Certificate> mem(Bytes leaf) { return done(tls_verify_mem(raw(), leaf.data(), leaf.size())).path(); }
    std::vector<Certificate> file(std::string_view path) { return done(tls_verify_file(raw(), Text(path))).path(); }
    std::vector<Certificate> certificate(const Certificate &leaf)
    {
        return done(tls_verify_cert(raw(), leaf.raw_.get())).path();
    }

  private:
    using Text = detail::Text;
    tls_verify *raw() const noexcept { return raw_.get(); }
    Verify &done(int rc)
    {
        if (rc == TLS_OK)
            return *this;
        tls_error_info error{};
        if (tls_verify_error(raw(), &error) != TLS_OK)
            detail::moved_from();
        detail::fail(rc, error);
    }
    std::vector<Certificate> path() const
    {
        std::vector<Certificate> all;
        for (std::size_t i = 0; i < tls_verify_path_len(raw()); i++)
            all.push_back(Certificate(tls_cert_ref(tls_verify_path(raw(), i))));
        return all;
    }

    detail::Handle<tls_verify, tls_verify_free> raw_;
};

} // namespace tlscore

#endif
