//! What the tests of this crate share.
#![allow(dead_code, unused_imports, reason = "each test uses some of it")]

use std::mem::MaybeUninit;
use std::path::PathBuf;
use tls_std::{Connection, Context, Reason, Roles, Stop};

/// A file of the test PKI.
pub(crate) fn pki(file: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/pki")).join(file)
}

pub(crate) fn client_ctx() -> Context {
    let ctx = Context::new(Roles::Client);
    ctx.add_ca_file(pki("ca.pem")).unwrap();
    ctx
}

pub(crate) fn server_ctx(name: &str) -> Context {
    let ctx = Context::new(Roles::Server);
    add_keypair(&ctx, name);
    ctx
}

pub(crate) fn add_keypair(ctx: &Context, name: &str) {
    let key = pki(&format!("server-{name}.key"));
    ctx.add_keypair_file(pki(&format!("server-{name}.pem")), Some(&key))
        .unwrap();
}

/// A client and a server without transports.
pub(crate) fn pair() -> (Connection, Connection) {
    (
        client_ctx().client(Some("localhost")),
        server_ctx("p256").server(),
    )
}

/// A pair whose handshake is done.
pub(crate) fn established() -> (Connection, Connection) {
    let (mut client, mut server) = pair();
    shake(&mut client, &mut server).unwrap();
    (client, server)
}

/// Everything that waits in `from`, through small buffers.
pub(crate) fn drain(from: &mut Connection) -> Vec<u8> {
    let mut all = Vec::new();
    let mut buf = [MaybeUninit::uninit(); 1000];
    while let Ok(n @ 1..) = from.drain(&mut buf) {
        // SAFETY: drain() initialised so many.
        all.extend(buf[..n].iter().map(|b| unsafe { b.assume_init() }));
    }
    all
}

/// Carries everything over, and returns how much it was.
pub(crate) fn carry(from: &mut Connection, to: &mut Connection) -> usize {
    let bytes = drain(from);
    let mut rest = &bytes[..];
    while !rest.is_empty() {
        match to.feed(rest) {
            Ok(n @ 1..) => rest = &rest[n..],
            _ => break,
        }
    }
    bytes.len()
}

/// Runs both handshakes to their end; the side that failed, and with what.
pub(crate) fn shake(
    client: &mut Connection,
    server: &mut Connection,
) -> Result<(), (&'static str, Reason)> {
    for _ in 0..20 {
        let results = [
            ("client", client.handshake()),
            ("server", server.handshake()),
        ];
        carry(client, server);
        carry(server, client);
        if results.iter().all(|(_, r)| r.is_ok()) {
            return Ok(());
        }
        for (side, conn) in [("client", &*client), ("server", &*server)] {
            if conn.is_failed() && conn.error().is_some() {
                return Err((side, conn.error().unwrap().reason()));
            }
        }
    }
    panic!("the handshake does not end");
}

/// Reads what there is, up to the first want.
pub(crate) fn read_all(conn: &mut Connection) -> Vec<u8> {
    let mut all = Vec::new();
    let mut buf = [0; 4096];
    loop {
        match conn.read(&mut buf) {
            Ok(0) | Err(Stop::WantRead) => return all,
            Ok(n) => all.extend(&buf[..n]),
            Err(stop) => panic!("{stop:?}: {:?}", conn.error()),
        }
    }
}

pub(crate) fn reason(conn: &Connection) -> Reason {
    conn.error().expect("there is no error").reason()
}
