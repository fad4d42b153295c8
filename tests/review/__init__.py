"""Reviews: two commits in, who gains and loses access out."""
