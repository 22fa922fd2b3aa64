use super::*;

fn put(inbound: &mut Inbound, pool: &BufferPool, bytes: &[u8]) -> usize {
    let space = inbound.space(pool);
    let n = space.len().min(bytes.len());
    space[..n].copy_from_slice(&bytes[..n]);
    inbound.filled(n);
    n
}

fn record(len: usize) -> Vec<u8> {
    let mut bytes = vec![23, 3, 3, (len >> 8) as u8, len as u8];
    bytes.extend((0..len).map(|i| i as u8));
    bytes
}

#[test]
fn cuts_records_at_any_byte_boundary() {
    let (pool, mut inbound) = (BufferPool::default(), Inbound::default());
    let bytes = record(300);
    for byte in &bytes[..bytes.len() - 1] {
        put(&mut inbound, &pool, &[*byte]);
        assert_eq!(inbound.record(None).unwrap(), None);
    }
    put(&mut inbound, &pool, &bytes[bytes.len() - 1..]);
    let (header, body) = inbound.record(None).unwrap().unwrap();
    assert_eq!(header.len, 300);
    assert_eq!(*inbound.slice(body.clone()), bytes[5..]);
    inbound.consume(body.end);
    inbound.release(&pool);
    assert!(!inbound.holds_buffer());
}

#[test]
fn tells_what_is_left_of_a_record() {
    let (pool, mut inbound) = (BufferPool::default(), Inbound::default());
    assert_eq!(inbound.rest(), HEADER_LEN);
    put(&mut inbound, &pool, &[23, 3, 3]);
    assert_eq!(inbound.rest(), 2);
    put(&mut inbound, &pool, &[1, 4]);
    assert_eq!(inbound.rest(), 260 + HEADER_LEN, "and the next header");
    put(&mut inbound, &pool, &[0; 260]);
    assert_eq!(inbound.rest(), HEADER_LEN);
    inbound.consume(HEADER_LEN + 260);
    put(&mut inbound, &pool, &[21, 3, 3, 0, 2]);
    assert_eq!(inbound.rest(), 2, "nothing behind an alert");
}

#[test]
fn asks_for_runs_of_whole_records() {
    let (pool, mut inbound) = (BufferPool::default(), Inbound::default());
    assert_eq!(inbound.run(1000), 1000, "nothing is known");
    put(&mut inbound, &pool, &[23, 3, 3, 1]);
    assert_eq!(inbound.run(1000), 996);
    put(&mut inbound, &pool, &[4]);
    assert_eq!(inbound.run(1000), 3 * 265 - 5, "as the one that is begun");
    assert_eq!(inbound.run(100), 260, "or that one alone");
    put(&mut inbound, &pool, &[0; 260]);
    assert_eq!(inbound.run(1000), 2 * 265);
    assert_eq!(inbound.run(100), usize::MAX, "it is there, and not opened");
    inbound.consume(265);
    assert_eq!(inbound.run(1000), 3 * 265, "as the last one");
    put(&mut inbound, &pool, &[23, 3]);
    assert_eq!(inbound.run(1000), 3 * 265 - 2);
    put(&mut inbound, &pool, &[3, 0, 0]);
    assert_eq!(inbound.run(1000), 200 * 5 - 5, "a record may be empty");
    // A length that is no record's is refused once it is looked at.
    inbound.drop_all(&pool);
    put(&mut inbound, &pool, &[23, 3, 3, 0xff, 0xff]);
    assert_eq!(inbound.run(1000), 0xffff);
}

#[test]
fn keeps_decrypted_data_when_it_makes_room() {
    let (pool, mut inbound) = (BufferPool::default(), Inbound::default());
    let stream = record(MAX_CIPHERTEXT).repeat(9);
    let (mut fed, mut seen) = (0, 0);
    while seen < 9 {
        fed += put(&mut inbound, &pool, &stream[fed..]);
        let Some((_, body)) = inbound.record(None).unwrap() else {
            continue;
        };
        inbound.consume(body.end);
        inbound.add_plain(body);
        // A transport that goes on while one byte is left to read.
        inbound.plain_read(MAX_CIPHERTEXT - 1);
        fed += put(&mut inbound, &pool, &stream[fed..]);
        assert_eq!(inbound.plain(), [(MAX_CIPHERTEXT - 1) as u8]);
        inbound.plain_read(1);
        seen += 1;
    }
    assert!(inbound.is_empty());
}

#[test]
fn nothing_decrypted_stays_behind() {
    let secret = [0xaa; 4000];
    let traces = |buf: &[u8]| buf.windows(8).any(|w| w == [0xaa; 8]);
    let fresh = |pool: &BufferPool| {
        let mut inbound = Inbound::default();
        let mut bytes = vec![23, 3, 3, (4000 >> 8) as u8, (4000 & 255) as u8];
        bytes.extend(secret);
        put(&mut inbound, pool, &bytes);
        inbound.consume(bytes.len());
        inbound.add_plain(5..bytes.len());
        inbound
    };
    // Read in two steps.
    let pool = BufferPool::default();
    let mut inbound = fresh(&pool);
    inbound.plain_read(1000);
    assert!(inbound.plain() == &secret[1000..]);
    inbound.plain_read(3000);
    inbound.release(&pool);
    assert!(!traces(&pool.take_recv()));
    // Given up unread.
    let mut inbound = fresh(&pool);
    inbound.drop_all(&pool);
    assert!(!traces(&pool.take_recv()));
    // Moved to the front to make room, then read. The copy at its old place must go too.
    let mut inbound = Inbound::default();
    let stream = record(MAX_CIPHERTEXT).repeat(2);
    assert_eq!(put(&mut inbound, &pool, &stream), stream.len());
    let place = HEADER_LEN + MAX_CIPHERTEXT + HEADER_LEN..stream.len();
    inbound.consume(stream.len());
    inbound.slice(place.clone()).fill(0xaa);
    inbound.add_plain(place.clone());
    inbound.space(&pool);
    assert_eq!(inbound.plain().len(), place.len());
    assert!(inbound.plain().iter().all(|b| *b == 0xaa));
    inbound.plain_read(place.len());
    inbound.drop_all(&pool);
    assert!(!traces(&pool.take_recv()));
}

/// Two records, of which the second was decrypted together with the first.
fn ahead(len: usize) -> (BufferPool, Inbound) {
    let (pool, mut inbound) = (BufferPool::default(), Inbound::default());
    let stream = record(len).repeat(2);
    assert_eq!(put(&mut inbound, &pool, &stream), stream.len());
    let (_, first) = inbound.record(None).unwrap().unwrap();
    let (_, next) = inbound.data_behind(first.end, None).unwrap();
    let (_, second) = inbound.slices(first.clone(), Some(next));
    second.unwrap().fill(0xaa);
    inbound.consume(first.end);
    (pool, inbound)
}

#[test]
fn what_was_opened_ahead_has_its_turn_or_leaves_nothing() {
    let traces = |buf: &[u8]| buf.windows(8).any(|w| w == [0xaa; 8]);
    let (pool, mut inbound) = ahead(4000);
    inbound.drop_raw(&pool);
    assert!(!inbound.holds_buffer() && !traces(&pool.take_recv()));
    let (pool, mut inbound) = ahead(4000);
    inbound.drop_all(&pool);
    assert!(!traces(&pool.take_recv()));
    // Moved to the front to make room, then read.
    let (pool, mut inbound) = ahead(MAX_CIPHERTEXT);
    inbound.space(&pool);
    let (_, body) = inbound.record(None).unwrap().unwrap();
    assert_eq!(body.start, HEADER_LEN);
    assert!(inbound.slice(body.clone()).iter().all(|b| *b == 0xaa));
    inbound.consume(body.end);
    inbound.add_plain(body.clone());
    inbound.plain_read(body.len());
    inbound.drop_all(&pool);
    assert!(!traces(&pool.take_recv()));
    // Moved, then given up.
    let (pool, mut inbound) = ahead(MAX_CIPHERTEXT);
    inbound.space(&pool);
    inbound.drop_raw(&pool);
    assert!(!traces(&pool.take_recv()));
}

#[test]
fn only_whole_records_of_data_are_opened_ahead() {
    let pool = BufferPool::default();
    let mut other = record(9);
    other[0] = 22;
    for behind in [&[][..], &record(9)[..13], &other, &[23, 9, 9, 0, 0]] {
        let mut inbound = Inbound::default();
        put(&mut inbound, &pool, &[&record(9)[..], behind].concat());
        let (_, first) = inbound.record(None).unwrap().unwrap();
        assert_eq!(inbound.data_behind(first.end, None), None);
    }
}
