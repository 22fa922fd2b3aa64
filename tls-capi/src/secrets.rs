//! What is made of a complete handshake's secrets: exporters, channel bindings, the key log.

use crate::args;
use crate::callback::CallbackArg;
use crate::code::*;
use crate::conn::tls_conn;
use crate::conn_state::{change, set};
use crate::ctx::{set as set_ctx, tls_ctx};
use crate::error::code;
use core::ffi::{c_char, c_int, c_void};
use core::mem::MaybeUninit;
use std::ffi::CString;
use std::sync::Arc;
use tls_core::conn::MAX_EXPORT;
use tls_core::inspect::{KeyLog, key_log_line};
use tls_std::{ChannelBinding, Connection, Context};
use zeroize::{Zeroize, Zeroizing};

/// Exports keying material for the application (RFC 5705): both sides get the same for the same
/// label and context, and nobody else does. `label` (ASCII, without its NUL) is registered with IANA
/// or begins with "EXPERIMENTAL". `context` NULL: none, which differs from an empty one; it has at most
/// 65535 bytes. Without the extended master secret (tls_conn_extended_master_secret()) two
/// connections can be made to export the same: programs that authenticate by it must look.
///
/// Returns TLS_OK with all of `out` filled, or an error: TLS_ERR_USAGE before the handshake is complete,
/// for a label that TLS uses itself, and for `out_len` 0 or above 65535; the fatal error's code after
/// one. tls_conn_error() says why.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_export(
    conn: *mut tls_conn,
    label: *const c_char,
    label_len: usize,
    context: *const c_void,
    context_len: usize,
    out: *mut c_void,
    out_len: usize,
) -> c_int {
    let export = |conn: &mut Connection| {
        // SAFETY: by the header, readable bytes, or NULL.
        let label = unsafe { args::bytes("label", label.cast(), label_len)? };
        let context = if context.is_null() && context_len == 0 {
            None
        } else {
            // SAFETY: as above.
            Some(unsafe { args::bytes("context", context, context_len)? })
        };
        // SAFETY: by the header, room to write to, or NULL.
        let room = unsafe { args::room("out", out, out_len)? };
        // C's room may be uninitialised, and is written on success alone. A length out of range is
        // refused below, before memory is asked for that no machine has.
        let mut exported = Zeroizing::new(vec![0; room.len().min(MAX_EXPORT + 1)]);
        conn.export_keying_material(label, context, &mut exported)?;
        room.write_copy_of_slice(&exported);
        Ok(())
    };
    // SAFETY: by the header, NULL or a live connection.
    unsafe { set(conn, export) }
}

/// A channel binding, to `out`: TLS_BINDING_UNIQUE (RFC 5929 §3, 12 bytes), TLS_BINDING_SERVER_END_POINT
/// (RFC 5929 §4, 32 to 64 bytes) or TLS_BINDING_EXPORTER (RFC 9266, 32 bytes). TLS_BINDING_MAX bytes of
/// room are always enough.
///
/// Returns how many bytes it has, or an error: TLS_ERR_USAGE before the handshake is complete, for too
/// little room, and with TLS_REASON_CHANNEL_BINDING_UNDEFINED where the binding is not defined or not
/// safe: TLS_BINDING_UNIQUE and TLS_BINDING_EXPORTER need the extended master secret.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_channel_binding(
    conn: *mut tls_conn,
    binding: c_int,
    out: *mut c_void,
    cap: usize,
) -> isize {
    let of = |conn: &mut Connection| {
        let binding = match binding {
            TLS_BINDING_UNIQUE => ChannelBinding::TlsUnique,
            TLS_BINDING_SERVER_END_POINT => ChannelBinding::TlsServerEndPoint,
            TLS_BINDING_EXPORTER => ChannelBinding::TlsExporter,
            other => return Err(args::bad(format!("{other} is no TLS_BINDING_*")).into()),
        };
        conn.channel_binding(binding)
    };
    // SAFETY: by the header, a live connection and room to write to, or NULL.
    unsafe { binding_to(conn, of, out, cap) }
}

/// DANGER: tls-unique on a connection without the extended master secret too. Someone in the middle can
/// make two connections that have the same one. Returns as tls_conn_channel_binding().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_danger_tls_unique(
    conn: *mut tls_conn,
    out: *mut c_void,
    cap: usize,
) -> isize {
    // SAFETY: by the header, a live connection and room to write to, or NULL.
    unsafe { binding_to(conn, Connection::danger_tls_unique, out, cap) }
}

/// DANGER: gives the secrets of the connections that are created from now on to `log`, as lines of NSS's
/// key log without their line feed ("CLIENT_RANDOM ..."): whoever has them can read everything that
/// these connections say. `log` NULL ends it. It is called with `arg` by any thread that drives a
/// connection, also by several at once, and must not call functions on the connection. The line is wiped
/// behind the call. `release` (may be NULL) is called once with `arg` when neither the context nor any
/// connection needs `log` any more.
///
/// Returns TLS_OK, or TLS_ERR_USAGE for NULL; `release` is not called then.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_danger_set_keylog(
    ctx: *mut tls_ctx,
    log: Option<unsafe extern "C" fn(line: *const c_char, arg: *mut c_void)>,
    arg: *mut c_void,
    release: Option<unsafe extern "C" fn(arg: *mut c_void)>,
) -> c_int {
    let setter = |ctx: &Context| {
        let made = log.map(|log| {
            let arg = CallbackArg::new(arg, release);
            Arc::new(CallbackLog { log, arg })
        });
        ctx.danger_set_key_log(made.clone().map(|log| log as Arc<dyn KeyLog>));
        made.iter().for_each(|log| log.arg.adopt());
        Ok(())
    };
    // SAFETY: by the header, NULL or a live context.
    unsafe { set_ctx(ctx, setter) }
}

/// DANGER: the same appended to a file, one line per handshake. A file that is not there is made so that
/// its owner alone can read it. `path` NULL: the file that the environment variable SSLKEYLOGFILE names;
/// without that (and in a program with more rights than who started it) nothing is logged. The
/// variable is looked at by this call and by nothing else.
///
/// Returns TLS_OK, or TLS_ERR_USAGE with a reason in tls_ctx_error().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_danger_set_keylog_file(
    ctx: *mut tls_ctx,
    path: *const c_char,
) -> c_int {
    let setter = |ctx: &Context| {
        if path.is_null() {
            return ctx.danger_key_log_env().map(drop);
        }
        // SAFETY: by the header, a path.
        ctx.danger_key_log_file(unsafe { args::path("path", path)? })
    };
    // SAFETY: by the header, NULL or a live context.
    unsafe { set_ctx(ctx, setter) }
}

/// Copies a binding out.
///
/// # Safety
/// `conn` is NULL or a live connection that no other thread uses; `out` has room for `cap` bytes.
unsafe fn binding_to(
    conn: *mut tls_conn,
    of: impl FnOnce(&mut Connection) -> tls_std::Result<Vec<u8>>,
    out: *mut c_void,
    cap: usize,
) -> isize {
    let copy = |conn: &mut Connection| -> tls_std::Result<isize> {
        // SAFETY: the caller's promise.
        let room: &mut [MaybeUninit<u8>] = unsafe { args::room("out", out, cap)? };
        let binding = Zeroizing::new(of(conn)?);
        let Some(room) = room.get_mut(..binding.len()) else {
            let text = format!(
                "the binding has {} bytes, there is room for {cap}",
                binding.len()
            );
            return Err(args::bad(text).into());
        };
        room.write_copy_of_slice(&binding);
        Ok(binding.len() as isize)
    };
    let kept = |conn: &mut Connection| {
        copy(conn).map_err(|error| {
            let code = code(&error);
            conn.misused(error);
            code
        })
    };
    // SAFETY: the caller's promise.
    match unsafe { change(conn, kept) } {
        Ok(len) => len,
        Err(code) => code as isize,
    }
}

/// A key log behind a C function.
struct CallbackLog {
    log: unsafe extern "C" fn(line: *const c_char, arg: *mut c_void),
    arg: CallbackArg,
}

impl KeyLog for CallbackLog {
    fn log(&self, label: &str, client_random: &[u8; 32], secret: &[u8]) {
        let line = key_log_line(label, client_random, secret);
        let mut bytes = Vec::with_capacity(line.len() + 1);
        bytes.extend_from_slice(line.as_bytes());
        // Labels and hex digits have no NUL.
        let Ok(line) = CString::new(bytes) else {
            return;
        };
        // SAFETY: the program gave this function for this argument; the line is live.
        unsafe { (self.log)(line.as_ptr(), self.arg.get()) };
        line.into_bytes_with_nul().zeroize();
    }
}

impl core::fmt::Debug for CallbackLog {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("CallbackLog")
    }
}
