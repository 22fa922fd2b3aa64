/// Readable parts of a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateInfo {
    /// Subject in RFC 4514 order.
    pub subject: String,
}
