"""Signing in at hosts, and keeping what opens them.

secrets.py    what the environment says
kinds.py      how each kind of host lets people in
tokens.py     a pair of tokens as a value
keep.py       where it is kept: a file, with its lock
ring.py       or the key ring of the system
oauth.py      the door to authlib: OAuth 2.1 with PKCE
redirect.py   the answer that the browser brings
bearer.py     what a request to a host is sent with, renewed when it must be
"""
