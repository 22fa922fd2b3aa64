//! Records, messages and hellos as the tests build and read them: every field can be wrong.

use tls_core::wire::{ContentType, ExtensionType, HandshakeType, Put, Reader};

/// One record, of any form that fits a 16-bit length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub typ: ContentType,
    pub version: u16,
    pub body: Vec<u8>,
}

impl Record {
    pub fn new(typ: ContentType, body: &[u8]) -> Self {
        Self {
            typ,
            version: 0x0303,
            body: body.to_vec(),
        }
    }

    pub fn encode(&self) -> Vec<u8> {
        let mut out = vec![self.typ.0];
        out.u16(self.version);
        out.vec16(|out| out.raw(&self.body));
        out
    }

    pub fn header3(&self) -> [u8; 3] {
        let [major, minor] = self.version.to_be_bytes();
        [self.typ.0, major, minor]
    }
}

/// Cuts a stream of whole records.
pub fn records(mut bytes: &[u8]) -> Vec<Record> {
    let mut records = Vec::new();
    while let [typ, major, minor, a, b, rest @ ..] = bytes {
        let len = usize::from(u16::from_be_bytes([*a, *b]));
        records.push(Record {
            typ: ContentType(*typ),
            version: u16::from_be_bytes([*major, *minor]),
            body: rest[..len].to_vec(),
        });
        bytes = &rest[len..];
    }
    assert!(bytes.is_empty(), "half a record: {bytes:02x?}");
    records
}

/// One handshake message with its header.
pub fn message(typ: HandshakeType, body: &[u8]) -> Vec<u8> {
    let mut out = vec![typ.0];
    out.vec24(|out| out.raw(body));
    out
}

/// A message whose header announces `len` bytes.
pub fn message_with_len(typ: HandshakeType, len: usize, body: &[u8]) -> Vec<u8> {
    let mut out = vec![typ.0];
    out.u24(len);
    out.raw(body);
    out
}

/// Type and body of each message of a stream of whole ones.
pub fn messages(mut bytes: &[u8]) -> Vec<(HandshakeType, Vec<u8>)> {
    let mut messages = Vec::new();
    while let [typ, a, b, c, rest @ ..] = bytes {
        let len = usize::from(*a) << 16 | usize::from(*b) << 8 | usize::from(*c);
        messages.push((HandshakeType(*typ), rest[..len].to_vec()));
        bytes = &rest[len..];
    }
    assert!(bytes.is_empty(), "half a message: {bytes:02x?}");
    messages
}

/// What `write` writes.
pub fn built(write: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut out = Vec::new();
    write(&mut out);
    out
}

/// A vector of 16-bit numbers behind a 16-bit length.
pub fn list16(values: &[u16]) -> Vec<u8> {
    built(|out| out.vec16(|out| values.iter().for_each(|v| out.u16(*v))))
}

/// The same read.
pub fn lists16(bytes: &[u8]) -> Vec<u16> {
    let values = bytes[2..].chunks_exact(2);
    values.map(|v| u16::from_be_bytes([v[0], v[1]])).collect()
}

/// The extension ALPN with these names.
pub fn alpn(names: &[&[u8]]) -> Vec<u8> {
    built(|out| out.vec16(|out| names.iter().for_each(|n| out.vec8(|out| out.raw(n)))))
}

/// The extension server_name with one host name.
pub fn host_name(name: &[u8]) -> Vec<u8> {
    built(|out| {
        out.vec16(|out| {
            out.u8(0);
            out.vec16(|out| out.raw(name));
        });
    })
}

/// Extensions in order; `None`: not even the length of the block.
#[derive(Clone, Debug)]
pub struct ExtensionList(pub Option<Vec<(ExtensionType, Vec<u8>)>>);

impl ExtensionList {
    /// Sets or replaces one.
    pub fn set(&mut self, typ: ExtensionType, body: &[u8]) {
        let list = self.0.get_or_insert_default();
        match list.iter_mut().find(|(t, _)| *t == typ) {
            Some(found) => found.1 = body.to_vec(),
            None => list.push((typ, body.to_vec())),
        }
    }

    pub fn get(&self, typ: ExtensionType) -> Option<&[u8]> {
        let found = self.0.iter().flatten().find(|(t, _)| *t == typ);
        found.map(|(_, body)| &body[..])
    }

    pub fn remove(&mut self, typ: ExtensionType) {
        self.0.get_or_insert_default().retain(|(t, _)| *t != typ);
    }

    fn write(&self, out: &mut Vec<u8>) {
        let Some(list) = &self.0 else { return };
        out.vec16(|out| {
            for (typ, body) in list {
                out.u16(typ.0);
                out.vec16(|out| out.raw(body));
            }
        });
    }
}

#[derive(Clone, Debug)]
pub struct ClientHello {
    pub version: u16,
    pub random: [u8; 32],
    pub session_id: Vec<u8>,
    pub suites: Vec<u16>,
    pub compressions: Vec<u8>,
    pub extensions: ExtensionList,
}

impl Default for ClientHello {
    /// What any client of our days would say.
    fn default() -> Self {
        use ExtensionType as E;
        let mut extensions = ExtensionList(None);
        extensions.set(E::SERVER_NAME, &host_name(b"example.test"));
        extensions.set(E::EXTENDED_MASTER_SECRET, &[]);
        extensions.set(E::RENEGOTIATION_INFO, &[0]);
        extensions.set(E::SUPPORTED_GROUPS, &list16(&[29, 23, 24]));
        extensions.set(E::EC_POINT_FORMATS, &[1, 0]);
        extensions.set(
            E::SIGNATURE_ALGORITHMS,
            &list16(&[0x0403, 0x0804, 0x0401, 0x0807]),
        );
        Self {
            version: 0x0303,
            random: [0xc1; 32],
            session_id: Vec::new(),
            suites: vec![0xc02b, 0xc02f],
            compressions: vec![0],
            extensions,
        }
    }
}

impl ClientHello {
    /// Of a well-formed body.
    pub fn parse(body: &[u8]) -> Self {
        let mut r = Reader::new("ClientHello", body);
        let (version, random) = (r.u16().unwrap(), r.array().unwrap());
        let session_id = r.vec8(0..=32).unwrap().to_vec();
        let suites = r.list16().unwrap().collect();
        let compressions = r.vec8(1..=255).unwrap().to_vec();
        let mut extensions = ExtensionList(None);
        if !r.is_empty() {
            let mut r = Reader::new("extensions", r.vec16(0..=0xffff).unwrap());
            while !r.is_empty() {
                let typ = ExtensionType(r.u16().unwrap());
                extensions.set(typ, r.vec16(0..=0xffff).unwrap());
            }
        }
        Self {
            version,
            random,
            session_id,
            suites,
            compressions,
            extensions,
        }
    }

    pub fn encode(&self) -> Vec<u8> {
        built(|out| {
            out.u16(self.version);
            out.raw(&self.random);
            out.vec8(|out| out.raw(&self.session_id));
            out.vec16(|out| self.suites.iter().for_each(|s| out.u16(*s)));
            out.vec8(|out| out.raw(&self.compressions));
            self.extensions.write(out);
        })
    }
}

#[derive(Clone, Debug)]
pub struct ServerHello {
    pub version: u16,
    pub random: [u8; 32],
    pub session_id: Vec<u8>,
    pub suite: u16,
    pub compression: u8,
    pub extensions: ExtensionList,
}

impl ServerHello {
    pub fn new(suite: u16) -> Self {
        let mut extensions = ExtensionList(None);
        extensions.set(ExtensionType::RENEGOTIATION_INFO, &[0]);
        Self {
            version: 0x0303,
            random: [0x5e; 32],
            session_id: Vec::new(),
            suite,
            compression: 0,
            extensions,
        }
    }

    pub fn encode(&self) -> Vec<u8> {
        built(|out| {
            out.u16(self.version);
            out.raw(&self.random);
            out.vec8(|out| out.raw(&self.session_id));
            out.u16(self.suite);
            out.u8(self.compression);
            self.extensions.write(out);
        })
    }
}
