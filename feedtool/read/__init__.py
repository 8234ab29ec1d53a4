"""Read what producers write: YAML, Markdown and people by id, into the model.

text.py opens files, yaml_tree.py is the door to YAML, written.py says which keys there are and
values.py what may stand there (the doors to pydantic), notes.py is the door to Markdown and the
HTML sanitiser. catalog.py, series.py and episode.py make the model from what was written. Reading
never stops at the first fault.
"""
