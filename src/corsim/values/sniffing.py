"""How images, sound and films begin: https://mimesniff.spec.whatwg.org/#matching-a-mime-type-pattern.

The first bytes are enough here: nothing is decoded.
"""

from __future__ import annotations

_IMAGES = (b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"\xff\xd8\xff", b"BM", b"\0\0\1\0", b"\0\0\2\0")
_MEDIA = (b"OggS\0", b"ID3", b"\x1a\x45\xdf\xa3", b"MThd\0\0\0\x06")


def begins_as_image(body: bytes) -> bool:
    """Say whether bytes begin as an image of pixels does.

    https://mimesniff.spec.whatwg.org/#image-type-pattern-matching-algorithm
    """
    return body.startswith(_IMAGES) or (body[:4] == b"RIFF" and body[8:14] == b"WEBPVP")


def begins_as_media(body: bytes) -> bool:
    """Say whether bytes begin as sound or a film does.

    https://mimesniff.spec.whatwg.org/#audio-or-video-type-pattern-matching-algorithm
    """
    boxed = body[4:8] == b"ftyp" or (body[:4] == b"RIFF" and body[8:12] in (b"WAVE", b"AVI "))
    return boxed or body.startswith(_MEDIA)
