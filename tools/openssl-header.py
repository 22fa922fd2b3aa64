#!/usr/bin/env python3
"""Headers of the OpenSSL compatibility library, out of the sources of tls-openssl.

openssl-header.py write|check: include/tlscore/openssl-compat/functions.h (what there is, with what differs from
OpenSSL), names.h (OpenSSL's name for each) and unsupported.h (names of OpenSSL's that there are not: using one is a
compile error which names the way that there is; packaging/openssl/unsupported.txt lists them). And the table inside
tls-portcheck (openssl_table.py), which says the same of programs that are built already.
"""
import pathlib
import re
import sys

import openssl_table

ROOT = pathlib.Path(__file__).resolve().parent.parent
SOURCES = ROOT / "tls-openssl/src"
HEADERS = ROOT / "include/tlscore/openssl-compat"
UNSUPPORTED = ROOT / "packaging/openssl/unsupported.txt"

SCALARS = {
    "c_int": "int", "c_long": "long", "c_ulong": "unsigned long", "c_uint": "unsigned int", "c_char": "char",
    "c_uchar": "unsigned char", "c_void": "void", "usize": "size_t", "isize": "ptrdiff_t", "u64": "uint64_t",
    "u32": "uint32_t", "u16": "uint16_t", "u8": "unsigned char", "f64": "double", "libc::time_t": "time_t",
    "libc::tm": "struct tm", "libc::FILE": "FILE", "core::ffi::c_uchar": "unsigned char",
    "core::ffi::c_uint": "unsigned int", "core::ffi::c_ulong": "unsigned long", "core::ffi::c_void": "void",
    # Lists are typed by their macros.
    "OPENSSL_STACK": "OPENSSL_STACK", "X509_STACK": "STACK_OF(X509)", "NAME_STACK": "STACK_OF(X509_NAME)",
    "CIPHER_STACK": "STACK_OF(SSL_CIPHER)", "GENERAL_NAMES": "GENERAL_NAMES",
    "OBJECT_STACK": "STACK_OF(X509_OBJECT)",
}
# Functions of the program's: OpenSSL's names for their types, or ours where it has none.
FUNCTIONS = {
    "VerifyFn": "SSL_verify_cb", "PasswordFn": "pem_password_cb *", "InfoFn": "tlscore_ssl_info_cb", "MsgFn": "tlscore_ssl_msg_cb",
    "CertVerifyFn": "tlscore_ssl_cert_verify_cb", "NewSessionFn": "tlscore_ssl_new_session_cb",
    "RemoveSessionFn": "tlscore_ssl_remove_session_cb", "GetSessionFn": "tlscore_ssl_get_session_cb",
    "KeylogFn": "SSL_CTX_keylog_cb_func",
    "ClientHelloFn": "SSL_client_hello_cb_fn", "CertFn": "tlscore_ssl_cert_cb",
    "AlpnSelectFn": "SSL_CTX_alpn_select_cb_func", "ReadFn": "tlscore_bio_read_fn",
    "WriteFn": "tlscore_bio_write_fn", "ReadExFn": "tlscore_bio_read_ex_fn", "WriteExFn": "tlscore_bio_write_ex_fn",
    "PutsFn": "tlscore_bio_puts_fn", "CtrlFn": "tlscore_bio_ctrl_fn", "LifeFn": "tlscore_bio_life_fn",
    "CompareFn": "OPENSSL_sk_compfunc", "FreeFn": "OPENSSL_sk_freefunc", "CopyFn": "OPENSSL_sk_copyfunc",
    "NewFn": "CRYPTO_EX_new *", "DupFn": "CRYPTO_EX_dup *", "ex:FreeFn": "CRYPTO_EX_free *",
    "PskClientFn": "SSL_psk_client_cb_func", "PskServerFn": "SSL_psk_server_cb_func",
    "ClientCertFn": "tlscore_ssl_client_cert_cb", "TicketKeyFn": "tlscore_ssl_ticket_key_cb",
    "AnyFn": "tlscore_function", "PrintFn": "tlscore_err_print_cb",
}
# What programs take for a string, or a number, of a special kind.
OTHER_NAMES = {"ASN1_STRING": "ASN1_STRING"}
FUNCTION = re.compile(
    r"((?:^///[^\n]*\n)*)^#\[unsafe\(no_mangle\)\]\n^pub (?:unsafe )?extern \"C\" fn (tlscore_\w+)(?:<[^>]*>)?\((.*?)\)"
    r"(?:\s*->\s*(.*?))?\s*\{", re.M | re.S)


def split(text):
    """Arguments between commas that are inside of no bracket."""
    parts, depth, start = [], 0, 0
    for at, char in enumerate(text):
        if char in "(<[":
            depth += 1
        elif char in ")]" or char == ">" and text[at - 1] != "-":
            depth -= 1
        elif char == "," and depth == 0:
            parts.append(text[start:at])
            start = at + 1
    return [part.strip() for part in [*parts, text[start:]] if part.strip()]


def pointer(inner, const):
    inner = c_type(inner)
    star = "*" if inner.endswith("*") else " *"
    return ("const " if const and not inner.endswith("*") else "") + inner + (" const *" if const and inner.endswith("*") else star)


def c_type(rust, where=""):
    rust = " ".join(rust.split()).replace("( ", "(").replace(",)", ")").replace(", )", ")")
    rust = re.sub(r"\((\w+: )", "(", rust)
    if rust in SCALARS:
        return SCALARS[rust]
    if m := re.fullmatch(r"Option<&(?:'static |'_ )?(.*)>", rust):
        return pointer(m[1], True)
    if m := re.fullmatch(r"Option<Owned<(.*)>>", rust):
        return pointer(m[1], False)
    if m := re.fullmatch(r"Option<(.*)>", rust):
        key = "ex:FreeFn" if m[1] == "FreeFn" and where == "crypto.rs" else m[1]
        return FUNCTIONS[key]
    if rust == "Str<'_>" or rust == "crate::args::Str<'_>":
        return "const char *"
    if m := re.fullmatch(r"Out<'_, (.*)>", rust):
        return pointer(m[1], False)
    if m := re.fullmatch(r"\*(mut|const) (.*)", rust):
        return pointer(m[2], m[1] == "const")
    if m := re.fullmatch(r"(?:crate::)?(?:\w+::)*(\w+)", rust):
        return OTHER_NAMES.get(m[1], m[1])
    raise SystemExit(f"{where}: no C type for {rust}")


def declaration(name, arguments, result, where):
    result = c_type(result, where) if result else "void"
    words = []
    for argument in split(arguments):
        label, kind = argument.split(":", 1)
        kind = c_type(kind.strip(), where)
        label = label.strip().lstrip("_")
        label += "_" if label in ("class", "new", "delete", "this") else ""
        words.append(f"{kind}{'' if kind.endswith('*') else ' '}{label}")
    space = "" if result.endswith("*") else " "
    return f"{result}{space}{name}({', '.join(words) or 'void'});"


def functions():
    found = []
    for path in sorted(SOURCES.rglob("*.rs")):
        here = path.relative_to(SOURCES).as_posix()
        for doc, name, arguments, result in FUNCTION.findall(path.read_text()):
            found.append((here, doc, name, declaration(name, arguments, result, path.name)))
    return found


def functions_h(found):
    changed = dict(openssl_table.rows(openssl_table.LISTS / "changed.txt"))
    out, last = [], None
    for here, doc, name, text in found:
        if here != last:
            out += ["", f"/* {here} */"]
            last = here
        # What callers in Rust must keep is no news to C's.
        doc = doc.partition("///\n/// # Safety")[0]
        out += [line.replace("/// ", "// ").rstrip() for line in doc.splitlines()]
        if differs := changed.get(name.removeprefix("tlscore_")):
            out.append(f"// Not as in OpenSSL: {differs}.")
        out.append(text)
    body = "\n".join(out)
    body = re.sub(r"^// (.*)$", r"/* \1 */", body, flags=re.M)
    return guarded("FUNCTIONS", "extern \"C\"", body)


def guarded(what, linkage, body):
    """A header; `linkage` for one with functions."""
    begin = end = ""
    if linkage:
        begin = "#ifdef __cplusplus\nextern \"C\" {\n#endif\n"
        end = "\n#ifdef __cplusplus\n}\n#endif\n"
    return (f"/* Made of the sources of tls-openssl by tools/openssl-header.py: do not edit. */\n"
            f"#ifndef TLSCORE_OPENSSL_{what}_H\n#define TLSCORE_OPENSSL_{what}_H\n\n{begin}{body.strip()}\n{end}\n#endif\n")


def names_h(found):
    lines = [f"#define {name.removeprefix('tlscore_')} {name}" for _, _, name, _ in found]
    return guarded("NAMES", "", "\n".join(sorted(lines)))


def unsupported_h(found):
    """Everything of libssl's, and of libcrypto's what takes objects that are here, too."""
    there = {name.removeprefix("tlscore_") for _, _, name, _ in found}
    instead = dict(openssl_table.rows(UNSUPPORTED))
    if wrong := there & set(instead):
        raise SystemExit(f"{UNSUPPORTED}: there: {', '.join(sorted(wrong))}")
    objects = {name for name, _ in openssl_table.rows(openssl_table.LISTS / "objects.txt")}
    absent = {name for name, library in openssl_table.libraries().items() if library == "ssl" or name in objects}
    absent -= there | set(instead) | openssl_table.macros()[0]
    lines = [f'TLSCORE_UNSUPPORTED({name}, "{text}")' for name, text in instead.items()]
    lines += [f"TLSCORE_ABSENT({name})" for name in sorted(absent)]
    return absent | set(instead), guarded("UNSUPPORTED", "extern", "\n".join(lines))


def libcrypto_h(found, absent):
    """The rest of libcrypto's: for the headers that have nothing else."""
    there = {name.removeprefix("tlscore_") for _, _, name, _ in found}
    names = {name for name, library in openssl_table.libraries().items() if library == "crypto"}
    names -= there | absent | openssl_table.macros()[0]
    body = "\n".join(f"TLSCORE_ABSENT({name})" for name in sorted(names))
    return guarded("LIBCRYPTO", "extern", body).replace("\n\n#ifdef", '\n\n#include "../openssl_compat.h"\n\n#ifdef', 1)


def main():
    mode = sys.argv[1] if len(sys.argv) == 2 else ""
    if mode not in ("write", "check"):
        raise SystemExit("usage: openssl-header.py write|check")
    found = functions()
    stale = 0
    names = [name.removeprefix("tlscore_") for _, _, name, _ in found]
    absent, unsupported = unsupported_h(found)
    for path, text in ((HEADERS / "functions.h", functions_h(found)), (HEADERS / "names.h", names_h(found)),
                       (HEADERS / "unsupported.h", unsupported), (HEADERS / "libcrypto.h", libcrypto_h(found, absent)),
                       (openssl_table.PATH, openssl_table.table(names))):
        if mode == "write":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        elif not path.exists() or path.read_text() != text:
            print(f"{path.relative_to(ROOT)} is stale: run 'tools/openssl-header.py write' and commit it", file=sys.stderr)
            stale = 1
    print(f"{len(found)} functions")
    sys.exit(stale)


main()
