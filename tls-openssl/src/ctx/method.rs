//! SSL_METHOD: roles. There is one version of the protocol.

use super::TLS12;
use core::ffi::c_int;

/// Which roles a context is for. Constants.
pub struct SSL_METHOD {
    pub(crate) client: bool,
    pub(crate) server: bool,
    /// 0: whatever there is.
    version: c_int,
}

impl SSL_METHOD {
    const fn new(client: bool, server: bool, version: c_int) -> Self {
        Self {
            client,
            server,
            version,
        }
    }

    pub(crate) const fn version(&self) -> c_int {
        self.version
    }
}

static ANY: SSL_METHOD = SSL_METHOD::new(true, true, 0);
static CLIENT: SSL_METHOD = SSL_METHOD::new(true, false, 0);
static SERVER: SSL_METHOD = SSL_METHOD::new(false, true, 0);
static ANY_1_2: SSL_METHOD = SSL_METHOD::new(true, true, TLS12);
static CLIENT_1_2: SSL_METHOD = SSL_METHOD::new(true, false, TLS12);
static SERVER_1_2: SSL_METHOD = SSL_METHOD::new(false, true, TLS12);

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_TLS_method() -> *const SSL_METHOD {
    &raw const ANY
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_TLS_client_method() -> *const SSL_METHOD {
    &raw const CLIENT
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_TLS_server_method() -> *const SSL_METHOD {
    &raw const SERVER
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_TLSv1_2_method() -> *const SSL_METHOD {
    &raw const ANY_1_2
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_TLSv1_2_client_method() -> *const SSL_METHOD {
    &raw const CLIENT_1_2
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_TLSv1_2_server_method() -> *const SSL_METHOD {
    &raw const SERVER_1_2
}
