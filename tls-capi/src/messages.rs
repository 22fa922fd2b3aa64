//! What the handshake protocol says, for those who print it byte by byte.

use crate::callback::CallbackArg;
use crate::code::TLS_RECORD_HEADER;
use crate::ctx::{set, tls_ctx};
use core::ffi::{c_int, c_void};
use std::sync::Arc;
use tls_std::tls_core::inspect::Direction;
use tls_std::tls_core::wire::ProtocolVersion;
use tls_std::{Content, Context, MessageSink};

type MessageFn = unsafe extern "C" fn(c_int, c_int, c_int, *const c_void, usize, *mut c_void);

/// DANGER: shows `callback` what the connections that are created from now on send (`sent` 1) and receive (0) but for
/// application data, in the order of the wire and as it is before protection: also what only the two sides are
/// meant to read, such as a client's certificate in a renegotiation. For programs that print the protocol;
/// tls_ctx_set_trace() tells what happens without showing that.
///
/// `content_type` says what the `len` bytes at `data` are: 20: a ChangeCipherSpec; 21: an alert, its level and its number;
/// 22: a whole handshake message with its header of four bytes; TLS_RECORD_HEADER: the five bytes in front of a
/// record, also of one with data. `version` is that of the record (0x0303: TLS 1.2). `data` is valid for the call.
///
/// Called and given back as tls_ctx_set_trace()'s callback; both may be set. Returns TLS_OK, or TLS_ERR_USAGE for NULL;
/// `release` is not called then.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_danger_set_message_callback(
    ctx: *mut tls_ctx,
    callback: Option<
        unsafe extern "C" fn(
            sent: c_int,
            content_type: c_int,
            version: c_int,
            data: *const c_void,
            len: usize,
            arg: *mut c_void,
        ),
    >,
    arg: *mut c_void,
    release: Option<unsafe extern "C" fn(arg: *mut c_void)>,
) -> c_int {
    let setter = |ctx: &Context| {
        let sink = |callback| CallbackMessages {
            callback,
            arg: CallbackArg::new(arg, release),
        };
        let sink = callback.map(sink).map(Arc::new);
        ctx.danger_set_message_sink(sink.clone().map(|s| s as _));
        sink.iter().for_each(|s| s.arg.adopt());
        Ok(())
    };
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, setter) }
}

struct CallbackMessages {
    callback: MessageFn,
    arg: CallbackArg,
}

impl MessageSink for CallbackMessages {
    fn message(
        &self,
        direction: Direction,
        content: Content,
        version: ProtocolVersion,
        bytes: &[u8],
    ) {
        let sent = c_int::from(direction == Direction::Sent);
        let content_type = match content {
            Content::RecordHeader => TLS_RECORD_HEADER,
            Content::Of(content_type) => c_int::from(content_type.0),
        };
        let (version, data) = (c_int::from(version.0), bytes.as_ptr().cast());
        // SAFETY: the program gave this function for this argument; the bytes are live.
        unsafe {
            (self.callback)(
                sent,
                content_type,
                version,
                data,
                bytes.len(),
                self.arg.get(),
            )
        };
    }
}
