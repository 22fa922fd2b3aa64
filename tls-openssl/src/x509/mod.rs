//! Certificates and their verification, over libtlscore's.

pub mod cert;
pub mod check;
pub mod errors;
mod findings;
pub mod general;
mod judge;
pub mod lookup;
pub mod name;
pub mod object;
pub mod param;
pub mod print;
pub mod pubkey;
pub mod purpose;
pub mod store;
pub mod store_api;
pub mod store_ctx;
pub mod store_ctx_api;
pub(crate) mod strength;

pub use cert::X509;
pub use name::X509_NAME;
pub use param::X509_VERIFY_PARAM;
pub use store::X509_STORE;
pub use store_ctx::X509_STORE_CTX;
