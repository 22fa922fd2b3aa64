/// How the pre_master_secret comes about. Each kind is a row of [`KeyExchangeKind::row`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyExchangeKind {
    /// Ephemeral elliptic-curve Diffie-Hellman (RFC 8422)
    Ecdhe,
    /// Ephemeral Diffie-Hellman in a finite field (RFC 5246 §7.4.3, RFC 7919)
    Dhe,
    /// RSA encryption to the certificate's key (RFC 5246 §7.4.7.1)
    Rsa,
    /// A pre-shared key alone (RFC 4279 §2)
    Psk,
    /// With ephemeral elliptic-curve Diffie-Hellman (RFC 5489)
    EcdhePsk,
    /// With ephemeral Diffie-Hellman in a finite field (RFC 4279 §3)
    DhePsk,
    /// With RSA encryption to the certificate's key (RFC 4279 §4)
    RsaPsk,
}

/// What a kind of key exchange puts on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExchangeRow {
    /// The server presents a Certificate, and may ask for the client's.
    pub certificate: bool,
    /// Whether there is a ServerKeyExchange.
    pub server_key_exchange: Presence,
    /// The server signs its parameters.
    pub signed: bool,
    /// Both sides have a key already: ServerKeyExchange begins with an identity hint,
    /// ClientKeyExchange with an identity, and the key goes into the secret.
    pub psk: bool,
    /// What the two sides compute together.
    pub agreement: Agreement,
}

/// Whether a message comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It must come.
    Always,
    /// It comes when there is something to say: an identity hint.
    Optional,
    /// It must not come.
    Never,
}

/// The secret that the two halves of a key exchange make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreement {
    /// A point on a named curve (RFC 8422 §5.4, §5.7).
    Ecdhe,
    /// A power modulo a prime (RFC 5246 §7.4.3, §7.4.7.2).
    Dhe,
    /// 48 bytes of the client's, encrypted to the certificate's key (RFC 5246 §7.4.7.1).
    Rsa,
    /// None: the pre-shared key is all.
    Nothing,
}

impl KeyExchangeKind {
    /// The messages of this kind.
    #[rustfmt::skip]
    pub const fn row(self) -> ExchangeRow {
        use Agreement as A;
        use Presence::{Always, Never, Optional};
        let (certificate, server_key_exchange, signed, psk, agreement) = match self {
            //                 Certificate  ServerKeyExchange  signed  psk    agreement
            Self::Ecdhe    => (true,        Always,            true,   false, A::Ecdhe),
            Self::Dhe      => (true,        Always,            true,   false, A::Dhe),
            Self::Rsa      => (true,        Never,             false,  false, A::Rsa),
            Self::Psk      => (false,       Optional,          false,  true,  A::Nothing),
            Self::EcdhePsk => (false,       Always,            false,  true,  A::Ecdhe),
            Self::DhePsk   => (false,       Always,            false,  true,  A::Dhe),
            Self::RsaPsk   => (true,        Optional,          false,  true,  A::Rsa),
        };
        ExchangeRow { certificate, server_key_exchange, signed, psk, agreement }
    }
}
