"""feedtool login."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from ..errors import EXIT_FINDINGS, AccessError, FeedtoolError, UsageError
from ..finding import N_
from .clock import clock
from .completing import complete_hosts
from .consent import Consent, hidden
from .options import Settings, global_options

if TYPE_CHECKING:
    from ..console import Console
    from ..login.secrets import App
    from ..login.tokens import Tokens
    from ..secret import Secret
    from .host_of import Named

PORT = 8912
"""Hosts want the address as it was registered, to the letter: so it is the same one every time."""


@click.command("login")
@click.argument("host", shell_complete=complete_hosts)
@click.option("--no-browser", is_flag=True, help="The browser is on another machine.")
@click.option(
    "--port", type=click.IntRange(1, 65535), default=PORT, show_default=True,
    help="Of this machine, for the answer of the browser.",
)  # fmt: skip
@click.option("--forget", is_flag=True, help="Sign out, and remove what is kept here.")
@global_options
@click.pass_obj
def command(settings: Settings, host: str, no_browser: bool, port: int, forget: bool) -> int:
    """Sign in at a service that holds episodes, and keep the key on this machine.

    HOST is a name under hosts: in feedtool.yaml. The key is kept in the password store of the
    system, or in the private file that FEEDTOOL_<HOST>_TOKEN_FILE names; never in the catalog.

    \b
    Examples:
      feedtool login soundcloud
      feedtool login soundcloud --no-browser
      feedtool login soundcloud --forget
    """  # fmt: skip
    from ..load import load_catalog
    from .host_of import named_host

    root = settings.find_root()
    console = settings.console()
    found: list[Any] = []
    catalog = load_catalog(root, found)
    if catalog is None:
        findings = [finding.shown() for finding in found]
        console.findings(findings)
        console.document(ok=False, findings=findings)
        return EXIT_FINDINGS
    login = _Login(settings, console, named_host(catalog, host), port, not no_browser)
    return login.forget() if forget else login.sign_in()


def offer_login(settings: Settings, console: Console, host: Named) -> None:
    """Sign in now, when nobody has and a person is there who can."""
    from ..login.bearer import store_of
    from .asking import Asker

    if host.secrets.token or not Asker(settings, console).may_ask:
        return
    if store_of(host.name, host.keys, host.secrets).read() is None:
        console.say(console.text(N_("Nobody has signed in at {host} yet."), host=host.name))
        _Login(settings, console, host, PORT, True).sign_in()


class _Login:
    """One sign-in, and what is told of it."""

    def __init__(
        self, settings: Settings, console: Console, host: Named, port: int, browser: bool
    ) -> None:
        from ..login.bearer import store_of
        from .asking import Asker

        self._console = console
        self._root = settings.find_root()
        self._host = host
        self._port = port
        self._browser = browser
        self._no_input = settings.no_input
        self._asker = Asker(settings, console)
        self._store = store_of(host.name, host.keys, host.secrets)

    def sign_in(self) -> int:
        """Get tokens, keep them, and say whose they are."""
        if self._no_input:
            raise UsageError(
                N_("only a person can sign in"),
                N_("run it without  --no-input , or set {variables}_TOKEN_FILE to what was kept"),
                variables=self._host.secrets.variables,
            )
        self._store.check()
        if not self._host.keys.url.startswith("https:") and not _is_here(self._host.keys.url):
            self._console.note(
                N_("the connection to {host} is not encrypted"), host=self._host.name
            )
        by_consent = bool(self._host.kind.authorize)
        self._tell(self._by_consent() if by_consent else self._by_token())
        return 0

    # --- a person says yes on a web page ---------------------------------------------------------

    def _by_consent(self) -> str:
        from ..login.bearer import endpoint_of

        host = self._host
        consent = Consent(self._console, self._asker, host, self._port)
        app, asked = consent.app()
        endpoint = endpoint_of(host.name, host.kind, host.keys, app, clock)
        answer = consent.from_browser if self._browser else consent.from_paste
        tokens = answer(endpoint)
        if asked:
            self._keep_app(app)
        self._keep(tokens)
        try:
            return self._account()
        except FeedtoolError as error:
            error.done = N_("the key is kept"), {}
            raise

    # --- a person makes a token on a web page -----------------------------------------------------

    def _by_token(self) -> str:
        from ..login.account import account_of
        from ..login.bearer import FixedBearer
        from ..login.kinds import site_of
        from ..login.tokens import Tokens, is_sendable
        from ..secret import Secret

        host, text = self._host, self._console.text
        page = f"{site_of(host.keys.url)}{host.kind.settings}"
        if self._asker.may_ask:
            self._console.say(
                text(
                    N_("Make a token at {page}, under your applications, for: {scopes}"),
                    page=page, scopes=host.kind.scopes,
                )
            )  # fmt: skip
            given = hidden(self._console, N_("Token"))
        else:
            given = "" if sys.stdin.isatty() else sys.stdin.readline(65536).strip()
        if not is_sendable(given):
            raise UsageError(
                N_("that is no token"),
                N_("make one at {page} for {scopes}, and paste it, or send it to stdin"),
                page=page, scopes=host.kind.scopes,
            )  # fmt: skip
        tokens = Tokens(access=Secret(given))
        bearer = FixedBearer(host.kind.scheme, tokens.access)
        account = account_of(host.name, host.kind, host.keys, bearer, time.sleep)
        self._keep(tokens)
        return account

    # --- what is kept -----------------------------------------------------------------------------

    def _keep(self, tokens: Tokens) -> None:
        with self._store.lock():
            self._store.write(tokens)

    def _keep_app(self, app: App) -> None:
        from ..login.ring import RingStore

        host = self._host
        ring = RingStore(host.name, host.keys.url, host.kind.called, host.secrets)
        if ring.usable():
            ring.keep_app(app)
            return
        self._console.note(
            N_("there is no password store for the client id and secret: set {variables}_CLIENT_ID"
               " and {variables}_CLIENT_SECRET, the sign-in is renewed with them"),
            variables=host.secrets.variables,
        )  # fmt: skip

    def _account(self) -> str:
        from ..login.account import account_of
        from ..login.bearer import bearer_of

        host = self._host
        kept = replace(host.secrets, token=_no_secret())
        bearer = bearer_of(host.name, host.keys, kept, clock)
        return account_of(host.name, host.kind, host.keys, bearer, time.sleep)

    def _tell(self, account: str) -> None:
        console, secrets = self._console, self._host.secrets
        console.result(console.text(N_("Signed in as {account}."), account=account))
        console.result(self._where())
        file = secrets.token_file
        if file and file.resolve().is_relative_to(self._root.resolve()):
            console.note(N_("{path} is inside of the catalog: see that git ignores it"), path=file)
        if secrets.token:
            console.note(
                N_("{variables}_TOKEN is set, and goes before what is kept"),
                variables=secrets.variables,
            )
        console.document(
            ok=True,
            more={"host": self._host.name, "account": account, "kept": self._store.place},
        )

    def _where(self) -> str:
        from ..login.keep import FileStore

        if isinstance(self._store, FileStore):
            return self._console.text(N_("The key is kept in {path}."), path=self._store.path)
        return self._console.text(N_("The key is kept in the password store of this system."))

    # --- and removed ------------------------------------------------------------------------------

    def forget(self) -> int:
        """Sign out, and remove the tokens and what the app is known by."""
        from ..login.account import sign_out
        from ..login.bearer import bearer_of
        from ..login.ring import RingStore

        host, console = self._host, self._console
        kept = replace(host.secrets, token=_no_secret())
        ring = RingStore(host.name, host.keys.url, host.kind.called, host.secrets)
        ended = True
        try:
            signed_in = self._store.read() is not None
        except AccessError:  # it is removed all the same
            signed_in = False
        if signed_in:
            bearer = bearer_of(host.name, host.keys, kept, clock)
            ended = sign_out(host.name, host.kind, host.keys, bearer, time.sleep)
        with self._store.lock():
            had = self._store.forget()
        if ring.usable():
            had = ring.forget_app() or had
        told = N_("Nothing of {host} is kept here any more.") if had else N_(
            "Nothing of {host} was kept here."
        )  # fmt: skip
        console.result(console.text(told, host=host.name))
        if not ended:
            console.note(
                N_("{host} could not be told; sign out on its web page too"), host=host.name
            )
        if host.secrets.token:
            console.note(
                N_("{variables}_TOKEN is set, and still opens it"),
                variables=host.secrets.variables,
            )
        console.document(ok=True, more={"host": host.name, "account": None, "kept": None})
        return 0


def _no_secret() -> Secret:
    from ..secret import Secret

    return Secret()


def _is_here(url: str) -> bool:
    from urllib.parse import urlsplit

    return urlsplit(url).hostname in ("127.0.0.1", "::1", "localhost")
