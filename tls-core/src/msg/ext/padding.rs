/// Most bytes to which a ClientHello is padded.
const MAX: usize = 4096;

/// padding (RFC 7685 §4): how many bytes bring a ClientHello that has `len` bytes without it, message
/// header included, to `target`; `None`: it is that long already. The extension itself needs four
/// bytes, so the hello may end up a little longer.
pub(crate) fn fill(len: usize, target: usize) -> Option<usize> {
    let target = target.min(MAX);
    (len < target).then(|| target.saturating_sub(len + 4))
}
