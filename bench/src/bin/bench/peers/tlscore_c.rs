//! This project, through the C API of the built shared library, with callbacks.

use crate::pki::Pki;
use crate::wire::Wire;
use crate::work::{Agreed, End, HOST, Kind, Pair, Peer, Work, connect};
use libloading::Library;
use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::rc::Rc;

const TLS_CLIENT: c_int = 1;
const TLS_SERVER: c_int = 2;
const TLS_WANT_READ: isize = -2;

type Callback<P> = unsafe extern "C" fn(*mut c_void, P, usize, *mut c_void) -> isize;

/// Declares the functions as they stand in tls.h, each a field that was looked up by its name.
macro_rules! api {
    ($($name:ident: fn($($argument:ty),*) $(-> $result:ty)?;)*) => {
        #[allow(non_snake_case)]
        struct Api {
            $($name: unsafe extern "C" fn($($argument),*) $(-> $result)?,)*
            /// Keeps the functions.
            _library: Library,
        }

        impl Api {
            fn new(library: Library) -> Result<Self, libloading::Error> {
                // SAFETY: the types are those of tls.h.
                unsafe {
                    Ok(Self { $($name: *library.get(concat!(stringify!($name), "\0").as_bytes())?,)* _library: library })
                }
            }
        }
    };
}

api! {
    tls_ctx_new: fn(c_int) -> *mut c_void;
    tls_ctx_free: fn(*mut c_void);
    tls_ctx_set_policy: fn(*mut c_void, *const c_char) -> c_int;
    tls_ctx_set_cipher_list: fn(*mut c_void, *const c_char) -> c_int;
    tls_ctx_set_groups: fn(*mut c_void, *const c_char) -> c_int;
    tls_ctx_add_ca_mem: fn(*mut c_void, *const c_void, usize) -> c_int;
    tls_ctx_add_keypair_mem: fn(*mut c_void, *const c_void, usize, *const c_void, usize) -> c_int;
    tls_ctx_set_tickets: fn(*mut c_void, c_int) -> c_int;
    tls_ctx_set_session_cache: fn(*mut c_void, usize) -> c_int;
    tls_ctx_set_client_session_cache: fn(*mut c_void, usize) -> c_int;
    tls_conn_new: fn(*mut c_void, *const c_char) -> *mut c_void;
    tls_conn_new_server: fn(*mut c_void) -> *mut c_void;
    tls_conn_free: fn(*mut c_void);
    tls_conn_set_io: fn(*mut c_void, Callback<*mut c_void>, Callback<*const c_void>, *mut c_void) -> c_int;
    tls_conn_error_text: fn(*const c_void) -> *const c_char;
    tls_conn_cipher: fn(*const c_void) -> *const c_char;
    tls_conn_resumed: fn(*const c_void) -> c_int;
    tls_handshake: fn(*mut c_void) -> c_int;
    tls_read: fn(*mut c_void, *mut c_void, usize) -> isize;
    tls_write: fn(*mut c_void, *const c_void, usize) -> isize;
}

pub(crate) struct TlscoreC(Rc<Api>);

impl TlscoreC {
    /// The library that TLSCORE_LIBRARY names; `make bench` builds and names it.
    pub(crate) fn load() -> Result<Self, String> {
        let path = std::env::var_os("TLSCORE_LIBRARY").ok_or("TLSCORE_LIBRARY names no library")?;
        // SAFETY: our own library has no initialiser.
        let library = unsafe { Library::new(path) }.map_err(|e| e.to_string())?;
        Api::new(library)
            .map(|api| Self(Rc::new(api)))
            .map_err(|e| e.to_string())
    }
}

impl Peer for TlscoreC {
    fn name(&self) -> &'static str {
        "tlscore-c"
    }

    fn prepare(&self, work: Work, pki: &Pki) -> Option<Rc<dyn Pair>> {
        // The form of the MAC is no matter of the C API: encrypt-then-MAC where the peer knows it.
        if work.suite().ends_with("-SHA") && !work.encrypts_then_macs() {
            return None;
        }
        let pair = Rc::new(Contexts::new(self.0.clone(), work, pki));
        if work.kind != Kind::Full {
            drop(connect(&*pair));
        }
        Some(pair)
    }
}

struct Contexts {
    api: Rc<Api>,
    client: *mut c_void,
    server: *mut c_void,
    name: CString,
}

impl Contexts {
    fn new(api: Rc<Api>, work: Work, pki: &Pki) -> Self {
        let chain = pki.chain(work.key);
        let (root, sent, key) = (chain.root_pem(), chain.sent_pem(), chain.key_pem());
        let suite = CString::new(work.suite()).expect("a name");
        let cached = if work.kind == Kind::Full { 0 } else { 1024 };
        let new = |role| {
            // SAFETY: pointers to what lives here, with their lengths.
            unsafe {
                let ctx = (api.tls_ctx_new)(role);
                if work.suite().ends_with("-SHA") {
                    assert_eq!((api.tls_ctx_set_policy)(ctx, c"compatible".as_ptr()), 0);
                }
                assert_eq!((api.tls_ctx_set_cipher_list)(ctx, suite.as_ptr()), 0);
                assert_eq!((api.tls_ctx_set_groups)(ctx, c"X25519:P-256".as_ptr()), 0);
                assert_eq!(
                    (api.tls_ctx_set_tickets)(ctx, (work.kind == Kind::ByTicket).into()),
                    0
                );
                if role == TLS_CLIENT {
                    assert_eq!(
                        (api.tls_ctx_add_ca_mem)(ctx, root.as_ptr().cast(), root.len()),
                        0
                    );
                    assert_eq!((api.tls_ctx_set_client_session_cache)(ctx, cached), 0);
                } else {
                    let (sent, key) = (&sent, &key);
                    let rc = (api.tls_ctx_add_keypair_mem)(
                        ctx,
                        sent.as_ptr().cast(),
                        sent.len(),
                        key.as_ptr().cast(),
                        key.len(),
                    );
                    assert_eq!(rc, 0);
                    assert_eq!(
                        (api.tls_ctx_set_session_cache)(
                            ctx,
                            if work.kind == Kind::ById { cached } else { 0 }
                        ),
                        0
                    );
                }
                ctx
            }
        };
        let (client, server) = (new(TLS_CLIENT), new(TLS_SERVER));
        Self {
            client,
            server,
            name: CString::new(HOST).expect("a name"),
            api,
        }
    }

    fn end(&self, conn: *mut c_void, wire: Wire) -> Box<dyn End> {
        let wire = Box::new(wire);
        let arg: *mut c_void = std::ptr::from_ref::<Wire>(&wire).cast_mut().cast();
        // SAFETY: the wire is boxed and lives as long as the connection.
        assert_eq!(
            unsafe { (self.api.tls_conn_set_io)(conn, receive, send, arg) },
            0
        );
        Box::new(Conn {
            api: self.api.clone(),
            conn,
            _wire: wire,
        })
    }
}

impl Drop for Contexts {
    fn drop(&mut self) {
        for ctx in [self.client, self.server] {
            // SAFETY: ours, and not used any more.
            unsafe { (self.api.tls_ctx_free)(ctx) };
        }
    }
}

impl Pair for Contexts {
    fn client(&self, wire: Wire) -> Box<dyn End> {
        // SAFETY: a context and a C string.
        self.end(
            unsafe { (self.api.tls_conn_new)(self.client, self.name.as_ptr()) },
            wire,
        )
    }

    fn server(&self, wire: Wire) -> Box<dyn End> {
        // SAFETY: a context.
        self.end(unsafe { (self.api.tls_conn_new_server)(self.server) }, wire)
    }
}

unsafe extern "C" fn receive(
    _: *mut c_void,
    out: *mut c_void,
    len: usize,
    arg: *mut c_void,
) -> isize {
    // SAFETY: the argument is the connection's wire; the library gives room for `len` bytes.
    let (wire, out) = unsafe {
        (
            &*arg.cast::<Wire>(),
            std::slice::from_raw_parts_mut(out.cast::<u8>(), len),
        )
    };
    match wire.incoming.borrow_mut().take(out) {
        0 => TLS_WANT_READ,
        n => n as isize,
    }
}

unsafe extern "C" fn send(
    _: *mut c_void,
    bytes: *const c_void,
    len: usize,
    arg: *mut c_void,
) -> isize {
    // SAFETY: the argument is the connection's wire; the library gives `len` bytes.
    let (wire, bytes) = unsafe {
        (
            &*arg.cast::<Wire>(),
            std::slice::from_raw_parts(bytes.cast::<u8>(), len),
        )
    };
    wire.outgoing.borrow_mut().put(bytes);
    len as isize
}

struct Conn {
    api: Rc<Api>,
    conn: *mut c_void,
    /// The callbacks' argument.
    _wire: Box<Wire>,
}

impl Conn {
    fn failed(&self) -> ! {
        // SAFETY: a connection; the text lives until the next call.
        let text = unsafe { CStr::from_ptr((self.api.tls_conn_error_text)(self.conn)) };
        panic!("tlscore-c: {}", text.to_string_lossy())
    }
}

impl Drop for Conn {
    fn drop(&mut self) {
        // SAFETY: ours, and not used any more.
        unsafe { (self.api.tls_conn_free)(self.conn) };
    }
}

impl End for Conn {
    fn handshake(&mut self) -> bool {
        // SAFETY: a connection.
        match unsafe { (self.api.tls_handshake)(self.conn) } {
            0 => true,
            rc if rc as isize == TLS_WANT_READ => false,
            _ => self.failed(),
        }
    }

    fn write(&mut self, mut data: &[u8]) {
        while !data.is_empty() {
            // SAFETY: a connection, and bytes with their length.
            match unsafe { (self.api.tls_write)(self.conn, data.as_ptr().cast(), data.len()) } {
                n if n > 0 => data = &data[n as usize..],
                _ => self.failed(),
            }
        }
    }

    fn read(&mut self, out: &mut [u8]) -> usize {
        // SAFETY: a connection, and room with its length.
        match unsafe { (self.api.tls_read)(self.conn, out.as_mut_ptr().cast(), out.len()) } {
            n if n > 0 => n as usize,
            TLS_WANT_READ => 0,
            _ => self.failed(),
        }
    }

    fn agreed(&self) -> Agreed {
        // SAFETY: a connection whose handshake is complete: there is a suite.
        let (suite, resumed) = unsafe {
            (
                CStr::from_ptr((self.api.tls_conn_cipher)(self.conn)),
                (self.api.tls_conn_resumed)(self.conn),
            )
        };
        Agreed {
            suite: suite.to_string_lossy().into_owned(),
            resumed: resumed == 1,
        }
    }
}
