"""Int8 rounding in the loop: the grids, the gradients, and what is left behind."""

from __future__ import annotations

import pytest

pytest.importorskip("torch")

import torch

from nlp.training.rounding import round_activation, round_weight, rounded


def test_a_row_of_weights_lies_on_its_own_grid() -> None:
    weight = torch.tensor([[1.27, 0.004, -0.5], [127.0, 0.4, -63.6]])
    assert torch.allclose(
        round_weight(weight), torch.tensor([[1.27, 0.0, -0.5], [127.0, 0.0, -64.0]]), atol=1e-6
    )


def test_a_row_of_zeros_stays() -> None:
    assert torch.equal(round_weight(torch.zeros(2, 3)), torch.zeros(2, 3))


def test_activations_have_256_levels_of_which_zero_is_one() -> None:
    values = torch.linspace(-1.0, 3.0, 2001)
    found = round_activation(values)
    assert len(found.unique()) <= 256
    assert (found - values).abs().max() <= 4 / 255
    assert float(round_activation(torch.tensor([0.0, 0.3, 2.0]))[0]) == 0.0


def test_gradients_pass_the_grid_unchanged() -> None:
    values = torch.tensor([-1.0, 0.2, 3.0], requires_grad=True)
    (round_activation(values) * torch.tensor([1.0, 2.0, 3.0])).sum().backward()
    assert values.grad is not None
    assert torch.equal(values.grad, torch.tensor([1.0, 2.0, 3.0]))


def test_layers_see_rounded_weights_and_inputs() -> None:
    torch.manual_seed(0)
    layer = torch.nn.Linear(8, 4)
    values = torch.randn(3, 8)
    expected = torch.nn.functional.linear(
        round_activation(values), round_weight(layer.weight), layer.bias
    )
    with rounded(torch.nn.Sequential(layer)):
        found = layer(values)
    assert torch.equal(found, expected)
    assert not torch.equal(found, layer(values))


def test_the_optimiser_moves_the_weights_before_rounding() -> None:
    torch.manual_seed(0)
    layer = torch.nn.Linear(8, 4)
    before = layer.weight.detach().clone()
    with rounded(layer):
        layer(torch.randn(3, 8)).sum().backward()
    assert torch.equal(layer.weight, before)
    assert layer.weight.grad is not None


def test_an_error_within_leaves_the_weights_and_no_hook() -> None:
    layer = torch.nn.Linear(8, 4)
    before = layer.weight.detach().clone()
    with pytest.raises(KeyError), rounded(layer):
        raise KeyError
    assert torch.equal(layer.weight, before)
    assert not layer._forward_pre_hooks


def test_nothing_happens_when_it_is_not_active() -> None:
    layer = torch.nn.Linear(8, 4)
    with rounded(layer, active=False):
        assert not layer._forward_pre_hooks
