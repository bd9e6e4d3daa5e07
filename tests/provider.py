"""A small OpenID provider on loopback: describes itself, gives one token for one code, and can be told to lie."""

from __future__ import annotations

import json
import threading
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "dondoc-client", "house-secret"


class Provider:
    """Whom it vouches for stands in `said`, over what an honest token says; `asked` is the last address of its door."""

    def __init__(self, url: str, now: int) -> None:
        self.url, self.now = url, now
        self.key = self.signs_with = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
        self.said: dict[str, Any] = {}
        self.codes: dict[str, dict[str, str]] = {}

    def opened(self, address: str) -> tuple[str, str]:
        """A person enters by the door: the code and state that the browser brings back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert address.startswith(f"{self.url}/authorize?")
        assert (asked["response_type"], asked["client_id"], asked["code_challenge_method"]) == ("code", CLIENT, "S256")
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return code, asked["state"]

    def described(self) -> dict[str, Any]:
        return {
            "issuer": self.url, "authorization_endpoint": f"{self.url}/authorize", "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
        }

    def token(self, form: dict[str, str], authorization: str) -> dict[str, str] | None:
        """What a code is worth, once, to whoever began with its verifier and knows the client's secret."""
        asked = self.codes.pop(form.get("code", ""), None)
        challenge = urlsafe_b64encode(sha256(form.get("code_verifier", "").encode()).digest()).decode().rstrip("=")
        known = authorization == "Basic " + b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if not asked or not known or challenge != asked["code_challenge"] or form.get("redirect_uri") != asked["redirect_uri"]:
            return None
        said = {
            "iss": self.url, "sub": "7", "aud": CLIENT, "iat": self.now, "exp": self.now + 300, "nonce": asked["nonce"],
            "email": "ct@cairang.example", "email_verified": True,
        } | self.said
        return {"id_token": jwt.encode({"alg": "RS256", "kid": "one"}, said, self.signs_with), "token_type": "Bearer", "access_token": "x"}


@contextmanager
def provider(now: int) -> Iterator[Provider]:
    """The provider, answering as long as the block lasts."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = {"/.well-known/openid-configuration": house.described(), "/keys": {"keys": [house.key.as_dict(private=False)]}}
            self.answer(known.get(self.path))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self.answer(house.token(form, self.headers.get("authorization", "")))

        def answer(self, said: object) -> None:
            self.send_response(200 if said else 400)
            self.send_header("content-type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(said or {"error": "invalid_grant"}).encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    house = Provider(f"http://127.0.0.1:{server.server_address[1]}", now)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield house
    server.shutdown()
    thread.join()
    server.server_close()
