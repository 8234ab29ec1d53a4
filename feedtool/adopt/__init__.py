"""Import: an existing feed into episode files, its recordings into media/.

carry.py       an import, from its plan to the report
chain.py       a feed with all its pages
document.py    XML of others, however broken (tolerant.py: encodings, dates; unclosed.py:
               elements; relative.py: addresses)
rss.py, atom.py, jsonfeed.py                  one format each, into the values of record.py
plan.py        which entries become episodes, and why others do not
notes.py       HTML as Markdown               fitting.py, judged.py   what our files can hold
side_files.py, pictures.py, download.py       what is fetched
trailers.py    which episodes announce the series
promises.py    lines of the lock              proof.py, report.py   what came of it

`web` and `download` ask servers; what comes from there is a stranger's, and only data.
"""
