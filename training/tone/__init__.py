"""How the model of tone toward a target is made; not in the wheel."""
