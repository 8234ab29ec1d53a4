"""What an answer of SoundCloud means that is not the wanted one. It need not be JSON."""

from __future__ import annotations

from .api import Answer


def is_absent(answer: Answer) -> bool:
    """Is there no such track?"""
    return answer.status == 404 and not answer.is_page


def words(answer: Answer) -> str:
    """What an error says in words, with its number."""
    said = answer.json
    if not isinstance(said, dict):
        return ""
    errors = said.get("errors")
    listed = errors if isinstance(errors, list) else []
    told = [one.get("error_message") for one in listed if isinstance(one, dict)]
    every = [said.get("message"), *told, said.get("error")]
    found = dict.fromkeys(one for one in every if isinstance(one, str) and one)
    return f"{'; '.join(found)} ({answer.status})" if found else ""
