//! The application protocol that a server chooses (RFC 7301), by itself or with the application's help.

use super::hello::Offer;
use super::negotiate::listed;
use crate::config::{AlpnDecision, Config};
use crate::error::{Error, Reason, Result};
use crate::msg::ext::alpn::ProtocolNames;

/// The application protocol (RFC 7301 §3.2), by the server's order. A server without a list
/// ignores the extension.
pub(super) fn choose_alpn<'a>(
    config: &Config,
    offer: &'a Offer,
    message: &[u8],
) -> Result<Option<&'a [u8]>> {
    let Some(names) = &offer.alpn else {
        return Ok(None);
    };
    if let Some(selector) = &config.alpn_selector {
        return selected(selector.select(&offer.info(message)), names);
    }
    if config.alpn.is_empty() {
        return Ok(None);
    }
    let chosen = config
        .alpn
        .iter()
        .find_map(|ours| names.iter().find(|n| *n == ours.as_slice()));
    match chosen {
        Some(name) => Ok(Some(name)),
        None => Err(no_protocol("no application protocol in common", names)),
    }
}

/// What the application chose of the client's protocols.
fn selected(decision: AlpnDecision, names: &ProtocolNames) -> Result<Option<&[u8]>> {
    match decision {
        AlpnDecision::Ignore => Ok(None),
        AlpnDecision::Refuse => Err(no_protocol("the application takes no protocol", names)),
        AlpnDecision::Select(name) => match names.iter().find(|n| *n == name) {
            Some(name) => Ok(Some(name)),
            None => Err(Error::with(
                Reason::CallbackMisbehaved,
                "an application protocol was selected that the client does not offer",
            )),
        },
    }
}

fn no_protocol(why: &str, names: &ProtocolNames) -> Error {
    let text = format!("{why}: the client offers {}", readable(names));
    Error::with(Reason::NoCommonProtocol, text)
}

/// Names as text, each cut to what a sentence bears.
fn readable(names: &ProtocolNames) -> String {
    const MAX_NAME: usize = 24;
    let text =
        |name: &[u8]| String::from_utf8_lossy(&name[..name.len().min(MAX_NAME)]).into_owned();
    listed(&names.iter().map(text).collect::<Vec<_>>())
}
