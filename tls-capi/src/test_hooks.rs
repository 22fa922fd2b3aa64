//! What tests of the boundary need and no release has.

use crate::conn::tls_conn;
use crate::conn_state::change;
use core::ffi::c_int;

/// A verb that panics.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_test_panic(conn: *mut tls_conn) -> c_int {
    // SAFETY: by its description, NULL or a live connection.
    let result: Result<(), c_int> = unsafe { change(conn, |_| panic!("a test wanted this")) };
    result.err().unwrap_or(0)
}
