//! Records of the wire, as plain data.

/// Content type, version and body.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub(crate) head: [u8; 3],
    pub(crate) body: Vec<u8>,
}

impl Record {
    pub(crate) fn new(typ: u8, body: &[u8]) -> Self {
        let (head, body) = ([typ, 3, 3], body.to_vec());
        Self { head, body }
    }

    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.head);
        out.extend_from_slice(&(self.body.len() as u16).to_be_bytes());
        out.extend_from_slice(&self.body);
    }
}

/// The whole records of a stream.
pub(crate) fn split(mut bytes: &[u8]) -> Vec<Record> {
    let mut records = Vec::new();
    while let [a, b, c, d, e, rest @ ..] = bytes {
        let len = usize::from(u16::from_be_bytes([*d, *e]));
        let Some(body) = rest.get(..len) else { break };
        let (head, body) = ([*a, *b, *c], body.to_vec());
        records.push(Record { head, body });
        bytes = &rest[len..];
    }
    records
}
