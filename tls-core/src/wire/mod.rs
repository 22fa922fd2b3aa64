//! Bytes: registries, reader and writer (RFC 5246 §4).

mod certificate;
pub(crate) mod der;
mod enums;
mod reader;
mod short;
mod writer;

pub use certificate::Certificate;
pub use enums::{
    AlertDescription, AlertLevel, ClientCertificateType, ContentType, ExtensionType, HandshakeType,
    NamedGroup, ProtocolVersion, SignatureScheme,
};
pub use reader::Reader;
pub(crate) use short::{Short, sort_short};
pub use writer::Put;
