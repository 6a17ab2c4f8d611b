"""What can be learned: a text, how it becomes numbers, and how these become a text again."""
