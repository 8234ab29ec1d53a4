"""What is wrong with a catalog, beyond the way it is written: one function for each rule.

series.py, episode.py and identity.py hold the rules for the smallest thing that can be wrong;
rule.py collects them, policy.py weighs what they find.
"""
