"""A person says yes to feedtool on a web page of the host: asked, awaited, or pasted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..errors import UsageError
from ..finding import N_

if TYPE_CHECKING:
    from ..console import Console
    from ..login.oauth import Begun, Endpoint
    from ..login.secrets import App
    from ..login.tokens import Tokens
    from ..secret import Secret
    from .asking import Asker
    from .host_of import Named


class Consent:
    """What is said to a person, and what comes back from the browser."""

    def __init__(self, console: Console, asker: Asker, host: Named, port: int) -> None:
        self._console = console
        self._asker = asker
        self._host = host
        self._port = port

    def app(self) -> tuple[App, bool]:
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
        return App(id=client, secret=Secret(hidden(self._console, N_("Client secret")))), True

    def from_browser(self, endpoint: Endpoint) -> Tokens:
        """The tokens after a yes in a browser on this machine."""
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

    def from_paste(self, endpoint: Endpoint) -> Tokens:
        """The tokens after a yes in a browser anywhere, whose last address is pasted."""
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


def hidden(console: Console, question: str) -> str:
    """What is typed unseen."""
    answer: str = click.prompt(console.text(question), hide_input=True, err=True)
    return answer.strip()


def _code(begun: Begun, said: str) -> Secret:
    """The code of an address, or as it stands. An address has the state too, a code cannot."""
    from ..secret import Secret

    return begun.code(said) if "://" in said or "code=" in said else Secret(said)
