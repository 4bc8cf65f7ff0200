"""Makes the voices that phones send playable: AMR and Speex become MP3, in a process of its own.

Decoders of sound are old C code and the bytes are a stranger's: what hangs or crashes the process
takes nothing else along (H-36).
"""

import logging
import subprocess
import sys
from pathlib import Path

CONTENT_TYPE = "audio/mpeg"
MAX_BYTES = 4 * 1024 * 1024  # the platform takes 2 MB
_WITHIN = 20.0  # seconds
_PROGRAM = Path(__file__).resolve().with_name("voice_program.py")
_FORMATS = {"audio/amr": "amr", "audio/speex": "ogg"}

log = logging.getLogger(__name__)


def playable(data: bytes, content_type: str) -> bytes | None:
    """The voice as MP3; None for what browsers play anyway and for what cannot be decoded."""
    form = _FORMATS.get(content_type)
    if form is None or len(data) > MAX_BYTES:
        return None
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(_PROGRAM), form],
            input=data,
            capture_output=True,
            timeout=_WITHIN,
            check=False,
            env={},
        )
    except (subprocess.TimeoutExpired, OSError) as error:
        log.warning("voice_not_converted why=%s", type(error).__name__)
        return None
    if done.returncode or not done.stdout:
        log.warning("voice_not_converted exit=%s", done.returncode)
        return None
    return done.stdout
