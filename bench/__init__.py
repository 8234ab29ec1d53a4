"""Measures feedtool against the script that one would write instead."""
