use super::cipher::Cipher;
use super::{OpenError, Result, kdf, malformed, pkcs8};
use zeroize::Zeroizing;

/// Decrypts the contents of a PEM block with `Proc-Type: 4,ENCRYPTED`. `dek_info` is the value of its
/// `DEK-Info` header (RFC 1421 §4.6.1.3): the cipher's name and the IV. OpenSSL derives the key with one
/// round of MD5: whoever gets the file can try passwords as fast as he likes.
pub fn decrypt_pem(dek_info: &str, data: &[u8], password: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    let (name, iv) = dek_info
        .split_once(',')
        .ok_or_else(|| malformed("the DEK-Info header"))?;
    let cipher = match name.trim().to_ascii_uppercase().as_str() {
        "AES-128-CBC" => Cipher::Aes128,
        "AES-192-CBC" => Cipher::Aes192,
        "AES-256-CBC" => Cipher::Aes256,
        "DES-EDE3-CBC" => Cipher::DesEde3,
        _ => {
            return Err(OpenError::Unsupported(format!(
                "encryption {}",
                name.trim().escape_debug()
            )));
        }
    };
    let iv = unhex(iv.trim())
        .filter(|iv| iv.len() == cipher.block())
        .ok_or_else(|| malformed("the IV in the DEK-Info header"))?;
    if data.is_empty() || !data.len().is_multiple_of(cipher.block()) {
        return Err(malformed("the encrypted part is no whole number of blocks"));
    }
    let key = kdf::old_pem(password, &iv[..8], cipher.key_len());
    let plain = cipher.decrypt(&key, &iv, data);
    pkcs8::check(plain.ok_or(OpenError::WrongPassword)?)
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = text.chars().map(|c| c.to_digit(16)).collect();
    let digits = digits.filter(|d| d.len().is_multiple_of(2))?;
    let byte = |pair: &[u32]| u8::try_from(pair[0] << 4 | pair[1]).ok();
    digits.chunks_exact(2).map(byte).collect()
}
