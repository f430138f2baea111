"""The vendor's signing key: what the customer's app trusts.

Owns the making of the key and the two things done with it. The private half leaves its row for nothing else, and no
page shows it.
"""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pomost.people.models import Vendor


def new_key() -> bytes:
    """Return a new Ed25519 private key, 32 bytes."""
    return Ed25519PrivateKey.generate().private_bytes_raw()


def public_key(vendor: Vendor) -> bytes:
    """Return the half of the vendor's key that the customer's app pins, 32 bytes."""
    return _private(vendor).public_key().public_bytes_raw()


def sign(vendor: Vendor, message: bytes) -> bytes:
    """Return the vendor's Ed25519 signature over `message`, 64 bytes."""
    return _private(vendor).sign(message)


def _private(vendor: Vendor) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes(vendor.signing_key))
