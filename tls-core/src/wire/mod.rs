//! Bytes: registries, reader and writer (RFC 5246 §4).

mod enums;

pub use enums::{
    AlertDescription, AlertLevel, ClientCertificateType, ContentType, ExtensionType, HandshakeType,
    NamedGroup, ProtocolVersion, SignatureScheme,
};
