"""Arithmetic in GF(2^128) modulo x^128 + x^7 + x^2 + x + 1, by the schoolbook."""

from collections.abc import Sequence

POLYNOMIAL = 2**128 + 2**7 + 2**2 + 2 + 1


def times(a: int, b: int) -> int:
    product = 0
    while b:
        product ^= a * (b & 1)
        a = a << 1 if a < 2**127 else a << 1 ^ POLYNOMIAL
        b >>= 1
    return product


def power(a: int, exponent: int) -> int:
    result = 1
    for bit in f"{exponent:b}":
        result = times(times(result, result), a if bit == "1" else 1)
    return result


def inverse(a: int) -> int:
    return power(a, 2**128 - 2)


def at_zero(points: Sequence[tuple[int, int]]) -> int:
    """The value at zero of the polynomial through these points, by Lagrange."""
    total = 0
    for x, y in points:
        weighted = y
        for other, _ in points:
            if other != x:
                weighted = times(weighted, times(other, inverse(x ^ other)))
        total ^= weighted
    return total
