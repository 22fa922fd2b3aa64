#!/usr/bin/env python3
"""C declarations out of tls-openssl/src/sys.rs, behind <tlscore/tls.h>: the compiler says where the two differ, in a
function's type, a structure's layout or a constant."""
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SCALARS = {
    "c_int": "int", "c_char": "char", "c_void": "void", "usize": "size_t", "isize": "ptrdiff_t", "u8": "uint8_t",
    "u32": "uint32_t", "i64": "int64_t", "()": "void",
}


def split(text):
    """What stands between commas that are inside of no bracket."""
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


class Source:
    def __init__(self, text):
        text = re.sub(r"^\s*//.*$", "", text, flags=re.M)
        self.types = {m[1]: m[2] for m in re.finditer(r"type (\w+) =\s*(.*?);", text, re.S)}
        self.constants = re.findall(r"const (TLS_\w+): c_int = (-?\d+);", text)
        self.structs = re.findall(r"pub struct (tls_\w+) \{(.*?)\n\}", text, re.S)
        foreign = text[text.index('\nunsafe extern "C" {'):]
        # The arguments end at the last bracket that has a result or nothing behind it.
        whole = re.findall(r"pub fn (tls_\w+)(\(.*?);", foreign, re.S)
        self.functions = [(name, *re.fullmatch(r"\((.*)\)(?:\s*-> ([^()<>]*))?\s*", rest, re.S).groups()) for name, rest in whole]

    def declare(self, rust, name, const=False):
        """`name` as a variable of the Rust type."""
        rust = " ".join(rust.split())
        rust = self.types.get(rust, rust)
        if m := re.fullmatch(r"\*(const|mut) (.*)", rust):
            return self.declare(m[2], f"*{'const ' if const else ''}{name}", m[1] == "const")
        if m := re.fullmatch(r"\[(.*); (\d+)\]", rust):
            return self.declare(m[1], f"{name}[{m[2]}]", const)
        if m := re.fullmatch(r"Option<(.*)>", rust):
            inner = m[1].strip(", ")
            function = re.fullmatch(r'unsafe extern "C" fn\( ?(.*?),? ?\)(?: -> (.*))?', self.types.get(inner, inner).strip())
            return self.function(f"(*{name})", function[1], function[2])
        base = SCALARS.get(rust) or f"struct {rust}"
        return f"{'const ' if const else ''}{base} {name}"

    def function(self, name, arguments, result):
        kinds = [a.split(": ", 1)[1] if re.match(r"\w+: ", a) else a for a in split(" ".join(arguments.split()))]
        listed = ", ".join(self.declare(kind, "") for kind in kinds) or "void"
        return self.declare(result or "()", f"{name}({listed})")

    def program(self):
        yield "#include <stddef.h>\n#include <stdint.h>\n#include <tlscore/tls.h>"
        for name, value in self.constants:
            yield f'_Static_assert({name} == {value}, "{name}");'
        for name, body in self.structs:
            if "_private" in body:
                continue
            fields = [re.sub(r"^pub ", "", " ".join(field.split())).split(": ", 1) for field in split(body)]
            yield f"struct ours_{name} {{ {' '.join(self.declare(kind, field) + ';' for field, kind in fields)} }};"
            yield f'_Static_assert(sizeof(struct {name}) == sizeof(struct ours_{name}), "{name}");'
            for field, _ in fields:
                place = f"offsetof(struct {name}, {field}) == offsetof(struct ours_{name}, {field})"
                yield f'_Static_assert({place}, "{name}.{field}");'
                for owner in (name, f"ours_{name}"):
                    yield f"extern __typeof__(((struct {owner} *)0)->{field}) check_{name}_{field};"
        for name, arguments, result in self.functions:
            yield self.function(name, arguments, result) + ";"


print("\n".join(Source((ROOT / "tls-openssl/src/sys.rs").read_text()).program()))
