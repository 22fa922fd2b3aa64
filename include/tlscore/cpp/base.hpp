// Part of <tlscore/tls.hpp>: bytes, text, wants and errors.
#ifndef TLSCORE_CPP_BASE_HPP
#define TLSCORE_CPP_BASE_HPP

#include <tlscore/tls.h>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <initializer_list>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>
#if __has_include(<span>) && __cplusplus >= 202002L
#include <span>
#endif

namespace tlscore {

#if defined(__cpp_lib_span)
template <class T> using span = std::span<T>;
#else
/// What std::span is in C++20, as far as it is needed here.
template <class T> class span {
  public:
    constexpr span() noexcept = default;
    constexpr span(T *data, std::size_t size) noexcept : data_(data), size_(size) {}
    constexpr T *data() const noexcept { return data_; }
    constexpr std::size_t size() const noexcept { return size_; }
    constexpr bool empty() const noexcept { return size_ == 0; }
    constexpr T *begin() const noexcept { return data_; }
    constexpr T *end() const noexcept { return data_ + size_; }
    constexpr T &operator[](std::size_t at) const noexcept { return data_[at]; }

  private:
    T *data_ = nullptr;
    std::size_t size_ = 0;
};
#endif

/// Bytes that belong to somebody else.
using ByteView = span<const std::uint8_t>;

namespace detail {
// What `C` gives out by data() has the size of a byte and can be copied as one.
template <class C>
using Element = std::remove_pointer_t<decltype(std::data(std::declval<C &>()))>;
template <class C>
using IfBytes = std::enable_if_t<sizeof(Element<C>) == 1 && std::is_trivially_copyable_v<Element<C>>>;
template <class C>
using IfWritableBytes = std::enable_if_t<sizeof(Element<C>) == 1 && std::is_trivially_copyable_v<Element<C>> &&
                                         !std::is_const_v<Element<C>>>;

inline std::string_view text_or_empty(const char *text) noexcept { return text ? std::string_view(text) : std::string_view(); }
inline ByteView view(const void *data, std::size_t size) noexcept
{
    return {static_cast<const std::uint8_t *>(data), data ? size : 0};
}
} // namespace detail

/// Bytes to read, borrowed for a call: a string, a vector or array of bytes, a span. A `const char *` and a literal are
/// text that ends at its NUL.
class Bytes {
  public:
    constexpr Bytes() noexcept = default;
    Bytes(const void *data, std::size_t size) noexcept : data_(data), size_(size) {}
    Bytes(const char *text) noexcept : Bytes(std::string_view(text)) {}
    Bytes(std::string_view text) noexcept : data_(text.data()), size_(text.size()) {}
    template <class C, class = detail::IfBytes<const C>, class = std::enable_if_t<!std::is_array_v<C>>>
    Bytes(const C &bytes) noexcept : data_(std::data(bytes)), size_(std::size(bytes))
    {
    }
    Bytes(std::initializer_list<std::uint8_t>) = delete; // would be gone
    /// A buffer is no text: it says with Bytes(buf, length) how much of it is meant.
    template <std::size_t N> Bytes(char (&)[N]) = delete;
    const void *data() const noexcept { return data_; }
    std::size_t size() const noexcept { return size_; }

  private:
    const void *data_ = nullptr;
    std::size_t size_ = 0;
};

/// Room to write to, borrowed for a call, possibly uninitialised: an array, a vector, a span.
class Buffer {
  public:
    Buffer(void *data, std::size_t size) noexcept : data_(data), size_(size) {}
    template <class C, class = detail::IfWritableBytes<C>>
    Buffer(C &&bytes) noexcept : data_(std::data(bytes)), size_(std::size(bytes))
    {
    }
    void *data() const noexcept { return data_; }
    std::size_t size() const noexcept { return size_; }

  private:
    void *data_;
    std::size_t size_;
};

namespace detail {
/// Zeros that no compiler leaves out.
inline void wipe(std::string &text) noexcept
{
    volatile char *at = text.empty() ? nullptr : &text[0];
    for (std::size_t i = 0; i < text.size(); i++)
        at[i] = 0;
}

/// Text for C: ends with a NUL and holds none. It may be a password: the copy is wiped.
class Text {
  public:
    explicit Text(std::string_view text) : text_(checked(text)) {}
    Text(const Text &) = delete;
    Text &operator=(const Text &) = delete;
    ~Text() { wipe(text_); }
    operator const char *() const noexcept { return text_.c_str(); }

  private:
    // Before there is a copy: nobody would wipe it.
    static std::string_view checked(std::string_view text)
    {
        if (text.find('\0') != std::string_view::npos)
            throw std::invalid_argument("tlscore: a NUL inside of text");
        return text;
    }
    std::string text_;
};
} // namespace detail

/// What to wait for before the same call is repeated. Not an error.
enum class Want {
    nothing, ///< the call is done
    read,    ///< the transport must become readable
    write,   ///< the transport must become writable
    app,     ///< an answer of the application's own (Connection::question())
};

/// What became of reading or writing: some bytes, a want, or the end. True when there are bytes.
class Io {
  public:
    static Io bytes(std::size_t n) noexcept { return Io(static_cast<std::ptrdiff_t>(n)); }
    static Io end() noexcept { return Io(0); }
    static Io wants(Want want) noexcept
    {
        return Io(want == Want::read ? TLS_WANT_READ : want == Want::write ? TLS_WANT_WRITE : TLS_WANT_APP);
    }
    /// For transports alone: the operating system's errno, or 0.
    static Io failed(int os_errno = 0) noexcept
    {
        Io io(TLS_ERR_IO);
        io.os_errno_ = os_errno;
        return io;
    }
    explicit Io(std::ptrdiff_t code) noexcept : code_(code) {}

    explicit operator bool() const noexcept { return code_ > 0; }
    std::size_t size() const noexcept { return code_ > 0 ? static_cast<std::size_t>(code_) : 0; }
    /// Neither bytes nor a want: when reading, the peer closed and all was read.
    bool ended() const noexcept { return code_ == 0; }
    Want want() const noexcept
    {
        return code_ == TLS_WANT_READ    ? Want::read
               : code_ == TLS_WANT_WRITE ? Want::write
               : code_ == TLS_WANT_APP   ? Want::app
                                         : Want::nothing;
    }
    std::ptrdiff_t code() const noexcept { return code_; }
    int os_errno() const noexcept { return os_errno_; }

  private:
    std::ptrdiff_t code_;
    int os_errno_ = 0;
};

/// Every failure of the library. Its classes below say what kind of code the C function gave.
class Error : public std::exception {
  public:
    Error(int code, const tls_error_info &info) : data_(std::make_shared<Data>(code, info)) {}
    Error(const Error &) noexcept = default; // and no move: what is left behind still says why
    Error &operator=(const Error &) noexcept = default;
    /// "NAME: sentence".
    const char *what() const noexcept override { return data_->what.c_str(); }
    /// TLS_ERR_TLS, TLS_ERR_IO, TLS_ERR_USAGE or TLS_ERR_PANIC.
    int code() const noexcept { return data_->code; }
    /// One of TLS_REASON_*.
    int number() const noexcept { return data_->info.number; }
    /// One of TLS_FAMILY_*: who is to blame.
    int family() const noexcept { return data_->info.family; }
    std::string_view name() const noexcept { return data_->info.name; }
    std::string_view text() const noexcept { return data_->info.text; }
    /// The alert's number, where one belongs to the error; its name; and one of TLS_ALERT_*.
    std::optional<int> alert() const noexcept
    {
        return data_->info.alert < 0 ? std::nullopt : std::optional<int>(data_->info.alert);
    }
    std::string_view alert_name() const noexcept { return detail::text_or_empty(tls_alert_name(data_->info.alert)); }
    int alert_direction() const noexcept { return data_->info.alert_direction; }
    int os_errno() const noexcept { return data_->info.os_errno; }
    /// The certificate that it is about, by its place on the path: 0 is the leaf.
    std::optional<int> certificate() const noexcept
    {
        return data_->info.certificate < 0 ? std::nullopt : std::optional<int>(data_->info.certificate);
    }

  private:
    struct Data {
        Data(int c, const tls_error_info &i) : code(c), info(i), what(std::string(i.name) + ": " + i.text) {}
        int code;
        tls_error_info info;
        std::string what;
    };
    std::shared_ptr<const Data> data_; // so that copying an exception never throws
};

/// The connection failed: protocol, certificate, no common ground, the peer's fatal alert.
struct TlsError : Error {
    using Error::Error;
};
/// The transport failed, or ended without close_notify.
struct IoError : Error {
    using Error::Error;
};
/// The program's mistake: a wrong order or value, an unreadable file, an unknown word; a moved-from object.
struct UsageError : Error {
    using Error::Error;
};
/// A bug of the library, caught.
struct PanicError : Error {
    using Error::Error;
};

namespace detail {
/// The code that C functions return for this error.
inline int code_of(const tls_error_info &info) noexcept
{
    return info.number == TLS_REASON_PANICKED    ? TLS_ERR_PANIC
           : info.family == TLS_FAMILY_MISUSE    ? TLS_ERR_USAGE
           : info.family == TLS_FAMILY_TRANSPORT ? TLS_ERR_IO
                                                 : TLS_ERR_TLS;
}

[[noreturn]] inline void fail(int code, const tls_error_info &info)
{
    switch (code) {
    case TLS_ERR_TLS: throw TlsError(code, info);
    case TLS_ERR_IO: throw IoError(code, info);
    case TLS_ERR_PANIC: throw PanicError(code, info);
    default: throw UsageError(code, info);
    }
}

/// For what has no object to ask: a moved-from one, or an argument out of range.
[[noreturn]] inline void misuse(int number, std::string_view name, std::string_view text)
{
    tls_error_info info{};
    info.number = number;
    info.family = TLS_FAMILY_MISUSE;
    info.alert = -1;
    name.copy(info.name, sizeof info.name - 1);
    text.copy(info.text, sizeof info.text - 1);
    throw UsageError(TLS_ERR_USAGE, info);
}
[[noreturn]] inline void moved_from() { misuse(TLS_REASON_NULL_HANDLE, "NULL_HANDLE", "the object was moved from"); }

/// One reference of a handle: given back at the end, handed on by a move.
template <class T, void (*Free)(T *)> class Handle {
  public:
    Handle() noexcept = default;
    explicit Handle(T *raw) noexcept : raw_(raw) {}
    Handle(Handle &&other) noexcept : raw_(std::exchange(other.raw_, nullptr)) {}
    Handle &operator=(Handle &&other) noexcept
    {
        if (this != &other)
            reset(std::exchange(other.raw_, nullptr));
        return *this;
    }
    ~Handle() { reset(nullptr); }
    T *get() const noexcept { return raw_; }

  private:
    void reset(T *raw) noexcept
    {
        T *before = std::exchange(raw_, raw);
        if (before)
            Free(before);
    }
    T *raw_ = nullptr;
};

/// What a function of the form (out, cap) -> length gives: asked for its length first.
template <class F> std::vector<std::uint8_t> bytes_of(F &&copy)
{
    std::vector<std::uint8_t> out;
    for (std::ptrdiff_t n = copy(nullptr, 0); n > static_cast<std::ptrdiff_t>(out.size());) {
        out.resize(static_cast<std::size_t>(n));
        n = copy(out.data(), out.size());
    }
    return out;
}
} // namespace detail

/// The version of the library that is loaded.
inline std::string_view version() noexcept { return tls_version(); }
/// What it can do, as words between spaces.
inline std::string_view features() noexcept { return tls_features(); }
/// The registered name of an alert; empty for a number without one.
inline std::string_view alert_name(int alert) noexcept { return detail::text_or_empty(tls_alert_name(alert)); }

} // namespace tlscore

#endif
