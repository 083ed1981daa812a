"""The networks of the benchmarks written directly in torch: what Torchwire is compared with.

python -m tests.bench.reference NAME: milliseconds of building NAME on the meta device and running it there, in a
process that has done the same with LeNet before.
"""

from __future__ import annotations

import math
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(1)


class LeNet(nn.Module):
    """81,290 parameters, in the order of the README's document."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5)
        self.pool1 = nn.MaxPool2d((2, 2))
        self.conv2 = nn.Conv2d(6, 16, 3)
        self.pool2 = nn.MaxPool2d(2)
        self.flatten = nn.Flatten()
        self.fc1 = nn.Linear(576, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        x = self.pool1(F.relu(self.conv1(image)))
        x = self.flatten(self.pool2(F.relu(self.conv2(x))))
        return self.fc3(F.relu(self.fc2(F.relu(self.fc1(x)))))


def lenet(seed: int) -> torch.Tensor:
    """Builds and runs LeNet, as POST /forward does for this seed; shape [1, 10]."""
    torch.manual_seed(seed)
    model = LeNet()
    image = torch.randn(1, 1, 32, 32)
    with torch.no_grad():
        output: torch.Tensor = model.eval()(image)
    return output


class Residual(nn.Module):
    """A block of a ResNet: convolutions with batch norm between, and the input added."""

    def __init__(self, inplanes: int, sizes: list[tuple[int, int, int]]) -> None:
        """`sizes`: channels, kernel and stride of each convolution."""
        super().__init__()
        self.convs, self.norms = nn.ModuleList(), nn.ModuleList()
        channels, steps = inplanes, 1
        for planes, kernel, stride in sizes:
            self.convs.append(nn.Conv2d(channels, planes, kernel, stride, padding=kernel // 2, bias=False))
            self.norms.append(nn.BatchNorm2d(planes))
            channels, steps = planes, steps * stride
        self.downsample: nn.Module = nn.Identity()
        if steps != 1 or channels != inplanes:
            self.downsample = nn.Sequential(
                nn.Conv2d(inplanes, channels, 1, steps, bias=False), nn.BatchNorm2d(channels)
            )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = x
        for index, (conv, norm) in enumerate(zip(self.convs, self.norms, strict=True)):
            y = norm(conv(F.relu(y) if index else y))
        return F.relu(y + self.downsample(x))


def resnet(depths: list[int], wide: bool) -> nn.Module:
    """ResNet-18 for [2, 2, 2, 2], ResNet-50 for [3, 4, 6, 3] and wide blocks."""
    layers: list[nn.Module] = [
        nn.Conv2d(3, 64, 7, 2, 3, bias=False),
        nn.BatchNorm2d(64),
        nn.ReLU(),
        nn.MaxPool2d(3, 2, 1),
    ]
    channels = 64
    for stage, depth in enumerate(depths):
        planes = 64 << stage
        for index in range(depth):
            stride = 2 if stage and not index else 1
            narrow = [(planes, 3, stride), (planes, 3, 1)]
            layers.append(
                Residual(channels, [(planes, 1, 1), (planes, 3, stride), (planes * 4, 1, 1)] if wide else narrow)
            )
            channels = planes * 4 if wide else planes
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, 1000))


class Attention(nn.Module):
    """GPT-2's causal self attention, written out as the document has it."""

    def __init__(self) -> None:
        super().__init__()
        self.c_attn = nn.Linear(768, 2304)
        self.c_proj = nn.Linear(768, 768)
        self.attn_dropout, self.resid_dropout = nn.Dropout(0.1), nn.Dropout(0.1)
        self.register_buffer("mask", torch.tril(torch.ones(1024, 1024)).view(1, 1, 1024, 1024))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        batch, time_, width = x.shape
        q, k, v = (part.view(batch, time_, 12, 64).transpose(1, 2) for part in self.c_attn(x).split(width, dim=2))
        scores = (q @ k.transpose(-2, -1)) * (1.0 / math.sqrt(64))
        scores = scores.masked_fill(self.mask[:, :, :time_, :time_] == 0, -math.inf)
        y = self.attn_dropout(F.softmax(scores, dim=-1)) @ v
        return self.resid_dropout(self.c_proj(y.transpose(1, 2).contiguous().view(batch, time_, width)))


class Decoder(nn.Module):
    """One of GPT-2's twelve blocks."""

    def __init__(self) -> None:
        super().__init__()
        self.ln_1, self.attn, self.ln_2 = nn.LayerNorm(768), Attention(), nn.LayerNorm(768)
        self.c_fc, self.c_proj, self.dropout = nn.Linear(768, 3072), nn.Linear(3072, 768), nn.Dropout(0.1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x + self.attn(self.ln_1(x))
        return x + self.dropout(self.c_proj(F.gelu(self.c_fc(self.ln_2(x)), approximate="tanh")))


class GPT2(nn.Module):
    """GPT-2 small, its head tied to its embedding."""

    def __init__(self) -> None:
        super().__init__()
        self.wte, self.wpe = nn.Embedding(50257, 768), nn.Embedding(1024, 768)
        self.drop, self.h = nn.Dropout(0.1), nn.Sequential(*(Decoder() for _ in range(12)))
        self.ln_f, self.lm_head = nn.LayerNorm(768), nn.Linear(768, 50257, bias=False)
        self.wte.weight = self.lm_head.weight

    def forward(self, idx: torch.Tensor) -> torch.Tensor:
        x = self.drop(self.wte(idx) + self.wpe(torch.arange(idx.shape[1], device=idx.device)))
        logits: torch.Tensor = self.lm_head(self.ln_f(self.h(x)))
        return logits


def on_meta(name: str) -> tuple[int, list[int]]:
    """Builds and runs a network on the meta device: its number of parameters, the shape of its output."""
    with torch.device("meta"), torch.no_grad():
        if name == "GPT_2_small":
            model: nn.Module = GPT2()
            output = model(torch.zeros(2, 64, dtype=torch.int64))
        elif name == "LeNet":
            model = LeNet()
            output = model(torch.randn(1, 1, 32, 32))
        else:
            model = resnet([3, 4, 6, 3], wide=True) if name == "ResNet_50" else resnet([2, 2, 2, 2], wide=False)
            output = model(torch.randn(2, 3, 96, 96))
    return sum(parameter.numel() for parameter in model.parameters()), list(output.shape)


if __name__ == "__main__":
    on_meta("LeNet")
    start = time.perf_counter()
    on_meta(sys.argv[1])
    print((time.perf_counter() - start) * 1000)
