"""curl fetches from us, we fetch from nginx."""

import os
import re
import socket
import tempfile
from pathlib import Path

import peers
from harness import CA, TIMEOUT, TLSCAT, Runner, Shared, cert, expect, key, on_a_free_port, run

CURL_CIPHERS = [
    "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-RSA-CHACHA20-POLY1305",
    "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-RSA-AES128-SHA", "AES128-GCM-SHA256",
]

# What Debian's /etc/nginx/nginx.conf says about TLS, limited to TLS 1.2.
NGINX = """
daemon off;
master_process off;
pid {home}/nginx.pid;
error_log {home}/error.log;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {home}/body;
    proxy_temp_path {home}/proxy;
    fastcgi_temp_path {home}/fastcgi;
    uwsgi_temp_path {home}/uwsgi;
    scgi_temp_path {home}/scgi;
    ssl_protocols TLSv1.2;
    ssl_prefer_server_ciphers on;
    server {{
        listen 127.0.0.1:{port} ssl;
        server_name localhost;
        ssl_certificate {cert};
        ssl_certificate_key {key};
        root {home}/www;
    }}
}}
"""


def add_all(runner: Runner, shared: Shared):
    www = lambda: shared.get("www", lambda: peers.tlscat_serve(  # noqa: E731
        "--policy", "legacy", certs=("server-rsa", "server-p256"), mode="--www"))
    for cipher in CURL_CIPHERS:
        runner.add("web", cipher, "curl from us", lambda c=cipher: curl(www(), c))
    runner.add("web", "default", "curl from us", lambda: curl(www(), None))
    runner.add("web", "default, over ::1", "curl from us", lambda: curl(www(), None, address="[::1]"))
    runner.add("web", "default", "we from nginx", lambda: from_nginx("server-rsa"))
    runner.add("web", "ECDSA certificate", "we from nginx", lambda: from_nginx("server-p256"))
    runner.add("web", "default", "we from us", lambda: from_us(www()))
    runner.add("web", "others silent meanwhile", "curl from us", held_up_by_nobody)


def curl(server, cipher, address="127.0.0.1"):
    command = ["curl", "--silent", "--show-error", "--cacert", CA, "--tls-max", "1.2", "--max-time", "20",
               f"https://{address}:{server.port}/page"]
    if cipher:
        command += ["--ciphers", f"{cipher}:@SECLEVEL=0"]
    status, out, err = run(command)
    expect(status == 0, f"curl: status {status}: {err}")
    text = out.decode()
    expect("<h1>tlscore" in text and "TLSv1.2" in text, f"page: {text!r}")
    expect(cipher is None or cipher in text, f"page without {cipher}: {text!r}")


def held_up_by_nobody():
    """Clients that connect and say nothing, or half of a ClientHello, hold up nobody else."""
    with peers.tlscat_serve(mode="--www") as server:
        idle = [socket.create_connection(("127.0.0.1", server.port), timeout=TIMEOUT) for _ in range(20)]
        try:
            for connection in idle[10:]:
                connection.sendall(b"\x16\x03\x01\x02\x00\x01")
            curl(server, None)
        finally:
            for connection in idle:
                connection.close()


def from_us(server):
    status, out, err = run([TLSCAT, "connect", f"localhost:{server.port}", "--ca", CA, "--get", "/"])
    expect(status == 0 and b"<h1>tlscore" in out, f"{status} {out!r} {err}")


def start_nginx(home, name):
    conf = home / "nginx.conf"
    env = {**os.environ, "PATH": f"{os.environ['PATH']}:/usr/sbin"}

    def start(port):
        conf.write_text(NGINX.format(home=home, port=port, cert=cert(name), key=key(name)))
        return ["nginx", "-p", home, "-c", conf]

    return on_a_free_port(start, env=env)


def from_nginx(name):
    with tempfile.TemporaryDirectory(prefix="tlscore-nginx-") as directory:
        home = Path(directory)
        (home / "www").mkdir()
        page = "".join(f"line {n} of a page that takes more than one record\n" for n in range(2000))
        (home / "www" / "index.html").write_text(page)
        with start_nginx(home, name) as server:
            status, out, err = run([TLSCAT, "connect", f"localhost:{server.port}", "--ca", CA, "--get", "/index.html"])
            expect(status == 0, f"tlscat: status {status}: {err}")
            head, _, body = out.partition(b"\r\n\r\n")
            expect(b"200 OK" in head and re.search(rb"(?i)server: nginx", head), f"head: {head!r}")
            expect(body.decode() == page, f"body of {len(body)} bytes, not {len(page)}")
            expect(peers.parse_summary(err).verified == "yes", err)
