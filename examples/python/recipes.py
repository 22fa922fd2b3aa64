"""tlscore under requests, httpx and aiohttp: recipes.py URL [CA.pem]"""
import asyncio
import sys
from typing import Any

import aiohttp
import httpx
import requests
from requests.adapters import HTTPAdapter

from tlscore import compat

url, *ca = sys.argv[1:]


def context() -> compat.SSLContext:
    """Verifies name and certificate, against the system's CAs or these."""
    return compat.create_default_context(cafile=ca[0] if ca else None)


class TlscoreAdapter(HTTPAdapter):
    """Connections of requests over tlscore. requests adds the CAs of its `verify` to the context."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, ssl_context=context(), **kwargs)


with requests.Session() as session:
    session.mount("https://", TlscoreAdapter())
    session.verify = ca[0] if ca else True
    print("requests", session.get(url).status_code)

with httpx.Client(verify=context(), http2=True) as client:
    answer = client.get(url)
    print("httpx", answer.status_code, answer.http_version)


async def fetch() -> None:
    """aiohttp."""
    connector = aiohttp.TCPConnector(ssl=context())
    async with aiohttp.ClientSession(connector=connector) as session, session.get(url) as response:
        print("aiohttp", response.status)


asyncio.run(fetch())
