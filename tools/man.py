#!/usr/bin/env python3
"""Manual pages: what packaging/man says of a group of functions, and what the header says of each.

man.py write DIR       makes the pages, with a link for every further name
man.py check           fails when a function is on no page or on two, or a page names one that is not there
man.py examples DIR    writes the examples of the pages as C files

A page's source is mdoc, with these lines of its own:
  @name SHORT DESCRIPTION          behind the page's names
  @functions NAME...               which functions it describes (may be repeated)
  @types NAME...                   which structs and function types
  @constants NAME... PREFIX_...    which constants
  @descriptions                    here: what the header says of all these
  @usage                           here: the options of tlscat, from its own help
  @pages                           here: all pages about functions
  @example / @end                  around an example, a piece of C
"""

import re
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HEADER = ROOT / "include/tlscore/tls.h"
SOURCES = ROOT / "packaging/man"
USAGE = ROOT / "examples/c/tlscat/usage.c"
# Beside other libraries' pages: LibreSSL's libtls has a tls_read(3), too.
SUFFIX = {"1": "1", "3": "3tlscore"}
DATE = "November 21, 2026"


class Header:
    """Comments and declarations of tls.h."""

    def __init__(self, text):
        self.functions, self.types, self.constants = {}, {}, {}
        comment, lines = [], iter(text.splitlines())
        for line in lines:
            if line.startswith("///"):
                comment.append(line[4:])
                continue
            if found := re.match(r"#define (TLS\w+) (\S+)", line):
                self.constants[found[1]] = (found[2], comment)
            elif line.startswith("typedef struct") and line.endswith("{"):
                body = []
                while not (line := next(lines)).startswith("}"):
                    body.append(line)
                self.types[line[2:-1]] = (body, comment)
            elif line[:1].isalpha() and not line.startswith("extern"):
                declaration = line
                while ";" not in declaration and "(" in declaration:
                    declaration += " " + next(lines).strip()
                self._declaration(" ".join(declaration.split()), comment)
            comment = []

    def _declaration(self, text, comment):
        if found := re.match(r"typedef [^;]*\(\*(\w+)\)", text):
            self.types[found[1]] = ([text], comment)
        elif found := re.match(r"([\w ]+?[ *]+)(tls_\w+)\((.*)\);$", text):
            self.functions[found[2]] = (found[1].strip(), arguments(found[3]), comment)


def arguments(text):
    """At the commas that are in no parentheses."""
    depth, out, word = 0, [], ""
    for c in text:
        depth += {"(": 1, ")": -1}.get(c, 0)
        if c == "," and depth == 0:
            out.append(word.strip())
            word = ""
        else:
            word += c
    return [*out, word.strip()]


def escape(text):
    text = text.replace("\\", "\\e")
    return "".join(c if ord(c) < 128 else f"\\[u{ord(c):04X}]" for c in text)


def quoted(text):
    return '"' + escape(text).replace('"', '""') + '"' if re.search(r"[\s\"]", text) or text == "" else escape(text)


WORD = re.compile(r"^([(\"'\[]*)(\w+\(\)|`[^`]*`|TLS(?:CORE)?_[A-Z0-9_]+\*?|NULL|tls_\w+)((?:'s)?[)\]\"'.,;:!?]*)$")


def marked(word, page):
    """A word that is a name, as a macro; None for any other."""
    found = WORD.match(word)
    if not found:
        return None
    before, name, after = found.groups()
    if '"' in before + after:
        return None
    if name.endswith("()"):
        name = name[:-2]
        macro = f"Xr {name} 3" if name.startswith("tls_") and name not in page.functions else f"Fn {name}"
    elif name.startswith("`"):
        macro = f"Ql {quoted(name[1:-1])}"
    elif name.startswith("tls_"):
        macro = f"Vt {name}"
    else:
        macro = f"Dv {name}"
    # mdoc knows punctuation that stands alone: it is set without a space.
    kind, _, rest = macro.partition(" ")
    line = f".{kind} {' '.join(before)} {rest}" if before else f".{macro}"
    if not after:
        return line
    text, marks = re.match(r"(.*?)([.,;:!?)\]]*)$", after).groups()
    return " ".join([line, *(["Ns", "No", quoted(text)] if text else []), *marks])


def wrapped(text):
    pieces = textwrap.wrap(escape(text), 78, break_long_words=False, break_on_hyphens=False)
    return ["\\&" + piece if piece[0] in ".'" else piece for piece in pieces]


def prose(text, page):
    """A paragraph: a line for each name and for each sentence."""
    out, line = [], []

    def flush():
        if line:
            out.extend(wrapped(" ".join(line)))
            line.clear()

    for word in re.findall(r"[(\"'\[]*`[^`]*`\S*|\S+", text):
        if macro := marked(word, page):
            flush()
            out.append(macro)
        else:
            line.append(word)
            if re.search(r"[.!?][)\"]*$", word):
                flush()
    flush()
    return out


ITEM = re.compile(r"^((?:TLS_[A-Z0-9_]+|\"\w+\"|anything else|[a-z]+(?:; [a-z]+)?)(?: \([^)]*\)|, [a-z ]+)?): (.*)$")


def described(comment, page):
    """A comment of the header: paragraphs, and lists of what stands before a colon."""
    out = []
    for paragraph in "\n".join(comment).split("\n\n"):
        text, items = [], []
        if sum(bool(re.search(r"\S {2,}\S", line)) for line in paragraph.splitlines()) > 1:  # a table
            out += [".Bd -literal", *map(literal, paragraph.splitlines()), ".Ed"]
            continue
        for line in paragraph.splitlines():
            found = ITEM.match(line)
            if found and (items or found[1].startswith(("TLS_", '"')) or line == paragraph.splitlines()[0]):
                items.append([found[1], [found[2]]])
            elif items:
                items[-1][1].append(line)
            else:
                text.append(line)
        if len(items) == 1 and not text:
            text, items = paragraph.splitlines(), []
        if out and text:
            out.append(".Pp")
        out += prose(" ".join(text), page)
        if items:
            out.append(".Bl -tag -width Ds")
            for tag, body in items:
                name, _, rest = tag.partition(" ")
                rest = re.sub(r"^\((.*)\)$", r"Pq \1", rest)
                macro = marked(name, page)
                out.append(f".It {macro[1:]} {escape(rest)}".rstrip() if macro else f".It {escape(tag)}")
                out += prose(" ".join(body), page)
            out.append(".El")
    return out


def usage():
    """The lines of tlscat's help: options with what they do, between lines of text."""
    text = re.search(r"usage_text\[\] = \{\n(.*?)\n\};", USAGE.read_text(), re.S)[1]
    lines = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', text)).replace("\\n", "\n").split("\n\n", 1)[1].splitlines()
    out = []
    for line in lines:
        if found := re.match(r"  (--[a-z0-9-]+)((?:, --[a-z0-9-]+)*)((?: [A-Z][A-Za-z:]*)?) +(\S.*)$", line):
            first, more, value, what = found.groups()
            flags = " , ".join("Fl " + flag[1:] for flag in [first, *more.split(", ")[1:]])
            out += [f".It {flags}" + (f" Ar {value.strip().lower()}" if value else ""), *wrapped(what)]
        elif line.startswith("   "):
            out += wrapped(line.strip())
        elif not line.startswith("Exit status"):
            out += [".El"] * bool(out) + [".Pp", *wrapped(line), ".Bl -tag -width Ds"]
    return [*out, ".El"]


class Page:
    def __init__(self, path):
        self.title, self.section = path.name.split(".")[:2]
        self.about, self.functions, self.types, self.constants = "", [], [], []
        self.examples, self.body, self.described = [], [], False
        lines = iter(path.read_text().splitlines())
        for line in lines:
            word, _, rest = line.partition(" ")
            if word == "@name":
                self.about = rest
            elif word in ("@functions", "@types", "@constants"):
                getattr(self, word[1:]).extend(rest.split())
            elif word == "@example":
                example = []
                while (line := next(lines)) != "@end":
                    example.append(line)
                self.examples.append("\n".join(example) + "\n")
                self.body += [".Bd -literal -offset indent", *map(literal, example), ".Ed"]
            elif line.startswith(".") or not line:
                self.body.append(line)
            else:
                self.body += wrapped(line)
        self._sort_references()

    def _sort_references(self):
        """SEE ALSO by section and name."""
        if ".Sh SEE ALSO" in self.body:
            start = self.body.index(".Sh SEE ALSO") + 1
            end = next((i for i in range(start, len(self.body)) if not self.body[i].startswith(".Xr ")), len(self.body))
            found = sorted({tuple(line.split()[1:3]) for line in self.body[start:end]}, key=lambda x: x[::-1])
            self.body[start:end] = [f".Xr {' '.join(x)}" + " ," * (x != found[-1]) for x in found]

    @property
    def names(self):
        return [self.title, *(n for n in [*self.functions, *self.types] if n != self.title)]

    def write(self, header):
        out = [f".Dd {DATE}", f".Dt {self.title.upper()} {self.section}", ".Os", ".Sh NAME"]
        out += [f".Nm {name} ," for name in self.names[:-1]] + [f".Nm {self.names[-1]}", f".Nd {self.about}"]
        if self.functions:
            out += [".Sh SYNOPSIS", ".In tlscore/tls.h"]
            for name in self.functions:
                returned, args, _ = header.functions[name]
                out += [f".Ft {quoted(returned)}", f".Fo {name}", *(f".Fa {quoted(a)}" for a in args), ".Fc"]
        for line in self.body:
            made = {"@descriptions": lambda: self.descriptions(header), "@usage": usage, "@pages": contents}
            out += made.get(line, lambda line=line: [line])()
        return "\n".join(out) + "\n"

    def has_constant(self, name):
        """Of its words, those that end in "_" are prefixes."""
        return any(name.startswith(p) if p.endswith("_") else name == p for p in self.constants)

    def descriptions(self, header):
        out = []
        if self.functions:
            out += [".Bl -tag -width Ds"]
            for name in self.functions:
                out += [f".It Fn {name}", *described(header.functions[name][2], self)]
            out += [".El"]
        for name in self.types:
            body, comment = header.types[name]
            out += [f".Ss {name}", *described(comment, self), ".Bd -literal"]
            out += [literal(re.sub(r"^    ///", "    //", line)) for line in body]
            out += [".Ed"]
        constants = [c for c in header.constants if self.has_constant(c)]
        if constants:
            out += [".Ss Constants", ".Bl -tag -width Ds"]
            for name in constants:
                value, comment = header.constants[name]
                out += [f".It Dv {name} Pq {value}", *described(comment, self)]
            out += [".El"]
        return out


def literal(line):
    line = escape(line)
    return "\\&" + line if line[:1] in (".", "'") else line


def contents():
    items = [line for p in pages() if p.functions for line in (f".It Xr {p.title} {p.section}", p.about)]
    return [".Bl -tag -width Ds", *items, ".El"]


def pages():
    return [Page(path) for path in sorted(SOURCES.glob("*.[13]"))]


def problems(header):
    seen = {}
    for page in pages():
        for name in page.functions:
            if name not in header.functions:
                yield f"{page.title}.{page.section} has {name}(), which is not in the header"
            if name in seen:
                yield f"{name}() is on two pages: {seen[name]} and {page.title}"
            seen[name] = page.title
        if page.functions and not page.examples:
            yield f"{page.title}.{page.section} has no example"
        for name in page.types:
            if name not in header.types:
                yield f"{page.title}.{page.section} has {name}, which is not in the header"
    types = {name for page in pages() for name in page.types}
    shown = "\n".join(usage())
    for name in sorted(set(re.findall(r'"--([a-z0-9-]+)"', "".join(p.read_text() for p in USAGE.parent.glob("*.c"))))):
        if name != "help" and f"Fl -{name}" not in shown:
            yield f"tlscat --help does not tell of --{name}"
    yield from (f"{name}() is on no page" for name in header.functions if name not in seen)
    yield from (f"{name} is on no page" for name in header.types if name not in types)
    yield from (f"{name} is on no page" for name in header.constants if not any(p.has_constant(name) for p in pages()))


def main(action, directory=None):
    header = Header(HEADER.read_text())
    if action == "check":
        found = list(problems(header))
        print("\n".join(found) or f"{len(header.functions)} functions on {len(pages())} pages")
        return 1 if found else 0
    out = Path(directory)
    for page in pages():
        if action == "examples":
            out.mkdir(parents=True, exist_ok=True)
            for number, example in enumerate(page.examples):
                (out / f"{page.title}_{number}.c").write_text(example)
            continue
        folder = out / f"man{page.section}"
        folder.mkdir(parents=True, exist_ok=True)
        page.functions = [name for name in page.functions if name in header.functions]
        suffix = SUFFIX[page.section]
        (folder / f"{page.title}.{suffix}").write_text(page.write(header))
        for name in page.names[1:]:
            (folder / f"{name}.{suffix}").write_text(f".so man{page.section}/{page.title}.{suffix}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
