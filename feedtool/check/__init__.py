"""What is wrong with a catalog, beyond the way it is written: one function for each rule.

A module holds the rules about one thing that can be wrong; rule.py collects them, every.py names
all these modules, policy.py weighs what they find.
"""
