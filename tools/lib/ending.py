"""How a check ends that could try nothing: here, or of what it was asked for."""
import operator
import sys

# For want of root or of a tracer: not done is neither kept nor broken. tools/lib/setup.sh has it for the scripts.
LEFT_OUT = 75
USAGE = 64


def require_known(asked, names, means=operator.eq, shown=None):
    """Ends the check if it was asked for what none of its cases is called: it would try nothing, and nothing fail.
    `shown` stands for the names where those are many."""
    for word in asked or []:
        if not any(means(word, name) for name in names):
            print(f"error: nothing here is called {word}; there are: {', '.join(shown or names)}", file=sys.stderr)
            sys.exit(USAGE)
