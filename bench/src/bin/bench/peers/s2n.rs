//! s2n-tls, on aws-lc.

use crate::pki::Pki;
use crate::wire::Wire;
use crate::work::{Agreed, Bulk, End, HOST, Kind, Pair, Peer, Work, connect};
use s2n_tls::callbacks::VerifyHostNameCallback;
use s2n_tls::config::Config;
use s2n_tls::connection::Connection;
use s2n_tls::enums::{Blinding, Mode};
use s2n_tls::security::Policy;
use std::cell::RefCell;
use std::ffi::{c_int, c_void};
use std::rc::Rc;
use std::task::Poll;
use std::time::{Duration, SystemTime};

pub(crate) struct S2n;

/// A policy of s2n's whose TLS 1.2 preference is the suite: it has no lists of one's own.
fn policy(work: Work) -> Option<&'static str> {
    Some(match work.bulk {
        Bulk::Aes128Gcm => "20240501",
        Bulk::ChaCha20 => "CloudFront-TLS-1-2-2021-Chacha20-Boosted",
        _ => return None,
    })
}

impl Peer for S2n {
    fn name(&self) -> &'static str {
        "s2n-tls"
    }

    fn prepare(&self, work: Work, pki: &Pki) -> Option<Rc<dyn Pair>> {
        let policy = policy(work)?;
        if work.kind == Kind::ById {
            return None;
        }
        let pair = Rc::new(Configs::new(work, policy, pki).expect("s2n's configurations"));
        if work.kind == Kind::ByTicket {
            let (mut client, _server) = connect(&*pair);
            *pair.session.borrow_mut() = client.session();
        }
        let (client, _) = connect(&*pair);
        (client.agreed().suite == work.suite()).then_some(pair as Rc<dyn Pair>)
    }
}

struct Configs {
    client: Config,
    server: Config,
    session: RefCell<Vec<u8>>,
}

struct ThisHost;

impl VerifyHostNameCallback for ThisHost {
    fn verify_host_name(&self, name: &str) -> bool {
        name == HOST
    }
}

impl Configs {
    fn new(work: Work, policy: &str, pki: &Pki) -> Result<Self, s2n_tls::error::Error> {
        let chain = pki.chain(work.key);
        let policy = Policy::from_version(policy)?;
        let mut client = Config::builder();
        client
            .set_security_policy(&policy)?
            .with_system_certs(false)?;
        client
            .trust_pem(&chain.root_pem())?
            .set_verify_host_callback(ThisHost)?;
        let mut server = Config::builder();
        server
            .set_security_policy(&policy)?
            .with_system_certs(false)?;
        server.load_pem(&chain.sent_pem(), &chain.key_pem())?;
        if work.kind == Kind::ByTicket {
            client.enable_session_tickets(true)?;
            server.enable_session_tickets(true)?;
            let yesterday = SystemTime::now() - Duration::from_secs(60);
            server.add_session_ticket_key(b"bench", &[7; 32], yesterday)?;
        }
        Ok(Self {
            client: client.build()?,
            server: server.build()?,
            session: RefCell::default(),
        })
    }

    fn end(
        &self,
        mode: Mode,
        config: &Config,
        wire: Wire,
    ) -> Result<Box<Conn>, s2n_tls::error::Error> {
        let mut end = Box::new(Conn {
            wire: Box::new(wire),
            connection: Connection::new(mode),
        });
        let context: *mut c_void = std::ptr::from_mut::<Wire>(&mut end.wire).cast();
        let connection = &mut end.connection;
        connection
            .set_config(config.clone())?
            .set_blinding(Blinding::SelfService)?;
        connection
            .set_receive_callback(Some(receive))?
            .set_send_callback(Some(send))?;
        // SAFETY: the wire is boxed, lives as long as the connection, and is used by its callbacks alone.
        unsafe {
            connection
                .set_receive_context(context)?
                .set_send_context(context)?
        };
        if mode == Mode::Client {
            connection.set_server_name(HOST)?;
            if !self.session.borrow().is_empty() {
                connection.set_session_ticket(&self.session.borrow())?;
            }
        }
        Ok(end)
    }
}

impl Pair for Configs {
    fn client(&self, wire: Wire) -> Box<dyn End> {
        self.end(Mode::Client, &self.client, wire)
            .expect("a client")
    }

    fn server(&self, wire: Wire) -> Box<dyn End> {
        self.end(Mode::Server, &self.server, wire)
            .expect("a server")
    }
}

unsafe extern "C" fn receive(context: *mut c_void, out: *mut u8, len: u32) -> c_int {
    // SAFETY: the context is the connection's wire, and s2n gives room for `len` bytes.
    let (wire, out) = unsafe {
        (
            &*context.cast::<Wire>(),
            std::slice::from_raw_parts_mut(out, len as usize),
        )
    };
    match wire.incoming.borrow_mut().take(out) {
        0 => would_block(),
        n => n as c_int,
    }
}

unsafe extern "C" fn send(context: *mut c_void, bytes: *const u8, len: u32) -> c_int {
    // SAFETY: the context is the connection's wire, and s2n gives `len` bytes.
    let (wire, bytes) = unsafe {
        (
            &*context.cast::<Wire>(),
            std::slice::from_raw_parts(bytes, len as usize),
        )
    };
    wire.outgoing.borrow_mut().put(bytes);
    len as c_int
}

fn would_block() -> c_int {
    // SAFETY: errno of this thread.
    unsafe { *libc::__errno_location() = libc::EWOULDBLOCK };
    -1
}

struct Conn {
    connection: Connection,
    /// Behind the connection, which is dropped first.
    wire: Box<Wire>,
}

impl End for Conn {
    fn handshake(&mut self) -> bool {
        match self.connection.poll_negotiate() {
            Poll::Ready(Ok(_)) => true,
            Poll::Ready(Err(e)) => panic!("s2n-tls: {e}"),
            Poll::Pending => false,
        }
    }

    fn write(&mut self, mut data: &[u8]) {
        while !data.is_empty() {
            match self.connection.poll_send(data) {
                Poll::Ready(Ok(n)) => data = &data[n..],
                other => panic!("s2n-tls: {other:?}"),
            }
        }
    }

    fn read(&mut self, out: &mut [u8]) -> usize {
        match self.connection.poll_recv(out) {
            Poll::Ready(Ok(n)) => n,
            Poll::Ready(Err(e)) => panic!("s2n-tls: {e}"),
            Poll::Pending => 0,
        }
    }

    fn agreed(&self) -> Agreed {
        let suite = self.connection.cipher_suite().expect("a suite").to_owned();
        Agreed {
            suite,
            resumed: self.connection.resumed(),
        }
    }

    fn session(&mut self) -> Vec<u8> {
        let mut session = vec![0; self.connection.session_ticket_length().expect("a ticket")];
        let n = self
            .connection
            .session_ticket(&mut session)
            .expect("a ticket");
        session.truncate(n);
        session
    }
}
