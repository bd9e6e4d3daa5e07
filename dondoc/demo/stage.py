"""The demonstration's project: the directive and its directory in a folder of their own, with settings that reach no network."""

from __future__ import annotations

import socket
from importlib.resources import files
from pathlib import Path

from config.settings import Settings, load

FILES = ("directives/2020-cai-rang-898-ubnd.yaml", "config/agencies/cai-rang.yaml")


def project(home: Path, web_port: int, prefect_port: int) -> Settings:
    """A project of the demonstration's own: the directive, its directory, settings that reach no network."""
    for name in FILES:
        target = home / name
        target.parent.mkdir(parents=True, exist_ok=True)
        package, _, rest = name.partition("/")
        target.write_bytes(files(package).joinpath(rest).read_bytes())
    (home / "dondoc.toml").write_text(
        f'base_url = "http://127.0.0.1:{web_port}"\nweb_port = {web_port}\nprefect_port = {prefect_port}\nsmtp_host = "127.0.0.1"\n'
        'smtp_tls = "plain"\nmail_from = "dondoc@cairang.example"\nmail_from_name = "UBND quận Cái Răng"\n',
        encoding="utf-8",
    )
    return load(home)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
