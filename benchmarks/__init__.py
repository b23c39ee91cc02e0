"""Quality and speed, measured on data that is not part of the repository; the results are stored in ``results/``."""
