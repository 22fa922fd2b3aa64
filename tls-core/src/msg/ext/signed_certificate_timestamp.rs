use crate::error::{Error, Reason, Result};
use crate::wire::Reader;

/// The SignedCertificateTimestampList of a ServerHello (RFC 6962 §3.3): checked, and returned whole.
/// Neither the list nor a timestamp may be empty.
pub(crate) fn decode_server(body: &[u8]) -> Result<&[u8]> {
    let mut r = Reader::new("signed_certificate_timestamp", body);
    let list = r.vec16(1..=0xffff)?;
    r.end()?;
    let mut list = Reader::new("SignedCertificateTimestampList", list);
    while !list.is_empty() {
        list.vec16(1..=0xffff)?;
    }
    Ok(body)
}

/// Whether the bytes are such a list, as a server's configuration has it; else a `BadArgument`.
pub(crate) fn check_sct_list(list: &[u8]) -> Result<()> {
    if list.len() > MAX_SCT_LIST {
        return Err(Error::with(
            Reason::BadArgument,
            format!(
                "the SCT list has {} bytes, at most {MAX_SCT_LIST} are possible",
                list.len()
            ),
        ));
    }
    match decode_server(list) {
        Ok(_) => Ok(()),
        Err(error) => Err(Error::with(Reason::BadArgument, error.text().to_owned())),
    }
}

/// Most bytes of a list that is sent: a ServerHello has at most 16 KiB.
pub(crate) const MAX_SCT_LIST: usize = 8 << 10;
