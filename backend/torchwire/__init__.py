"""Torchwire: draw a neural network and see at once what real PyTorch does with it."""
