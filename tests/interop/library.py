"""The library itself, for tables that need no connection."""

import ctypes

from harness import BUILD, Failure

_lib = None


class ErrorInfo(ctypes.Structure):
    _fields_ = [
        ("number", ctypes.c_int), ("family", ctypes.c_int), ("alert", ctypes.c_int), ("alert_direction", ctypes.c_int),
        ("os_errno", ctypes.c_int), ("reserved", ctypes.c_int * 3), ("name", ctypes.c_char * 48), ("text", ctypes.c_char * 432),
    ]


PASSWORD = ctypes.CFUNCTYPE(ctypes.c_ssize_t, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_void_p)


def lib():
    global _lib
    if _lib is None:
        _lib = ctypes.CDLL(str(BUILD / "libtlscore.so.1"))
        _lib.tls_ctx_new.restype = ctypes.c_void_p
        for name in ("tls_ctx_ciphers", "tls_ctx_groups", "tls_ctx_sigalgs"):
            getattr(_lib, name).restype = ctypes.c_ssize_t
    return _lib


class Refused(Failure):
    def __init__(self, info):
        self.name, self.text = info.name.decode(), info.text.decode("utf-8", "replace")
        super().__init__(f"{self.name}: {self.text}")


class Context:
    """A tls_ctx: `ctx.set_policy("legacy")` is tls_ctx_set_policy(), and an error is raised."""

    def __init__(self, roles=3):
        self.handle = ctypes.c_void_p(lib().tls_ctx_new(roles))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        lib().tls_ctx_free(self.handle)

    def __getattr__(self, name):
        function = getattr(lib(), f"tls_ctx_{name}")

        def call(*args):
            # An int fills its register, whether a size_t or an int is wanted.
            values = [a.encode() if isinstance(a, str) else ctypes.c_ssize_t(a) if isinstance(a, int) else a for a in args]
            status = function(self.handle, *values)
            if status < 0:
                info = ErrorInfo()
                lib().tls_ctx_error(self.handle, ctypes.byref(info))
                raise Refused(info)
            return status

        return call

    def list(self, what):
        """The resolved list: ciphers, groups or sigalgs."""
        out = ctypes.create_string_buffer(16384)
        length = getattr(lib(), f"tls_ctx_{what}")(self.handle, out, ctypes.c_size_t(len(out)))
        if not 0 <= length < len(out):
            raise Failure(f"tls_ctx_{what}: {length}")
        return out.value.decode().split(":") if length else []

    def with_password(self, password):
        """Gives this password to whoever asks first."""

        def answer(_place, attempt, room, cap, _arg):
            if attempt or len(password) > cap:
                return -1
            ctypes.memmove(room, password, len(password))
            return len(password)

        self.callback = PASSWORD(answer)
        self.set_password_callback(self.callback, None, None)
        return self
