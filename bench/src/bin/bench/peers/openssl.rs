//! OpenSSL: the system's libssl.

use crate::pki::Pki;
use crate::wire::Wire;
use crate::work::{Agreed, Bulk, End, HOST, Kind, Pair, Peer, Work, connect};
use openssl::ssl::{
    ErrorCode, ShutdownState, Ssl, SslContext, SslContextBuilder, SslMethod, SslOptions,
    SslSession, SslSessionCacheMode, SslStream, SslVerifyMode, SslVersion,
};
use openssl::x509::store::X509StoreBuilder;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::{Arc, Mutex};

/// SSL_OP_NO_ENCRYPT_THEN_MAC, which the crate does not name.
const NO_ENCRYPT_THEN_MAC: u64 = 1 << 19;

pub(crate) struct OpenSsl;

impl Peer for OpenSsl {
    fn name(&self) -> &'static str {
        "openssl"
    }

    fn prepare(&self, work: Work, pki: &Pki) -> Option<Rc<dyn Pair>> {
        let pair = Rc::new(Contexts::new(work, pki).expect("OpenSSL's contexts"));
        if work.kind != Kind::Full {
            drop(connect(&*pair));
            *pair.session.borrow_mut() = pair.newest.lock().expect("a session").clone();
            assert!(pair.session.borrow().is_some(), "OpenSSL gave no session");
        }
        Some(pair)
    }
}

struct Contexts {
    client: SslContext,
    server: SslContext,
    newest: Arc<Mutex<Option<SslSession>>>,
    session: RefCell<Option<SslSession>>,
}

impl Contexts {
    fn new(work: Work, pki: &Pki) -> Result<Self, openssl::error::ErrorStack> {
        let chain = pki.chain(work.key);
        let new = || -> Result<SslContextBuilder, openssl::error::ErrorStack> {
            let mut builder = SslContext::builder(SslMethod::tls())?;
            builder.set_min_proto_version(Some(SslVersion::TLS1_2))?;
            builder.set_max_proto_version(Some(SslVersion::TLS1_2))?;
            builder.set_cipher_list(work.suite())?;
            builder.set_groups_list("X25519:P-256")?;
            let mut options = SslOptions::NO_COMPRESSION;
            if work.bulk == Bulk::Aes128CbcSha {
                options |= SslOptions::from_bits_retain(NO_ENCRYPT_THEN_MAC);
            }
            if work.kind != Kind::ByTicket {
                options |= SslOptions::NO_TICKET;
            }
            builder.set_options(options);
            Ok(builder)
        };
        let (mut client, mut server) = (new()?, new()?);
        let mut roots = X509StoreBuilder::new()?;
        roots.add_cert(chain.root.clone())?;
        client.set_cert_store(roots.build());
        client.set_verify(SslVerifyMode::PEER);
        let newest = Arc::<Mutex<Option<SslSession>>>::default();
        if work.kind == Kind::Full {
            server.set_session_cache_mode(SslSessionCacheMode::OFF);
        } else {
            let slot = newest.clone();
            client.set_session_cache_mode(
                SslSessionCacheMode::CLIENT | SslSessionCacheMode::NO_INTERNAL,
            );
            client.set_new_session_callback(move |_, session| {
                *slot.lock().expect("a session") = Some(session);
            });
            server.set_session_cache_mode(SslSessionCacheMode::SERVER);
            server.set_session_id_context(b"bench")?;
        }
        server.set_certificate(&chain.leaf)?;
        server.add_extra_chain_cert(chain.intermediate.clone())?;
        server.set_private_key(&chain.key)?;
        Ok(Self {
            client: client.build(),
            server: server.build(),
            newest,
            session: RefCell::default(),
        })
    }

    fn stream(&self, context: &SslContext, wire: Wire, client: bool) -> Box<dyn End> {
        let mut ssl = Ssl::new(context).expect("an SSL");
        if client {
            ssl.set_connect_state();
            ssl.set_hostname(HOST).expect("a name");
            ssl.param_mut().set_host(HOST).expect("a name");
            if let Some(session) = &*self.session.borrow() {
                // SAFETY: the session was made by this very context.
                unsafe { ssl.set_session(session) }.expect("a session");
            }
        } else {
            ssl.set_accept_state();
        }
        Box::new(Stream(SslStream::new(ssl, wire).expect("a stream")))
    }
}

impl Pair for Contexts {
    fn client(&self, wire: Wire) -> Box<dyn End> {
        self.stream(&self.client, wire, true)
    }

    fn server(&self, wire: Wire) -> Box<dyn End> {
        self.stream(&self.server, wire, false)
    }
}

struct Stream(SslStream<Wire>);

/// OpenSSL forgets the session of a connection that ends without a close_notify.
impl Drop for Stream {
    fn drop(&mut self) {
        self.0
            .set_shutdown(ShutdownState::SENT | ShutdownState::RECEIVED);
    }
}

impl End for Stream {
    fn handshake(&mut self) -> bool {
        match self.0.do_handshake() {
            Ok(()) => true,
            Err(e) if e.code() == ErrorCode::WANT_READ => false,
            Err(e) => panic!("OpenSSL: {e}"),
        }
    }

    fn write(&mut self, mut data: &[u8]) {
        while !data.is_empty() {
            let n = self.0.ssl_write(data).expect("OpenSSL writes");
            data = &data[n..];
        }
    }

    fn read(&mut self, out: &mut [u8]) -> usize {
        match self.0.ssl_read(out) {
            Ok(n) => n,
            Err(e) if e.code() == ErrorCode::WANT_READ => 0,
            Err(e) => panic!("OpenSSL: {e}"),
        }
    }

    fn agreed(&self) -> Agreed {
        let ssl = self.0.ssl();
        let suite = ssl
            .current_cipher()
            .map(|c| c.name().to_owned())
            .unwrap_or_default();
        Agreed {
            suite,
            resumed: ssl.session_reused(),
        }
    }
}
