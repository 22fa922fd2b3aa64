"""Mail and files with tlscore.compat in the place of ssl: protocols that change to TLS on the way, and back."""

from __future__ import annotations

import ftplib
import imaplib
import io
import poplib
import smtplib
import socket
from typing import Any

from compat_peers import HOST, client_ctx, server_ctx, serving


def lines(sock: Any) -> Any:
    return sock.makefile("rwb", buffering=0)


def say(file: Any, text: str) -> None:
    file.write(text.encode() + b"\r\n")


def test_smtp_with_starttls() -> None:
    def handle(sock: socket.socket) -> None:
        file = lines(sock)
        say(file, "220 ready")
        assert file.readline().startswith(b"ehlo")
        say(file, "250-here\r\n250 STARTTLS")
        assert file.readline() == b"STARTTLS\r\n"
        say(file, "220 go")
        file.close()
        tls = server_ctx().wrap_socket(sock, server_side=True)
        file = lines(tls)
        while command := file.readline().decode().strip().partition(" ")[0].lower():
            say(file, {"data": "354 go", "quit": "221 bye"}.get(command, "250 ok"))
            if command == "data":
                while file.readline() != b".\r\n":
                    pass
                say(file, "250 got it")
            if command == "quit":
                break
        file.close()
        tls.close()

    with serving(handle) as port, smtplib.SMTP(HOST, port, timeout=20) as smtp:
        smtp.starttls(context=client_ctx())
        assert smtp.sendmail("a@example.test", ["b@example.test"], "Subject: x\r\n\r\nbody\r\n" * 1000) == {}


def test_imap() -> None:
    def handle(sock: socket.socket) -> None:
        with server_ctx().wrap_socket(sock, server_side=True) as tls:
            file = lines(tls)
            say(file, "* OK ready")
            while line := file.readline().decode().split():
                tag, command = line[0], line[1].upper()
                if command == "CAPABILITY":
                    say(file, "* CAPABILITY IMAP4REV1")
                if command == "LOGOUT":
                    say(file, "* BYE bye")
                say(file, f"{tag} OK done")
                if command == "LOGOUT":
                    break
            file.close()

    with serving(handle) as port, imaplib.IMAP4_SSL(HOST, port, ssl_context=client_ctx(), timeout=20) as imap:
        assert imap.login("user", "password")[0] == "OK"
        assert imap.noop()[0] == "OK"


def test_pop() -> None:
    def handle(sock: socket.socket) -> None:
        with server_ctx().wrap_socket(sock, server_side=True) as tls:
            file = lines(tls)
            say(file, "+OK ready")
            while command := file.readline().decode().strip().upper():
                if command == "STAT":
                    say(file, "+OK 1 6")
                elif command == "RETR 1":
                    say(file, "+OK\r\nbody\r\n.")
                else:
                    say(file, "+OK")
                if command == "QUIT":
                    break
            file.close()

    with serving(handle) as port:
        pop = poplib.POP3_SSL(HOST, port, context=client_ctx(), timeout=20)
        pop.user("user")
        pop.pass_("password")
        assert pop.stat() == (1, 6)
        assert pop.retr(1)[1] == [b"body"]
        pop.quit()


DOCUMENT = b"contents " * 50_000


def test_ftp_and_its_way_back_to_plain_text() -> None:
    def handle(sock: socket.socket) -> None:
        ctx, data = server_ctx(), socket.create_server(("127.0.0.1", 0))
        port = data.getsockname()[1]
        file, tls = lines(sock), None
        say(file, "220 ready")
        while line := file.readline().decode().strip():
            command = line.partition(" ")[0].upper()
            match command:
                case "AUTH":
                    say(file, "234 go")
                    file.close()
                    tls = ctx.wrap_socket(sock, server_side=True)
                    file = lines(tls)
                case "EPSV":
                    say(file, f"229 at (|||{port}|)")
                case "PASV":
                    say(file, f"227 at (127,0,0,1,{port >> 8},{port & 255})")
                case "RETR":
                    say(file, "150 coming")
                    with ctx.wrap_socket(data.accept()[0], server_side=True) as channel:
                        channel.sendall(DOCUMENT)
                        channel.unwrap()
                    say(file, "226 done")
                case "CCC":
                    say(file, "200 plain text from here on")
                    file.close()
                    assert tls is not None
                    sock = tls.unwrap()
                    file = lines(sock)
                case "QUIT":
                    say(file, "221 bye")
                    break
                case _:
                    say(file, "200 ok")
        file.close()
        sock.close()
        data.close()

    with serving(handle) as port:
        ftp = ftplib.FTP_TLS(context=client_ctx(), timeout=20)
        ftp.connect(HOST, port)
        ftp.login("user", "password")
        ftp.prot_p()
        got = io.BytesIO()
        ftp.retrbinary("RETR file", got.write)
        assert got.getvalue() == DOCUMENT
        ftp.ccc()
        assert ftp.voidcmd("NOOP").startswith("200")
        ftp.quit()
