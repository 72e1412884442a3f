"""The single-file verifier for strangers: ``verify.py`` beside this file, copied and run without anything else."""
