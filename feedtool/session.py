"""How feedtool asks web servers: under its name, without cookies and passwords of this machine."""

from __future__ import annotations

from http.cookiejar import DefaultCookiePolicy
from importlib.metadata import version
from urllib.parse import unquote, urlsplit, urlunsplit

import requests
from requests.utils import select_proxy

from .reach import Adapter, Scope


class Session(requests.Session):
    """Follows no redirect: where each leads is judged by whoever asks."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """None, always.

        Told not to follow a redirect, requests reads what comes with it nevertheless, to its end
        and into memory: of a server that sends for ever as well.
        """

    def leads_to(self, answer: requests.Response) -> str | None:
        """The address of a redirect, as it is written; None for another answer."""
        return super().get_redirect_target(answer)


def session(scope: Scope, purpose: str) -> Session:
    """A session that asks only what `scope` admits; servers read the purpose: "verify"."""
    made = Session()
    made.headers["User-Agent"] = f"feedtool/{version('feedtool')} (+{purpose})"
    made.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    adapter = Adapter(scope)
    made.mount("http://", adapter)
    made.mount("https://", adapter)
    return made


def judge_proxy(session: requests.Session, scope: Scope, url: str) -> None:
    """Where a proxy asks for us, judge the address as far as it can be. Raises InsideError."""
    settings = session.merge_environment_settings(url, {}, None, None, None)
    if select_proxy(url, dict(settings["proxies"])):
        scope.admit_by_proxy(urlsplit(url).hostname or "")


class NoPassword(requests.auth.AuthBase):
    """Else requests would send the passwords of ~/.netrc, which apps do not have."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


def login(url: str) -> requests.auth.AuthBase | tuple[str, str]:
    """The name and password that stand in the address itself, as private feeds have them."""
    where = urlsplit(url)
    if where.username is None:
        return NoPassword()
    return unquote(where.username), unquote(where.password or "")


def without_password(url: str) -> str:
    """What was given as an address and is none, so that nobody knows where a password ends."""
    before, at, after = url.rpartition("@")
    scheme = next((one for one in ("http://", "https://") if before.startswith(one)), "")
    return f"{scheme}…@{after}" if at else url


def shown(url: str) -> str:
    """An address as it may be shown: without a password, and nothing that moves the cursor."""
    try:
        where = urlsplit(url)
        if "@" in where.netloc:
            where = where._replace(netloc="…@" + where.netloc.rpartition("@")[2])
        url = urlunsplit(where)
    except ValueError:
        url = without_password(url)
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in url)
