"""The lessons: what stands in their three regions, and where its numbers come from."""
