"""What takes minutes and has a command of its own; a small seeded slice of each runs with the other tests.

python -m tests.campaigns.kill      kill -9 at four points of each of sixty writes; with --depth also those that go on
python -m tests.campaigns.faults    three in ten requests fail, in every way there is
python -m tests.campaigns.rivals    four applies of one workspace at once
python -m tests.campaigns.edits     somebody else edits datasets while a plan is applied to them
"""
