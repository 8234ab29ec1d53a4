"""Import: an existing feed into episode files, its recordings into media/.

`web` and `download` ask servers; what comes from there is a stranger's, and only data.
"""
