"""Fetches a page and tells what was negotiated: client.py HOST PORT [CA.pem]"""
import socket
import sys

import tlscore

host, port, *ca = sys.argv[1:]
ctx = tlscore.Context()  # verifies name and certificate, against the system's CAs or these
for path in ca:
    ctx.add_ca_file(path)
conn = tlscore.Connection(ctx, host, sock=socket.create_connection((host, int(port))))
conn.write(f"GET / HTTP/1.0\r\nHost: {host}\r\n\r\n".encode())
print(conn.version, conn.cipher, conn.group, conn.scheme, file=sys.stderr)
while data := conn.read():  # b"" only after the peer's close_notify: truncation raises
    sys.stdout.buffer.write(data)
