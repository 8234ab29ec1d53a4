"""Bring what was built to the place where subscribers get it.

target.py says what a target is, what is sent and in which order; each other kind of target is one
file. effects.py says what subscribers will see of it.
"""
