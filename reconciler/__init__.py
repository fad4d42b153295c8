"""Keep dataset governance in git: manifests say what should be, a planner finds what differs, an applier does it.

The rooms, from the top; each may import only from rooms below it (`pyproject.toml` holds it to that):

    cli/         click commands: flags to use cases, exit codes. A file per command.
    app/         use cases: validate, plan, apply, drift, init. The imperative shell; the only place that composes.
    report/      a plan or outcomes as text, JSON, Markdown, HTML. Pure.
    execution/   walk a plan with a performer; contain failure. Knows no vendor and no HTTP.
    manifests/   YAML to desired state, with file:line:col. The only door to YAML libraries.
    providers/   a folder per vendor: client, payloads, one binding per facet. The only door to httpx.
    planning/    desired and live in, ordered plan out; plan-wide guards. No I/O, no clock.
    facets/      what each governed aspect means: section, elements, order, words, own guards. Pure.
    diffing/     how two sets of elements differ. The only door to deepdiff.
    core/        the vocabulary: address, change, step, plan, diagnostic, ports. Standard library, msgspec.

    sandbox/     an island: the vendors' HTTP APIs on loopback. Imports nothing of the others.

report, execution, manifests and providers do not know each other. Only cli imports sandbox, to serve it; what talks
to it does so by HTTP and cannot tell it from the vendor.
"""

__version__ = "0.1.0"
