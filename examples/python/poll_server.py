"""An echo server of one thread over selectors: poll_server.py PORT CERT.pem KEY.pem"""
import selectors
import socket
import sys

import tlscore

port, cert, key = sys.argv[1:]
ctx = tlscore.Context(tlscore.SERVER)
ctx.add_keypair_file(cert, key)
selector = selectors.DefaultSelector()


class Client:
    """One connection. What it could not send yet waits in `answer`."""

    def __init__(self, sock: socket.socket) -> None:
        sock.setblocking(False)
        self.sock = sock
        self.conn = tlscore.Connection(ctx, server_side=True, sock=sock)
        self.answer = b""

    def step(self) -> int:
        """Goes on until something is wanted; the events to wait for, 0 at the end."""
        try:
            while True:
                if self.answer:
                    self.answer = self.answer[self.conn.write(self.answer) :]
                    continue
                self.conn.flush()
                self.answer = self.conn.read(65536)
                if not self.answer:
                    self.conn.close()
                    return 0
        except tlscore.WantRead:
            return selectors.EVENT_READ
        except tlscore.WantWrite:
            # With an answer at hand nothing is read: waiting for that would not wait at all.
            return selectors.EVENT_WRITE | (0 if self.answer else selectors.EVENT_READ)
        except tlscore.TLSError as error:
            print(error, file=sys.stderr)
            return 0


def serve(key: selectors.SelectorKey) -> None:
    """One event."""
    if key.data is None:
        client = Client(listener.accept()[0])
        selector.register(client.sock, selectors.EVENT_READ, client)
        return
    if events := key.data.step():
        selector.modify(key.fileobj, events, key.data)
    else:
        selector.unregister(key.fileobj)
        key.data.sock.close()


listener = socket.create_server(("127.0.0.1", int(port)))
print("listening on", listener.getsockname()[1], flush=True)
selector.register(listener, selectors.EVENT_READ)
while True:
    for ready, _events in selector.select():
        serve(ready)
