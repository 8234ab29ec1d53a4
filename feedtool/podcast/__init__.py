"""The vocabulary of Podcasting 2.0: every tag, where it may stand, and what it may say.

kinds.py says what a value may look like; table.py says it of every tag and attribute, and is the
one place that does: reading, checking, rendering, the JSON Schemas and the reference go by it.
"""
