use zeroize::Zeroizing;

/// The label of TLS 1.2's lines: the secret is the master secret.
pub const CLIENT_RANDOM: &str = "CLIENT_RANDOM";

/// Gets the secrets of connections in the terms of NSS's key log, by which a recording of the
/// network can be read. DANGER: whoever has them can read everything that these connections say.
pub trait KeyLog: Send + Sync + core::fmt::Debug {
    /// Called by the connection's thread as soon as the secret is there, before the handshake is
    /// complete: a handshake that fails can be read too.
    fn log(&self, label: &str, client_random: &[u8; 32], secret: &[u8]);
}

/// A line of the key log, without its line feed: label, client random and secret, in lower case hex.
pub fn key_log_line(label: &str, client_random: &[u8; 32], secret: &[u8]) -> Zeroizing<String> {
    // All of it at once, so that growing leaves no copy of the secret behind.
    let len = label.len() + 2 * (1 + client_random.len() + secret.len());
    let mut line = Zeroizing::new(String::with_capacity(len));
    line.push_str(label);
    for part in [&client_random[..], secret] {
        line.push(' ');
        for byte in part {
            line.push(hex(byte >> 4));
            line.push(hex(byte & 15));
        }
    }
    line
}

/// Without a table: the digit's place in memory would depend on the secret.
fn hex(nibble: u8) -> char {
    // 39 more for a to f: the top bit of 9 - nibble says which.
    let letter = (9_u8.wrapping_sub(nibble) >> 7) * 39;
    char::from(b'0' + nibble + letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        let mut random = [0; 32];
        random[31] = 0x9a;
        let line = key_log_line("L", &random, &[0x0f, 0xf0, 0xab]);
        assert_eq!(*line, format!("L {}9a 0ff0ab", "00".repeat(31)));
        assert_eq!(line.capacity(), line.len());
    }
}
