/// How the pre_master_secret comes about. Each kind is a row of [`KeyExchangeKind::row`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyExchangeKind {
    /// Ephemeral elliptic-curve Diffie-Hellman (RFC 8422)
    Ecdhe,
    /// Ephemeral Diffie-Hellman in a finite field (RFC 5246 §7.4.3, RFC 7919)
    Dhe,
    /// RSA encryption to the certificate's key (RFC 5246 §7.4.7.1)
    Rsa,
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
    /// What the two sides compute together.
    pub agreement: Agreement,
}

/// Whether a message comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It must come.
    Always,
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
}

impl KeyExchangeKind {
    /// The messages of this kind.
    #[rustfmt::skip]
    pub const fn row(self) -> ExchangeRow {
        use Agreement as A;
        use Presence::{Always, Never};
        let (certificate, server_key_exchange, signed, agreement) = match self {
            //               Certificate  ServerKeyExchange  signed  agreement
            Self::Ecdhe  => (true,        Always,            true,   A::Ecdhe),
            Self::Dhe    => (true,        Always,            true,   A::Dhe),
            Self::Rsa    => (true,        Never,             false,  A::Rsa),
        };
        ExchangeRow { certificate, server_key_exchange, signed, agreement }
    }
}
