# One image for orchestrator, worker and web; docker-compose.yml says which of them a container is.
FROM node:22-slim AS pages
WORKDIR /src/webui/frontend
COPY webui/frontend/package.json webui/frontend/package-lock.json webui/frontend/.npmrc ./
RUN npm ci --no-fund --no-audit
COPY webui/frontend ./
RUN npm run build

FROM python:3.12-slim
RUN useradd --system --uid 1990 --home-dir /var/lib/zuoxi --create-home zuoxi
WORKDIR /app
COPY requirements.txt constraints.txt pyproject.toml ./
RUN pip install --no-cache-dir --constraint constraints.txt -r requirements.txt
COPY . .
COPY --from=pages /src/webui/static webui/static
RUN pip install --no-cache-dir --no-deps --editable .
RUN install -d -o zuoxi -m 755 /var/lib/zuoxi/recordings /var/lib/zuoxi/sounds /var/lib/zuoxi/certs && chmod 700 /var/lib/zuoxi
USER zuoxi
ENV ZUOXI_DATA_DIR=/var/lib/zuoxi PYTHONUNBUFFERED=1
VOLUME /var/lib/zuoxi
CMD ["zuoxi", "--help"]
