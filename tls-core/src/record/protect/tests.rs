use super::*;
use crate::crypto::RandomFailed;

#[derive(Debug)]
struct NoRandom;

impl Random for NoRandom {
    fn fill(&self, _: &mut [u8]) -> core::result::Result<(), RandomFailed> {
        Err(RandomFailed)
    }
}

fn run(plain: &[u8], fragment: usize) -> Run<'_> {
    Run {
        content_type: ContentType::HANDSHAKE,
        version: ProtocolVersion::TLS12,
        plain,
        fragment,
    }
}

#[test]
fn cuts_a_run_into_fragments() {
    let mut write = WriteProtection::null();
    let mut out = vec![0; write.run_len(5, 2)];
    write
        .seal(run(&[1, 2, 3, 4, 5], 2), &mut out, &NoRandom)
        .unwrap();
    assert_eq!(
        out,
        [
            22, 3, 3, 0, 2, 1, 2, 22, 3, 3, 0, 2, 3, 4, 22, 3, 3, 0, 1, 5
        ]
    );
    let mut empty = vec![0; write.run_len(0, 2)];
    write.seal(run(&[], 2), &mut empty, &NoRandom).unwrap();
    assert_eq!(empty, [22, 3, 3, 0, 0]);
}

#[test]
fn refuses_to_wrap_sequence_numbers() {
    let mut write = WriteProtection::null();
    write.seq = u64::MAX - 1;
    let mut out = [0; 12];
    let error = write
        .seal(run(&[1, 2], 1), &mut out, &NoRandom)
        .unwrap_err();
    assert_eq!(error.reason(), Reason::SequenceExhausted);
    let mut read = ReadProtection::null();
    read.seq = u64::MAX;
    let header = RecordHeader {
        content_type: ContentType::HANDSHAKE,
        version: ProtocolVersion::TLS12,
        len: 0,
    };
    assert_eq!(
        read.open((header, &mut []), None).unwrap_err().reason(),
        Reason::SequenceExhausted
    );
}

#[test]
fn refuses_a_plaintext_beyond_the_limit() {
    let mut body = vec![0; MAX_FRAGMENT + 1];
    let header = RecordHeader {
        content_type: ContentType::HANDSHAKE,
        version: ProtocolVersion::TLS12,
        len: body.len(),
    };
    let error = ReadProtection::null()
        .open((header, &mut body), None)
        .unwrap_err();
    assert_eq!(error.reason(), Reason::RecordOverflow);
}
