//! Edits to a flight: each is four bytes, what, at which record, at which place in it, and a value.

use crate::record::Record;

/// Records that a good peer of ours never sends, to be put in anywhere.
fn canned(value: u8) -> Record {
    let handshake = |bytes: &[u8]| Record::new(22, bytes);
    match value % 12 {
        0 => handshake(&[0, 0, 0, 0]),
        1 => handshake(&[4, 0, 0, 6, 0, 0, 0, 1, 0, 0]),
        2 => handshake(&[13, 0, 0, 10, 2, 1, 64, 0, 4, 4, 1, 4, 3, 0, 0][..14]),
        3 => handshake(&[22, 0, 0, 5, 1, 0, 0, 1, 0x30]),
        4 => handshake(&[14, 0, 0, 0]),
        5 => handshake(&[20, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        6 => Record::new(20, &[1]),
        7 => Record::new(21, &[1, 0]),
        8 => Record::new(21, &[1, 90]),
        9 => Record::new(21, &[2, 40]),
        10 => Record::new(23, b""),
        _ => Record::new(23, b"data"),
    }
}

pub(crate) fn apply(records: &mut Vec<Record>, edits: &[u8]) {
    for edit in edits.chunks_exact(4).take(64) {
        let [what, which, place, value] = [edit[0], edit[1], edit[2], edit[3]];
        if records.is_empty() {
            return;
        }
        one(
            records,
            what,
            usize::from(which) % records.len(),
            place,
            value,
        );
    }
}

fn one(records: &mut Vec<Record>, what: u8, which: usize, place: u8, value: u8) {
    let (count, len) = (records.len(), records[which].body.len());
    // The beginning of a record is where its structure is; the end counts from the back.
    let at = match place {
        0..0xc0 => usize::from(place),
        _ => len.saturating_sub(usize::from(0xff - place) + 1),
    };
    let body = &mut records[which].body;
    match what % 13 {
        0 if at < len => body[at] = value,
        1 if at < len => body[at] = body[at].wrapping_add(value),
        2 if at <= len => body.insert(at, value),
        3 if at < len => drop(body.drain(at..(at + usize::from(value)).min(len))),
        4 => body.truncate(at),
        5 => drop(records.remove(which)),
        6 => {
            let copy = records[which].clone();
            records.insert(usize::from(place) % records.len(), copy);
        }
        7 => {
            let other = usize::from(place) % records.len();
            records.swap(which, other);
        }
        8 => records.insert(which, canned(value)),
        9 if at < len => {
            let second = body.split_off(at);
            let record = Record {
                head: records[which].head,
                body: second,
            };
            records.insert(which + 1, record);
        }
        10 if which + 1 < count => {
            let next = records.remove(which + 1);
            records[which].body.extend(next.body);
        }
        11 => records[which].head[usize::from(place) % 3] = value,
        // The length of the handshake message, after other edits.
        12 if len >= 4 => {
            let inner = (len - 4 + usize::from(value)) as u32;
            body[1..4].copy_from_slice(&inner.to_be_bytes()[1..]);
        }
        _ => {}
    }
}
