"""Networks of the gallery as a person would write them in torch, modules in the same order."""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class ConvAutoencoder(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.down1 = nn.Conv2d(1, 16, 3, stride=2, padding=1)
        self.down2 = nn.Conv2d(16, 32, 3, stride=2, padding=1)
        self.code = nn.Linear(32 * 7 * 7, 32)
        self.grow = nn.Linear(32, 32 * 7 * 7)
        self.up1 = nn.ConvTranspose2d(32, 16, 4, stride=2, padding=1)
        self.up2 = nn.ConvTranspose2d(16, 1, 4, stride=2, padding=1)

    def forward(self, digits: Tensor) -> tuple[Tensor, Tensor]:
        code = self.code(self.down2(self.down1(digits).relu()).relu().flatten(1))
        maps = self.grow(code).relu().view(-1, 32, 7, 7)
        picture = self.up2(self.up1(maps).relu()).sigmoid()
        return picture, F.mse_loss(picture, digits)


class DCGAN(nn.Module):
    """The generator and the discriminator of the paper, as in torch's own tutorial."""

    def __init__(self, width: int = 64) -> None:
        super().__init__()
        up: list[nn.Module] = []
        channels = 100
        for step, factor in enumerate((8, 4, 2, 1)):
            up += [
                nn.ConvTranspose2d(channels, factor * width, 4, min(step, 1) + 1, min(step, 1), bias=False),
                nn.BatchNorm2d(factor * width),
                nn.ReLU(),
            ]
            channels = factor * width
        self.generator = nn.Sequential(*up, nn.ConvTranspose2d(width, 3, 4, 2, 1, bias=False), nn.Tanh())
        down: list[nn.Module] = [nn.Conv2d(3, width, 4, 2, 1, bias=False), nn.LeakyReLU(0.2)]
        for factor in (1, 2, 4):
            down += [
                nn.Conv2d(factor * width, 2 * factor * width, 4, 2, 1, bias=False),
                nn.BatchNorm2d(2 * factor * width),
                nn.LeakyReLU(0.2),
            ]
        self.discriminator = nn.Sequential(*down, nn.Conv2d(8 * width, 1, 4, bias=False), nn.Sigmoid())

    def forward(self, noise: Tensor) -> tuple[Tensor, Tensor]:
        picture = self.generator(noise)
        return picture, self.discriminator(picture).flatten()


class LSTMClassifier(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(10_000, 100)
        self.lstm = nn.LSTM(100, 128, num_layers=2, batch_first=True, dropout=0.5, bidirectional=True)
        self.fc = nn.Linear(256, 2)

    def forward(self, words: Tensor) -> Tensor:
        _, (h_n, _) = self.lstm(self.embedding(words))
        return self.fc(torch.cat((h_n[-2], h_n[-1]), dim=1))


class _EncoderLayer(nn.Module):
    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(width)
        self.attention = nn.MultiheadAttention(width, heads, dropout=0.1, batch_first=True)
        self.norm2 = nn.LayerNorm(width)
        self.fc1 = nn.Linear(width, 4 * width)
        self.fc2 = nn.Linear(4 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        read = self.norm1(x)
        x = x + self.attention(read, read, read)[0]
        return x + self.fc2(F.gelu(self.fc1(self.norm2(x))))


class TransformerClassifier(nn.Module):
    def __init__(self, width: int = 128, heads: int = 4) -> None:
        super().__init__()
        self.embedding = nn.Embedding(20_000, width)
        self.positions = nn.Embedding(512, width)
        self.layers = nn.Sequential(_EncoderLayer(width, heads), _EncoderLayer(width, heads))
        self.norm = nn.LayerNorm(width)
        self.fc = nn.Linear(width, 4)

    def forward(self, words: Tensor) -> Tensor:
        x = self.embedding(words) + self.positions(torch.arange(words.shape[1]))
        return self.fc(self.norm(self.layers(x)).mean(1))


def _turned(x: Tensor, theta: float = 10_000.0) -> Tensor:
    """Rotary positions as turns of complex numbers: real parts in the first half of a head, imaginary in the second."""
    half = x.shape[-1] // 2
    angles = torch.outer(torch.arange(x.shape[-2]).float(), theta ** (-torch.arange(half).float() / half))
    turned = torch.complex(x[..., :half], x[..., half:]) * torch.polar(torch.ones_like(angles), angles)
    return torch.cat((turned.real, turned.imag), dim=-1)


class _LlamaLayer(nn.Module):
    def __init__(self, width: int, hidden: int, heads: int, groups: int) -> None:
        super().__init__()
        self.heads, self.groups, self.size = heads, groups, width // heads
        self.input_layernorm = nn.RMSNorm(width, eps=1e-5)
        self.q_proj = nn.Linear(width, heads * self.size, bias=False)
        self.k_proj = nn.Linear(width, groups * self.size, bias=False)
        self.v_proj = nn.Linear(width, groups * self.size, bias=False)
        self.o_proj = nn.Linear(heads * self.size, width, bias=False)
        self.post_attention_layernorm = nn.RMSNorm(width, eps=1e-5)
        self.gate_proj = nn.Linear(width, hidden, bias=False)
        self.up_proj = nn.Linear(width, hidden, bias=False)
        self.down_proj = nn.Linear(hidden, width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        read = self.input_layernorm(x)
        q, k, v = (
            project(read).unflatten(-1, (-1, self.size)).transpose(1, 2)
            for project in (self.q_proj, self.k_proj, self.v_proj)
        )
        attended = F.scaled_dot_product_attention(_turned(q), _turned(k), v, is_causal=True, enable_gqa=True)
        x = x + self.o_proj(attended.transpose(1, 2).flatten(2))
        read = self.post_attention_layernorm(x)
        return x + self.down_proj(F.silu(self.gate_proj(read)) * self.up_proj(read))


class SmolLM(nn.Module):
    """HuggingFaceTB/SmolLM-135M, after its configuration."""

    def __init__(self) -> None:
        super().__init__()
        self.embed_tokens = nn.Embedding(49_152, 576)
        self.layers = nn.Sequential(*(_LlamaLayer(576, 1536, 9, 3) for _ in range(30)))
        self.norm = nn.RMSNorm(576, eps=1e-5)
        self.lm_head = nn.Linear(576, 49_152, bias=False)
        self.lm_head.weight = self.embed_tokens.weight

    def forward(self, ids: Tensor) -> Tensor:
        return self.lm_head(self.norm(self.layers(self.embed_tokens(ids))))


TWINS: dict[str, Callable[[], nn.Module]] = {
    "conv_autoencoder": ConvAutoencoder,
    "dcgan": DCGAN,
    "lstm_classifier": LSTMClassifier,
    "transformer_classifier": TransformerClassifier,
    "smollm": SmolLM,
}
