//! As much DER as names need; certificates as such are read by libtlscore.

/// One element: its tag, its contents, and what is behind it.
pub(crate) fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = der.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (len, rest) = match first {
        0..=0x7f => (usize::from(first), rest),
        0x81..=0x84 => {
            let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            (
                digits
                    .iter()
                    .fold(0, |n, digit| n << 8 | usize::from(*digit)),
                rest,
            )
        }
        _ => return None,
    };
    let (contents, rest) = rest.split_at_checked(len)?;
    Some((tag, contents, rest))
}

/// The elements of a sequence or set; stops at what does not parse.
pub(crate) fn elements(mut der: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    core::iter::from_fn(move || {
        let (tag, contents, rest) = element(der)?;
        der = rest;
        Some((tag, contents))
    })
}

/// The first element of `der` with its header.
pub(crate) fn whole(der: &[u8]) -> Option<&[u8]> {
    let (_, _, rest) = element(der)?;
    Some(&der[..der.len() - rest.len()])
}

/// The fields of a certificate (RFC 5280 §4.1) that are shown as they are.
pub(crate) struct Fields<'a> {
    pub(crate) serial: &'a [u8],
    pub(crate) issuer: &'a [u8],
    pub(crate) subject: &'a [u8],
    /// The tags and texts of notBefore and notAfter.
    pub(crate) validity: [(u8, &'a [u8]); 2],
}

pub(crate) fn fields(certificate: &[u8]) -> Option<Fields<'_>> {
    let (0x30, certificate, _) = element(certificate)? else {
        return None;
    };
    let (0x30, mut at, _) = element(certificate)? else {
        return None;
    };
    if at.first() == Some(&0xa0) {
        at = element(at)?.2;
    }
    let (0x02, serial, at) = element(at)? else {
        return None;
    };
    let (0x30, _algorithm, at) = element(at)? else {
        return None;
    };
    let issuer = whole(at)?;
    let (0x30, validity, at) = element(element(at)?.2)? else {
        return None;
    };
    let (before_tag, before, after) = element(validity)?;
    let (after_tag, after, _) = element(after)?;
    Some(Fields {
        serial,
        issuer,
        subject: whole(at)?,
        validity: [(before_tag, before), (after_tag, after)],
    })
}

/// An object identifier in dotted form.
pub(crate) fn dotted(oid: &[u8]) -> String {
    let mut arcs = Vec::new();
    let mut arc: u128 = 0;
    for byte in oid {
        arc = arc.wrapping_shl(7) | u128::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            if arcs.is_empty() {
                let first = (arc / 40).min(2);
                arcs.push(first);
                arc -= first * 40;
            }
            arcs.push(arc);
            arc = 0;
        }
    }
    arcs.iter()
        .map(u128::to_string)
        .collect::<Vec<_>>()
        .join(".")
}
