//! Cipher suites as programs look at them: `SSL_CIPHER_*`.

use crate::args::{Out, copy_text, length};
use crate::guard::guard;
use core::ffi::{CStr, c_char, c_int};

/// How a key is agreed on: the NID, and its name in descriptions.
#[derive(Clone, Copy)]
enum Kx {
    Rsa = 1037,
    Ecdhe = 1038,
    Dhe = 1039,
    EcdhePsk = 1040,
    DhePsk = 1041,
    RsaPsk = 1042,
    Psk = 1043,
}

#[derive(Clone, Copy, PartialEq)]
enum Auth {
    Rsa = 1046,
    Ecdsa = 1047,
    Psk = 1048,
}

#[derive(Clone, Copy)]
enum Enc {
    Aes128Gcm = 895,
    Aes256Gcm = 901,
    Aes128Ccm = 896,
    Aes256Ccm = 902,
    /// The NIDs of CCM with a tag of 8 bytes are those of CCM.
    Aes128Ccm8,
    Aes256Ccm8,
    ChaCha20Poly1305 = 1018,
    Aes128 = 419,
    Aes256 = 427,
    TripleDes = 44,
}

#[derive(Clone, Copy, PartialEq)]
enum Mac {
    Aead = 0,
    Sha1 = 64,
    Sha256 = 672,
    Sha384 = 673,
}

/// A cipher suite. Each is a constant.
pub struct SSL_CIPHER {
    id: u16,
    name: &'static CStr,
    standard: &'static CStr,
    kx: Kx,
    auth: Auth,
    enc: Enc,
    mac: Mac,
    bits: c_int,
}

macro_rules! ciphers {
    ($($id:literal $name:literal $standard:literal $kx:ident $auth:ident $enc:ident $mac:ident $bits:literal;)*) => {
        static CIPHERS: &[SSL_CIPHER] = &[$(SSL_CIPHER {
            id: $id,
            name: $name,
            standard: $standard,
            kx: Kx::$kx,
            auth: Auth::$auth,
            enc: Enc::$enc,
            mac: Mac::$mac,
            bits: $bits,
        }),*];
    };
}

ciphers! {
0xc02b c"ECDHE-ECDSA-AES128-GCM-SHA256" c"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256" Ecdhe Ecdsa Aes128Gcm Aead 128;
0xc02f c"ECDHE-RSA-AES128-GCM-SHA256" c"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256" Ecdhe Rsa Aes128Gcm Aead 128;
0xc02c c"ECDHE-ECDSA-AES256-GCM-SHA384" c"TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384" Ecdhe Ecdsa Aes256Gcm Aead 256;
0xc030 c"ECDHE-RSA-AES256-GCM-SHA384" c"TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384" Ecdhe Rsa Aes256Gcm Aead 256;
0xcca9 c"ECDHE-ECDSA-CHACHA20-POLY1305" c"TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256" Ecdhe Ecdsa ChaCha20Poly1305 Aead 256;
0xcca8 c"ECDHE-RSA-CHACHA20-POLY1305" c"TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256" Ecdhe Rsa ChaCha20Poly1305 Aead 256;
0xd001 c"ECDHE-PSK-AES128-GCM-SHA256" c"TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256" EcdhePsk Psk Aes128Gcm Aead 128;
0xd002 c"ECDHE-PSK-AES256-GCM-SHA384" c"TLS_ECDHE_PSK_WITH_AES_256_GCM_SHA384" EcdhePsk Psk Aes256Gcm Aead 256;
0xccac c"ECDHE-PSK-CHACHA20-POLY1305" c"TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256" EcdhePsk Psk ChaCha20Poly1305 Aead 256;
0xc0ac c"ECDHE-ECDSA-AES128-CCM" c"TLS_ECDHE_ECDSA_WITH_AES_128_CCM" Ecdhe Ecdsa Aes128Ccm Aead 128;
0xc0ad c"ECDHE-ECDSA-AES256-CCM" c"TLS_ECDHE_ECDSA_WITH_AES_256_CCM" Ecdhe Ecdsa Aes256Ccm Aead 256;
0xc009 c"ECDHE-ECDSA-AES128-SHA" c"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA" Ecdhe Ecdsa Aes128 Sha1 128;
0xc013 c"ECDHE-RSA-AES128-SHA" c"TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA" Ecdhe Rsa Aes128 Sha1 128;
0xc00a c"ECDHE-ECDSA-AES256-SHA" c"TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA" Ecdhe Ecdsa Aes256 Sha1 256;
0xc014 c"ECDHE-RSA-AES256-SHA" c"TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA" Ecdhe Rsa Aes256 Sha1 256;
0xc023 c"ECDHE-ECDSA-AES128-SHA256" c"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256" Ecdhe Ecdsa Aes128 Sha256 128;
0xc027 c"ECDHE-RSA-AES128-SHA256" c"TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256" Ecdhe Rsa Aes128 Sha256 128;
0xc024 c"ECDHE-ECDSA-AES256-SHA384" c"TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384" Ecdhe Ecdsa Aes256 Sha384 256;
0xc028 c"ECDHE-RSA-AES256-SHA384" c"TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384" Ecdhe Rsa Aes256 Sha384 256;
0xd005 c"ECDHE-PSK-AES128-CCM-SHA256" c"TLS_ECDHE_PSK_WITH_AES_128_CCM_SHA256" EcdhePsk Psk Aes128Ccm Aead 128;
0xc035 c"ECDHE-PSK-AES128-CBC-SHA" c"TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA" EcdhePsk Psk Aes128 Sha1 128;
0xc036 c"ECDHE-PSK-AES256-CBC-SHA" c"TLS_ECDHE_PSK_WITH_AES_256_CBC_SHA" EcdhePsk Psk Aes256 Sha1 256;
0xc037 c"ECDHE-PSK-AES128-CBC-SHA256" c"TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256" EcdhePsk Psk Aes128 Sha256 128;
0xc038 c"ECDHE-PSK-AES256-CBC-SHA384" c"TLS_ECDHE_PSK_WITH_AES_256_CBC_SHA384" EcdhePsk Psk Aes256 Sha384 256;
0x00a8 c"PSK-AES128-GCM-SHA256" c"TLS_PSK_WITH_AES_128_GCM_SHA256" Psk Psk Aes128Gcm Aead 128;
0x00a9 c"PSK-AES256-GCM-SHA384" c"TLS_PSK_WITH_AES_256_GCM_SHA384" Psk Psk Aes256Gcm Aead 256;
0xccab c"PSK-CHACHA20-POLY1305" c"TLS_PSK_WITH_CHACHA20_POLY1305_SHA256" Psk Psk ChaCha20Poly1305 Aead 256;
0xc0a4 c"PSK-AES128-CCM" c"TLS_PSK_WITH_AES_128_CCM" Psk Psk Aes128Ccm Aead 128;
0xc0a5 c"PSK-AES256-CCM" c"TLS_PSK_WITH_AES_256_CCM" Psk Psk Aes256Ccm Aead 256;
0x008c c"PSK-AES128-CBC-SHA" c"TLS_PSK_WITH_AES_128_CBC_SHA" Psk Psk Aes128 Sha1 128;
0x008d c"PSK-AES256-CBC-SHA" c"TLS_PSK_WITH_AES_256_CBC_SHA" Psk Psk Aes256 Sha1 256;
0x00ae c"PSK-AES128-CBC-SHA256" c"TLS_PSK_WITH_AES_128_CBC_SHA256" Psk Psk Aes128 Sha256 128;
0x00af c"PSK-AES256-CBC-SHA384" c"TLS_PSK_WITH_AES_256_CBC_SHA384" Psk Psk Aes256 Sha384 256;
0x009e c"DHE-RSA-AES128-GCM-SHA256" c"TLS_DHE_RSA_WITH_AES_128_GCM_SHA256" Dhe Rsa Aes128Gcm Aead 128;
0x009f c"DHE-RSA-AES256-GCM-SHA384" c"TLS_DHE_RSA_WITH_AES_256_GCM_SHA384" Dhe Rsa Aes256Gcm Aead 256;
0xccaa c"DHE-RSA-CHACHA20-POLY1305" c"TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256" Dhe Rsa ChaCha20Poly1305 Aead 256;
0xc09e c"DHE-RSA-AES128-CCM" c"TLS_DHE_RSA_WITH_AES_128_CCM" Dhe Rsa Aes128Ccm Aead 128;
0xc09f c"DHE-RSA-AES256-CCM" c"TLS_DHE_RSA_WITH_AES_256_CCM" Dhe Rsa Aes256Ccm Aead 256;
0x0033 c"DHE-RSA-AES128-SHA" c"TLS_DHE_RSA_WITH_AES_128_CBC_SHA" Dhe Rsa Aes128 Sha1 128;
0x0039 c"DHE-RSA-AES256-SHA" c"TLS_DHE_RSA_WITH_AES_256_CBC_SHA" Dhe Rsa Aes256 Sha1 256;
0x0067 c"DHE-RSA-AES128-SHA256" c"TLS_DHE_RSA_WITH_AES_128_CBC_SHA256" Dhe Rsa Aes128 Sha256 128;
0x006b c"DHE-RSA-AES256-SHA256" c"TLS_DHE_RSA_WITH_AES_256_CBC_SHA256" Dhe Rsa Aes256 Sha256 256;
0x009c c"AES128-GCM-SHA256" c"TLS_RSA_WITH_AES_128_GCM_SHA256" Rsa Rsa Aes128Gcm Aead 128;
0x009d c"AES256-GCM-SHA384" c"TLS_RSA_WITH_AES_256_GCM_SHA384" Rsa Rsa Aes256Gcm Aead 256;
0xc09c c"AES128-CCM" c"TLS_RSA_WITH_AES_128_CCM" Rsa Rsa Aes128Ccm Aead 128;
0xc09d c"AES256-CCM" c"TLS_RSA_WITH_AES_256_CCM" Rsa Rsa Aes256Ccm Aead 256;
0x002f c"AES128-SHA" c"TLS_RSA_WITH_AES_128_CBC_SHA" Rsa Rsa Aes128 Sha1 128;
0x0035 c"AES256-SHA" c"TLS_RSA_WITH_AES_256_CBC_SHA" Rsa Rsa Aes256 Sha1 256;
0x003c c"AES128-SHA256" c"TLS_RSA_WITH_AES_128_CBC_SHA256" Rsa Rsa Aes128 Sha256 128;
0x003d c"AES256-SHA256" c"TLS_RSA_WITH_AES_256_CBC_SHA256" Rsa Rsa Aes256 Sha256 256;
0xc0ae c"ECDHE-ECDSA-AES128-CCM8" c"TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8" Ecdhe Ecdsa Aes128Ccm8 Aead 128;
0xc0af c"ECDHE-ECDSA-AES256-CCM8" c"TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8" Ecdhe Ecdsa Aes256Ccm8 Aead 256;
0xc0a2 c"DHE-RSA-AES128-CCM8" c"TLS_DHE_RSA_WITH_AES_128_CCM_8" Dhe Rsa Aes128Ccm8 Aead 128;
0xc0a3 c"DHE-RSA-AES256-CCM8" c"TLS_DHE_RSA_WITH_AES_256_CCM_8" Dhe Rsa Aes256Ccm8 Aead 256;
0xc0a0 c"AES128-CCM8" c"TLS_RSA_WITH_AES_128_CCM_8" Rsa Rsa Aes128Ccm8 Aead 128;
0xc0a1 c"AES256-CCM8" c"TLS_RSA_WITH_AES_256_CCM_8" Rsa Rsa Aes256Ccm8 Aead 256;
0x00aa c"DHE-PSK-AES128-GCM-SHA256" c"TLS_DHE_PSK_WITH_AES_128_GCM_SHA256" DhePsk Psk Aes128Gcm Aead 128;
0x00ab c"DHE-PSK-AES256-GCM-SHA384" c"TLS_DHE_PSK_WITH_AES_256_GCM_SHA384" DhePsk Psk Aes256Gcm Aead 256;
0xccad c"DHE-PSK-CHACHA20-POLY1305" c"TLS_DHE_PSK_WITH_CHACHA20_POLY1305_SHA256" DhePsk Psk ChaCha20Poly1305 Aead 256;
0xc0a6 c"DHE-PSK-AES128-CCM" c"TLS_DHE_PSK_WITH_AES_128_CCM" DhePsk Psk Aes128Ccm Aead 128;
0xc0a7 c"DHE-PSK-AES256-CCM" c"TLS_DHE_PSK_WITH_AES_256_CCM" DhePsk Psk Aes256Ccm Aead 256;
0x0090 c"DHE-PSK-AES128-CBC-SHA" c"TLS_DHE_PSK_WITH_AES_128_CBC_SHA" DhePsk Psk Aes128 Sha1 128;
0x0091 c"DHE-PSK-AES256-CBC-SHA" c"TLS_DHE_PSK_WITH_AES_256_CBC_SHA" DhePsk Psk Aes256 Sha1 256;
0x00b2 c"DHE-PSK-AES128-CBC-SHA256" c"TLS_DHE_PSK_WITH_AES_128_CBC_SHA256" DhePsk Psk Aes128 Sha256 128;
0x00b3 c"DHE-PSK-AES256-CBC-SHA384" c"TLS_DHE_PSK_WITH_AES_256_CBC_SHA384" DhePsk Psk Aes256 Sha384 256;
0x00ac c"RSA-PSK-AES128-GCM-SHA256" c"TLS_RSA_PSK_WITH_AES_128_GCM_SHA256" RsaPsk Rsa Aes128Gcm Aead 128;
0x00ad c"RSA-PSK-AES256-GCM-SHA384" c"TLS_RSA_PSK_WITH_AES_256_GCM_SHA384" RsaPsk Rsa Aes256Gcm Aead 256;
0xccae c"RSA-PSK-CHACHA20-POLY1305" c"TLS_RSA_PSK_WITH_CHACHA20_POLY1305_SHA256" RsaPsk Rsa ChaCha20Poly1305 Aead 256;
0x0094 c"RSA-PSK-AES128-CBC-SHA" c"TLS_RSA_PSK_WITH_AES_128_CBC_SHA" RsaPsk Rsa Aes128 Sha1 128;
0x0095 c"RSA-PSK-AES256-CBC-SHA" c"TLS_RSA_PSK_WITH_AES_256_CBC_SHA" RsaPsk Rsa Aes256 Sha1 256;
0x00b6 c"RSA-PSK-AES128-CBC-SHA256" c"TLS_RSA_PSK_WITH_AES_128_CBC_SHA256" RsaPsk Rsa Aes128 Sha256 128;
0x00b7 c"RSA-PSK-AES256-CBC-SHA384" c"TLS_RSA_PSK_WITH_AES_256_CBC_SHA384" RsaPsk Rsa Aes256 Sha384 256;
0xd003 c"ECDHE-PSK-AES128-CCM8-SHA256" c"TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256" EcdhePsk Psk Aes128Ccm8 Aead 128;
0xc0a8 c"PSK-AES128-CCM8" c"TLS_PSK_WITH_AES_128_CCM_8" Psk Psk Aes128Ccm8 Aead 128;
0xc0a9 c"PSK-AES256-CCM8" c"TLS_PSK_WITH_AES_256_CCM_8" Psk Psk Aes256Ccm8 Aead 256;
0xc0aa c"DHE-PSK-AES128-CCM8" c"TLS_PSK_DHE_WITH_AES_128_CCM_8" DhePsk Psk Aes128Ccm8 Aead 128;
0xc0ab c"DHE-PSK-AES256-CCM8" c"TLS_PSK_DHE_WITH_AES_256_CCM_8" DhePsk Psk Aes256Ccm8 Aead 256;
0xc012 c"ECDHE-RSA-DES-CBC3-SHA" c"TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA" Ecdhe Rsa TripleDes Sha1 112;
0x000a c"DES-CBC3-SHA" c"TLS_RSA_WITH_3DES_EDE_CBC_SHA" Rsa Rsa TripleDes Sha1 112;}

impl SSL_CIPHER {
    pub(crate) const fn all() -> &'static [Self] {
        CIPHERS
    }

    pub(crate) const fn name(&self) -> &'static CStr {
        self.name
    }

    pub(crate) fn by_id(id: u16) -> Option<&'static Self> {
        CIPHERS.iter().find(|cipher| cipher.id == id)
    }

    /// Since which version OpenSSL has it.
    fn version(&self) -> &'static CStr {
        match (self.enc, self.mac, self.kx) {
            (Enc::Aes128 | Enc::Aes256 | Enc::TripleDes, Mac::Sha1, Kx::Ecdhe | Kx::EcdhePsk) => {
                c"TLSv1.0"
            }
            (Enc::Aes128 | Enc::Aes256 | Enc::TripleDes, Mac::Sha1, _) => c"SSLv3",
            _ if matches!(self.kx, Kx::Psk | Kx::RsaPsk | Kx::DhePsk | Kx::EcdhePsk)
                && self.mac != Mac::Aead =>
            {
                c"TLSv1.0"
            }
            _ => c"TLSv1.2",
        }
    }

    fn describe(&self) -> String {
        let kx = match self.kx {
            Kx::Rsa => "RSA",
            Kx::Ecdhe => "ECDH",
            Kx::Dhe => "DH",
            Kx::EcdhePsk => "ECDHEPSK",
            Kx::DhePsk => "DHEPSK",
            Kx::RsaPsk => "RSAPSK",
            Kx::Psk => "PSK",
        };
        let auth = match self.auth {
            Auth::Rsa => "RSA",
            Auth::Ecdsa => "ECDSA",
            Auth::Psk => "PSK",
        };
        let enc = match self.enc {
            Enc::Aes128Gcm => "AESGCM(128)",
            Enc::Aes256Gcm => "AESGCM(256)",
            Enc::Aes128Ccm => "AESCCM(128)",
            Enc::Aes256Ccm => "AESCCM(256)",
            Enc::Aes128Ccm8 => "AESCCM8(128)",
            Enc::Aes256Ccm8 => "AESCCM8(256)",
            Enc::ChaCha20Poly1305 => "CHACHA20/POLY1305(256)",
            Enc::Aes128 => "AES(128)",
            Enc::Aes256 => "AES(256)",
            Enc::TripleDes => "3DES(168)",
        };
        let mac = match self.mac {
            Mac::Aead => "AEAD",
            Mac::Sha1 => "SHA1",
            Mac::Sha256 => "SHA256",
            Mac::Sha384 => "SHA384",
        };
        let name = self.name.to_string_lossy();
        let version = match self.version().to_string_lossy() {
            text if text == "TLSv1.0" => "TLSv1".into(),
            text => text,
        };
        format!("{name:<30} {version:<7} Kx={kx:<8} Au={auth:<5} Enc={enc:<22} Mac={mac:<4}\n")
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CIPHER_get_name(cipher: Option<&SSL_CIPHER>) -> *const c_char {
    cipher.map_or(c"(NONE)", |cipher| cipher.name).as_ptr()
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CIPHER_standard_name(cipher: Option<&SSL_CIPHER>) -> *const c_char {
    cipher.map_or(c"(NONE)", |cipher| cipher.standard).as_ptr()
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_OPENSSL_cipher_name(standard: crate::args::Str<'_>) -> *const c_char {
    let found = CIPHERS
        .iter()
        .find(|cipher| Some(cipher.standard) == standard.c_str());
    found.map_or(c"(NONE)", |cipher| cipher.name).as_ptr()
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CIPHER_get_bits(
    cipher: Option<&SSL_CIPHER>,
    algorithm: Out<'_, c_int>,
) -> c_int {
    let bits = |cipher: &SSL_CIPHER| match cipher.enc {
        // The key that is processed, and its strength.
        Enc::TripleDes => (112, 168),
        _ => (cipher.bits, cipher.bits),
    };
    let (strength, key) = cipher.map_or((0, 0), bits);
    if cipher.is_some() {
        algorithm.set(key);
    }
    strength
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CIPHER_get_version(cipher: Option<&SSL_CIPHER>) -> *const c_char {
    cipher.map_or(c"(NONE)", SSL_CIPHER::version).as_ptr()
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CIPHER_get_id(cipher: Option<&SSL_CIPHER>) -> u32 {
    cipher.map_or(0, |cipher| 0x0300_0000 | u32::from(cipher.id))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CIPHER_get_protocol_id(cipher: Option<&SSL_CIPHER>) -> u16 {
    cipher.map_or(0, |cipher| cipher.id)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CIPHER_get_kx_nid(cipher: Option<&SSL_CIPHER>) -> c_int {
    cipher.map_or(0, |cipher| cipher.kx as c_int)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CIPHER_get_auth_nid(cipher: Option<&SSL_CIPHER>) -> c_int {
    cipher.map_or(0, |cipher| cipher.auth as c_int)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CIPHER_get_cipher_nid(cipher: Option<&SSL_CIPHER>) -> c_int {
    cipher.map_or(0, |cipher| match cipher.enc {
        Enc::Aes128Ccm8 => Enc::Aes128Ccm as c_int,
        Enc::Aes256Ccm8 => Enc::Aes256Ccm as c_int,
        enc => enc as c_int,
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CIPHER_get_digest_nid(cipher: Option<&SSL_CIPHER>) -> c_int {
    cipher.map_or(0, |cipher| cipher.mac as c_int)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CIPHER_is_aead(cipher: Option<&SSL_CIPHER>) -> c_int {
    c_int::from(cipher.is_some_and(|cipher| cipher.mac == Mac::Aead))
}

/// Into `len` bytes at `out`, at least 128, or into memory that the program frees (`OPENSSL_free`).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_SSL_CIPHER_description(
    cipher: Option<&SSL_CIPHER>,
    out: *mut c_char,
    len: c_int,
) -> *mut c_char {
    guard(core::ptr::null_mut(), || {
        let Some(cipher) = cipher else {
            return core::ptr::null_mut();
        };
        // SAFETY: our own allocation of the C library, or the program's room of `len` bytes.
        unsafe {
            let (out, cap) = match out.is_null() {
                true => (libc::malloc(128).cast::<c_char>(), 128),
                false if length(len) < 128 => return core::ptr::null_mut(),
                false => (out, length(len)),
            };
            copy_text(cipher.describe().as_bytes(), out, cap);
            out
        }
    })
}
