"""Keys and PKCS #12 files that other programs make now, and keys of every size and kind in handshakes with them.

What the programs wrote at one time is in tests/keys, for the Rust tests; this is what they write on this machine.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path

import peers
from harness import TLSCAT, Failure, Process, Runner, Server, Shared, cert, expect, key, run
from library import Context, Refused

PASSWORD = b"pass \xc3\xa4 word"
WORD = PASSWORD.decode()


def tool(*words, **options):
    status, out, err = run(words, **options)
    expect(status == 0, f"{words[0]}: {err.strip()[-300:]}")
    return out


def loads(path, certificate=cert("server-p256")):
    """The key loads with its password, and with no other."""
    with Context().with_password(PASSWORD) as ctx:
        ctx.set_policy("legacy")
        ctx.add_keypair_file(certificate, str(path))
    with Context().with_password(b"wrong") as ctx:
        try:
            ctx.add_keypair_file(certificate, str(path))
        except Refused as refused:
            expect(refused.name == "WRONG_PASSWORD", str(refused))
        else:
            raise Failure("it opens with a wrong password")


def loads_pkcs12(path):
    with Context() as ctx:
        ctx.add_pkcs12_file(str(path), WORD)
        try:
            ctx.add_pkcs12_file(str(path), "wrong")
        except Refused as refused:
            expect(refused.name == "WRONG_PASSWORD", str(refused))
        else:
            raise Failure("it opens with a wrong password")


def in_directory(action):
    def case():
        with tempfile.TemporaryDirectory() as work:
            action(Path(work))

    return case


def openssl_pkcs8(*options):
    def action(work):
        out = work / "key"
        tool("openssl", "pkcs8", "-topk8", "-in", key("server-p256"), "-out", out, "-passout", f"pass:{WORD}", *options)
        loads(out)

    return in_directory(action)


def openssl_old(*options):
    def action(work):
        out = work / "key"
        tool("openssl", "ec", "-in", key("server-p256"), "-out", out, "-passout", f"pass:{WORD}", *options)
        loads(out)

    return in_directory(action)


def openssl_pkcs12(*options):
    def action(work):
        out = work / "p12"
        tool("openssl", "pkcs12", "-export", "-in", cert("server-p256"), "-inkey", key("server-p256"), "-out", out,
             "-passout", f"pass:{WORD}", *options)
        loads_pkcs12(out)

    return in_directory(action)


def certtool(kind, cipher):
    def action(work):
        out = work / "out"
        words = ["certtool", kind, "--load-privkey", key("server-p256"), "--password", WORD, "--pkcs-cipher", cipher]
        if kind == "--to-p12":
            words += ["--load-certificate", cert("server-p256"), "--p12-name", "server", "--outder"]
        tool(*words, "--outfile", out)
        (loads_pkcs12 if kind == "--to-p12" else loads)(out)

    return in_directory(action)


def pk12util(work):
    openssl = work / "openssl.p12"
    tool("openssl", "pkcs12", "-export", "-in", cert("server-p256"), "-inkey", key("server-p256"), "-out", openssl,
         "-name", "server", "-passout", f"pass:{WORD}")
    base = work / "nss"
    base.mkdir()
    tool("certutil", "-N", "-d", f"sql:{base}", "--empty-password")
    tool("pk12util", "-i", openssl, "-d", f"sql:{base}", "-W", WORD)
    out = work / "nss.p12"
    tool("pk12util", "-o", out, "-n", "server", "-d", f"sql:{base}", "-W", WORD)
    loads_pkcs12(out)


PYTHON = """
import sys
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization as s
from cryptography.hazmat.primitives.serialization import pkcs12
key = s.load_pem_private_key(open(sys.argv[1], "rb").read(), None)
leaf, issuer = x509.load_pem_x509_certificates(open(sys.argv[2], "rb").read())
word = sys.argv[4].encode()
build = s.PrivateFormat.PKCS12.encryption_builder().kdf_rounds(1000)
encryption = {
    "best": s.BestAvailableEncryption(word),
    "3des": build.key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC).hmac_hash(hashes.SHA1()).build(word),
    "aes": build.key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC).hmac_hash(hashes.SHA512()).build(word),
}[sys.argv[5]]
open(sys.argv[3], "wb").write(pkcs12.serialize_key_and_certificates(b"server", key, leaf, [issuer], encryption))
"""


def python_pkcs12(which):
    def action(work):
        out = work / "p12"
        tool("python3", "-c", PYTHON, key("server-p256"), cert("server-p256"), out, WORD, which)
        loads_pkcs12(out)

    return in_directory(action)


def has_python_cryptography():
    words = ["python3", "-c", "import cryptography.hazmat.primitives.serialization.pkcs12"]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


def self_signed(work, genpkey, digest="sha256"):
    """A new key and its certificate, which is its own CA."""
    made, own = work / "key.pem", work / "cert.pem"
    tool("openssl", "genpkey", "-out", made, *genpkey)
    words = ["openssl", "req", "-x509", "-new", "-key", made, "-out", own, "-days", "2", "-subj", "/CN=made now"]
    words += ["-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE"]
    tool(*words, *([f"-{digest}"] if digest else []))
    return made, own


# What a key is made with, the digest that signs its certificate, and the policy that takes it.
KEYS = {
    "RSA 1024": (["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"], "sha256", "legacy"),
    "RSA 2048": (["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"], "sha256", "modern"),
    "RSA 2049": (["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2049"], "sha256", "modern"),
    "RSA 3072": (["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072"], "sha512", "modern"),
    "RSA 4096": (["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:4096"], "sha384", "modern"),
    "RSA, exponent 3": (["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_pubexp:3"], "sha256", "modern"),
    "RSA-PSS": (["-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048"], "sha256", "modern"),
    "RSA-PSS, SHA-256": (["-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048", "-pkeyopt", "rsa_pss_keygen_md:sha256",
                          "-pkeyopt", "rsa_pss_keygen_mgf1_md:sha256", "-pkeyopt", "rsa_pss_keygen_saltlen:32"], "sha256", "modern"),
    "RSA-PSS, SHA-384": (["-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048", "-pkeyopt", "rsa_pss_keygen_md:sha384",
                          "-pkeyopt", "rsa_pss_keygen_mgf1_md:sha384", "-pkeyopt", "rsa_pss_keygen_saltlen:48"], "sha384", "modern"),
    "P-256": (["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"], "sha256", "modern"),
    "P-384": (["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"], "sha384", "modern"),
    "P-521": (["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"], "sha512", "modern"),
    "Ed25519": (["-algorithm", "ED25519"], None, "modern"),
}


def serves(genpkey, digest, policy):
    """Our server with that key, OpenSSL's client."""
    def action(work):
        made, own = self_signed(work, genpkey, digest)
        process = Process([TLSCAT, "serve", "0", "--echo", "--once", "--policy", policy, "--cert", own, "--key", made])
        with Server(process, int(process.wait_for(r"listening on 127\.0\.0\.1:(\d+)")[1])) as server:
            words = ["openssl", "s_client", "-connect", f"127.0.0.1:{server.port}", "-tls1_2", "-CAfile", own, "-verify_return_error",
                     "-verify_hostname", "localhost", "-servername", "localhost", "-cipher", "ALL:@SECLEVEL=0"]
            status, out, err = run(words, b"Q\n")
            expect(status == 0 and b"Verify return code: 0" in out, err[-300:])

    return in_directory(action)


def connects(genpkey, digest, policy):
    """OpenSSL's server with that key, our client."""
    def action(work):
        made, own = self_signed(work, genpkey, digest)
        words = ["openssl", "s_server", "-accept", "127.0.0.1:0", "-tls1_2", "-cert", own, "-key", made, "-rev",
                 "-cipher", "ALL:@SECLEVEL=0"]
        process = Process(words)
        with Server(process, int(process.wait_for(r"ACCEPT 127\.0\.0\.1:(\d+)")[1])) as server:
            words = [TLSCAT, "connect", f"127.0.0.1:{server.port}", "--ca", own, "--name", "localhost", "--policy", policy]
            status, _, err = run(words, peers.LINE + b"\n")
            expect(status == 0 and "verified" in err, err)

    return in_directory(action)


def tlscat_options(work):
    """--pkcs12 and --password-file."""
    word, wrong = work / "word", work / "wrong"
    word.write_bytes(PASSWORD + b"\n")
    wrong.write_bytes(b"wrong\n")
    pfx, encrypted = work / "p12", work / "key"
    tool("openssl", "pkcs12", "-export", "-in", cert("server-p256"), "-inkey", key("server-p256"), "-out", pfx,
         "-certfile", cert("int"), "-passout", f"pass:{WORD}")
    tool("openssl", "pkcs8", "-topk8", "-in", key("server-p256"), "-out", encrypted, "-passout", f"pass:{WORD}")
    keypair = ["--cert", cert("server-p256"), "--key", encrypted]
    for options in (["--pkcs12", pfx, "--password", WORD], ["--pkcs12", pfx, "--password-file", word],
                    [*keypair, "--password-file", word]):
        process = Process([TLSCAT, "serve", "0", "--echo", "--once", *options])
        with Server(process, int(process.wait_for(r"listening on 127\.0\.0\.1:(\d+)")[1])) as server:
            peers.openssl_connect(server.port)
    for options, says in ((["--pkcs12", pfx, "--password-file", wrong], "WRONG_PASSWORD"), (["--pkcs12", pfx], "PASSWORD_NEEDED"),
                          (keypair, "PASSWORD_NEEDED"), ([*keypair, "--password", "no"], "WRONG_PASSWORD"),
                          ([*keypair, "--password-file", work / "missing"], "PASSWORD_NEEDED")):
        status, _, err = run([TLSCAT, "serve", "0", "--once", *options])
        expect(status != 0 and says in err, f"{says}: status {status}: {err}")


def add_all(runner: Runner, shared: Shared):
    def add(row, column, action):
        runner.add("credentials", row, column, action)

    for cipher in ("aes-128-cbc", "aes-192-cbc", "aes-256-cbc", "des-ede3-cbc"):
        add(f"PBES2, {cipher}", "openssl", openssl_pkcs8("-v2", cipher))
    for prf in ("hmacWithSHA1", "hmacWithSHA256", "hmacWithSHA384", "hmacWithSHA512"):
        add(f"PBES2, {prf}", "openssl", openssl_pkcs8("-v2", "aes-256-cbc", "-v2prf", prf))
    add("PBES2, scrypt", "openssl", openssl_pkcs8("-scrypt"))
    add("PBES2, a million iterations", "openssl", openssl_pkcs8("-v2", "aes-256-cbc", "-iter", "1000000"))
    add("PBE of PKCS #12, 3DES", "openssl", openssl_pkcs8("-v1", "PBE-SHA1-3DES"))
    for cipher in ("aes128", "aes192", "aes256", "des3"):
        add(f"Proc-Type, {cipher}", "openssl", openssl_old(f"-{cipher}"))
    add("PKCS #12, default", "openssl", openssl_pkcs12())
    for mac in ("sha1", "sha224", "sha256", "sha384", "sha512"):
        add(f"PKCS #12, MAC with {mac}", "openssl", openssl_pkcs12("-macalg", mac))
    add("PKCS #12, 3DES", "openssl", openssl_pkcs12("-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES"))
    legacy = ["-provider", "default", "-provider", "legacy"]
    if subprocess.run(["openssl", "list", *legacy, "-providers"], capture_output=True, check=False).returncode == 0:
        for algorithm in ("PBE-SHA1-RC2-40", "PBE-SHA1-RC2-128", "PBE-SHA1-2DES"):
            add(f"PKCS #12, {algorithm}", "openssl", openssl_pkcs12(*legacy, "-keypbe", algorithm, "-certpbe", algorithm))
        add("PKCS #12, -legacy", "openssl", openssl_pkcs12(*legacy, "-legacy"))
    add("PKCS #12, key alone", "openssl", openssl_pkcs12("-certpbe", "NONE"))
    for cipher in ("aes-128", "aes-192", "aes-256", "3des"):
        add(f"PBES2, {cipher}", "certtool", certtool("--to-p8", cipher))
        add(f"PKCS #12, {cipher}", "certtool", certtool("--to-p12", cipher))
    for cipher in ("3des-pkcs12", "rc2-40"):
        add(f"PKCS #12, {cipher}", "certtool", certtool("--to-p12", cipher))
    if shutil.which("pk12util") and shutil.which("certutil"):
        add("PKCS #12, default", "pk12util", in_directory(pk12util))
    if has_python_cryptography():
        for which in ("best", "3des", "aes"):
            add(f"PKCS #12, {which}", "python", python_pkcs12(which))
    for name, (genpkey, digest, policy) in KEYS.items():
        add(name, "our server", serves(genpkey, digest, policy))
        add(name, "our client", connects(genpkey, digest, policy))
    add("--pkcs12, --password, --password-file", "tlscat", in_directory(tlscat_options))

