"""Every problem code of the reader, explained."""

CODES: tuple[tuple[str, str, str], ...] = (
    (
        "yaml-syntax",
        "The file is not well-formed YAML.",
        (
            "The text breaks a rule of YAML at the place given: mostly a missing quote, space, bracket or indentation. "
            "Mend that place; documents before it were read, those after it were not. "
            "An editor with a YAML mode shows the same place."
        ),
    ),
    (
        "duplicate-key",
        "A key stands twice in one mapping.",
        "YAML parsers disagree on which of the two counts, so neither is taken. Keep one and delete the other.",
    ),
    (
        "yaml-alias",
        "The file uses an anchor (&name) or an alias (*name).",
        (
            "A change to an anchor would change distant parts of a file that a reviewer does not look at. "
            "Write the content out where it is meant, or use a profile. "
            "A text that starts with & or * needs quotes."
        ),
    ),
    (
        "yaml-merge-key",
        "The file uses a merge key (<<).",
        (
            "YAML 1.2 has no merge keys, and what they bring in is not visible where it counts. "
            "Write the keys out, or use a profile."
        ),
    ),
    (
        "yaml-tag",
        "The file uses a tag (!name).",
        (
            "Tags choose types, and in some parsers run code; here only text, numbers, true, false and null are read. "
            "Remove the tag. A text that starts with ! needs quotes."
        ),
    ),
    (
        "yaml-directive",
        "The file has a directive other than %YAML 1.2.",
        (
            "Directives change how a file is read, and files here are read as YAML 1.2 only. "
            "Delete the line that starts with %. A text that starts with % needs quotes."
        ),
    ),
    (
        "yaml-key-not-text",
        "A key is a number, true, false, null, a list or a mapping.",
        (
            "Keys are text only, so that 1 and '1' cannot be two different keys. Put the key in quotes. "
            "A value such as {{ name }} needs quotes too: unquoted, it is a mapping with a mapping as key."
        ),
    ),
    (
        "yaml-number",
        "A number is too long or not finite.",
        (
            "Numbers have at most 64 characters and are finite: .inf and .nan cannot be compared or written as JSON. "
            "Put it in quotes if it is text, such as an id made of digits."
        ),
    ),
    (
        "too-deep",
        "The file is nested more than 32 levels deep.",
        (
            "No manifest needs that, and parsers have been brought down by it. "
            "Look for brackets that are opened and never closed, or make the content flatter."
        ),
    ),
    (
        "too-large",
        "The file is larger than 1 MiB.",
        "Larger files are refused unread, so that no file can exhaust the machine. Split it into several files.",
    ),
    (
        "too-many-nodes",
        "The file holds more than 25,000 keys, values and documents.",
        (
            "Reading stops there, so that no file can exhaust the machine; a document counts for three. "
            "Split it into several files."
        ),
    ),
    (
        "too-many-problems",
        "The file has 100 problems, and reading stopped.",
        "What follows the last problem was not read and may hold more. Mend these first, then look again.",
    ),
    (
        "bad-character",
        "The file holds a character that cannot be seen or that reorders text.",
        (
            "Control characters, bidirectional controls and non-characters make a line look like another in a review. "
            "Delete the character; it is often pasted along unseen. "
            "Where it belongs to a name, write its escape in double quotes, such as \\u200e; everybody can see that. "
            "NUL and half a surrogate pair are never text."
        ),
    ),
    (
        "bad-encoding",
        "The file is not UTF-8.",
        (
            "Manifests are UTF-8, with or without a byte order mark. Save the file as UTF-8 in your editor, "
            "or convert it with iconv."
        ),
    ),
)
