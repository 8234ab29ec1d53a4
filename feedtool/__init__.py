"""feedtool: a publisher of podcast and media feeds."""
