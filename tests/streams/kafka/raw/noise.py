"""Bytes to pack."""


def noise(size: int) -> bytes:
    """Bytes of which a quarter packs badly: the packed batch is larger than what is harmless."""
    state, out = 1, bytearray()
    while len(out) < size // 4:
        state = state * 1_103_515_245 + 12_345 & 0x7FFFFFFF
        out += state.to_bytes(4, "big")
    return bytes(out) + bytes(size - len(out))
