"""Syntax errors in plain sentences, each text whole."""

import pytest

from reconciler.manifests.yaml import read

CASES = {
    "second-colon": ("a: 1\nb: 2: 3\n", "2:5 A ':' is not allowed here."),
    "tab-before-key": ("a:\n\tb: 1\n", "2:1 A tab stands where the line is indented."),
    "tab-in-text": ("a: 1\n\tb: 2\n", "2:1 A tab stands where the line is indented."),
    "at-sign": ("a: @x\n", "1:4 A text cannot start with '@'."),
    "backtick": ("a: `x`\n", "1:4 A text cannot start with '`'."),
    "percent": ("a: %x\n", "1:4 A text cannot start with '%'."),
    "open-quote": ("a: 1\nb: 'x\nc: 2\n", "2:4 The quote that opens here is never closed."),
    "open-quote-in-document": (
        "b: 'x\n---\nc: 2\n",
        "1:4 The quote that opens here is not closed before the document ends.",
    ),
    "dedent": ("a:\n  - b\n - c\n", "3:2 This does not continue the mapping that starts on line 1."),
    "key-in-list": ("- a\nb: c\n", "2:1 This does not continue the list that starts on line 1."),
    "after-quote": ("a: 'b' c\n", "1:8 This does not continue the mapping that starts on line 1."),
    "open-bracket": ("a: [b\n", "2:1 The '[' on line 1 is not closed, or a ',' is missing before this."),
    "open-bracket-at-end": ("a: [b", "1:6 The '[' on line 1 is not closed, or a ',' is missing before this."),
    "open-brace": ("a: {b: 1\n", "2:1 The '{' on line 1 is not closed, or a ',' is missing before this."),
    "no-colon": ("a: 1\nabc\nd: 1\n", "2:1 A key stands here without the ':' after it."),
    "dash-in-line": ("a: - b\n", "1:4 A list item '- ' is not allowed here."),
    "question-in-line": ("a: ? b\n", "1:4 A '? ' is not allowed here."),
    "escape": ('a: "\\d"\n', "1:5 This escape is not one that double quotes know."),
    "half-escape": ('a: "\\xg"\n', "1:7 This escape is not one that double quotes know."),
    "surrogate-escape": ('a: "\\ud800"\n', "1:7 This escape is not one that double quotes know."),
    "text-after-bar": ("a: |x\n  b\n", "1:5 Only a line break or a comment may stand here."),
    "indent-zero": ("a: |0\n b\n", "1:5 An indentation of 0 is not possible."),
    "comma-first": ("a: [,]\n", "1:5 A value is missing before this."),
    "colon-in-brackets": ("a: [:b]\n", "1:5 Inside brackets a text cannot start with ':'."),
    "question-in-brackets": ("a: [b, ?c]\n", "1:9 Inside brackets a text cannot start with '?'."),
    "question-in-braces": ("a: {?b: 1}\n", "1:6 Inside brackets a text cannot start with '?'."),
    "rest": ("[a]\nb: 1\n", "2:1 The document has ended before this."),
    "crlf": ("a: b\r\nb: c: d\r\n", "2:5 A ':' is not allowed here."),
    "wide": ("é😀: 'x' y\n", "1:9 This does not continue the mapping that starts on line 1."),
}


@pytest.mark.parametrize(("text", "sentence"), CASES.values(), ids=CASES)
def test_a_syntax_error_is_one_sentence_at_the_place_to_mend(text: str, sentence: str) -> None:
    """A syntax error is one problem, with a sentence of ours and a hint."""
    (problem,) = read(text).problems
    assert f"{problem.position.line}:{problem.position.column} {problem.message}" == sentence
    assert problem.code == "yaml-syntax"
    assert problem.hint


def test_documents_before_a_syntax_error_are_read() -> None:
    """What comes before the error stays."""
    reading = read("a: 1\n---\nb: 2\n---\nc: [\n---\nd: 4\n")
    assert [document.data for document in reading.documents] == [{"a": 1}, {"b": 2}]
    assert len(reading.problems) == 1
