"""Framing by codebook and grammar, each code with its evidence.

Cue classes, labels of actors, frames, hedges, loaded words, scare quotes, passives, who acts on whom, blame and calls to action.
"""

from newsanalysis.framing.acts import agency
from newsanalysis.framing.cues import code_cues
from newsanalysis.framing.frames import answered_frames, code_frames, frame_items, indicated_frames
from newsanalysis.framing.labels import code_labels
from newsanalysis.framing.passives import code_passives
from newsanalysis.framing.scare_quotes import code_scare_quotes
from newsanalysis.framing.statements import code_statements
from newsanalysis.framing.words import code_words

__all__ = [
    "agency",
    "answered_frames",
    "code_cues",
    "code_frames",
    "code_labels",
    "code_passives",
    "code_scare_quotes",
    "code_statements",
    "code_words",
    "frame_items",
    "indicated_frames",
]
