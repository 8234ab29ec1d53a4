"""The templates of pages, compiled once for each language. The door to Jinja2.

`_("...")` in a template is replaced by the translation before it is compiled: it costs nothing
when a page is rendered.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

from .speech import Speech

STYLESHEET = "assets/feedtool.css"
"""Where the style of all pages is, below the output folder; no series is called "assets"."""


def stylesheet() -> bytes:
    """The style of all pages."""
    return files("feedtool").joinpath("render/templates/feedtool.css").read_bytes()


def render(name: str, words: Speech, values: dict[str, Any]) -> str:
    """A page, or a part of one."""
    return template(name, words).render(values)


@cache
def template(name: str, words: Speech) -> Template:
    return _environment(words).get_template(name)


@cache
def _environment(words: Speech) -> Environment:
    environment = Environment(
        loader=PackageLoader("feedtool.render"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
        auto_reload=False,
    )
    environment.extend(words=words)
    environment.add_extension(_Translated)
    # for elements with words of ours on a page that is in another language
    environment.globals["ui"] = words.ui
    return environment


class _Translated(Extension):
    """Puts the translation in the place of `_("text")`."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        for token in stream:
            if token.test("name:_") and stream.current.test("lparen"):
                next(stream)
                text = stream.expect("string")
                stream.expect("rparen")
                translate = self.environment.words.text  # type: ignore[attr-defined]
                yield Token(text.lineno, "string", translate(text.value))
            else:
                yield token
