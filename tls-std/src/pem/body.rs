use base64ct::{Base64, Encoding};
use zeroize::{Zeroize, Zeroizing};

/// The base64 text of a block. Wiped when dropped, and also where it had to move.
#[derive(Default)]
pub(super) struct Body {
    text: Zeroizing<Vec<u8>>,
}

impl Body {
    pub(super) fn push(&mut self, line: &[u8]) {
        if self.text.capacity() - self.text.len() < line.len() {
            // Growing in place of Vec's own doubling, which would leave the old copy behind.
            let needed = self.text.len() + line.len();
            let mut larger = Vec::with_capacity(needed.next_power_of_two().max(4096));
            larger.extend_from_slice(&self.text);
            self.text.zeroize();
            *self.text = larger;
        }
        self.text
            .extend(line.iter().copied().filter(|b| !b.is_ascii_whitespace()));
    }

    pub(super) fn decode(self) -> Result<Zeroizing<Vec<u8>>, &'static str> {
        if self.text.is_empty() {
            return Err("it is empty");
        }
        let mut der = Zeroizing::new(vec![0; self.text.len() / 4 * 3 + 3]);
        let len = Base64::decode(&*self.text, &mut der)
            .map_err(|_| "it is not base64")?
            .len();
        der.truncate(len);
        Ok(der)
    }
}
