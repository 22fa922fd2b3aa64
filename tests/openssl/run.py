#!/usr/bin/env python3
"""One C program, compiled against the system's OpenSSL and against tlscore's: do both say the same?

tests/openssl/differences.txt lists what they say differently, each with its reason; a difference that is not listed
fails, and so does a listed one that is none. `run.py show` prints the differences as that file has them; `run.py valgrind`
and `run.py sanitize` run ours under memcheck, or with ASan and UBSan in the C code.
"""
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("BUILD", ROOT / "build")).resolve()
CC = os.environ.get("CC", "cc").split()
OUT = BUILD / "test" / "openssl"
LIST = ROOT / "tests/openssl/differences.txt"
FLAGS = ["-std=gnu11", "-Wall", "-Wextra", "-Werror", "-Wno-deprecated-declarations", "-O1", "-g", "-pthread"]
SIDES = {
    "openssl": ([], ["-lssl", "-lcrypto"]),
    "tlscore": ([f"-I{ROOT}/include/tlscore/openssl-compat"],
                [f"-L{BUILD}", "-Wl,--no-as-needed", "-ltlscore_openssl", "-ltlscore", f"-Wl,-rpath,{BUILD}"]),
}


def build(side):
    flags, libraries = SIDES[side]
    if side == "tlscore" and "sanitize" in sys.argv:
        flags = [*flags, "-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer"]
    program = OUT / f"trace-{side}"
    sources = sorted(str(path) for path in (ROOT / "tests/openssl/trace").glob("*.c"))
    subprocess.run([*CC, *FLAGS, *flags, *sources, "-o", str(program), *libraries], check=True, timeout=300)
    return program


def trace(program, *wrap):
    """The program's answers by their labels; labels that come again are numbered."""
    # The program asks for memory that nobody has.
    env = {**os.environ, "ASAN_OPTIONS": "allocator_may_return_null=1"}
    run = subprocess.run([*wrap, str(program)], cwd=ROOT, env=env, capture_output=True, text=True, errors="replace", timeout=300, check=False)
    answers = {}
    for line in run.stdout.splitlines():
        label, _, value = line.partition(": ")
        name, at = label, 1
        while name in answers:
            at += 1
            name = f"{label} #{at}"
        answers[name] = value
    if run.returncode != 0:
        print(run.stderr, file=sys.stderr)
        raise SystemExit(f"{program.name} ends with {run.returncode} behind {list(answers)[-1:]}")
    return answers


def listed():
    """label -> (what OpenSSL says, what tlscore says)"""
    found, label = {}, None
    for line in LIST.read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        if line.startswith("  openssl: "):
            found[label][0] = line.removeprefix("  openssl: ")
        elif line.startswith("  tlscore: "):
            found[label][1] = line.removeprefix("  tlscore: ")
        elif not line.startswith("  because "):
            label = line
            found[label] = [None, None]
    return found


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    wrap = ["valgrind", "--quiet", "--error-exitcode=99", "--leak-check=full", "--errors-for-leak-kinds=definite"] if "valgrind" in sys.argv else []
    ours, theirs = build("tlscore"), build("openssl")
    ours, theirs = trace(ours, *wrap), trace(theirs)
    known = listed()
    failed, same = [], 0
    for label in [*theirs, *(label for label in ours if label not in theirs)]:
        pair = [theirs.get(label, "(nothing)"), ours.get(label, "(nothing)")]
        if pair[0] == pair[1]:
            same += 1
            if label in known:
                failed.append(f"{label}: listed as a difference, and is none")
        elif "show" in sys.argv:
            print(f"{label}\n  openssl: {pair[0]}\n  tlscore: {pair[1]}\n  because ")
        elif known.get(label) != pair:
            failed.append(f"{label}\n  openssl: {pair[0]}\n  tlscore: {pair[1]}")
    failed += [f"{label}: listed, and asked by nobody" for label in known if label not in theirs and label not in ours]
    for text in failed:
        print(text)
    print(f"{same} answers are the same, {len(known)} differ as listed")
    print(f"{same + len(known) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


sys.exit(main())
