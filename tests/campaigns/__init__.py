"""What takes minutes and has a command of its own; a small seeded slice of each runs with the other tests.

python -m tests.campaigns.kill      kill -9 at four points of each of sixty writes
python -m tests.campaigns.faults    three in ten requests fail, in every way there is
"""
