"""What becomes of each function of OpenSSL's: the table inside tls-portcheck, tls-portcheck/src/table.txt.

Its rows come from where the headers come from: the functions of tls-openssl, the macros of openssl-compat, and the lists in
packaging/openssl: changed.txt, unsupported.txt, native.txt (what there is in <tlscore/tls.h>), openssl-3.0.txt (which
library a name belongs to). Fields between tabs: name, library, what becomes of it, why, functions of <tlscore/tls.h>.
"""
import fnmatch
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent
LISTS = ROOT / "packaging/openssl"
HEADERS = ROOT / "include/tlscore/openssl-compat"
PATH = ROOT / "tls-portcheck/src/table.txt"


def rows(path, separator=" "):
    """The lines of a list that say something: (name, rest)."""
    for line in path.read_text().splitlines():
        if line and not line.startswith("#"):
            name, _, rest = line.partition(separator)
            yield name, rest.strip()


def libraries():
    """Name -> "ssl" or "crypto"."""
    found, library = {}, None
    for name, _ in rows(LISTS / "openssl-3.0.txt"):
        if name.startswith("["):
            library = name.strip("[]").removeprefix("lib")
        else:
            found[name] = library
    return found


def macros():
    """What our headers define in the place of a function: with arguments, or as another name. And what they say is not there."""
    with_arguments = re.compile(r"^#define ([A-Za-z0-9]+_\w*[a-z]\w*|SSLeay|SSLerr)\(", re.M)
    other_name = re.compile(r"^#define ([A-Za-z0-9]+_\w*[a-z]\w*) [A-Za-z]\w*[a-z]\w*$", re.M)
    names, absent = set(), set()
    for path in HEADERS.glob("*.h"):
        if path.name not in ("names.h", "functions.h", "unsupported.h"):
            text = path.read_text()
            names.update(with_arguments.findall(text), other_name.findall(text))
            absent.update(re.findall(r"^#define (OPENSSL_NO_\w+)$", text, re.M))
    return {name for name in names if not name.startswith(("TLSCORE", "tlscore"))}, absent


def natives(names):
    """Name -> functions of <tlscore/tls.h>, by the first line of native.txt with a pattern that fits."""
    known = set(re.findall(r"^function .*[ *](tls_[a-z0-9_]*)\(", (ROOT / "packaging/abi.txt").read_text(), re.M))
    patterns, used = [], set()
    for globs, functions in rows(LISTS / "native.txt", ":"):
        if wrong := set(functions.split()) - known:
            raise SystemExit(f"native.txt: not in <tlscore/tls.h>: {', '.join(sorted(wrong))}")
        patterns += [(re.compile(fnmatch.translate(one)), one, functions) for one in globs.split()]
    found = {}
    for name in names:
        for pattern, glob, functions in patterns:
            if pattern.match(name):
                found[name] = functions
                used.add(glob)
                break
    if idle := [glob for _, glob, _ in patterns if glob not in used]:
        raise SystemExit(f"native.txt: nothing is called {', '.join(idle)}, or earlier lines have it")
    return found


def guess(name):
    """The library of a name that OpenSSL 3.0 does not have any more."""
    return "ssl" if name.startswith(("SSL", "TLSv", "DTLS", "OPENSSL_init_ssl")) else "crypto"


def table(functions):
    """The text of the table, for the functions that tls-openssl has, by OpenSSL's names."""
    library = libraries()
    extra, absent = macros()
    there = set(functions) | extra
    changed = dict(rows(LISTS / "changed.txt"))
    unsupported = dict(rows(LISTS / "unsupported.txt"))
    names = sorted(set(library) | there | set(unsupported))
    if wrong := set(changed) - there:
        raise SystemExit(f"changed.txt: not there: {', '.join(sorted(wrong))}")
    native = natives(names)
    lines = ["# Made by tools/openssl-header.py: do not edit."]
    lines += [f"!{name}" for name in sorted(absent)]
    for name in names:
        if name in there:
            verdict, why = ("changed", changed[name]) if name in changed else ("supported", "")
        else:
            verdict, why = "unsupported", unsupported.get(name, "")
        lines.append("\t".join([name, library.get(name) or guess(name), verdict, why, native.get(name, "")]).rstrip())
    return "\n".join(lines) + "\n"
