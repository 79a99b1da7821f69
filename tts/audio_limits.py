"""What a sound may be, and what making it may cost."""

#: Samples a second of what switches play: telephone lines, and wide band for browsers.
RATES = (8000, 16000)

#: Bytes of an uploaded file.
LARGEST_FILE = 20 * 1024 * 1024

#: Seconds of music and of a prompt.
LONGEST_MUSIC_S = 30 * 60
LONGEST_PROMPT_S = 5 * 60

#: Bounds of the process that decodes: address space, processor time (s), time (s).
MEGABYTES = 2048
CPU_S = 60
TIMEOUT_S = 90
