"""Render what is known: one file for each format. Values in, bytes out; nothing is opened.

Dates come from the items: the clock is never asked, and the same feed gives the same bytes.
"""
