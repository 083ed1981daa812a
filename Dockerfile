# The server as an image: the page, Python, and torch without GPU libraries.  docs/classroom.md

FROM node:20-bookworm-slim AS page
WORKDIR /torchwire/frontend
COPY frontend/package.json frontend/package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY frontend ./
RUN npm run build


# What changes rarely comes first: torch, then the other packages, then the program.
FROM python:3.11-slim-bookworm AS packages
ENV PATH=/opt/torchwire/bin:$PATH PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /build
RUN python -m venv /opt/torchwire
# The package index for torch alone. Empty is pip's own, or PyTorch's CPU index where pip's own would bring libraries for
# GPUs, which nothing here uses.
ARG TORCH_INDEX=
COPY .ci/torch_index.py constraints.txt ./
RUN version=$(sed -n 's/^torch==//p' constraints.txt) \
    && pip install --no-deps torch==$version \
       $(python torch_index.py $version $TORCH_INDEX) \
    && cd /opt/torchwire/lib/python*/site-packages/torch && rm -r include test  # 145 MB for C++ built against torch
# The project without its code: its requirements.
COPY pyproject.toml ./
RUN mkdir backend && touch README.md \
    && pip install --constraint constraints.txt ".[postgres]"


FROM packages AS program
COPY README.md LICENSE ./
COPY backend backend
COPY --from=page /torchwire/backend/torchwire/static backend/torchwire/static
RUN pip install --no-deps --ignore-installed --prefix /program .


FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin torchwire \
    && install -d -o torchwire -g torchwire -m 700 /data
COPY --from=packages /opt/torchwire /opt/torchwire
COPY --from=program /program /opt/torchwire
ENV PATH=/opt/torchwire/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 TORCHWIRE_DATA=/data
USER torchwire
WORKDIR /data
VOLUME /data
EXPOSE 8000
# http.client: unlike urllib it takes no notice of a proxy that Docker passes on.
HEALTHCHECK --interval=10s --timeout=5s --start-period=90s --retries=3 CMD ["python", "-ISc", "\
import http.client, sys; \
server = http.client.HTTPConnection('127.0.0.1', 8000, timeout=4); \
server.request('GET', '/api/v1/health'); \
sys.exit(server.getresponse().status != 200)"]
CMD ["torchwire", "serve", "--host", "0.0.0.0", "--port", "8000"]
