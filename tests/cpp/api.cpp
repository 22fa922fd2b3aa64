// tls.hpp against itself in memory: what each class promises, and what it throws.
#include "check.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sys/inotify.h>
#include <thread>
#include <unistd.h>

using namespace tlscore;

static std::string file(const std::string &path)
{
    std::ifstream in(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
}

static void data_and_facts()
{
    Context c = client_context(), s = server_context();
    c.set_alpn("h2,http/1.1").set_groups("X25519:P-256").set_cipher_list("ECDHE+AESGCM");
    s.set_alpn("http/1.1");
    CHECK_EQ(c.groups(), "x25519:secp256r1");
    CHECK(c.ciphers().find("ECDHE-ECDSA-AES128-GCM-SHA256") != std::string::npos);
    Pair pair(c, s);
    CHECK_EQ(pair.client.cipher(), "");
    CHECK(pair.client.handshake() == Want::write);
    CHECK(pair.client.wants().write && !pair.client.wants().app);
    Pair::shuttle(pair.client, pair.server);
    CHECK(pair.handshake());
    CHECK(pair.client.established() && pair.client.verified() && !pair.client.resumed());
    CHECK_EQ(pair.client.version(), "TLSv1.2");
    CHECK_EQ(pair.client.group(), "x25519");
    CHECK_EQ(pair.client.alpn(), "http/1.1");
    CHECK_EQ(pair.server.server_name(), "localhost");
    CHECK(pair.server.role() == Role::server);
    CHECK_EQ(pair.server.keypair().value(), 0);
    CHECK(!pair.client.keypair());
    CHECK(!pair.client.error());
    CHECK_EQ(pair.client.peer_certs().size(), 2u);
    CHECK(pair.client.verified_certs().size() == 3);
    const Certificate leaf = pair.client.peer_certs().at(0).share();
    CHECK(leaf.der().size() > 100 && leaf.der()[0] == 0x30);
    CHECK_EQ(leaf.fingerprint().size(), 64u);
    CHECK(leaf.not_before() < leaf.not_after());
    CHECK(!leaf.names().empty() && leaf.names()[0].type == TLS_NAME_DNS);

    CHECK_EQ(pair.client.write("hello").size(), 5u);
    Pair::shuttle(pair.client, pair.server);
    std::vector<char> room(100);
    const Io got = pair.server.read(room);
    CHECK(got && got.size() == 5 && std::string_view(room.data(), 5) == "hello");
    const Io none = pair.server.read(room);
    CHECK(!none && !none.ended() && none.want() == Want::read);
    CHECK(pair.client.close() == Want::nothing || pair.client.wants().write);
    Pair::shuttle(pair.client, pair.server);
    CHECK(pair.server.read(room).ended());
    CHECK(pair.server.close_received() && pair.client.close_sent());

    CHECK(pair.client.export_key("EXPERIMENTAL x", 32) == pair.server.export_key("EXPERIMENTAL x", 32));
    CHECK(pair.client.export_key("EXPERIMENTAL x", 32) != pair.server.export_key("EXPERIMENTAL x", 32, Bytes("")));
    CHECK(pair.client.channel_binding(Binding::exporter) == pair.server.channel_binding(Binding::exporter));
    CHECK_EQ(pair.client.channel_binding(Binding::unique).size(), 12u);
}

// Number, name, sentence, alert and direction, on both sides.
static void errors()
{
    Context stranger = Context::client();
    stranger.add_ca_file(pki("other-ca.pem"));
    Pair pair(stranger, server_context());
    try {
        pair.handshake();
        CHECK(false);
    } catch (const TlsError &error) {
        const Error copy = error;
        CHECK_EQ(copy.number(), TLS_REASON_UNKNOWN_CA);
        CHECK_EQ(copy.name(), "UNKNOWN_CA");
        CHECK_EQ(copy.family(), TLS_FAMILY_CERTIFICATE);
        CHECK_EQ(copy.alert().value(), 48);
        CHECK_EQ(copy.alert_name(), "unknown_ca");
        CHECK_EQ(copy.alert_direction(), TLS_ALERT_SENT);
        CHECK_EQ(std::string(copy.what()), "UNKNOWN_CA: " + std::string(copy.text()));
    }
    CHECK_EQ(pair.client.error().value().number(), TLS_REASON_UNKNOWN_CA);
    CHECK_THROWS(TlsError, TLS_REASON_UNKNOWN_CA, pair.client.write("x")); // for ever
    std::array<std::uint8_t, 64> alert; // it is handed out before the error is
    pair.server.feed(Bytes(alert.data(), pair.client.drain(alert)));
    CHECK_THROWS(TlsError, TLS_REASON_UNKNOWN_CA, pair.client.drain(alert));
    CHECK_THROWS(TlsError, TLS_REASON_ALERT_RECEIVED, pair.server.handshake());
    CHECK_EQ(pair.server.error().value().alert_direction(), TLS_ALERT_RECEIVED);

    Context context = Context::client();
    CHECK_THROWS(UsageError, TLS_REASON_BAD_CIPHER_LIST, context.set_cipher_list("no-such-suite"));
    CHECK_THROWS(UsageError, TLS_REASON_BAD_POLICY_NAME, context.set_policy("strict"));
    CHECK_THROWS(UsageError, TLS_REASON_REFUSED_BY_POLICY, context.set_cipher_list("AES128-SHA"));
    CHECK_THROWS(UsageError, TLS_REASON_FILE_UNREADABLE, context.add_ca_file("no/such/file"));
    CHECK_THROWS(UsageError, TLS_REASON_WRONG_ROLE, Connection::server(context));
    CHECK_THROWS(UsageError, TLS_REASON_BAD_SERVER_NAME, Connection(context, "not a name"));
    CHECK_THROWS(UsageError, TLS_REASON_NO_KEYPAIR, Connection::server(Context::server()).handshake());
    CHECK_THROWS(UsageError, TLS_REASON_BAD_SESSION, Session::load("garbage"));
    Connection fresh = Connection::client(client_context());
    CHECK_THROWS(UsageError, TLS_REASON_NO_SERVER_NAME, fresh.handshake());
    CHECK_THROWS(UsageError, TLS_REASON_WRONG_ORDER, Pair(client_context(), server_context()).client.export_key("EXPERIMENTAL x", 32));
    CHECK_THROWS(UsageError, TLS_REASON_WRONG_ORDER, Pair(client_context(), server_context()).client.renegotiate());
    CHECK_EQ(pair.client.error().value().code(), TLS_ERR_TLS);
    CHECK_EQ(fresh.error().value().code(), TLS_ERR_USAGE);
    Connection torn(client_context(), "localhost");
    CHECK(torn.handshake() == Want::write);
    std::array<std::uint8_t, 1024> gone;
    torn.drain(gone);
    torn.feed_eof();
    CHECK_THROWS(IoError, TLS_REASON_EOF_IN_HANDSHAKE, torn.handshake());
    CHECK_EQ(torn.error().value().code(), TLS_ERR_IO);
    try { // C would read "localhost"
        Connection(client_context(), std::string_view("localhost\0.example.org", 22));
        CHECK(false);
    } catch (const std::invalid_argument &) {
        passed++;
    }
}

static void moved_from()
{
    Context context = client_context();
    const Context other = std::move(context);
    CHECK_THROWS(UsageError, TLS_REASON_NULL_HANDLE, context.set_policy("modern"));
    CHECK_THROWS(UsageError, TLS_REASON_NULL_HANDLE, Connection(context, "localhost"));
    CHECK_EQ(context.ciphers(), "");
    Pair pair(other, server_context());
    CHECK(pair.handshake());
    const Connection target = std::move(pair.client);
    CHECK(target.established());
    CHECK_THROWS(UsageError, TLS_REASON_NULL_HANDLE, pair.client.write("x"));
    CHECK_THROWS(UsageError, TLS_REASON_NULL_HANDLE, pair.client.handshake());
    CHECK_THROWS(UsageError, TLS_REASON_NULL_HANDLE, pair.client.set_fd(0));
    CHECK(!pair.client.established() && pair.client.cipher().empty() && pair.client.peer_certs().empty());
    CHECK(!pair.client.session() && !pair.client.question() && !pair.client.wants());
    pair.client = Connection(other, "localhost"); // usable again
    CHECK(pair.client.handshake() == Want::write);
    Session session = target.session().value();
    const Session kept = std::move(session);
    CHECK_THROWS(UsageError, TLS_REASON_NULL_HANDLE, session.save());
    CHECK_EQ(session.lifetime(), 0u);
    CHECK(kept.lifetime() > 0);
    try {
        Context::client().set_policy("strict");
        CHECK(false);
    } catch (UsageError &error) { // an error still says why
        const std::string said = error.what();
        const UsageError taken = std::move(error);
        CHECK_EQ(std::string(error.what()), said);
        CHECK_EQ(error.code(), taken.code());
    }
}

// What a connection lacks it can still get.
static void completed()
{
    Connection server = Connection::server(Context::server());
    CHECK_EQ(server.error().value().number(), TLS_REASON_NO_KEYPAIR);
    server.set_keypair_mem(file(pki("server-p256.pem")), file(pki("server-p256.key")));
    Pair pair(client_context(), server_context());
    pair.server = std::move(server);
    CHECK(pair.handshake());
    Context asking = server_context();
    asking.set_client_auth(ClientAuth::require);
    pair.client = Connection(client_context(), "localhost");
    pair.server = Connection::server(asking);
    CHECK_EQ(pair.server.error().value().number(), TLS_REASON_NO_TRUST_ANCHORS);
    pair.server.set_client_auth(ClientAuth::none);
    CHECK(pair.handshake());
    CHECK_THROWS(UsageError, TLS_REASON_NO_TRUST_ANCHORS, Connection::server(asking).handshake());
}

static void sessions()
{
    Context c = client_context(), s = server_context();
    Pair first(c, s);
    CHECK(first.handshake());
    const Session session = Session::load(first.client.session().value().save());
    CHECK(session.has_ticket() && session.id().empty());
    CHECK_EQ(session.server_name(), "localhost");
    c.set_client_session_cache(0);
    Pair second(c, s);
    second.client.set_session(session);
    CHECK(second.handshake());
    CHECK(second.client.resumed() && second.server.resumed());
    CHECK_THROWS(UsageError, TLS_REASON_WRONG_ROLE, second.server.set_session(session));
}

// A transport of std::functions; what they throw comes out of the verb.
static void io_callbacks()
{
    struct Broken : std::runtime_error {
        using std::runtime_error::runtime_error;
    };
    Connection client(client_context(), "localhost");
    std::vector<std::uint8_t> sent;
    client.set_io([](span<std::uint8_t>) { return Io::wants(Want::read); },
                  [&](ByteView bytes) { return sent.insert(sent.end(), bytes.begin(), bytes.end()), Io::bytes(bytes.size()); });
    Connection moved = std::move(client);
    CHECK(moved.handshake() == Want::read);
    CHECK(sent.size() > 50 && sent[0] == 0x16);
    moved.set_io([](span<std::uint8_t>) -> Io { throw Broken("torn cable"); }, [](ByteView) { return Io::failed(); });
    try {
        moved.handshake();
        CHECK(false);
    } catch (const Broken &error) {
        CHECK_EQ(std::string(error.what()), "torn cable");
    }
    CHECK_THROWS(IoError, TLS_REASON_TRANSPORT_FAILED, moved.handshake());
    Connection other(client_context(), "localhost");
    other.set_io([](span<std::uint8_t>) { return Io::end(); }, [](ByteView) { return Io::failed(104); });
    try {
        other.handshake();
        CHECK(false);
    } catch (const IoError &error) {
        CHECK_EQ(error.os_errno(), 104);
    }
    Connection half(client_context(), "localhost");
    CHECK_THROWS(UsageError, TLS_REASON_NULL_HANDLE, half.set_io([](span<std::uint8_t>) { return Io::end(); }, nullptr));
}

// Sending fails by an exception while data is there to be read: the data comes first.
static void io_exceptions_lose_nothing()
{
    Pair pair(client_context(), server_context());
    CHECK(pair.handshake());
    std::vector<std::uint8_t> waiting(4096);
    pair.server.write("data");
    waiting.resize(pair.server.drain(waiting));
    bool torn = false;
    pair.client.set_io(
        [&](span<std::uint8_t> room) {
            const std::size_t n = std::min(room.size(), waiting.size());
            std::copy_n(waiting.begin(), n, room.begin());
            waiting.erase(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(n));
            return n != 0 ? Io::bytes(n) : Io::wants(Want::read);
        },
        [&](ByteView) -> Io {
            if (torn)
                throw std::length_error("torn");
            return Io::wants(Want::write);
        });
    CHECK_EQ(pair.client.write("x").size(), 1u);
    torn = true;
    std::array<char, 16> room;
    CHECK_EQ(pair.client.read(room).size(), 4u);
    pair.client.set_key_limit_callback(nullptr); // no verb: it does not care
    try {
        pair.client.read(room);
        CHECK(false);
    } catch (const std::length_error &) {
        passed++;
    }
    CHECK_THROWS(IoError, TLS_REASON_TRANSPORT_FAILED, pair.client.write("x"));
}

static void hello_and_alpn()
{
    Context s = server_context(), rsa = server_context("rsa");
    std::string asked;
    s.set_hello_callback([&](Pending question, const Hello &hello) {
        asked = hello.server_name();
        CHECK_EQ(hello.version(), 0x0303);
        CHECK(hello.ciphers().size() > 3 && hello.groups().size() > 0 && hello.sigalgs().size() > 0);
        CHECK(hello.extension(0) && !hello.extension(4711));
        CHECK_EQ(hello.raw()[0], 1);
        CHECK_EQ(hello.alpn().size(), 2u);
        question.use_keypairs_of(rsa);
        CHECK_THROWS(UsageError, TLS_REASON_ALREADY_ANSWERED, question.go_on());
        return Answer::given;
    });
    s.set_alpn_callback([](const Hello &hello) { return AlpnChoice(hello.alpn().back()); });
    Context c = client_context();
    c.set_alpn("h2,http/1.1");
    Pair pair(c, s);
    CHECK(pair.handshake());
    CHECK_EQ(asked, "localhost");
    CHECK_EQ(pair.client.alpn(), "http/1.1");
    CHECK(pair.client.cipher().find("RSA") != std::string_view::npos);
    s.set_alpn_callback([](const Hello &) { return AlpnChoice("of my own"); }); // not offered
    CHECK_THROWS(TlsError, TLS_REASON_NO_APPLICATION_PROTOCOL, Pair(c, s).handshake());
    s.set_alpn_callback([](const Hello &) { return AlpnChoice::ignore(); });
    Pair without(c, s);
    CHECK(without.handshake());
    CHECK_EQ(without.client.alpn(), "");
    const auto refuses = [](Pending, const Hello &) -> Answer { throw std::runtime_error("no such tenant"); };
    const auto refused = [&] {
        try {
            Pair(c, s).handshake();
            CHECK(false);
        } catch (const TlsError &error) {
            CHECK_EQ(error.number(), TLS_REASON_CONNECTION_REJECTED);
            CHECK_EQ(error.alert().value(), 80);
            CHECK(error.text().find("no such tenant") != std::string_view::npos);
        }
    };
    s.set_hello_callback(refuses);
    refused();
    s.set_hello_callback([](Pending question, const Hello &) -> Answer {
        question.go_on();
        throw std::runtime_error("too late"); // the failure counts
    });
    CHECK_THROWS(TlsError, TLS_REASON_CONNECTION_REJECTED, Pair(c, s).handshake());
    s.set_hello_callback(nullptr).set_certificate_callback(refuses);
    refused();
    s.set_certificate_callback(nullptr).set_alpn_callback(nullptr).set_alpn("h2");
    Pair quiet(c, s);
    CHECK(quiet.handshake());
}

static void verification()
{
    Context c = client_context();
    c.set_verify_callback([](Pending, const Verdict &verdict) -> Answer {
        CHECK(verdict.accepted() && !verdict.error() && verdict.peer() == TLS_SERVER);
        CHECK_EQ(verdict.name(), "localhost");
        CHECK(verdict.path().size() > verdict.chain().size());
        throw std::runtime_error("I do not like it");
    });
    Context s = server_context();
    try {
        Pair(c, s).handshake();
        CHECK(false);
    } catch (const TlsError &error) {
        CHECK_EQ(error.number(), TLS_REASON_CERTIFICATE_VERIFY_FAILED);
        CHECK(error.text().find("I do not like it") != std::string_view::npos);
    }
    // Later, from another thread, with a wake-up.
    std::optional<Pending> kept;
    c.set_verify_callback([&](Pending question, const Verdict &) {
        kept = std::move(question);
        return Answer::later;
    });
    Pair pair(c, s);
    CHECK(!pair.handshake());
    CHECK(pair.client.wants().app);
    int woken = 0;
    Pending question = pair.client.question().value();
    question.set_wake([&] { woken++; });
    std::thread([&] { kept->verdict_stands(); }).join();
    CHECK_EQ(woken, 1);
    CHECK_THROWS(UsageError, TLS_REASON_ALREADY_ANSWERED, kept->refuse_peer("late"));
    CHECK(pair.handshake());
    // The connection's own callback accepts what the context refuses, by name.
    Context stranger = Context::client();
    stranger.add_ca_file(pki("other-ca.pem"));
    Pair pinned(stranger, s);
    pinned.client.set_verify_callback([](Pending pending, const Verdict &verdict) {
        CHECK_EQ(verdict.error().value().number(), TLS_REASON_UNKNOWN_CA);
        return pending.danger_accept_peer(), Answer::given;
    });
    CHECK(pinned.handshake());
    CHECK(!pinned.client.verified());
}

static void passwords()
{
    Context s = Context::server();
    CHECK_THROWS(UsageError, TLS_REASON_PASSWORD_NEEDED, s.add_keypair_file(pki("server-rsa.pem"), pki("server-rsa-encrypted.key")));
    std::string asked;
    s.set_password_callback([&](std::string_view place, std::size_t attempt) -> std::optional<std::string> {
        asked = std::string(place) + " " + std::to_string(attempt);
        if (attempt > 1)
            throw std::runtime_error("I know no more");
        return "wrong";
    });
    const auto knows_no_more = [](auto &&load) {
        try {
            load();
            CHECK(false);
        } catch (const std::runtime_error &error) {
            CHECK_EQ(std::string(error.what()), "I know no more");
        }
    };
    knows_no_more([&] { s.add_keypair_file(pki("server-rsa.pem"), pki("server-rsa-encrypted.key")); });
    Connection own = Connection::server(s);
    knows_no_more([&] { own.set_keypair_file(pki("server-rsa.pem"), pki("server-rsa-encrypted.key")); });
    CHECK_THROWS(UsageError, TLS_REASON_NO_KEYPAIR, own.handshake()); // and is heard once
    CHECK_EQ(asked, pki("server-rsa-encrypted.key") + " 2");
    CHECK_THROWS(UsageError, TLS_REASON_BAD_PKCS12, s.add_pkcs12_mem("garbage", "password"));
    s.set_password_callback(nullptr);
}

static void keys_and_stores()
{
    Context s = Context::server();
    std::string said;
    s.add_keypair_callback(file(pki("server-p256.pem")), KeyCallbacks{[&](Pending, int scheme, ByteView message) -> Answer {
        said = std::to_string(scheme) + " " + std::to_string(message.size() > 64);
        throw std::runtime_error("the token was pulled out");
    }});
    try {
        Pair(client_context(), s).handshake();
        CHECK(false);
    } catch (const TlsError &error) {
        CHECK_EQ(error.number(), TLS_REASON_SIGNING_FAILED);
        CHECK(error.text().find("pulled out") != std::string_view::npos);
    }
    CHECK_EQ(said, "1027 1");
    CHECK_THROWS(UsageError, TLS_REASON_NULL_HANDLE, s.add_keypair_callback(file(pki("server-p256.pem")), KeyCallbacks{}));

    Context c = client_context(), other = server_context();
    const std::string key(16, 'k');
    c.set_psk_callback(PskCallbacks{[&](Pending pending, ByteView) { return pending.answer_psk("me", key), Answer::given; }});
    other.set_psk_callback(PskCallbacks{nullptr, [&](Pending pending, ByteView identity) {
        CHECK_EQ(std::string(identity.begin(), identity.end()), "me");
        return pending.answer_psk(key), Answer::given;
    }});
    c.set_cipher_list("kECDHEPSK");
    Pair psk(c, other);
    CHECK(psk.handshake());
    CHECK_EQ(psk.server.psk_identity(), "me");

    std::vector<std::pair<std::vector<std::uint8_t>, std::vector<std::uint8_t>>> rows;
    const auto copy = [](ByteView bytes) { return std::vector<std::uint8_t>(bytes.begin(), bytes.end()); };
    Context stored = server_context();
    stored.set_tickets(false).set_session_store(SessionStore{
        [&](Pending pending, ByteView id) {
            for (const auto &[key_of, value] : rows)
                if (key_of == copy(id))
                    pending.answer_session(value);
            return Answer::given;
        },
        [&](ByteView id, ByteView value, std::uint32_t) { rows.emplace_back(copy(id), copy(value)); }});
    Context clients = client_context();
    Pair first(clients, stored), *second = nullptr;
    CHECK(first.handshake());
    CHECK_EQ(rows.size(), 1u);
    Pair again(clients, stored);
    second = &again;
    CHECK(second->handshake() && second->client.resumed());
}

static void lines_and_limits()
{
    Context c = client_context(), s = server_context();
    int lines = 0, secrets = 0;
    c.set_trace([&](std::string_view line) {
        lines += line.substr(0, 1) == "{";
        throw 1; // nobody hears it
    });
    c.danger_set_keylog([&](std::string_view line) { secrets += line.substr(0, 13) == "CLIENT_RANDOM"; });
    int sent = 0, finished = 0;
    s.danger_set_message_callback([&](const Message &message) {
        sent += message.sent && message.content_type == 22;
        finished += message.content_type == 22 && message.data[0] == 20;
        throw 1; // nobody hears it
    });
    c.set_key_limit(8);
    Pair pair(c, s);
    CHECK(pair.handshake());
    CHECK(lines > 10 && secrets == 1);
    CHECK(sent >= 5 && finished == 2);
    int told = 0;
    std::array<char, 1> room;
    pair.client.set_key_limit_callback([&] {
        told++;
        throw std::length_error("soon");
    });
    std::size_t taken = 0;
    const auto write_until_told = [&] {
        const int before = told;
        for (int i = 0; i < 8 && told == before; i++) {
            taken += pair.client.write("x").size();
            Pair::shuttle(pair.client, pair.server);
        }
    };
    write_until_told(); // what was taken is told, though the callback threw
    CHECK(told == 1 && taken > 0);
    CHECK_EQ(pair.server.read(room).size(), 1u);
    bool thrown = false;
    try {
        pair.client.write("x"); // not taken
    } catch (const std::length_error &) {
        thrown = true;
    }
    CHECK(thrown);
    Pair::shuttle(pair.client, pair.server);
    std::size_t got = 1;
    while (const Io more = pair.server.read(room))
        got += more.size();
    CHECK_EQ(got, taken);
    try {
        for (int i = 0; i < 8; i++) {
            pair.client.write("x");
            Pair::shuttle(pair.client, pair.server);
        }
        CHECK(false);
    } catch (const UsageError &error) {
        CHECK_EQ(error.number(), TLS_REASON_KEY_LIMIT_REACHED);
    }
}

// The callback may set another while it runs, call verbs, and throw; what it holds lives until it returns.
static void limits_replace_themselves()
{
    Context c = client_context();
    c.set_key_limit(8);
    Pair pair(c, server_context());
    CHECK(pair.handshake());
    std::string said;
    const auto second = [&] { said += " second"; };
    const std::string word(100, 'w'); // on the heap of the callback
    pair.client.set_key_limit_callback([&, word] {
        pair.client.set_key_limit_callback(second);
        said = word;
        pair.client.close();
        throw std::length_error(word);
    });
    std::size_t taken = 0;
    for (int i = 0; i < 8 && said.empty(); i++) {
        taken += pair.client.write("x").size();
        Pair::shuttle(pair.client, pair.server);
    }
    CHECK_EQ(said, word);
    CHECK(taken > 0 && pair.client.close_sent());
    pair.client.set_key_limit_callback([] {}); // C has it, whatever waits to be thrown
    try {
        pair.client.flush();
        CHECK(false);
    } catch (const std::length_error &error) {
        CHECK_EQ(error.what(), word);
    }
}

static void credentials()
{
    Context s = Context::server();
    CHECK_THROWS(UsageError, TLS_REASON_WRONG_PASSWORD, s.add_pkcs12_file("tests/keys/openssl.p12", "wrong"));
    CHECK_THROWS(UsageError, TLS_REASON_PASSWORD_NEEDED, s.add_pkcs12_file("tests/keys/openssl.p12"));
    s.add_pkcs12_file("tests/keys/openssl.p12", "secret").set_pkcs12_mem(file("tests/keys/nss.p12"), "secret");
    s.add_pkcs12_mem(file("tests/keys/openssl-empty.p12"), "").set_pkcs12_file("tests/keys/java.p12", "secret");

    const auto add = [&] { s.add_keypair_file(pki("server-p256.pem"), "tests/keys/gnutls.key"); };
    CHECK_THROWS(UsageError, TLS_REASON_PASSWORD_NEEDED, add());
    std::size_t asked = 0;
    s.set_password_callback([&](std::string_view place, std::size_t attempt) -> std::optional<std::string> {
        CHECK_EQ(place, "tests/keys/gnutls.key");
        CHECK_EQ(attempt, asked++);
        return attempt == 0 ? "wrong" : "secret";
    });
    add();
    CHECK_EQ(asked, 2u);
    s.set_password_callback([](std::string_view, std::size_t) -> std::optional<std::string> { return {}; });
    CHECK_THROWS(UsageError, TLS_REASON_PASSWORD_NEEDED, add());
    s.set_password_callback([](std::string_view, std::size_t) { return std::string(TLS_PASSWORD_MAX + 1, 'x'); });
    CHECK_THROWS(UsageError, TLS_REASON_CALLBACK_MISBEHAVED, add());
    s.set_password_callback(nullptr);
    CHECK_THROWS(UsageError, TLS_REASON_PASSWORD_NEEDED, add());

    CHECK_EQ(s.security_level(), 0);
    CHECK_EQ(s.set_security_level(3).security_level(), 3);
    CHECK_THROWS(UsageError, TLS_REASON_WEAK_KEYPAIR, s.set_keypair_file(pki("server-rsa.pem"), pki("server-rsa.key")));
    CHECK_THROWS(UsageError, TLS_REASON_BAD_ARGUMENT, s.set_security_level(6));
}

static void certificates()
{
    const auto all = Certificate::load_file("tests/keys/all-names.pem");
    CHECK_EQ(all.size(), 1u);
    const Certificate &cert = all.at(0);
    CHECK_EQ(cert.common_name(), "all names");
    CHECK_EQ(cert.key_type(), "RSA");
    CHECK_EQ(cert.key_curve(), "");
    CHECK_EQ(cert.key_bits(), 2048);
    CHECK_EQ(cert.version(), 3);
    CHECK(!cert.is_ca());
    CHECK_EQ(cert.signature_algorithm(), "sha384WithRSAEncryption");
    CHECK_EQ(cert.key_usage(), "digitalSignature, keyEncipherment");
    CHECK_EQ(cert.purposes().size(), 2u);
    CHECK_EQ(cert.purposes().at(1), "1.2.3.4.5");
    CHECK_EQ(cert.names().size(), 8u);
    CHECK_EQ(cert.fingerprint_sha1().size(), 40u);
    CHECK_EQ(cert.pin().substr(0, 8), "sha256//");
    CHECK_EQ(cert.spki_sha256().size(), 32u);
    CHECK_EQ(cert.spki().size(), 294u);
    CHECK_EQ(cert.extensions().size(), 4u);
    CHECK(cert.extension("2.5.29.15").value().critical);
    CHECK(!cert.extension("2.5.29.19"));
    const auto again = Certificate::load_mem(cert.pem());
    CHECK_EQ(again.at(0).fingerprint(), cert.fingerprint());
    CHECK_EQ(Certificate::load_file(pki("server-p256.pem")).size(), 2u);
    CHECK_THROWS(UsageError, TLS_REASON_FILE_UNREADABLE, Certificate::load_file("no/such.pem"));
    CHECK_THROWS(UsageError, TLS_REASON_FILE_UNREADABLE, Certificate::load_file("tests/pki"));
    try {
        Certificate::load_file("Cargo.toml");
        CHECK(false);
    } catch (const UsageError &error) {
        CHECK(error.text().find("Cargo.toml") != std::string_view::npos);
    }
    CHECK_THROWS(UsageError, TLS_REASON_FILE_UNREADABLE, Certificate::load_file("/dev/null")); // as in C
    // However many it has, a file is read once.
    const std::string many = (std::filesystem::temp_directory_path() / ("tlscore-certs-" + std::to_string(getpid()))).string();
    const std::string both = file(pki("server-p256.pem"));
    std::ofstream(many, std::ios::binary) << both << both << both;
    const int watch = inotify_init1(IN_NONBLOCK);
    CHECK(inotify_add_watch(watch, many.c_str(), IN_OPEN | IN_CLOSE) >= 0);
    CHECK_EQ(Certificate::load_file(many).size(), 6u);
    int opened = 0;
    for (inotify_event event; read(watch, &event, sizeof event) == static_cast<ssize_t>(sizeof event);)
        opened += (event.mask & IN_OPEN) != 0;
    CHECK_EQ(opened, 1);
    close(watch);
    std::filesystem::remove(many);
    CHECK_THROWS(UsageError, TLS_REASON_BAD_PEM, Certificate::load_mem("nothing"));
}

// Certificates without a connection, by the context's clock and pins.
static void verify()
{
    std::int64_t now = 1767225600; // 2026
    Context context = client_context();
    context.set_clock([&] { return now; });
    Verify check(context);
    check.set_name("example.test");
    const std::vector<Certificate> path = check.file(pki("server-p256.pem"));
    CHECK_EQ(path.size(), 3u);
    CHECK_EQ(path[0].subject(), "CN=server-p256");
    CHECK_THROWS(TlsError, TLS_REASON_UNKNOWN_CA, check.certificate(path[0])); // without the intermediate
    CHECK_THROWS(TlsError, TLS_REASON_CERTIFICATE_EXPIRED, check.set_no_name().file(pki("bad-by-int-expired.pem")));
    try {
        check.file(pki("bad-by-int-expired.pem"));
        CHECK(false);
    } catch (const TlsError &error) {
        CHECK(error.certificate() == 1);
    }
    now = 1609459200; // 2021
    CHECK_EQ(check.file(pki("bad-by-int-expired.pem")).size(), 3u);
    CHECK_THROWS(TlsError, TLS_REASON_CERTIFICATE_EXPIRED, check.set_time(4800000000).file(pki("server-p256.pem")));
    check.set_time(now).set_purpose(Role::client);
    CHECK_EQ(check.file(pki("client-p256.pem")).size(), 3u);
    CHECK_THROWS(UsageError, TLS_REASON_BAD_ARGUMENT, check.set_purpose(Role::both));
    CHECK_THROWS(UsageError, TLS_REASON_BAD_ARGUMENT, check.set_depth(7));
    CHECK_THROWS(UsageError, TLS_REASON_BAD_PEM, check.mem(std::string_view("junk")));
    check.add_untrusted(path[1]).add_untrusted_file(pki("int.pem")).add_untrusted_mem(file(pki("int.pem")));
    check.set_purpose(Role::server);
    CHECK_EQ(check.certificate(path[0]).size(), 3u);

    const std::vector<std::uint8_t> pin(32, 7);
    CHECK_THROWS(UsageError, TLS_REASON_BAD_ARGUMENT, context.add_pin(std::string_view("short")));
    context.add_pin(pin).trust_pins_alone().set_partial_chain().set_verify_depth(3);
    CHECK_THROWS(TlsError, TLS_REASON_CERTIFICATE_NOT_PINNED, Verify(context).file(pki("server-p256.pem")));
    Connection pinned(client_context(), "localhost");
    pinned.add_pin(pin);
    const Verify moved = std::move(check);
    CHECK_THROWS(UsageError, TLS_REASON_NULL_HANDLE, check.set_depth(1));
}

int main()
{
    static_assert(!std::is_copy_constructible_v<Context> && std::is_nothrow_move_constructible_v<Context>);
    static_assert(!std::is_copy_constructible_v<Connection> && std::is_move_assignable_v<Connection>);
    static_assert(!std::is_copy_constructible_v<Pending> && !std::is_copy_constructible_v<Session>);
    static_assert(!std::is_copy_constructible_v<Certificate> && std::is_nothrow_copy_constructible_v<Error>);
    static_assert(!std::is_constructible_v<Bytes, char (&)[16]> && std::is_constructible_v<Bytes, const char (&)[16]>);
    static_assert(std::is_constructible_v<Bytes, char *> && std::is_constructible_v<Buffer, char (&)[16]>);
    CHECK_EQ(version(), std::to_string(TLSCORE_VERSION_MAJOR) + "." + std::to_string(TLSCORE_VERSION_MINOR) + "." +
                            std::to_string(TLSCORE_VERSION_PATCH));
    CHECK(features().find("TLSv1.2") != std::string_view::npos);
    CHECK_EQ(alert_name(40), "handshake_failure");
    CHECK_EQ(alert_name(4711), "");
    try {
        data_and_facts();
        errors();
        moved_from();
        sessions();
        completed();
        io_callbacks();
        io_exceptions_lose_nothing();
        hello_and_alpn();
        verification();
        passwords();
        keys_and_stores();
        lines_and_limits();
        limits_replace_themselves();
        credentials();
        certificates();
        verify();
    } catch (const std::exception &error) {
        std::cerr << "unexpected: " << error.what() << "\n";
        failed++;
    }
    return checks_done();
}
