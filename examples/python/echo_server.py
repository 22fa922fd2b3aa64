"""An echo server with asyncio: echo_server.py PORT CERT.pem KEY.pem"""
import asyncio
import ssl
import sys

from tlscore import compat

port, cert, key = sys.argv[1:]


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Until the client closes."""
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except (ssl.SSLError, ConnectionError) as error:
        print(writer.get_extra_info("peername"), error, file=sys.stderr)
    finally:
        writer.close()


async def main() -> None:
    """Serves for ever."""
    ctx = compat.create_default_context(compat.Purpose.CLIENT_AUTH)
    ctx.load_cert_chain(cert, key)
    server = await asyncio.start_server(echo, "127.0.0.1", int(port), ssl=ctx)
    print("listening on", server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


asyncio.run(main())
