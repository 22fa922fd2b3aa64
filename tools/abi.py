#!/usr/bin/env python3
"""abi.py HEADER: the binary interface that a header promises, one fact a line, sorted: each function's
prototype, each constant's value, each struct's size, and each member's place. Compilers say the numbers.
abi.py LIST --stubs: a C file made of such a list, with every type and a definition of every function, for tools that compare
shared libraries."""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path


def declarations(header, cc):
    """What stands behind the preprocessor, between semicolons, without the C library's own."""
    text = subprocess.run(
        [*cc, "-E", "-std=c11", "-I", header.parents[1], "-x", "c", header], check=True, capture_output=True, text=True
    ).stdout
    ours, mine = [], False
    for line in text.splitlines():
        if marker := re.match(r'# \d+ "(.*?)"', line):
            mine = Path(marker[1]).name == header.name
        elif mine:
            ours.append(line)
    depth, start, text = 0, 0, " ".join(ours)
    for at, c in enumerate(text):
        depth += {"{": 1, "}": -1}.get(c, 0)
        if c == ";" and depth == 0:
            yield re.sub(r"\s+", " ", text[start:at]).strip()
            start = at + 1


def members(body):
    """Name and declaration of each member of a struct."""
    for member in filter(None, (part.strip() for part in body.split(";"))):
        name = re.search(r"\(\*(\w+)\)", member) or re.search(r"(\w+)(\[\w+\])?$", member)
        yield name[1], member


def facts(header, cc):
    lines, printed = [], []
    for text in declarations(header, cc):
        if struct := re.match(r"typedef struct (\w+) \{(.*)\} \w+$", text):
            name = struct[1]
            printed.append(f'printf("struct {name}: %zu bytes, aligned to %zu\\n", sizeof({name}), _Alignof({name}));')
            for member, declaration in members(struct[2]):
                printed.append(
                    f'printf("struct {name}: at %zu, %zu bytes: {declaration}\\n", '
                    f"offsetof({name}, {member}), sizeof((({name} *)0)->{member}));"
                )
        elif text.startswith("typedef"):
            lines.append(text)
        else:
            lines.append("function " + text)
    for name, value in re.findall(r"^#define (TLS\w+) (\S.*)$", header.read_text(), re.M):
        if not name.startswith("TLSCORE_VERSION"):
            printed.append(f'printf("constant {name} %lld\\n", (long long)({value}));')
    return lines + run(header, cc, printed)


def run(header, cc, statements):
    with tempfile.TemporaryDirectory() as work:
        source, program = Path(work, "facts.c"), Path(work, "facts")
        source.write_text(
            "#include <stdio.h>\n#include <tlscore/tls.h>\nint main(void)\n{\n" + "\n".join(statements) + "\nreturn 0;\n}\n"
        )
        subprocess.run([*cc, "-std=c11", "-I", header.parents[1], source, "-o", program], check=True)
        return subprocess.run([program], check=True, capture_output=True, text=True).stdout.splitlines()


def place(line):
    """Members stand in their order in the struct, everything else by name."""
    at = re.match(r"(struct \w+: )at (\d+)", line)
    return (at[1], int(at[2])) if at else (line.split(": ")[0] + ": " if line.startswith("struct") else line, -1)


def structs(lines):
    """Their definitions, those that are members of others first."""
    bodies = {}
    for line in lines:
        if found := re.match(r"struct (\w+): at \d+, \d+ bytes: (.*)$", line):
            bodies.setdefault(found[1], []).append(found[2])
    yield from (f"typedef struct {name} {name};" for name in bodies)
    while bodies:
        ready = [n for n, members in bodies.items() if not any(f"struct {o} " in m and "*" not in m for o in bodies for m in members)]
        for name in ready:
            yield f"struct {name} {{ {'; '.join(bodies.pop(name))}; }};"


def stubs(lines):
    yield from ("#include <stddef.h>", "#include <stdint.h>")
    plain = [line + ";" for line in lines if line.startswith("typedef")]
    yield from (line for line in plain if "(*" not in line)
    yield from structs(lines)
    yield from (line for line in plain if "(*" in line)
    yield from (line.removeprefix("function ") + " { __builtin_trap(); }" for line in lines if line.startswith("function "))


if __name__ == "__main__":
    path = Path(sys.argv[1]).resolve()
    if "--stubs" in sys.argv:
        lines = stubs(path.read_text().splitlines())
    else:
        lines = sorted(facts(path, os.environ.get("CC", "cc").split()), key=place)
    print("\n".join(lines))
