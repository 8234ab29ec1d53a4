"""What keeps the documentation true.

reference.py  writes docs/reference/ from the code
examples.py   runs the examples of all other pages, and brings them up to date
"""
