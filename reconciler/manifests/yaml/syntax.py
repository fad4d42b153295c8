"""libyaml's syntax errors in plain sentences, each with the next thing to try."""

import re
from typing import NamedTuple

from yaml.error import MarkedYAMLError

from reconciler.manifests.yaml.characters import position_at
from reconciler.manifests.yaml.document import Problem


class _Sentence(NamedTuple):
    """What to say for one of libyaml's errors; `{line}` is the line where the construct began."""

    message: str
    hint: str
    at_start: bool = False  # the place to mend is where the construct began, not where libyaml gave up


_ESCAPE = _Sentence(
    "This escape is not one that double quotes know.",
    "Double the backslash, or use single quotes, in which a backslash is just text.",
)
_TAB = _Sentence("A tab stands where the line is indented.", "Indent with spaces only.")

_SENTENCES: dict[str, _Sentence] = {
    "mapping values are not allowed in this context": _Sentence(
        "A ':' is not allowed here.",
        "A quote around a text holding ': ' is missing, or a line break, or the indentation is off.",
    ),
    "block sequence entries are not allowed in this context": _Sentence(
        "A list item '- ' is not allowed here.",
        "Start the list on its own line; put the text in quotes if the dash belongs to it.",
    ),
    "mapping keys are not allowed in this context": _Sentence(
        "A '? ' is not allowed here.", "Put the text in quotes if the question mark belongs to it."
    ),
    "could not find expected ':'": _Sentence(
        "A key stands here without the ':' after it.",
        "Write 'key: value'; a text of several lines needs '|' or deeper indentation.",
        at_start=True,
    ),
    "did not find expected key": _Sentence(
        "This does not continue the mapping that starts on line {line}.",
        "Keys of one mapping start in the same column; nothing may follow a closing quote or bracket.",
    ),
    "did not find expected '-' indicator": _Sentence(
        "This does not continue the list that starts on line {line}.",
        "Every item of a list starts with '- ' in the same column.",
    ),
    "did not find expected ',' or ']'": _Sentence(
        "The '[' on line {line} is not closed, or a ',' is missing before this.", "Add the ']' or the ','."
    ),
    "did not find expected ',' or '}'": _Sentence(
        "The '{{' on line {line} is not closed, or a ',' is missing before this.", "Add the '}' or the ','."
    ),
    "did not find expected node content": _Sentence(
        "A value is missing before this.", "Remove the stray sign, or put the text in quotes if it belongs to it."
    ),
    "did not find expected <document start>": _Sentence(
        "The document has ended before this.", "Look at the indentation; separate two documents with a line '---'."
    ),
    "found unexpected end of stream": _Sentence(
        "The quote that opens here is never closed.", "Add the closing quote.", at_start=True
    ),
    "found unexpected document indicator": _Sentence(
        "The quote that opens here is not closed before the document ends.", "Add the closing quote.", at_start=True
    ),
    "did not find expected comment or line break": _Sentence(
        "Only a line break or a comment may stand here.", "Put the text on the next line, or the whole of it in quotes."
    ),
    "found an indentation indicator equal to 0": _Sentence(
        "An indentation of 0 is not possible.", "Use 1 to 9, or none."
    ),
    "found unexpected ':'": _Sentence("A ':' is not allowed inside this text.", "Put the text in quotes."),
    "found unknown escape character": _ESCAPE,
    "did not find expected hexdecimal number": _ESCAPE,
    "found invalid Unicode character escape code": _ESCAPE,
    "found a tab character that violates indentation": _TAB,
    "found a tab character where an indentation space is expected": _TAB,
}

_COLON_FIRST = _Sentence("Inside brackets a text cannot start with ':'.", "Put the text in quotes.")
_REST = _Sentence("This is not YAML: {problem}.", "Put the text in quotes if it is one.")
_DIRECTIVE = _Sentence(
    "Only the directive '%YAML 1.2' is allowed.", "Put the text in quotes, or delete the line.", at_start=True
)
_TAG = _Sentence("A tag (a word that starts with '!') is not read.", "If it is text, put it in quotes.", at_start=True)
_ALIAS = _Sentence("A text cannot start with '*' or '&'.", "Put the text in quotes.", at_start=True)


_TAG_DIRECTIVE = re.compile(r"(?:\A|[\r\n])(%TAG)")


def tag_directive(text: str) -> Problem | None:
    """Refuse a %TAG line before libyaml sees it, which takes 3 seconds for 50,000 of them."""
    found = _TAG_DIRECTIVE.search(text) if "%TAG" in text else None
    if found is None:
        return None
    return Problem("yaml-directive", _DIRECTIVE.message, position_at(text, found.start(1)), _DIRECTIVE.hint)


def explain(error: MarkedYAMLError, text: str) -> Problem:
    """Say what libyaml found wrong with `text`, at the place to mend."""
    problem, context = error.problem or "", error.context or ""
    end = _offset(error.problem_mark, len(text))
    begin = _offset(error.context_mark, end)
    code, sentence = _choose(problem, context, text[end : end + 1])
    line = position_at(text, begin).line
    place = position_at(text, begin if sentence.at_start else end)
    return Problem(code, sentence.message.format(line=line, problem=problem), place, sentence.hint)


def _offset(mark: object, otherwise: int) -> int:
    index = getattr(mark, "index", None)
    return index if isinstance(index, int) else otherwise


def _choose(problem: str, context: str, character: str) -> tuple[str, _Sentence]:
    """Pick code and sentence; anchors, tags and directives keep their own codes also when they are malformed."""
    if "%YAML" in problem or "%TAG" in problem or "directive" in context or "incompatible" in problem:
        return "yaml-directive", _DIRECTIVE
    if "tag" in context or "tag" in problem:
        return "yaml-tag", _TAG
    if "anchor" in context or "alias" in context:
        return "yaml-alias", _ALIAS
    if problem == "did not find expected node content" and character == ":":
        return "yaml-syntax", _COLON_FIRST
    if problem == "found character that cannot start any token":
        return "yaml-syntax", _TAB if character == "\t" else _start_with(character)
    return "yaml-syntax", _SENTENCES.get(problem, _REST)


def _start_with(character: str) -> _Sentence:
    return _Sentence(f"A text cannot start with '{character}'.".replace("{", "{{"), "Put the text in quotes.")
