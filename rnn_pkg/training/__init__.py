"""The run: it learns step by step, is saved and goes on, is rescued, judged and taken home."""
