"""Pomost: a self-hosted remote support desk that runs by the vendor's own terms."""
