"""Targets: is there what opens them? Shown by its name in the environment, never itself."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from ..finding import N_
from ..publish.secrets import Secrets
from .check import Check, checked


def look_at_target(name: str, url: str, secrets: Secrets, environment: Mapping[str, str]) -> Check:
    """Is there what opens it? Shown by its name in the environment, never itself."""
    try:
        parts = urlsplit(url)
        place = f"{parts.scheme}://{parts.hostname or ''}"
    except ValueError:
        parts, place = None, "?"
    scheme = parts.scheme if parts else ""
    title, params = f"target {name}", {"name": name, "place": place}
    if scheme == "file":
        return checked(title, "ok", N_("target {name}: a folder"), name=name)
    if scheme == "s3":
        known = [one for one in ("AWS_ACCESS_KEY_ID", "AWS_PROFILE") if environment.get(one)]
        if not known and (Path.home() / ".aws").is_dir():
            known = ["~/.aws"]
        wanted = "AWS_ACCESS_KEY_ID, AWS_PROFILE, ~/.aws"
    else:
        has = {
            "PASSWORD": bool(secrets.password), "TOKEN": bool(secrets.token),
            "KEY_FILE": secrets.key_file is not None,
        }  # fmt: skip
        useful = ("PASSWORD", "KEY_FILE") if scheme == "sftp" else ("PASSWORD", "TOKEN")
        known = [f"{secrets.variables}_{one}" for one in useful if has[one]]
        wanted = ", ".join(f"{secrets.variables}_{one}" for one in useful)
    if "KEY_FILE" in "".join(known) and secrets.key_file and not secrets.key_file.is_file():
        return checked(
            title, "error", N_("target {name}: there is no file {path}"),
            N_("check {variables}_KEY_FILE"),
            name=name, path=str(secrets.key_file), variables=secrets.variables,
        )  # fmt: skip
    if known:
        return checked(
            title, "ok", N_("target {name}: {place}, opened with {variables}"),
            variables=", ".join(known), **params,
        )  # fmt: skip
    mend = (
        N_("set one of {wanted}, unless the keys of your user open it")
        if scheme in ("sftp", "s3")
        else N_("set one of {wanted}, unless it is open to everybody")
    )
    return checked(
        title, "missing", N_("target {name}: {place}, no secret is set"), mend,
        wanted=wanted, **params,
    )  # fmt: skip
