# One image for every part of an office: worker, pages, command line. It holds what requirements.lock pins, checked by hash.
FROM python:3.11-slim
RUN useradd --create-home --uid 1000 office && install --directory --owner office /office
WORKDIR /src
COPY requirements.lock ./
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes --requirement requirements.lock
COPY . .
RUN pip install --no-cache-dir --disable-pip-version-check --no-deps .
USER office
# Not the project's folder: what lies in the working directory would be imported first.
WORKDIR /home/office
ENV DONDOC_HOME=/office
CMD ["dondoc", "doctor"]
