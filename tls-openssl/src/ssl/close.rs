//! Closing in both directions.

use super::outcome::{CLOSE_NOTIFY, WRITE_ALERT};
use super::{RECEIVED, SENT, SSL, Wanted};
use crate::err::{self, Lib, ssl as reason};
use crate::errno;
use crate::guard::guard;
use crate::sys::*;
use core::ffi::c_int;

impl SSL {
    /// 1: both sides have closed; 0: we have; less: not yet, or an error.
    pub(crate) fn shutdown(&self) -> c_int {
        if self.role().is_none() {
            err::put(Lib::Ssl, reason::UNINITIALIZED, "");
            return -1;
        }
        if self.settings().quiet_shutdown {
            self.shutdown.set(SENT | RECEIVED);
            return 1;
        }
        if !self.is_open() {
            err::put(Lib::Ssl, reason::SHUTDOWN_WHILE_IN_INIT, "");
            return -1;
        }
        errno::set(0);
        if self.shutdown.get() & SENT == 0 {
            self.shutdown.update(|flags| flags | SENT);
            return self.close();
        }
        if self.look(|conn| conn.ask(tls_conn_close_sent)) == Some(1) && !self.failed.get() {
            let code = self.flush().err();
            if let Some(code) = code {
                return self.stopped(code);
            }
        }
        if self.shutdown.get() & RECEIVED == 0 {
            return self.wait_for_close();
        }
        1
    }

    fn close(&self) -> c_int {
        if self.failed.get() {
            return -1;
        }
        // SAFETY: a live connection.
        let code = self.run(|conn| unsafe { tls_close(conn) as isize });
        self.tell(WRITE_ALERT, CLOSE_NOTIFY);
        if code != 0 {
            return self.stopped(code);
        }
        self.wanted.set(Wanted::Nothing);
        c_int::from(self.shutdown.get() & RECEIVED != 0)
    }

    /// The second call: reads to the peer's close_notify. Data before it is an error, as in OpenSSL.
    fn wait_for_close(&self) -> c_int {
        let mut byte = [core::mem::MaybeUninit::uninit(); 1];
        let n = if self.pending() > 0 {
            1
        } else {
            self.receive(&mut byte)
        };
        if n > 0 {
            return self.fail(reason::APPLICATION_DATA_AFTER_CLOSE_NOTIFY, "");
        }
        if self.shutdown.get() & RECEIVED != 0 {
            1
        } else {
            -1
        }
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_shutdown(ssl: Option<&SSL>) -> c_int {
    guard(-1, || ssl.map_or(-1, SSL::shutdown))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_set_shutdown(ssl: Option<&SSL>, flags: c_int) {
    if let Some(ssl) = ssl {
        ssl.shutdown.set(flags & (SENT | RECEIVED));
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_get_shutdown(ssl: Option<&SSL>) -> c_int {
    ssl.map_or(0, |ssl| ssl.shutdown.get())
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_set_quiet_shutdown(ssl: Option<&SSL>, quiet: c_int) {
    if let Some(ssl) = ssl {
        ssl.change(|settings| settings.quiet_shutdown = quiet != 0);
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_get_quiet_shutdown(ssl: Option<&SSL>) -> c_int {
    ssl.map_or(0, |ssl| c_int::from(ssl.settings().quiet_shutdown))
}
