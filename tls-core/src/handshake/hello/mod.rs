//! The hellos, before a version is chosen.

mod client;
mod server;

pub(crate) use client::{ExpectServerHello, start};
pub(crate) use server::{ExpectClientHello, Greeting, Offer};
