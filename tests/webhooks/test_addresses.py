"""Nobody reaches through a webhook what only the desk's machine can see."""

import asyncio
import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pomost.webhooks.addresses import NotCalled, judge, resolve, target_of, written_target

PUBLIC = ipaddress.ip_address("93.184.215.14")


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",  # noqa: S104 - an address to refuse, not to listen on
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "192.0.0.1",
        "198.18.0.1",
        "192.0.2.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fc00::1",
        "fd12:3456::1",
        "ff02::1",
        "2001:db8::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
    ],
)
def test_an_address_that_is_not_public_is_not_called(address: str) -> None:
    target = target_of("https://example.org/hook")

    with pytest.raises(NotCalled, match="not a public address"):
        judge(target, [ipaddress.ip_address(address)], [])
    with pytest.raises(NotCalled):
        judge(target, [PUBLIC, ipaddress.ip_address(address)], [])


@given(st.ip_addresses(v=4, network="10.0.0.0/8") | st.ip_addresses(v=6, network="fc00::/7"))
def test_no_address_of_a_private_network_passes(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    with pytest.raises(NotCalled):
        judge(target_of("https://example.org/"), [address], [ipaddress.ip_network("192.168.0.0/16")])


def test_a_public_address_is_called_by_https_only() -> None:
    assert judge(target_of("https://example.org/"), [PUBLIC], []) == PUBLIC
    with pytest.raises(NotCalled, match="HTTPS only"):
        judge(target_of("http://example.org/"), [PUBLIC], [])


def test_what_the_operator_allowed_is_called_and_nothing_beside_it() -> None:
    allowed = [ipaddress.ip_network("10.1.2.0/24")]
    target = target_of("http://crm.example.org:8080/hook")

    inside = ipaddress.ip_address("10.1.2.9")
    assert judge(target, [inside], allowed) == inside
    with pytest.raises(NotCalled):
        judge(target, [ipaddress.ip_address("10.1.3.9")], allowed)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org",
        "ftp://example.org/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://",
        "https://user:password@example.org/",
        "https://example.org@127.0.0.1/",
        "https://example.org:0/",
        "https://example.org:99999/",
        "https://example.org/#part",
        "https://example.org/a b",
        "https://example.org\\@127.0.0.1/",
        "https://exa\nmple.org/",
        "https://[::1/",
        "https://пример.example/",
        "https://example.org/" + "x" * 500,
    ],
)
def test_what_is_no_plain_address_is_refused(url: str) -> None:
    with pytest.raises(NotCalled):
        target_of(url)


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "169.254.169.254", "10.0.0.1"])
def test_a_written_private_address_is_refused_when_it_is_written(host: str) -> None:
    with pytest.raises(NotCalled):
        written_target(f"https://{host}/", [])


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "localhost"])
def test_other_ways_to_write_the_loopback_lead_nowhere_either(host: str) -> None:
    target = target_of(f"https://{host}/")

    with pytest.raises(NotCalled):
        judge(target, asyncio.run(resolve(target)), [])


def test_the_connection_goes_to_the_address_that_was_judged() -> None:
    target = target_of("https://example.org:8443/hook?a=1")

    assert target.at(PUBLIC) == "https://93.184.215.14:8443/hook?a=1"
    assert target.at(ipaddress.ip_address("2606:2800::1")) == "https://[2606:2800::1]:8443/hook?a=1"
    assert target.host_header == "example.org:8443"
    assert target_of("https://example.org").host_header == "example.org"
