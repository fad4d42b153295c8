"""Drift as text: the same differences, said of live state."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from reconciler.core.diagnostics import Diagnostic
from reconciler.core.plan import Plan, Read
from reconciler.planning.drift import Difference, Ignore
from reconciler.report.drift import drift_markdown, drift_text
from reconciler.report.drift.text import why
from tests.report.report_examples import created, example, orders, unchanged


def test_differences_are_said_of_live_state() -> None:
    """What is missing, extra or different, from the manifest to what is live."""
    assert drift_text(Plan((*example().datasets[:2], created()))) == (
        "  acme/orders\n"
        '      schema       missing  column "region" STRING\n'
        "      permissions  missing  group:data-eng CAN_EDIT\n"
        "                   extra    user:dee CAN_VIEW\n"
        "      owner        differs  user:bo -> user:ada\n"
        "  acme/clients  (does not exist yet)\n"
        '      schema       missing  column "id" LONG\n'
        '      tags         missing  tag "gold"\n'
        "      schedule     missing  DAY, at 03:30 PM, timezone America/Denver,\n"
        '                            weekdays ["MON","WED","FRI"], 3 retries every 15 min\n'
        "\n"
        "Drift: 2 of 3 datasets differ.\n"
    )


def test_when_it_was_still_as_applied_is_said_of_what_somebody_did() -> None:
    """And not of what the manifest did, beside it."""
    step = orders().steps[0]
    item = Difference(step.address, step.changes[0], "moved", "2026-11-20T10:00:00+00:00")
    assert why(item) == "somebody changed it after 2026-11-20 10:00 UTC"
    assert why(replace(item, cause="both")) == f"{why(item)}, and the manifest changed, too"


def test_why_something_differs_fits_the_width_of_the_text() -> None:
    """As the words before it do; a reason is as long as somebody wrote it."""
    steps = tuple(step for step in orders().steps if step.address.facet == "permissions")
    rule = Ignore("*", "permissions", "*", "they move people about until the audit is over, see D-7", date(2099, 1, 1))
    since = "2026-11-20T10:00:00+00:00"
    given, taken = (Difference(step.address, step.changes[0], "both", since) for step in steps)
    plan = Plan((replace(orders(), steps=steps),))
    assert drift_text(plan, (given, replace(taken, cause="moved", ignored=rule))) == (
        "  acme/orders\n"
        "      permissions  missing  group:data-eng CAN_EDIT\n"
        "                            (somebody changed it after 2026-11-20 10:00 UTC,\n"
        "                            and the manifest changed, too)\n"
        "                   extra    user:dee CAN_VIEW\n"
        "                            (somebody changed it after 2026-11-20 10:00 UTC;\n"
        "                            ignored until 2099-01-01: they move people about\n"
        "                            until the audit is over, see D-7)\n"
        "\n"
        "Drift: 1 of 1 datasets differs. Ignored: 1.\n"
    )


def test_no_drift_is_said_when_it_is_proven() -> None:
    """One sentence; never when something was not read."""
    assert drift_text(Plan((unchanged(1),))) == "No drift. Live state matches the manifests.\n"
    unread = replace(orders(), read=Read(orders().address, 1, complete=False))
    assert drift_text(Plan((unread,))).endswith(
        "\nDrift: 1 of 1 datasets differs, as far as could be read.\n"
        "Not everything could be read, so nobody knows whether there is drift.\n"
    )


def test_what_could_not_be_read_is_told_before_what_was() -> None:
    """Whoever reads an issue or a summary at night finds first why it is not to be relied on."""
    step = orders().steps[0]
    unread = Plan((replace(orders(), read=Read(orders().address, 1, complete=False)),))
    refused = Diagnostic("read-failed", "error", "the token of target acme was refused", hint="It may have expired.")
    assert drift_markdown(unread, [Difference(step.address, step.changes[0], "pending")], [refused]) == (
        "<!-- reconciler:drift -->\n"
        "\n"
        "## 1 of 1 datasets differs from the manifests, only by what is not applied yet, as far as could be read\n"
        "\n"
        "Not everything could be read, so nobody knows whether there is drift.\n"
        "\n"
        "### Errors and warnings\n"
        "\n"
        "| finding | where | what | next |\n"
        "| --- | --- | --- | --- |\n"
        "| **Error** `read-failed` |  | `the token of target acme was refused` | `It may have expired.` |\n"
        "\n"
        "### Not applied yet\n"
        "\n"
        "| dataset | facet | live state | what | since |\n"
        "| --- | --- | --- | --- | --- |\n"
        '| `acme/orders` | schema | missing | `column "region" STRING` |  |\n'
    )
