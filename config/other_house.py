"""A house that knows people by accounts of its own, asked by OpenID Connect: where its door is, and whom it vouches for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self
from urllib.parse import urlsplit

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri  # type: ignore[import-untyped]
from authlib.oauth2.rfc7636 import create_s256_code_challenge  # type: ignore[import-untyped]
from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]
from authlib.oidc.discovery import get_well_known_url  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from .settings import Settings

#: Signatures that a house makes with a key that it alone has.
_SIGNED = ["RS256", "PS256", "ES256", "EdDSA"]
_LEEWAY = 60  # seconds that the two clocks may differ
_PATIENCE = 10.0


class StrangerHouseError(Exception):
    """The house did not answer as agreed, or vouches for nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What one browser keeps of its way to the house and back."""

    back: str  # our own address that the house returns to
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherHouse:
    """An OpenID provider that this office is registered with."""

    name: str
    issuer: str
    client: str
    secret: str = field(repr=False)

    @classmethod
    def of(cls, settings: Settings) -> Self | None:
        """The house of the settings, None where none is set. Raises ValueError for one that would be asked in clear over a network."""
        if not settings.oidc_issuer:
            return None
        parts = urlsplit(settings.oidc_issuer)
        if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
            raise ValueError("oidc_issuer: cần https")
        given = settings.oidc_secret.get_secret_value() if settings.oidc_secret else ""
        secret = settings.oidc_secret_file.read_text(encoding="utf-8").strip() if settings.oidc_secret_file else given
        return cls(name=settings.oidc_name, issuer=settings.oidc_issuer.rstrip("/"), client=settings.oidc_client, secret=secret)

    def door(self, attempt: Attempt) -> str:
        """Where the browser goes. Raises StrangerHouseError."""
        with httpx.Client(timeout=_PATIENCE) as web:
            endpoint = self._described(web)["authorization_endpoint"]
        challenge = create_s256_code_challenge(attempt.verifier)
        return str(prepare_grant_uri(
            endpoint, self.client, "code", redirect_uri=attempt.back, scope=["openid", "email"], state=attempt.state, nonce=attempt.nonce,
            code_challenge=challenge, code_challenge_method="S256",
        ))  # fmt: skip

    def vouched(self, code: str, attempt: Attempt, now: datetime) -> str:
        """The address that the house vouches for. Raises StrangerHouseError."""
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": attempt.back, "code_verifier": attempt.verifier,
        }  # fmt: skip
        try:
            with httpx.Client(timeout=_PATIENCE) as web:
                described = self._described(web)
                token = _json(web.post(described["token_endpoint"], data=form, auth=(self.client, self.secret)))["id_token"]
                keys = KeySet.import_key_set(_json(web.get(described["jwks_uri"])))  # type: ignore[arg-type]  # checked as it is read
            return self._address(jwt.decode(token, keys, algorithms=_SIGNED), attempt, now)
        except (httpx.HTTPError, JoseError, KeyError, ValueError, TypeError) as error:
            raise StrangerHouseError(str(error)) from error

    def _address(self, token: jwt.Token, attempt: Attempt, now: datetime) -> str:
        wanted = {"iss": {"essential": True, "value": self.issuer}, "aud": {"essential": True, "value": self.client}}
        said = CodeIDToken(token.claims, token.header, wanted, {"nonce": attempt.nonce, "client_id": self.client})
        said.validate(int(now.timestamp()), _LEEWAY)
        if said.get("nonce") != attempt.nonce or said.get("email_verified") is not True:
            raise StrangerHouseError("no verified address")
        return str(said["email"])

    def _described(self, web: httpx.Client) -> Mapping[str, Any]:
        try:
            described = _json(web.get(get_well_known_url(self.issuer, external=True)))
        except (httpx.HTTPError, ValueError) as error:
            raise StrangerHouseError(str(error)) from error
        if str(described.get("issuer", "")).rstrip("/") != self.issuer:
            raise StrangerHouseError("another issuer")
        return described


def _json(answer: httpx.Response) -> dict[str, Any]:
    said = answer.raise_for_status().json()
    if not isinstance(said, dict):
        raise StrangerHouseError("no object")
    return said
