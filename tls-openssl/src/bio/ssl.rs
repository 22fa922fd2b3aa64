//! `BIO_f_ssl`: an SSL as a filter; the BIO behind it is the SSL's transport.

use super::{BIO, Behaviour, READ, Room, SPECIAL, WRITE, ctrl};
use crate::object::Owned;
use crate::ssl::{SSL, Wanted};
use core::cell::RefCell;
use core::ffi::{c_int, c_long, c_void};

pub(crate) struct Filter {
    ssl: RefCell<Option<Owned<SSL>>>,
}

impl Filter {
    pub(crate) const fn new() -> Self {
        Self {
            ssl: RefCell::new(None),
        }
    }

    fn ssl(&self) -> Option<Owned<SSL>> {
        self.ssl.borrow().clone()
    }

    /// Tells in the BIO's flags what the SSL waits for.
    fn waits(bio: &BIO, ssl: &SSL, n: c_int) -> c_int {
        bio.clear_retry();
        if n <= 0 {
            match ssl.wanted() {
                Wanted::Reading => bio.set_retry(READ),
                Wanted::Writing => bio.set_retry(WRITE),
                Wanted::Nothing => {}
                Wanted::Program(_) => {
                    bio.set_retry(SPECIAL);
                    bio.retry_reason.set(1);
                }
            }
        }
        n
    }
}

impl Behaviour for Filter {
    fn read(&self, bio: &BIO, room: Room<'_>) -> c_int {
        let Some(ssl) = self.ssl() else { return 0 };
        Self::waits(bio, &ssl, ssl.read(room))
    }

    fn write(&self, bio: &BIO, bytes: &[u8]) -> c_int {
        let Some(ssl) = self.ssl() else { return 0 };
        Self::waits(bio, &ssl, ssl.write(bytes))
    }

    unsafe fn ctrl(&self, bio: &BIO, cmd: c_int, num: c_long, ptr: *mut c_void) -> c_long {
        if cmd == ctrl::SET_SSL {
            self.destroy(bio);
            // SAFETY: for this command an SSL; its reference comes with it.
            let given = unsafe { Owned::from_raw(ptr.cast()) };
            drop(self.ssl.replace(given));
            bio.shutdown.set(c_int::try_from(num).unwrap_or(1));
            bio.init.set(1);
            return 1;
        }
        let Some(ssl) = self.ssl() else { return 0 };
        match cmd {
            ctrl::GET_SSL => {
                if !ptr.is_null() {
                    // SAFETY: for this command a place for a pointer.
                    unsafe { ptr.cast::<*mut SSL>().write(ssl.pointer()) };
                }
                1
            }
            ctrl::SSL_MODE => {
                ssl.set_role(if num != 0 {
                    crate::ssl::Role::Client
                } else {
                    crate::ssl::Role::Server
                });
                1
            }
            ctrl::DO_STATE_MACHINE => c_long::from(Self::waits(bio, &ssl, ssl.handshake())),
            ctrl::PENDING => c_long::try_from(ssl.pending()).unwrap_or(c_long::MAX),
            ctrl::PUSH => {
                let next = bio.next();
                ssl.set_bios(next.clone(), next);
                1
            }
            ctrl::POP => {
                ssl.set_bios(None, None);
                1
            }
            ctrl::RESET => {
                // Ready for another connection, as its transport is then.
                ssl.shutdown();
                if let Some(role) = ssl.role() {
                    ssl.set_role(role);
                }
                ssl.clear();
                let next = bio.next().or_else(|| ssl.rbio());
                next.map_or(1, |next| next.command(ctrl::RESET))
            }
            ctrl::GET_CLOSE | ctrl::SET_CLOSE => super::common(bio, cmd, num),
            ctrl::FLUSH => ssl.wbio().map_or(1, |next| next.command(ctrl::FLUSH)),
            // The transport may be the SSL's alone (`SSL_set_fd`).
            // SAFETY: the program's command, for the BIO behind.
            _ => ssl
                .rbio()
                .map_or(0, |next| unsafe { next.ctrl(cmd, num, ptr) }),
        }
    }

    fn destroy(&self, bio: &BIO) {
        let Some(ssl) = self.ssl.take() else { return };
        if bio.shutdown.get() == 0 {
            core::mem::forget(ssl);
        } else if ssl.is_open() {
            ssl.shutdown();
        }
    }
}
