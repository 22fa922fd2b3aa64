// Text for C may be a password: its copy is wiped, also where it is refused. All memory that is given back is looked at.
#include "check.hpp"

#include <cstdlib>
#include <cstring>
#include <malloc.h>
#include <new>

static const char secret[] = "correct horse battery staple";
static int found;

void *operator new(std::size_t size)
{
    if (void *at = std::malloc(size)) {
        std::memset(at, 0, malloc_usable_size(at));
        return at;
    }
    throw std::bad_alloc();
}
void operator delete(void *at) noexcept
{
    if (at && memmem(at, malloc_usable_size(at), secret, sizeof secret - 1))
        found++;
    std::free(at);
}
void operator delete(void *at, std::size_t) noexcept { operator delete(at); }

int main()
{
    using namespace tlscore;
    {
        const std::string kept(secret); // not ours
    }
    CHECK_EQ(found, 1);
    found = 0;
    Context context = Context::server();
    CHECK_THROWS(UsageError, TLS_REASON_WRONG_PASSWORD, context.add_pkcs12_file("tests/keys/openssl.p12", secret));
    CHECK_EQ(found, 0);
    try {
        context.add_pkcs12_file("tests/keys/openssl.p12", std::string_view(secret, sizeof secret)); // its NUL too
        CHECK(false);
    } catch (const std::invalid_argument &) {
        passed++;
    }
    CHECK_EQ(found, 0);
    return checks_done();
}
