"""Proofs over the whole house share the real sandbox of the sandbox's own tests."""

from tests.sandbox.conftest import loop, numpy_environment, sandbox

__all__ = ["loop", "numpy_environment", "sandbox"]
