"""Tells the code of a Swift file from its comments and string literals, well enough to search in each."""
import re

CODE, COMMENT, STRING = "code", "comment", "string"

_OPENING = re.compile(r'#*"""|#*"')


def code_and_comments(text):
    """Two texts of the same length and lines as `text`: the code without the rest, and the comments without the rest.

    Whatever is left out is blanked, so that line numbers and columns stay true. Code interpolated into a
    string counts as code.
    """
    kinds = list(_pieces(text))
    return _only(CODE, kinds), _only(COMMENT, kinds)


def _only(wanted, pieces):
    return "".join(
        piece if kind == wanted else "".join("\n" if character == "\n" else " " for character in piece)
        for kind, piece in pieces
    )


def _pieces(text):
    """Yields (kind, piece) in order; the pieces joined are the text."""
    at = 0
    # Each open interpolation: the string to go on with after its closing parenthesis, and how deep that one is.
    interpolations = []
    depth = 0
    while at < len(text):
        if text.startswith("//", at):
            end = _or_end(text.find("\n", at), text)
            yield COMMENT, text[at:end]
        elif text.startswith("/*", at):
            end = _end_of_block_comment(text, at)
            yield COMMENT, text[at:end]
        elif opening := _OPENING.match(text, at):
            end, interpolated = _end_of_string(text, opening.end(), opening.group())
            yield STRING, text[at:end]
            if interpolated:
                interpolations.append((opening.group(), depth))
                depth = 0
        elif text[at] == ")" and interpolations and depth == 0:
            delimiter, depth = interpolations.pop()
            end, interpolated = _end_of_string(text, at + 1, delimiter)
            yield STRING, text[at:end]
            if interpolated:
                interpolations.append((delimiter, depth))
                depth = 0
        else:
            depth += {"(": 1, ")": -1}.get(text[at], 0)
            end = at + 1
            yield CODE, text[at:end]
        at = end


def _or_end(position, text):
    return len(text) if position < 0 else position


def _end_of_block_comment(text, start):
    """Block comments nest in Swift."""
    depth = 0
    for mark in re.compile(r"/\*|\*/").finditer(text, start):
        depth += 1 if mark.group() == "/*" else -1
        if depth == 0:
            return mark.end()
    return len(text)


def _end_of_string(text, start, opening):
    """Where the string that goes on at `start` ends or is interrupted, and whether an interpolation starts there."""
    pounds = "#" * opening.count("#")
    quotes = opening[len(pounds):]
    closing, escape = quotes + pounds, "\\" + pounds
    at = start
    while at < len(text):
        if text.startswith(closing, at):
            return at + len(closing), False
        if text.startswith(escape, at):
            after = at + len(escape)
            if text[after:after + 1] == "(":
                return after + 1, True
            at = after + 1
        elif text[at] == "\n" and quotes == '"':
            return at, False
        else:
            at += 1
    return len(text), False


class Literal:
    """A string literal: where it starts, and its text as Swift reads it with `%1`, `%2` … for what is interpolated."""

    def __init__(self, position, opening):
        self.position = position
        self.pounds = "#" * opening.count("#")
        self.is_multiline = opening.endswith('"""')
        self.parts = [""]

    @property
    def key(self):
        """The text as a `Phrase` has it for its key: a sign `%` of its own is doubled."""
        text = "".join(
            part.replace("%", "%%") + (f"%{number}" if number < len(self.parts) else "")
            for number, part in enumerate(self.parts, 1)
        )
        if self.is_multiline:
            text = _without_margin(text)
            text = re.sub(r"\\" + self.pounds + r"[ \t]*\n", "", text)
        return _unescaped(text, "\\" + self.pounds)


def literals(text):
    """Every string literal in the order of their ends, also those within interpolations of others."""
    open_literals = []
    at = 0
    for kind, piece in _pieces(text):
        if kind == STRING:
            if piece.startswith(")"):
                literal, body = open_literals[-1], piece[1:]
                literal.parts.append("")
            else:
                opening = _OPENING.match(piece).group()
                literal, body = Literal(at, opening), piece[len(opening):]
                open_literals.append(literal)
            escape = "\\" + literal.pounds + "("
            if body.endswith(escape):
                literal.parts[-1] += body[:-len(escape)]
            else:
                closing = ('"""' if literal.is_multiline else '"') + literal.pounds
                literal.parts[-1] += body[:-len(closing)] if body.endswith(closing) else body
                yield open_literals.pop()
        at += len(piece)


def _without_margin(text):
    lines = text.split("\n")
    margin = lines[-1]
    return "\n".join(line.removeprefix(margin) if line.strip() else "" for line in lines[1:-1])


def _unescaped(text, escape):
    simple = {"n": "\n", "t": "\t", "r": "\r", "0": "\0"}

    def character(match):
        code, letter = match.groups()
        return chr(int(code, 16)) if code else simple.get(letter, letter)

    return re.sub(re.escape(escape) + r"(?:u\{([0-9A-Fa-f]+)\}|(.))", character, text)
