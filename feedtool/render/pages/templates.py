"""The templates of pages, compiled once for each language. The door to Jinja2.

What is the same on all pages in a language is put into a template before it is compiled, and costs
nothing when a page is rendered: the translation for `_("...")`, for `ui` the lang attribute of an
element with words of ours, and for an included template its text.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

from .speech import Speech, speech

STYLESHEET = "assets/feedtool.css"
"""Where the style of all pages is, below the output folder; no series is called "assets"."""


def stylesheet() -> bytes:
    """The style of all pages."""
    return files("feedtool").joinpath("render/templates/feedtool.css").read_bytes()


def render(name: str, words: Speech, values: dict[str, Any]) -> str:
    """A page, or a part of one."""
    return template(name, words).render(values)


def compile_for(language: str) -> None:
    """Have the templates of episodes ready, so that processes forked now need not make them."""
    for name in ("episode.html", "row.html", "person.html", "feed_links.html", "footer.html"):
        template(name, speech(language))


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
    environment.add_extension(_WrittenOut)
    # no template uses them, and every page would begin with a copy (6 µs)
    environment.globals.clear()
    return environment


class _WrittenOut(Extension):
    """Puts what is known in the place of `_("text")`, `ui` and `{% include "name" %}`."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        for token in stream:
            if token.test("name:_") and stream.current.test("lparen"):
                next(stream)
                text = stream.expect("string")
                stream.expect("rparen")
                yield Token(text.lineno, "string", self._words.text(text.value))
            elif token.test("name:ui"):
                yield Token(token.lineno, "string", str(self._words.ui))
                yield Token(token.lineno, "pipe", "|")
                yield Token(token.lineno, "name", "safe")
            elif token.test("block_begin") and stream.current.test("name:include"):
                next(stream)
                name = stream.expect("string").value
                stream.expect("block_end")
                yield from self._tokens(name)
            else:
                yield token

    @property
    def _words(self) -> Speech:
        words: Speech = self.environment.words  # type: ignore[attr-defined]
        return words

    def _tokens(self, name: str) -> Iterator[Token]:
        """The template `name`. Jinja itself would look it up, and copy all values, on each page."""
        environment = self.environment
        assert environment.loader
        source, file, _ = environment.loader.get_source(environment, name)
        yield from self.filter_stream(environment.lexer.tokenize(source, name, file))
