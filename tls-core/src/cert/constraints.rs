//! Name constraints (RFC 5280 §4.2.1.10), for counting and for sentences: webpki judges by them.

use super::dn;
use super::san::ip;
use super::view::{CertView, oid};
use crate::wire::der::{BadDer, Der, only, tag};
use core::net::IpAddr;

/// Subtrees that a sentence lists before it only counts.
const MAX_LISTED: usize = 8;

/// How many subtrees a certificate's name constraints have; 0 without that extension.
pub(super) fn count(view: &CertView<'_>) -> Result<usize, BadDer> {
    let mut count = 0;
    each(view, |_, _| count += 1)?;
    Ok(count)
}

/// The kinds of names that a certificate constrains, as GeneralName numbers them.
pub(super) fn kinds(view: &CertView<'_>) -> impl Iterator<Item = u8> {
    let mut kinds = [false; 32];
    let _until_it_breaks = each(view, |_, name| {
        if let Some(tag) = name.first() {
            kinds[usize::from(tag & 0x1f)] = true;
        }
    });
    (0..32).filter(move |kind| kinds[usize::from(*kind)])
}

/// `permitted: a.test, 10.0.0.0/8; excluded: b.a.test`
pub(super) fn list(view: &CertView<'_>) -> String {
    let mut parts = [(String::new(), 0), (String::new(), 0)];
    let _until_it_breaks = each(view, |excluded, name| {
        let (text, listed) = &mut parts[usize::from(excluded)];
        *listed += 1;
        if *listed <= MAX_LISTED {
            text.push_str(if text.is_empty() { "" } else { ", " });
            push_base(text, name);
        }
    });
    let mut all = String::new();
    for (kind, (text, listed)) in ["permitted: ", "excluded: "].into_iter().zip(parts) {
        if listed == 0 {
            continue;
        }
        all.push_str(if all.is_empty() { "" } else { "; " });
        all.push_str(kind);
        all.push_str(&text);
        if listed > MAX_LISTED {
            all.push_str(&format!(" and {} more", listed - MAX_LISTED));
        }
    }
    all
}

/// Every subtree's base, a `GeneralName`, and whether it is excluded.
fn each(view: &CertView<'_>, mut f: impl FnMut(bool, &[u8])) -> Result<(), BadDer> {
    let Some(value) = view.extension(oid::NAME_CONSTRAINTS)? else {
        return Ok(());
    };
    let mut kinds = Der::new(only(value, tag::SEQUENCE)?);
    while !kinds.is_empty() {
        let kind = kinds.next()?;
        let mut trees = Der::new(kind.content);
        while !trees.is_empty() {
            f(kind.tag == tag::context(1), trees.next()?.content);
        }
    }
    Ok(())
}

fn push_base(text: &mut String, name: &[u8]) {
    let Ok(base) = Der::new(name).next() else {
        return text.push('?');
    };
    let ascii = core::str::from_utf8(base.content).unwrap_or("?");
    match base.tag {
        0x81 | 0x82 | 0x86 if ascii.is_empty() => text.push_str("every name"),
        0x81 | 0x82 | 0x86 => {
            for c in dn::shorten(ascii.to_owned()).chars() {
                dn::push_visible(text, c);
            }
        }
        0x87 => match net(base.content) {
            Some(net) => text.push_str(&net),
            None => text.push_str("a broken net"),
        },
        0xa4 => {
            text.push_str("directory name ");
            text.push_str(&dn::short(base.content));
        }
        _ => text.push_str("a name of another kind"),
    }
}

/// `10.0.0.0/8`
fn net(bytes: &[u8]) -> Option<String> {
    let (address, mask) = bytes.split_at_checked(bytes.len() / 2)?;
    let (address, mask) = (ip(address)?, ip(mask)?);
    let ones = match mask {
        IpAddr::V4(mask) => mask.to_bits().leading_ones(),
        IpAddr::V6(mask) => mask.to_bits().leading_ones(),
    };
    Some(format!("{address}/{ones}"))
}
