"""What the page may ask: plain values in, plain values out."""
