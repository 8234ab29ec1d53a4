"""Hosts that the tests start or pretend."""
