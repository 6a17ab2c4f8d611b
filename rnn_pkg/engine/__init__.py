"""Recurrent networks as arithmetic: arrays in, arrays out."""
