"""How each kind of host lets people in."""

from __future__ import annotations

from urllib.parse import urlsplit

from ..declare import dataclass
from ..errors import UsageError
from ..language import N_
from ..read.objects import HostKeys


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Paths begin with "/", after `url` or, those of `authorize` and `token`, after `auth_url`."""

    name: str  #: as `kind:` says it
    called: str  #: as people know it
    scheme: str  #: before the token in the header Authorization
    me: str  #: who is signed in
    names: tuple[str, ...]  #: fields of that answer, the first that says something is the name
    authorize: str = ""  #: where a person says yes; "" = a token is made on the web page instead
    token: str = ""  #: where tokens are given out and renewed
    sign_out: str = ""  #: ends the session of a token
    auth_url: str = ""  #: of the service itself, when `auth_url:` says nothing
    apps: str = ""  #: the web page where one's own app is registered
    settings: str = ""  #: the path of the web page where a person makes a token
    scopes: str = ""  #: what the token must be good for


SOUNDCLOUD = Kind(
    name="soundcloud",
    called="SoundCloud",
    scheme="OAuth",  # the only documented one; "Bearer" is not
    me="/me",
    names=("username", "full_name"),
    authorize="/authorize",
    token="/oauth/token",
    sign_out="/sign-out",
    auth_url="https://secure.soundcloud.com",
    apps="https://soundcloud.com/you/apps",
)
FUNKWHALE = Kind(
    name="funkwhale",
    called="Funkwhale",
    scheme="Bearer",
    me="/api/v1/users/me",
    names=("username", "name"),
    # tokens of an app that was allowed elsewhere are renewed; those of a person do not end
    token="/api/v1/oauth/token/",
    settings="/settings",
    scopes="read, write:libraries, write:edits",
)
KINDS = {kind.name: kind for kind in (SOUNDCLOUD, FUNKWHALE)}


def kind_of(name: str, keys: HostKeys) -> Kind:
    """How the host with this name lets people in. Raises UsageError for an unknown kind."""
    kind = KINDS.get(keys.kind)
    if kind is None:
        raise UsageError(
            N_('hosts: {name}: there is no kind "{kind}"'),
            N_("write one of {kinds}"),
            name=name, kind=keys.kind, kinds=", ".join(KINDS),
        )  # fmt: skip
    return kind


def site_of(url: str) -> str:
    """The address of a Funkwhale server: some write the one of its API."""
    return url.rstrip("/").removesuffix("/api/v1").rstrip("/")


def auth_url_of(kind: Kind, keys: HostKeys) -> str:
    """Where to sign in. A server of one's own that says nothing else is asked itself."""
    if keys.auth_url:
        return keys.auth_url.rstrip("/")
    domain = ".".join((urlsplit(kind.auth_url).hostname or "").split(".")[-2:])
    asked = urlsplit(keys.url).hostname or ""
    own = not kind.auth_url or not (asked == domain or asked.endswith(f".{domain}"))
    return site_of(keys.url) if own else kind.auth_url
