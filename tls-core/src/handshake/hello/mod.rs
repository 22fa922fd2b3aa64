//! The hellos, before a version is chosen.

mod client;
mod server;
mod session;

pub(crate) use client::{ExpectServerHello, start};
pub(crate) use server::{ExpectClientHello, Greeting, Offer};
pub(crate) use session::OfferedSession;
