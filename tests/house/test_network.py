"""Tests reach loopback only."""

import socket

import pytest


def test_a_connection_beyond_this_machine_is_refused() -> None:
    with socket.socket() as outside, pytest.raises(RuntimeError, match="loopback only"):
        outside.connect(("192.0.2.1", 9))


def test_a_name_beyond_this_machine_is_not_looked_up() -> None:
    with pytest.raises(RuntimeError, match="loopback only"):
        socket.getaddrinfo("viva.example", 80)


def test_loopback_is_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()[:2]) as client:
        client.sendall(b"hello")
        other, _ = server.accept()
        with other:
            assert other.recv(5) == b"hello"
