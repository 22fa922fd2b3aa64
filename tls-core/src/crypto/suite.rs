use super::{AeadId, Agreement, CipherId, HashId, KeyExchangeKind};

/// What signs the key exchange, and so the kind of the server's certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Authentication {
    /// An RSA certificate
    Rsa,
    /// An ECDSA or Ed25519 certificate (RFC 8422 §2.1, §5.10)
    Ecdsa,
    /// A pre-shared key and no certificate (RFC 4279)
    Psk,
}

/// Record protection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BulkCipher {
    /// GenericAEADCipher (RFC 5246 §6.2.3.3)
    Aead(AeadId),
    /// GenericBlockCipher (RFC 5246 §6.2.3.2)
    Cbc {
        /// The block cipher
        cipher: CipherId,
        /// The hash under the HMAC
        mac: HashId,
    },
}

/// The least permissive policy that allows a suite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SuiteClass {
    /// ECDHE, and ECDHE_PSK, with an AEAD
    Modern,
    /// The same with CBC or CCM; PSK alone, without forward secrecy
    Compatible,
    /// DHE and RSA key exchange, also with PSK; CCM with tags of 8 bytes, 3DES
    Legacy,
}

/// A row of the cipher suite table.
#[derive(Debug, PartialEq, Eq)]
pub struct Suite {
    /// IANA number.
    pub id: u16,
    /// IANA name.
    pub name: &'static str,
    /// The name that OpenSSL's cipher strings use.
    pub openssl_name: &'static str,
    /// Key exchange.
    pub kx: KeyExchangeKind,
    /// Certificate kind.
    pub auth: Authentication,
    /// Record protection.
    pub bulk: BulkCipher,
    /// Hash of the PRF and of the transcript (RFC 5246 §5: SHA-256 unless the suite says SHA-384).
    pub prf: HashId,
    /// Strength of the cipher in bits, for @STRENGTH and for people.
    pub bits: u16,
    /// Which policies have it.
    pub class: SuiteClass,
}

macro_rules! suites {
    ($( $id:literal $name:literal $openssl:literal $kx:ident $auth:ident
        [$($bulk:tt)+] $prf:ident $bits:literal $class:ident; )*) => {
        &[$( Suite {
            id: $id,
            name: $name,
            openssl_name: $openssl,
            kx: KeyExchangeKind::$kx,
            auth: Authentication::$auth,
            bulk: suites!(@bulk $($bulk)+),
            prf: HashId::$prf,
            bits: $bits,
            class: SuiteClass::$class,
        }, )*]
    };
    (@bulk aead $aead:ident) => { BulkCipher::Aead(AeadId::$aead) };
    (@bulk $cipher:ident $mac:ident) => {
        BulkCipher::Cbc { cipher: CipherId::$cipher, mac: HashId::$mac }
    };
}

/// Every suite that exists here, in the default order of preference.
#[rustfmt::skip]
pub static SUITES: &[Suite] = suites! {
    0xc02b "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256" "ECDHE-ECDSA-AES128-GCM-SHA256" Ecdhe Ecdsa [aead Aes128Gcm] Sha256 128 Modern;
    0xc02f "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256" "ECDHE-RSA-AES128-GCM-SHA256" Ecdhe Rsa [aead Aes128Gcm] Sha256 128 Modern;
    0xc02c "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384" "ECDHE-ECDSA-AES256-GCM-SHA384" Ecdhe Ecdsa [aead Aes256Gcm] Sha384 256 Modern;
    0xc030 "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384" "ECDHE-RSA-AES256-GCM-SHA384" Ecdhe Rsa [aead Aes256Gcm] Sha384 256 Modern;
    0xcca9 "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256" "ECDHE-ECDSA-CHACHA20-POLY1305" Ecdhe Ecdsa [aead ChaCha20Poly1305] Sha256 256 Modern;
    0xcca8 "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256" "ECDHE-RSA-CHACHA20-POLY1305" Ecdhe Rsa [aead ChaCha20Poly1305] Sha256 256 Modern;
    0xd001 "TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256" "ECDHE-PSK-AES128-GCM-SHA256" EcdhePsk Psk [aead Aes128Gcm] Sha256 128 Modern;
    0xd002 "TLS_ECDHE_PSK_WITH_AES_256_GCM_SHA384" "ECDHE-PSK-AES256-GCM-SHA384" EcdhePsk Psk [aead Aes256Gcm] Sha384 256 Modern;
    0xccac "TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256" "ECDHE-PSK-CHACHA20-POLY1305" EcdhePsk Psk [aead ChaCha20Poly1305] Sha256 256 Modern;
    0xc0ac "TLS_ECDHE_ECDSA_WITH_AES_128_CCM" "ECDHE-ECDSA-AES128-CCM" Ecdhe Ecdsa [aead Aes128Ccm] Sha256 128 Compatible;
    0xc0ad "TLS_ECDHE_ECDSA_WITH_AES_256_CCM" "ECDHE-ECDSA-AES256-CCM" Ecdhe Ecdsa [aead Aes256Ccm] Sha256 256 Compatible;
    0xc009 "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA" "ECDHE-ECDSA-AES128-SHA" Ecdhe Ecdsa [Aes128 Sha1] Sha256 128 Compatible;
    0xc013 "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA" "ECDHE-RSA-AES128-SHA" Ecdhe Rsa [Aes128 Sha1] Sha256 128 Compatible;
    0xc00a "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA" "ECDHE-ECDSA-AES256-SHA" Ecdhe Ecdsa [Aes256 Sha1] Sha256 256 Compatible;
    0xc014 "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA" "ECDHE-RSA-AES256-SHA" Ecdhe Rsa [Aes256 Sha1] Sha256 256 Compatible;
    0xc023 "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256" "ECDHE-ECDSA-AES128-SHA256" Ecdhe Ecdsa [Aes128 Sha256] Sha256 128 Compatible;
    0xc027 "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256" "ECDHE-RSA-AES128-SHA256" Ecdhe Rsa [Aes128 Sha256] Sha256 128 Compatible;
    0xc024 "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384" "ECDHE-ECDSA-AES256-SHA384" Ecdhe Ecdsa [Aes256 Sha384] Sha384 256 Compatible;
    0xc028 "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384" "ECDHE-RSA-AES256-SHA384" Ecdhe Rsa [Aes256 Sha384] Sha384 256 Compatible;
    0xd005 "TLS_ECDHE_PSK_WITH_AES_128_CCM_SHA256" "ECDHE-PSK-AES128-CCM-SHA256" EcdhePsk Psk [aead Aes128Ccm] Sha256 128 Compatible;
    0xc035 "TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA" "ECDHE-PSK-AES128-CBC-SHA" EcdhePsk Psk [Aes128 Sha1] Sha256 128 Compatible;
    0xc036 "TLS_ECDHE_PSK_WITH_AES_256_CBC_SHA" "ECDHE-PSK-AES256-CBC-SHA" EcdhePsk Psk [Aes256 Sha1] Sha256 256 Compatible;
    0xc037 "TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256" "ECDHE-PSK-AES128-CBC-SHA256" EcdhePsk Psk [Aes128 Sha256] Sha256 128 Compatible;
    0xc038 "TLS_ECDHE_PSK_WITH_AES_256_CBC_SHA384" "ECDHE-PSK-AES256-CBC-SHA384" EcdhePsk Psk [Aes256 Sha384] Sha384 256 Compatible;
    0x00a8 "TLS_PSK_WITH_AES_128_GCM_SHA256" "PSK-AES128-GCM-SHA256" Psk Psk [aead Aes128Gcm] Sha256 128 Compatible;
    0x00a9 "TLS_PSK_WITH_AES_256_GCM_SHA384" "PSK-AES256-GCM-SHA384" Psk Psk [aead Aes256Gcm] Sha384 256 Compatible;
    0xccab "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256" "PSK-CHACHA20-POLY1305" Psk Psk [aead ChaCha20Poly1305] Sha256 256 Compatible;
    0xc0a4 "TLS_PSK_WITH_AES_128_CCM" "PSK-AES128-CCM" Psk Psk [aead Aes128Ccm] Sha256 128 Compatible;
    0xc0a5 "TLS_PSK_WITH_AES_256_CCM" "PSK-AES256-CCM" Psk Psk [aead Aes256Ccm] Sha256 256 Compatible;
    0x008c "TLS_PSK_WITH_AES_128_CBC_SHA" "PSK-AES128-CBC-SHA" Psk Psk [Aes128 Sha1] Sha256 128 Compatible;
    0x008d "TLS_PSK_WITH_AES_256_CBC_SHA" "PSK-AES256-CBC-SHA" Psk Psk [Aes256 Sha1] Sha256 256 Compatible;
    0x00ae "TLS_PSK_WITH_AES_128_CBC_SHA256" "PSK-AES128-CBC-SHA256" Psk Psk [Aes128 Sha256] Sha256 128 Compatible;
    0x00af "TLS_PSK_WITH_AES_256_CBC_SHA384" "PSK-AES256-CBC-SHA384" Psk Psk [Aes256 Sha384] Sha384 256 Compatible;
    0x009e "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256" "DHE-RSA-AES128-GCM-SHA256" Dhe Rsa [aead Aes128Gcm] Sha256 128 Legacy;
    0x009f "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384" "DHE-RSA-AES256-GCM-SHA384" Dhe Rsa [aead Aes256Gcm] Sha384 256 Legacy;
    0xccaa "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256" "DHE-RSA-CHACHA20-POLY1305" Dhe Rsa [aead ChaCha20Poly1305] Sha256 256 Legacy;
    0xc09e "TLS_DHE_RSA_WITH_AES_128_CCM" "DHE-RSA-AES128-CCM" Dhe Rsa [aead Aes128Ccm] Sha256 128 Legacy;
    0xc09f "TLS_DHE_RSA_WITH_AES_256_CCM" "DHE-RSA-AES256-CCM" Dhe Rsa [aead Aes256Ccm] Sha256 256 Legacy;
    0x0033 "TLS_DHE_RSA_WITH_AES_128_CBC_SHA" "DHE-RSA-AES128-SHA" Dhe Rsa [Aes128 Sha1] Sha256 128 Legacy;
    0x0039 "TLS_DHE_RSA_WITH_AES_256_CBC_SHA" "DHE-RSA-AES256-SHA" Dhe Rsa [Aes256 Sha1] Sha256 256 Legacy;
    0x0067 "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256" "DHE-RSA-AES128-SHA256" Dhe Rsa [Aes128 Sha256] Sha256 128 Legacy;
    0x006b "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256" "DHE-RSA-AES256-SHA256" Dhe Rsa [Aes256 Sha256] Sha256 256 Legacy;
    0x009c "TLS_RSA_WITH_AES_128_GCM_SHA256" "AES128-GCM-SHA256" Rsa Rsa [aead Aes128Gcm] Sha256 128 Legacy;
    0x009d "TLS_RSA_WITH_AES_256_GCM_SHA384" "AES256-GCM-SHA384" Rsa Rsa [aead Aes256Gcm] Sha384 256 Legacy;
    0xc09c "TLS_RSA_WITH_AES_128_CCM" "AES128-CCM" Rsa Rsa [aead Aes128Ccm] Sha256 128 Legacy;
    0xc09d "TLS_RSA_WITH_AES_256_CCM" "AES256-CCM" Rsa Rsa [aead Aes256Ccm] Sha256 256 Legacy;
    0x002f "TLS_RSA_WITH_AES_128_CBC_SHA" "AES128-SHA" Rsa Rsa [Aes128 Sha1] Sha256 128 Legacy;
    0x0035 "TLS_RSA_WITH_AES_256_CBC_SHA" "AES256-SHA" Rsa Rsa [Aes256 Sha1] Sha256 256 Legacy;
    0x003c "TLS_RSA_WITH_AES_128_CBC_SHA256" "AES128-SHA256" Rsa Rsa [Aes128 Sha256] Sha256 128 Legacy;
    0x003d "TLS_RSA_WITH_AES_256_CBC_SHA256" "AES256-SHA256" Rsa Rsa [Aes256 Sha256] Sha256 256 Legacy;
    0xc0ae "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8" "ECDHE-ECDSA-AES128-CCM8" Ecdhe Ecdsa [aead Aes128Ccm8] Sha256 128 Legacy;
    0xc0af "TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8" "ECDHE-ECDSA-AES256-CCM8" Ecdhe Ecdsa [aead Aes256Ccm8] Sha256 256 Legacy;
    0xc0a2 "TLS_DHE_RSA_WITH_AES_128_CCM_8" "DHE-RSA-AES128-CCM8" Dhe Rsa [aead Aes128Ccm8] Sha256 128 Legacy;
    0xc0a3 "TLS_DHE_RSA_WITH_AES_256_CCM_8" "DHE-RSA-AES256-CCM8" Dhe Rsa [aead Aes256Ccm8] Sha256 256 Legacy;
    0xc0a0 "TLS_RSA_WITH_AES_128_CCM_8" "AES128-CCM8" Rsa Rsa [aead Aes128Ccm8] Sha256 128 Legacy;
    0xc0a1 "TLS_RSA_WITH_AES_256_CCM_8" "AES256-CCM8" Rsa Rsa [aead Aes256Ccm8] Sha256 256 Legacy;
    0x00aa "TLS_DHE_PSK_WITH_AES_128_GCM_SHA256" "DHE-PSK-AES128-GCM-SHA256" DhePsk Psk [aead Aes128Gcm] Sha256 128 Legacy;
    0x00ab "TLS_DHE_PSK_WITH_AES_256_GCM_SHA384" "DHE-PSK-AES256-GCM-SHA384" DhePsk Psk [aead Aes256Gcm] Sha384 256 Legacy;
    0xccad "TLS_DHE_PSK_WITH_CHACHA20_POLY1305_SHA256" "DHE-PSK-CHACHA20-POLY1305" DhePsk Psk [aead ChaCha20Poly1305] Sha256 256 Legacy;
    0xc0a6 "TLS_DHE_PSK_WITH_AES_128_CCM" "DHE-PSK-AES128-CCM" DhePsk Psk [aead Aes128Ccm] Sha256 128 Legacy;
    0xc0a7 "TLS_DHE_PSK_WITH_AES_256_CCM" "DHE-PSK-AES256-CCM" DhePsk Psk [aead Aes256Ccm] Sha256 256 Legacy;
    0x0090 "TLS_DHE_PSK_WITH_AES_128_CBC_SHA" "DHE-PSK-AES128-CBC-SHA" DhePsk Psk [Aes128 Sha1] Sha256 128 Legacy;
    0x0091 "TLS_DHE_PSK_WITH_AES_256_CBC_SHA" "DHE-PSK-AES256-CBC-SHA" DhePsk Psk [Aes256 Sha1] Sha256 256 Legacy;
    0x00b2 "TLS_DHE_PSK_WITH_AES_128_CBC_SHA256" "DHE-PSK-AES128-CBC-SHA256" DhePsk Psk [Aes128 Sha256] Sha256 128 Legacy;
    0x00b3 "TLS_DHE_PSK_WITH_AES_256_CBC_SHA384" "DHE-PSK-AES256-CBC-SHA384" DhePsk Psk [Aes256 Sha384] Sha384 256 Legacy;
    0x00ac "TLS_RSA_PSK_WITH_AES_128_GCM_SHA256" "RSA-PSK-AES128-GCM-SHA256" RsaPsk Rsa [aead Aes128Gcm] Sha256 128 Legacy;
    0x00ad "TLS_RSA_PSK_WITH_AES_256_GCM_SHA384" "RSA-PSK-AES256-GCM-SHA384" RsaPsk Rsa [aead Aes256Gcm] Sha384 256 Legacy;
    0xccae "TLS_RSA_PSK_WITH_CHACHA20_POLY1305_SHA256" "RSA-PSK-CHACHA20-POLY1305" RsaPsk Rsa [aead ChaCha20Poly1305] Sha256 256 Legacy;
    0x0094 "TLS_RSA_PSK_WITH_AES_128_CBC_SHA" "RSA-PSK-AES128-CBC-SHA" RsaPsk Rsa [Aes128 Sha1] Sha256 128 Legacy;
    0x0095 "TLS_RSA_PSK_WITH_AES_256_CBC_SHA" "RSA-PSK-AES256-CBC-SHA" RsaPsk Rsa [Aes256 Sha1] Sha256 256 Legacy;
    0x00b6 "TLS_RSA_PSK_WITH_AES_128_CBC_SHA256" "RSA-PSK-AES128-CBC-SHA256" RsaPsk Rsa [Aes128 Sha256] Sha256 128 Legacy;
    0x00b7 "TLS_RSA_PSK_WITH_AES_256_CBC_SHA384" "RSA-PSK-AES256-CBC-SHA384" RsaPsk Rsa [Aes256 Sha384] Sha384 256 Legacy;
    0xd003 "TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256" "ECDHE-PSK-AES128-CCM8-SHA256" EcdhePsk Psk [aead Aes128Ccm8] Sha256 128 Legacy;
    0xc0a8 "TLS_PSK_WITH_AES_128_CCM_8" "PSK-AES128-CCM8" Psk Psk [aead Aes128Ccm8] Sha256 128 Legacy;
    0xc0a9 "TLS_PSK_WITH_AES_256_CCM_8" "PSK-AES256-CCM8" Psk Psk [aead Aes256Ccm8] Sha256 256 Legacy;
    0xc0aa "TLS_PSK_DHE_WITH_AES_128_CCM_8" "DHE-PSK-AES128-CCM8" DhePsk Psk [aead Aes128Ccm8] Sha256 128 Legacy;
    0xc0ab "TLS_PSK_DHE_WITH_AES_256_CCM_8" "DHE-PSK-AES256-CCM8" DhePsk Psk [aead Aes256Ccm8] Sha256 256 Legacy;
    0xc012 "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA" "ECDHE-RSA-DES-CBC3-SHA" Ecdhe Rsa [TripleDes Sha1] Sha256 112 Legacy;
    0x000a "TLS_RSA_WITH_3DES_EDE_CBC_SHA" "DES-CBC3-SHA" Rsa Rsa [TripleDes Sha1] Sha256 112 Legacy;
};

impl Suite {
    /// The row with this number.
    pub fn by_id(id: u16) -> Option<&'static Self> {
        SUITES.iter().find(|s| s.id == id)
    }

    /// The row with this IANA or OpenSSL name.
    pub fn by_name(name: &str) -> Option<&'static Self> {
        SUITES.iter().find(|s| {
            s.name.eq_ignore_ascii_case(name) || s.openssl_name.eq_ignore_ascii_case(name)
        })
    }

    /// Whether the two sides agree on an elliptic curve.
    pub fn is_ecdhe(&self) -> bool {
        self.kx.row().agreement == Agreement::Ecdhe
    }

    /// Whether the two sides agree in a finite field.
    pub fn is_dhe(&self) -> bool {
        self.kx.row().agreement == Agreement::Dhe
    }

    /// Whether record protection is a GenericBlockCipher, which encrypt_then_mac is for
    /// (RFC 7366 §3).
    pub fn is_cbc(&self) -> bool {
        matches!(self.bulk, BulkCipher::Cbc { .. })
    }
}
