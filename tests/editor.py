"""An editor as the tests need one: it opens a project's files in the real yaml-language-server and sees what an author would see."""

from __future__ import annotations

import json
import queue
import shutil
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from tests.reader import ROOT

SERVER = ROOT / ".node" / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
PATIENCE = 60.0  # seconds for an answer, on a busy machine
_CAN = {
    "textDocument": {
        "completion": {"completionItem": {"documentationFormat": ["markdown"], "snippetSupport": True}},
        "hover": {"contentFormat": ["markdown"]}, "publishDiagnostics": {},
    },
    "workspace": {"configuration": True, "workspaceFolders": True},
}


class Editor:
    """A window on a project. Places are written as text: `|` in the file stands where the cursor is."""

    def __init__(self, server: subprocess.Popen[bytes], project: Path) -> None:
        self._server, self._project = server, project
        self._settings = json.loads((project / ".vscode" / "settings.json").read_text(encoding="utf-8"))
        self._heard: queue.Queue[dict[str, Any]] = queue.Queue()
        self._count = 0
        assert server.stdout is not None
        threading.Thread(target=_listen, args=(server.stdout, self._heard), daemon=True).start()
        folder = {"uri": project.as_uri(), "name": project.name}
        self._ask("initialize", processId=None, rootUri=project.as_uri(), capabilities=_CAN, workspaceFolders=[folder])
        self._say("initialized")
        self._say("workspace/didChangeConfiguration", settings=_nested(self._settings))
        if "yaml.schemas" in self._settings:
            self._await_schemas()

    def _await_schemas(self) -> None:
        """Wait until the server has taken the settings: only then does it mark a word that no schema has."""
        uri = self._open("directives/thu.yaml", "khong-co: 1\n")
        self._hear(lambda each: each.get("params", {}).get("uri") == uri and each["params"]["diagnostics"])
        self._say("textDocument/didClose", textDocument={"uri": uri})

    def marks(self, name: str, text: str | None = None) -> list[tuple[str, str]]:
        """What is underlined in a file, or in this text of it, and what is said about it."""
        [found] = self.marks_of_all([(name, text)])
        return found

    def marks_of_all(self, files: Sequence[tuple[str, str | None]]) -> list[list[tuple[str, str]]]:
        """The marks of several files that are opened at once."""
        texts = [(self._project / name).read_text(encoding="utf-8") if text is None else text for name, text in files]
        uris = [self._open(name, text) for (name, _), text in zip(files, texts, strict=True)]
        told: dict[str, list[dict[str, Any]]] = {}
        while not told.keys() >= set(uris):
            said = self._hear(lambda each: each.get("method") == "textDocument/publishDiagnostics")["params"]
            told[said["uri"]] = said["diagnostics"]
        for uri in uris:
            self._say("textDocument/didClose", textDocument={"uri": uri})
        found = [(text, told[uri]) for text, uri in zip(texts, uris, strict=True)]
        return [[(_cut(text, each["range"]), each["message"]) for each in marks] for text, marks in found]

    def offers(self, name: str, text: str) -> dict[str, str]:
        """What is offered where the cursor stands, each with its explanation."""
        found = self._at("textDocument/completion", name, text)
        return {item["label"]: _words(item.get("documentation")) for item in found["items"]}

    def inserts(self, name: str, text: str, word: str) -> str:
        """What stands in the file when an offered word is taken."""
        found = self._at("textDocument/completion", name, text)
        [item] = [item for item in found["items"] if item["label"] == word]
        return str(item.get("textEdit", {}).get("newText") or item["insertText"])

    def hover(self, name: str, text: str) -> str:
        """What is said of the word under the cursor."""
        found = self._at("textDocument/hover", name, text)
        return _words(found["contents"]) if found else ""

    def _at(self, question: str, name: str, text: str) -> Any:
        before, _, after = text.partition("|")
        uri = self._open(name, before + after)
        place = {"line": before.count("\n"), "character": len(before) - before.rfind("\n") - 1}
        answer = self._ask(question, textDocument={"uri": uri}, position=place)
        self._say("textDocument/didClose", textDocument={"uri": uri})
        return answer

    def _open(self, name: str, text: str) -> str:
        """Open a text as another file of the same folder: what is said of a closed one comes late."""
        self._count += 1
        path = self._project / name
        uri = path.with_stem(f"{path.stem}-{self._count}").as_uri()
        self._say("textDocument/didOpen", textDocument={"uri": uri, "languageId": "yaml", "version": self._count, "text": text})
        return uri

    def _say(self, method: str, **params: Any) -> None:
        self._send({"method": method, "params": params})

    def _ask(self, method: str, **params: Any) -> Any:
        self._count += 1
        number = self._count
        self._send({"id": number, "method": method, "params": params})
        return self._hear(lambda each: each.get("id") == number and "method" not in each)["result"]

    def _hear(self, wanted: Any) -> dict[str, Any]:
        """The next message that is wanted; what the server asks meanwhile is answered."""
        while True:
            message = self._heard.get(timeout=PATIENCE)
            if wanted(message):
                return message
            if "id" in message and "method" in message:
                asked = message["params"].get("items", ()) if message["method"] == "workspace/configuration" else None
                nested = _nested(self._settings)
                self._send({"id": message["id"], "result": asked and [nested.get(item["section"]) for item in asked]})

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._server.stdin is not None
        self._server.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._server.stdin.flush()


@contextmanager
def opened(project: Path) -> Iterator[Editor]:
    """An editor on a project, closed at the end."""
    node = shutil.which("node")
    assert node is not None
    with subprocess.Popen([node, SERVER, "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        try:
            yield Editor(server, project)
        finally:
            server.kill()


def _listen(stream: IO[bytes], heard: queue.Queue[dict[str, Any]]) -> None:
    while header := stream.readline():
        if header.lower().startswith(b"content-length:"):
            size = int(header.split(b":")[1])
            while stream.readline().strip():
                pass
            heard.put(json.loads(stream.read(size)))


def _nested(settings: dict[str, Any]) -> dict[str, Any]:
    """`{"yaml.hover": true}` as `{"yaml": {"hover": true}}`, as an editor hands it over."""
    nested: dict[str, Any] = {}
    for name, value in settings.items():
        *path, last = name.split(".")
        place = nested
        for part in path:
            place = place.setdefault(part, {})
        place[last] = value
    return nested


def _cut(text: str, span: dict[str, dict[str, int]]) -> str:
    """The text of a range; of several lines the first."""
    start, end = span["start"], span["end"]
    line = text.split("\n")[start["line"]]
    return line[start["character"] : end["character"] if end["line"] == start["line"] else None]


def _words(said: str | dict[str, str] | None) -> str:
    return said.get("value", "") if isinstance(said, dict) else said or ""
