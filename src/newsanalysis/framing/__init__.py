"""Framing by codebook and grammar: cue classes, labels, hedges, loaded words, passives, who acts on whom; each with its evidence."""

from newsanalysis.framing.acts import agency
from newsanalysis.framing.cues import code_cues
from newsanalysis.framing.passives import code_passives
from newsanalysis.framing.words import code_words

__all__ = ["agency", "code_cues", "code_passives", "code_words"]
