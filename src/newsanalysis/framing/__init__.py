"""Framing by codebook and grammar: cue classes, labels, hedges, loaded words, passives, who acts on whom; each with its evidence."""

from newsanalysis.framing.acts import agency
from newsanalysis.framing.cues import code_cues
from newsanalysis.framing.frames import answered_frames, code_frames, frame_items, indicated_frames
from newsanalysis.framing.passives import code_passives
from newsanalysis.framing.words import code_words

__all__ = ["agency", "answered_frames", "code_cues", "code_frames", "code_passives", "code_words", "frame_items", "indicated_frames"]
