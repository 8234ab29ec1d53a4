"""feedtool login."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from ..errors import EXIT_FINDINGS, FeedtoolError, UsageError
from ..finding import N_
from .clock import clock
from .completing import complete_hosts
from .options import Settings, global_options

if TYPE_CHECKING:
    from ..console import Console
    from ..login.oauth import Begun, Endpoint
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

        app, asked = self._app()
        host = self._host
        endpoint = endpoint_of(host.name, host.kind, host.keys, app, clock)
        tokens = self._from_browser(endpoint) if self._browser else self._from_paste(endpoint)
        if asked:
            self._keep_app(app)
        self._keep(tokens)
        try:
            return self._account()
        except FeedtoolError as error:
            error.done = N_("the key is kept"), {}
            raise

    def _app(self) -> tuple[App, bool]:
        """What the host knows feedtool by, and whether that was asked just now."""
        from ..login.bearer import app_of
        from ..login.redirect import redirect_of
        from ..login.secrets import App
        from ..secret import Secret

        host, text = self._host, self._console.text
        known = app_of(host.name, host.keys, host.secrets)
        if known:
            return known, False
        register = N_("register an app at {apps} with the redirect address {redirect}")
        params = {"apps": host.kind.apps, "redirect": redirect_of(self._port)}
        if not self._asker.may_ask:
            raise UsageError(
                N_("{host} wants to know which app asks: {variables}_CLIENT_ID is not set"),
                register,
                host=host.kind.called, variables=host.secrets.variables, **params,
            )  # fmt: skip
        self._console.say(
            text(N_("{host} wants to know which app asks. If you have none yet:"),
                 host=host.kind.called)
        )  # fmt: skip
        self._console.say(f"  {text(register, **params)}")
        client = self._asker.ask(text(N_("Client ID")), "", None, str.strip)
        return App(id=client, secret=Secret(self._hidden(N_("Client secret")))), True

    def _from_browser(self, endpoint: Endpoint) -> Tokens:
        from ..login.redirect import listening, redirect_of
        from .browser import open_browser

        text, called = self._console.text, self._host.kind.called
        done = text(N_("feedtool has the answer. You can close this window."))
        wrong = text(N_("This is not the answer that feedtool waits for."))
        with listening(self._port, self._console.language, done, wrong) as redirect:
            begun = endpoint.begin(redirect_of(self._port))
            redirect.expect(begun)
            if open_browser(begun.url):
                told = N_("Say yes to feedtool at {host}, in the browser. If none opened, go to:")
            else:
                told = N_("Open this address in a browser on this machine, and say yes to feedtool"
                          " at {host} (on another machine: --no-browser):")  # fmt: skip
            self._console.say(text(told, host=called))
            self._console.say(f"  {begun.url}")
            answer = redirect.wait()
        return endpoint.exchange(begun, begun.code(answer))

    def _from_paste(self, endpoint: Endpoint) -> Tokens:
        from ..login.redirect import redirect_of

        text, called = self._console.text, self._host.kind.called
        if not self._asker.may_ask:
            raise UsageError(
                N_("nobody can be asked for the answer of the browser"),
                N_("run the command on a terminal, or without  --no-browser"),
            )
        begun = endpoint.begin(redirect_of(self._port))
        told = N_("Open this address in any browser, and say yes to feedtool at {host}:")
        self._console.say(text(told, host=called))
        self._console.say(f"  {begun.url}")
        self._console.say(
            text(
                N_("The browser then goes to an address that begins with {redirect} and finds"
                   " nothing there. Copy that address."),
                redirect=begun.redirect,
            )
        )  # fmt: skip
        question = text(N_("That address, or the code in it"))
        code = self._asker.ask(question, "", None, lambda said: _code(begun, said))
        return endpoint.exchange(begun, code)

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
            given = self._hidden(N_("Token"))
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

    def _hidden(self, question: str) -> str:
        answer: str = click.prompt(self._console.text(question), hide_input=True, err=True)
        return answer.strip()

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
        if self._store.read() is not None:
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


def _code(begun: Begun, said: str) -> Secret:
    """The code of an address, or as it stands. An address has the state too, a code cannot."""
    from ..secret import Secret

    return begun.code(said) if "://" in said or "code=" in said else Secret(said)


def _no_secret() -> Secret:
    from ..secret import Secret

    return Secret()


def _is_here(url: str) -> bool:
    from urllib.parse import urlsplit

    return urlsplit(url).hostname in ("127.0.0.1", "::1", "localhost")
