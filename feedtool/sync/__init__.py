"""What is held at services such as SoundCloud: one engine, and one file for each kind of host."""
