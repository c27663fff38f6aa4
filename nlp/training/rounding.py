"""Training with the rounding of int8 in the loop, so that the served weights decide as these do.

Weights are rounded a row (per output channel, symmetric), activations a tensor (asymmetric, range
of the batch), as ONNX Runtime's dynamic quantisation does; gradients pass straight through
(Jacob 2018, arXiv 1712.05877).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn


@contextmanager
def rounded(network: nn.Module, *, active: bool = True) -> Iterator[None]:
    """Within, every linear layer of `network` sees rounded inputs and weights when `active`."""
    if not active:
        yield
        return
    layers = [module for module in network.modules() if isinstance(module, nn.Linear)]
    kept = [layer.weight.detach().clone() for layer in layers]
    handles = [layer.register_forward_pre_hook(_round_input) for layer in layers]
    try:
        with torch.no_grad():
            for layer in layers:
                layer.weight.copy_(round_weight(layer.weight))
        yield
    finally:
        # The optimiser must move the unrounded weights: small steps would be lost in the grid.
        with torch.no_grad():
            for layer, value in zip(layers, kept, strict=True):
                layer.weight.copy_(value)
        for handle in handles:
            handle.remove()


def round_weight(weight: Tensor) -> Tensor:
    """(out, in) on the grid of its rows' int8."""
    scale = weight.abs().amax(1, keepdim=True).clamp_min(1e-8) / 127
    return (weight / scale).round().clamp(-127, 127) * scale


def round_activation(values: Tensor) -> Tensor:
    """Any shape, on the grid of one uint8 over its whole range; gradients pass unchanged."""
    with torch.no_grad():
        low = values.amin().clamp_max(0).float()
        high = values.amax().clamp_min(0).float()
        scale = ((high - low) / 255).clamp_min(1e-8)
        zero = (-low / scale).round()
        on_grid = ((values.float() / scale).round() + zero).clamp(0, 255).sub(zero) * scale
    return values + (on_grid.to(values.dtype) - values).detach()


def _round_input(_module: nn.Module, inputs: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    return (round_activation(inputs[0]), *inputs[1:])
