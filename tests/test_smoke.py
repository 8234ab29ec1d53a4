from pathlib import Path

from .catalogs import a_catalog


def test_a_catalog_with_one_episode_builds(tmp_path: Path) -> None:
    catalog = a_catalog(tmp_path)
    catalog.episode()
    run = catalog.build()
    assert (run.code, run.json["counts"]["error"]) == (0, 0), run.err + run.out
    assert run.json["series"] == [
        {
            "slug": "samtal",
            "episodes": 1,
            "feeds": [
                "public/samtal/feed.xml",
                "public/samtal/atom.xml",
                "public/samtal/feed.json",
            ],
        }
    ]
