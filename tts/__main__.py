"""Write the default sounds of a switch: `python -m tts SOUNDS_DIR`."""

import sys
from pathlib import Path

from tts.default_music import write_default_sounds

if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m tts SOUNDS_DIR")
    for path in write_default_sounds(Path(sys.argv[1])):
        print(path)
