"""Start a catalog, and make episodes from recordings: files that a person goes on writing.

begin.py         `feedtool init`: a catalog
episode.py       `feedtool new`: an episode, from what is known of it to its files
recording.py     the recording it is made from, and whether it is here already
transcript.py    its text
moments.py       dates in words
dropped.py       paths as they come out of a file manager
copies.py        files into the catalog, whole or not at all
yaml_lines.py    values as lines of YAML, which read back as the same values
"""
