use crate::error::{Error, Reason, Result};
use crate::wire::{ContentType, ProtocolVersion};

/// Bytes of a record header: type, version, length (RFC 5246 §6.2.1).
pub(crate) const HEADER_LEN: usize = 5;

/// Longest TLSCiphertext.fragment in bytes (RFC 5246 §6.2.3).
pub(crate) const MAX_CIPHERTEXT: usize = (1 << 14) + 2048;

/// A record header that was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RecordHeader {
    pub(crate) content_type: ContentType,
    pub(crate) version: ProtocolVersion,
    pub(crate) len: usize,
}

impl RecordHeader {
    /// Checks a header as soon as its five bytes are there, before any of the body is.
    ///
    /// `negotiated` is the version that every further record must carry; before it is known, any
    /// 0x03xx will do (RFC 5246 Appendix E.1).
    pub(crate) fn parse(
        bytes: [u8; HEADER_LEN],
        negotiated: Option<ProtocolVersion>,
    ) -> Result<Self> {
        let content_type = ContentType(bytes[0]);
        let version = ProtocolVersion(u16::from_be_bytes([bytes[1], bytes[2]]));
        let len = usize::from(u16::from_be_bytes([bytes[3], bytes[4]]));
        if negotiated.is_none() {
            refuse_other_protocols(bytes, version)?;
        }
        if content_type.name().is_none() {
            return Err(Error::with(
                Reason::UnknownContentType,
                format!("a record has the unknown content type {content_type}"),
            ));
        }
        if negotiated.is_some_and(|expected| version != expected) {
            return Err(Error::with(
                Reason::NotTls,
                format!("a record has version {version}, TLSv1.2 was negotiated"),
            ));
        }
        if len > MAX_CIPHERTEXT {
            return Err(Error::with(
                Reason::RecordOverflow,
                format!("a record announces {len} bytes, at most {MAX_CIPHERTEXT} are allowed"),
            ));
        }
        Ok(Self {
            content_type,
            version,
            len,
        })
    }

    /// Content type and version as MACs and additional data have them.
    pub(crate) fn first3(self) -> [u8; 3] {
        let [major, minor] = self.version.0.to_be_bytes();
        [self.content_type.0, major, minor]
    }

    /// Writes the header of a record that we send.
    pub(crate) fn write(
        out: &mut [u8],
        content_type: ContentType,
        version: ProtocolVersion,
        len: usize,
    ) {
        out[0] = content_type.0;
        out[1..3].copy_from_slice(&version.0.to_be_bytes());
        // Lengths of our own records are bounded by MAX_CIPHERTEXT.
        out[3..HEADER_LEN].copy_from_slice(&(len as u16).to_be_bytes());
    }
}

/// A first record that is no TLS at all deserves a sentence that says so.
fn refuse_other_protocols(bytes: [u8; HEADER_LEN], version: ProtocolVersion) -> Result<()> {
    // The methods of RFC 9110 §9 and RFC 5789, HTTP/2's preface, and a server's first word.
    const HTTP: [&[u8]; 11] = [
        b"GET ", b"HEAD ", b"POST ", b"PUT ", b"DELET", b"CONNE", b"OPTIO", b"TRACE", b"PATCH",
        b"PRI *", b"HTTP/",
    ];
    if HTTP.iter().any(|verb| bytes.starts_with(verb)) {
        return Err(Error::new(Reason::HttpRequest));
    }
    if version.0 >> 8 != 3 {
        return Err(Error::with(
            Reason::NotTls,
            format!("the bytes {bytes:02x?} do not begin a TLS record"),
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(bytes: [u8; 5], negotiated: Option<ProtocolVersion>) -> Reason {
        RecordHeader::parse(bytes, negotiated).unwrap_err().reason()
    }

    #[test]
    fn accepts_any_03xx_before_negotiation_only() {
        let first = [22, 3, 1, 0, 5];
        assert_eq!(RecordHeader::parse(first, None).unwrap().len, 5);
        assert_eq!(reason(first, Some(ProtocolVersion::TLS12)), Reason::NotTls);
        assert!(RecordHeader::parse([22, 3, 3, 0, 5], Some(ProtocolVersion::TLS12)).is_ok());
    }

    #[test]
    fn refuses_what_is_no_record() {
        assert_eq!(reason(*b"GET /", None), Reason::HttpRequest);
        assert_eq!(reason(*b"SSH-2", None), Reason::NotTls);
        assert_eq!(reason([22, 2, 0, 0, 1], None), Reason::NotTls);
        assert_eq!(reason([24, 3, 3, 0, 1], None), Reason::UnknownContentType);
        assert_eq!(reason([23, 3, 3, 0x48, 1], None), Reason::RecordOverflow);
        assert!(RecordHeader::parse([23, 3, 3, 0x48, 0], None).is_ok());
    }
}
