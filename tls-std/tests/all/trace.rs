//! Traces as lines of JSON.

use crate::common::{client_ctx, server_ctx, shake};
use std::sync::{Arc, Mutex};
use tls_std::{Context, TraceSink};

#[derive(Default)]
struct Lines(Mutex<Vec<String>>);

impl TraceSink for Lines {
    fn line(&self, line: &str) {
        self.0.lock().unwrap().push(line.to_owned());
    }
}

fn traced(ctx: &Context) -> Arc<Lines> {
    let lines = Arc::new(Lines::default());
    ctx.set_trace(Some(lines.clone()));
    lines
}

/// A line without its time, which no test can know.
fn without_time(line: &str) -> String {
    let at = line.find("\"t\":").unwrap();
    let end = line[at..].find(',').unwrap() + at + 1;
    let (micros, rest) = (line.find("\"micros\":"), &line[end..]);
    match micros {
        Some(_) => format!(
            "{}{}",
            &line[..at],
            &rest[..rest.find("\"micros\":").unwrap()]
        ),
        None => format!("{}{rest}", &line[..at]),
    }
}

#[test]
fn a_handshake_in_lines() {
    let (client, server) = (client_ctx(), server_ctx("p256"));
    let (c_lines, s_lines) = (traced(&client), traced(&server));
    for _ in 0..2 {
        let (mut c, mut s) = (client.client(Some("localhost")), server.server());
        shake(&mut c, &mut s).unwrap();
    }
    for lines in [&c_lines, &s_lines] {
        let lines = lines.0.lock().unwrap();
        for line in lines.iter() {
            assert!(
                line.starts_with("{\"v\":1,\"conn\":") && line.ends_with('}'),
                "{line}"
            );
            assert!(!line.contains('\n'));
        }
        assert!(lines.iter().any(|l| l.contains("\"conn\":2")));
    }
    let told: Vec<String> = s_lines
        .0
        .lock()
        .unwrap()
        .iter()
        .map(|l| without_time(l))
        .collect();
    let has = |line: &str| assert!(told.iter().any(|l| l.contains(line)), "{line} {told:#?}");
    has(r#"{"v":1,"conn":1,"event":"begin","role":"server"}"#);
    has(r#""event":"message","dir":"received","type":"ClientHello","len":"#);
    has(
        r#""event":"decision","what":"cipher suite","chosen":"ECDHE-ECDSA-AES128-GCM-SHA256","candidates":["ECDHE-"#,
    );
    has(r#""event":"keys","dir":"sent","cipher":"ECDHE-ECDSA-AES128-GCM-SHA256"}"#);
    has(r#""event":"flight","dir":"received","messages":1,"#);
    has(r#""event":"established","resumed":false,"renegotiated":false}"#);
}

#[test]
fn errors_say_who_is_to_blame() {
    let server = server_ctx("p256");
    let lines = traced(&server);
    let mut s = server.server();
    s.feed(b"\x16\x03\x01\x00\x04\x02\x00\x00\x00").unwrap();
    assert!(s.handshake().is_err());
    let last = lines.0.lock().unwrap().last().unwrap().clone();
    assert!(
        last.contains(r#""event":"failed","error":401,"name":"UNEXPECTED_MESSAGE","text":""#),
        "{last}"
    );
    assert!(
        last.ends_with(r#""blame":"peer","alert":"unexpected_message","dir":"sent"}"#),
        "{last}"
    );

    let lines = traced(&server);
    let mut s = server.server();
    s.feed_eof().unwrap();
    assert!(s.handshake().is_err());
    let last = lines.0.lock().unwrap().last().unwrap().clone();
    assert!(
        last.ends_with(r#""blame":"transport","alert":null,"dir":null}"#),
        "{last}"
    );
}

#[test]
fn nobody_is_told_when_nobody_listens() {
    let (client, server) = (client_ctx(), server_ctx("p256"));
    let lines = traced(&client);
    client.set_trace(None);
    let (mut c, mut s) = (client.client(Some("localhost")), server.server());
    shake(&mut c, &mut s).unwrap();
    assert!(lines.0.lock().unwrap().is_empty());
}
