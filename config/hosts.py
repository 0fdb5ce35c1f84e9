"""Which hosts are this machine: what goes there in clear text is nobody else's to read."""

from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit


def is_loopback(host: str) -> bool:
    """Whether a host is this machine: `localhost` or a loopback address, not a name that begins with one.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost.example.net")
    (True, False)
    """
    name = host.strip().lower().removeprefix("[").removesuffix("]")
    if name == "localhost":
        return True
    try:
        address = ip_address(name)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped.is_loopback
    return address.is_loopback


def all_loopback(bootstrap: str) -> bool:
    """The same of every broker in `host:port[,host:port]`."""
    return all(is_loopback(address.rpartition(":")[0]) for address in bootstrap.split(","))


def is_loopback_url(url: str) -> bool:
    """Whether a URL leads to this machine. One with a user part does not count: it hides the host."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    return "@" not in parts.netloc and "\\" not in url and is_loopback(host)
