"""What is to be published, shown on this machine only: server.py serves, watch.py builds anew.

Needs the extra "preview".
"""
