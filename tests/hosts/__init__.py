"""Hosts that tests start: stateful servers on loopback, modelled on what real ones do."""
