"""The contract of attributors: one test for all of them, and a broken attributor for each thing it must catch."""

import pickle
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsanalysis.attribution import ATTRIBUTORS
from newsanalysis.attribution.contract import Attribution, fault
from newsanalysis.attribution.encoder import SHIPPED
from newsanalysis.attribution.patterns import patterns

PIECES = [
    "“We will rebuild,” said Anna Kovac. ",
    '"We will rebuild," the mayor told reporters. "Soon." ',
    "Officials said Tuesday that the dam had burst. ",
    "However, Lindqvist warned against haste, adding that nobody knew. ",
    "According to the ministry, ‘all is well’. ",
    "The bridge, officials said, will reopen. ",
    "“It was dark.\n",
    "“We heard bangs,” she said.\n\n",
    "Kovac: “The bridge is safe.”\n",
    "Brazil Warns EU Trade Rules Could Hurt Farms\n",
    "The city fell. ",
    "''Never,'' he said ",
    "said ",
    "“ ",
    "\ud83c ",
    "🌉 é ",
]
TEXTS = st.lists(st.lists(st.sampled_from(PIECES), max_size=8).map("".join), max_size=6)


NO_MODEL = pytest.mark.skipif(not (SHIPPED / "config.json").is_file(), reason="the learned attributor's model is not in this checkout")
NAMES = [pytest.param(name, marks=[NO_MODEL] if name == "learned" else []) for name in ATTRIBUTORS]
EXAMPLES = {"patterns": 60}


def check_contract(attributor, texts):
    """Hold an attributor to the contract on these texts."""
    answers = list(attributor(iter(texts)))
    assert len(answers) == len(texts), "one answer a text"
    for text, answer in zip(texts, answers, strict=True):
        assert text.strip() or not answer, "an empty text gives nothing"
        for one in answer:
            assert fault(text, one) is None, fault(text, one)
    assert list(attributor(list(texts))) == answers, "deterministic"
    alone = [answer for text in texts for answer in attributor([text])]
    assert alone == answers, "splitting the batch changes nothing, and answers come in order"


@pytest.mark.parametrize("name", NAMES)
def test_contract(name):
    """Every attributor of the package keeps the contract, on texts made of parts that contain attributions."""
    attributor = ATTRIBUTORS[name]()
    assert sum(map(len, attributor(PIECES))) >= 8, "the parts do contain attributions"

    @settings(max_examples=EXAMPLES.get(name, 12))
    @given(TEXTS)
    def holds(texts):
        check_contract(attributor, texts)

    holds()
    check_contract(attributor, [*PIECES, "", " \n"])


@pytest.mark.parametrize("name", NAMES)
def test_attributors_stream(name):
    """An attributor answers the first text before it asks for all of them, so that a corpus need not fit in memory."""
    asked = []

    def texts():
        for n in range(10_000):
            asked.append(n)
            yield PIECES[2]

    next(ATTRIBUTORS[name]()(texts()))
    assert len(asked) < 10_000


@pytest.mark.parametrize("name", NAMES)
def test_attributors_can_be_sent_to_other_processes(name):
    """A copy, as another process gets it, answers the same and says the same version."""
    attributor = ATTRIBUTORS[name]()
    answers = list(attributor(PIECES[:3]))
    copied = pickle.loads(pickle.dumps(attributor))
    assert list(copied(PIECES[:3])) == answers
    assert copied.version == attributor.version


def drops_a_text(texts):
    """Give no answer to an empty text."""
    for text, answer in zip(texts := list(texts), patterns(texts), strict=True):
        if text.strip():
            yield answer


def answers_backwards(texts):
    """Give the answers in the wrong order."""
    yield from reversed(list(patterns(texts)))


def shifts_spans(texts):
    """Move contents out of the text."""
    for answer in patterns(texts):
        yield [replace(one, content=tuple((start + 1000, end + 1000) for start, end in one.content)) for one in answer]


def empties_spans(texts):
    """Make contents empty."""
    for answer in patterns(texts):
        yield [replace(one, content=((one.content[0][0], one.content[0][0]),)) for one in answer]


def remembers(texts, seen=None):
    """Forget attributions of texts that it has seen in this batch."""
    seen = set() if seen is None else seen
    for text, answer in zip(texts := list(texts), patterns(texts), strict=True):
        yield [] if text in seen else answer
        seen.add(text)


def finds_in_nothing(texts):
    """Find a content in white space."""
    for text, answer in zip(texts := list(texts), patterns(texts), strict=True):
        yield answer if text.strip() or not text else [Attribution((), (), ((0, len(text)),))]


class Changes:
    """An attributor whose answers change from call to call."""

    def __init__(self):
        self.calls = 0

    def __call__(self, texts):
        """Give nothing in every second call."""
        self.calls += 1
        quiet = self.calls % 2 == 0
        return ([] if quiet else answer for answer in patterns(texts))


BROKEN = [drops_a_text, answers_backwards, shifts_spans, empties_spans, remembers, finds_in_nothing, Changes()]


@pytest.mark.parametrize("attributor", BROKEN, ids=lambda one: getattr(one, "__name__", "changes"))
def test_broken_attributors_are_caught(attributor):
    """Each way to break the contract makes the check fail: the check can fail."""
    with pytest.raises(AssertionError):
        check_contract(attributor, [PIECES[2], "", " ", PIECES[3], PIECES[2]])


@pytest.mark.parametrize(
    ("attribution", "why"),
    [
        ("he said", "an Attribution is needed, not str"),
        (Attribution((), (), ()), "the content is empty"),
        (Attribution((), (), ((2, 3),)), "the content is empty"),
        (Attribution((), (), ((0, 0),)), r"content \(0, 0\) is empty"),
        (Attribution(((0, 99),), (), ((0, 2),)), r"source \(0, 99\) lies outside the text, which has 8 code points"),
        (Attribution((), ((-1, 2),), ((0, 2),)), "cue .* outside"),
        (Attribution((), (), ((3, 5), (0, 2))), "overlaps the piece before it, or stands before it"),
        (Attribution((), (), ((0.0, 2),)), r"\(start, end\) in whole numbers"),
        (Attribution((), (), ((0, 2, 3),)), r"\(start, end\) in whole numbers"),
        (Attribution((), (), ((0, 2),), 1.5), "confidence 1.5 is not between 0 and 1"),
        (Attribution((), (), ((0, 2),), float("nan")), "confidence nan"),
    ],
)
def test_faults_are_named(attribution, why):
    """What is wrong with an attribution is said in one sentence."""
    with pytest.raises(AssertionError, match=why):
        raise AssertionError(fault("He lied.", attribution))
