//! Several records at once, sealed and opened: side by side they are what each is alone.

use super::*;
use tls_core::crypto::CbcSealed;

/// Lengths that make pairs of equal and of unequal ones, long and short, and one that is left.
const LENS: [usize; 13] = [
    1000, 0, 17, 999, 1000, 1000, 3000, 64, 1, 16384, 16384, 16384, 300,
];

#[test]
fn a_run_of_records_equals_single_ones() {
    let plain = bytes(3, 16384);
    for algorithm in all() {
        for form in FORMS {
            let key = key(algorithm, form);
            let mut outs: Vec<Vec<u8>> = LENS
                .iter()
                .map(|&len| vec![0; key.sealed_len(len - len / 20)])
                .collect();
            let mut records: Vec<CbcRecord<'_>> = outs
                .iter_mut()
                .zip(LENS)
                .enumerate()
                .map(|(n, (out, len))| CbcRecord {
                    seq: n as u64,
                    header: HEADER,
                    iv: [n as u8; 16],
                    plain: &plain[n..][..len - len / 20],
                    out,
                })
                .collect();
            key.seal(&mut records);
            for (n, (out, len)) in outs.iter().zip(LENS).enumerate() {
                let mut alone = vec![0; out.len()];
                key.seal(&mut [CbcRecord {
                    seq: n as u64,
                    header: HEADER,
                    iv: [n as u8; 16],
                    plain: &plain[n..][..len - len / 20],
                    out: &mut alone,
                }]);
                assert!(*out == alone, "{algorithm:?} {form:?} {len}");
            }
        }
    }
}

/// What is done to a record before it is opened.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Flaw {
    None,
    Byte,
    Number,
    Cut,
    Empty,
}

/// All pairs of flaws next to one another, in runs of every length up to the whole.
#[test]
fn a_run_is_opened_as_single_records_are() {
    use Flaw::{Byte, Cut, Empty, None as Good, Number};
    let flaws = [
        Good, Good, Byte, Good, Good, Byte, Byte, Number, Cut, Good, Good, Good, Empty,
    ];
    let plain = bytes(5, 16384);
    for algorithm in all() {
        for form in FORMS {
            let key = key(algorithm, form);
            for count in 1..=LENS.len() {
                let mut bodies: Vec<Vec<u8>> = LENS[..count]
                    .iter()
                    .zip(flaws)
                    .map(|(&len, flaw)| spoiled(seal(key.as_ref(), &plain[..len]), flaw))
                    .collect();
                let mut records: Vec<CbcSealed<'_>> = bodies
                    .iter_mut()
                    .zip(flaws)
                    .map(|(body, flaw)| {
                        CbcSealed::new(SEQ ^ u64::from(flaw == Number), HEADER, body)
                    })
                    .collect();
                key.open(&mut records);
                for ((record, len), flaw) in records.iter().zip(LENS).zip(flaws) {
                    let about = format!("{algorithm:?} {form:?} {len} {flaw:?} of {count}");
                    if flaw == Good {
                        assert_eq!(record.plain_len, Ok(len), "{about}");
                        assert!(record.buf[key.iv_len()..][..len] == plain[..len], "{about}");
                    } else {
                        assert_eq!(record.plain_len, Err(BadRecord), "{about}");
                        let text = record.buf.get(key.iv_len()..).unwrap_or_default();
                        let seen = text
                            .windows(8)
                            .any(|w| plain[..len].windows(8).any(|p| p == w));
                        assert!(!seen || len > 2000, "{about} left plaintext");
                    }
                }
            }
        }
    }
}

fn spoiled(mut body: Vec<u8>, flaw: Flaw) -> Vec<u8> {
    let middle = body.len() / 2;
    match flaw {
        Flaw::None | Flaw::Number => {}
        Flaw::Byte => body[middle] ^= 4,
        Flaw::Cut => body.truncate(body.len() - 1),
        Flaw::Empty => body.clear(),
    }
    body
}

/// An outcome that was there before says nothing.
#[test]
fn opening_forgets_what_was_said_before() {
    for algorithm in all() {
        let key = key(algorithm, MacForm::MacThenEncrypt);
        let mut body = vec![7; 128];
        let mut record = [CbcSealed::new(SEQ, HEADER, &mut body)];
        record[0].plain_len = Ok(3);
        key.open(&mut record);
        assert_eq!(record[0].plain_len, Err(BadRecord));
    }
}
