"""A real Chromium, a JupyterLab server of one's own, and tabs that note all that goes wrong in them.

The tests are skipped, by name, where playwright or a browser is not there. The browser is the one that the environment variable
NEWSANALYSIS_BROWSER names, or else the first of NAMES on the path; nothing is downloaded, and nothing but this machine is reached.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pandas as pd
import pytest

import newsanalysis as na

VARIABLE = "NEWSANALYSIS_BROWSER"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge", "microsoft-edge")
ROOT = Path(__file__).parents[2]
NOTEBOOK = "02_who_speaks.ipynb"
SHUT = ("--no-proxy-server", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--disable-gpu")
_SETTINGS: dict[str, dict[str, Any]] = {
    "apputils-extension/notification": {"checkForUpdates": False, "doNotDisturbMode": True, "fetchNews": "false"},
    "notebook-extension/tracker": {"windowingMode": "none"},
}
_OFF = ("@jupyterlab/apputils-extension:announcements", "@jupyterlab/extensionmanager-extension")
HARMFUL = "<script>alert(1)</script> </style></mark></div>\"'><img src=x onerror=alert(2)><a href='javascript:alert(3)'>here</a>"
MARKED = (  # texts in which square, round and curly brackets are source, cue and content of the attribution whose number follows; marks nest
    f"[Ann Lee]1 (said)1 {{that {HARMFUL} was closed}}1.\n\nRain fell, and {{“[he]3 (told)3 us {{that [I]4 {{denied}}4 it}}3,”}}2 (said)2 [a man]2.",
    "[He]1 (said)1 {that \u202eevil is good\u202c and \u2067so\u2069 on}1; [\u200fقال الرئيس]2 (said)2 {👩🏽\u200d🚀 &amp; \t two  spaces\r\n&#13;}2.",
    f"[{'W' * 300}]1 (allegedly)1 {{{'Ж' * 200}}}1, {{x}}2.",
    "قال [عمدة المدينة]1 إن {الطريق مفتوح}1.",
)


def _parsed(marked: str) -> tuple[str, list[tuple[int, str, int, int]]]:
    """The text without its brackets, and number, role, start and end of each mark."""
    roles = {"]": "source", ")": "cue", "}": "content"}
    text, opened, marks = "", [], []
    for piece in re.split(r"([\[({]|[\])}]\d)", marked.replace(HARMFUL, "\0")):
        if piece in ("[", "(", "{"):
            opened.append(len(text))
        elif piece[:1] in roles and piece[1:].isdigit():
            marks.append((int(piece[1:]), roles[piece[0]], opened.pop(), len(text)))
        else:
            text += piece.replace("\0", HARMFUL)
    return text, marks


@pytest.fixture(scope="session")
def hostile() -> na.Found:
    """Texts, names and camps that would be live, turned round or too wide, with marks that nest."""
    camps = ("nato", "russian", "ukrainian", "The Association of Municipal Water Works and Sewers, Region Nine", "حزب المدينة", HARMFUL)
    texts, rows, spans = [], [], []
    for at, (text, marks) in enumerate(map(_parsed, MARKED)):
        texts.append(text)
        for number in sorted({mark[0] for mark in marks}):
            row = {"attribution_id": f"d{at}#{number}", "document_id": f"d{at}", "kind": ("direct", "mixed", "indirect")[number % 3]}
            rows.append({**row, "content": "x", "start": 0, "end": 1, "speaker": HARMFUL, "role": "official", "affiliation": camps[len(rows) % len(camps)]})
        spans += [{"attribution_id": f"d{at}#{n}", "role": role, "start": start, "end": end, "text": text[start:end]} for n, role, start, end in marks]
    documents = pd.DataFrame({"document_id": [f"d{at}" for at in range(len(texts))], "text": texts, "kind": "article", "title": HARMFUL, "outlet": "\u202eP"})
    return na.Found(documents, pd.DataFrame(rows).assign(attributor="hand@1"), pd.DataFrame(spans)).checked()


@dataclass
class Tab:
    """A page of the browser, and what happened in it."""

    page: Any
    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


def _browser() -> str:
    """The browser's path; a variable that names none is an error, no browser at all a skip."""
    named = os.environ.get(VARIABLE)
    found = next(filter(None, map(shutil.which, [named] if named else NAMES)), None)
    if named and not found:
        pytest.fail(f"{VARIABLE}: {named} is no program.")
    if not found:
        pytest.skip(f"no browser: none of {', '.join(NAMES)} is on the path; {VARIABLE}=/path/to/chromium names one")
    return found


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The browser, without a window; its sandbox is off only for root, under whom it does not start with one."""
    library = pytest.importorskip("playwright.sync_api", reason='playwright is not installed (pip install "newsanalysis[browser]")')
    path = _browser()
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    with library.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, chromium_sandbox=not root, args=list(SHUT))
        yield browser
        browser.close()


@pytest.fixture
def tab_for(chromium: Any) -> Iterator[Callable[..., Tab]]:
    """Open tabs for an address (file, host and port); a request to anything else is stopped and noted in ``outside``."""
    with contextlib.ExitStack() as opened:

        def opening(home: str, **options: Any) -> Tab:
            context = chromium.new_context(service_workers="block", **options)
            opened.callback(context.close)
            tab = Tab(context.new_page())

            def asked(route: Any) -> None:
                address = route.request.url
                tab.requests.append(address)
                if _within(address, home):
                    route.continue_()
                else:
                    tab.outside.append(address)
                    route.abort()

            def said(message: Any) -> None:
                if message.type == "error":
                    tab.errors.append(message.text)

            def dialog(asking: Any) -> None:
                tab.dialogs.append(asking.message)
                asking.dismiss()

            def socket(one: Any) -> None:
                if urlsplit(one.url).netloc != urlsplit(home).netloc:
                    tab.outside.append(one.url)

            context.route("**/*", asked)
            tab.page.on("console", said)
            tab.page.on("pageerror", lambda error: tab.errors.append(str(error)))
            tab.page.on("dialog", dialog)
            tab.page.on("websocket", socket)
            context.on("page", lambda page: tab.outside.append(f"a new tab: {page.url}"))
            return tab

        yield opening


def _within(address: str, home: str) -> bool:
    """Whether a request stays at home: the same file, or the same host and port, or carried in the page itself."""
    one, other = urlsplit(address), urlsplit(home)
    if one.scheme in ("data", "blob"):
        return True
    if other.scheme == "file":
        return (one.scheme, one.path) == (other.scheme, other.path)
    return (one.scheme, one.netloc) == (other.scheme, other.netloc)


@dataclass
class Lab:
    """A running JupyterLab."""

    address: str
    token: str
    place: Path

    def url(self, notebook: str) -> str:
        """The address at which a notebook opens in a workspace of its own."""
        return f"{self.address}lab/workspaces/{Path(notebook).stem}/tree/notebooks/{notebook}?token={self.token}"


@pytest.fixture(scope="module")
def lab(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """JupyterLab on a free port of 127.0.0.1, with settings and workspaces of its own and all that asks the network off."""
    pytest.importorskip("jupyterlab", reason='jupyterlab is not installed (pip install "newsanalysis[lab]")')
    assert chromium.is_connected()
    place = tmp_path_factory.mktemp("lab")
    for name in ("notebooks", "figures", "runtime"):
        (place / name).mkdir()
    shutil.copytree(ROOT / "seeds", place / "seeds")
    shutil.copy(ROOT / "notebooks" / NOTEBOOK, place / "notebooks")
    _write(place / "config/labconfig/page_config.json", {"disabledExtensions": dict.fromkeys(_OFF, True)})
    for name, setting in _SETTINGS.items():
        _write(place / f"settings/@jupyterlab/{name}.jupyterlab-settings", setting)
    folders = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "IPYTHONDIR": "ipython",
    }
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON"))}
    options = ["--no-browser", "--ServerApp.ip=127.0.0.1", "--ServerApp.port=0", f"--ServerApp.root_dir={place}", "--LabApp.extension_manager=readonly"]
    options += ["--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    options += ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    environment = {**plain, **{name: str(place / folder) for name, folder in folders.items()}, "OMP_NUM_THREADS": "1"}
    with (place / "log").open("w", encoding="utf-8") as log:
        server = subprocess.Popen([sys.executable, "-m", "jupyterlab", *options], env=environment, cwd=place, stdout=log, stderr=log)
    try:
        yield _running(server, place)
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _running(server: subprocess.Popen[bytes], place: Path) -> Lab:
    """Wait for the server's own note of its address and token."""
    end = time.monotonic() + 60
    while time.monotonic() < end and server.poll() is None:
        for note in (place / "runtime").glob("jpserver-*.json"):
            with contextlib.suppress(ValueError):
                said = json.loads(note.read_text(encoding="utf-8"))
                return Lab(said["url"], said["token"], place)
        time.sleep(0.2)
    return pytest.fail(f"JupyterLab did not start:\n{(place / 'log').read_text(encoding='utf-8')[-3000:]}")


def _write(file: Path, content: dict[str, Any]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content), encoding="utf-8")


_MARKS = """() => [...document.querySelectorAll('.na-body')].map(body => {
  const places = [...body.querySelectorAll('[data-number]')].map(mark => [mark.getClientRects().length > 0, mark.title]);
  const bare = body.cloneNode(true);
  bare.querySelectorAll('.na-tag').forEach(tag => tag.remove());
  const marks = [...bare.querySelectorAll('[data-number]')].map(mark =>
    [+mark.dataset.number, mark.className.split(' ')[0].slice(3), +mark.dataset.start, +mark.dataset.end, mark.textContent]);
  return {text: bare.textContent, marks: marks, places: places};
})"""
_CONTRASTS = """() => {
  const field = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
  const linear = part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  const light = () => {
    const p = [...field.getImageData(0, 0, 1, 1).data].map(part => linear(part / 255));
    return 0.2126 * p[0] + 0.7152 * p[1] + 0.0722 * p[2];
  };
  const fill = colour => { field.fillStyle = '#000'; field.fillStyle = colour; field.fillRect(0, 0, 1, 1); };
  return [...document.querySelectorAll('.newsanalysis *')].filter(one => one.localName !== 'style' &&
      [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim())).map(one => {
    const grounds = [];
    for (let above = one; above; above = above.parentElement) grounds.unshift(getComputedStyle(above).backgroundColor);
    fill('#fff'); grounds.forEach(fill);
    const ground = light();
    fill(getComputedStyle(one).color);
    const ink = light();
    return [one.localName + '.' + one.className, ground, (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05)];
  });
}"""


@dataclass
class Shown:
    """The marked texts on a page."""

    page: Any

    def holds(self, found: na.Found, *, first: bool = False) -> None:
        """In all marked texts, or the first, a body's text is the document's, and a mark, joined where another cuts it, holds its span's text."""
        bodies = self.page.evaluate(_MARKS)[: len(found.documents) if first else None]
        assert [body["text"] for body in bodies] == found.documents["text"].tolist()
        number = (found.attributions.groupby("document_id").cumcount() + 1).tolist()
        place = dict(zip(found.attributions["attribution_id"], zip(found.attributions["document_id"], number, strict=True), strict=True))
        spans = found.spans[found.spans["attribution_id"].isin(list(place))].drop_duplicates()
        wanted = {(*place[row.attribution_id], row.role, row.start, row.end): row.text for row in spans.itertuples()}
        seen: dict[tuple[Any, ...], str] = {}
        for document, body in zip(found.documents["document_id"], bodies, strict=True):
            assert all(visible and title for visible, title in body["places"]), "every mark is to be seen and has a title"
            for *key, text in body["marks"]:
                seen[document, *key] = seen.get((document, *key), "") + text
        assert seen == wanted

    def reads(self, *, dark: bool) -> None:
        """All text has a contrast of 4.5 to 1 or more to the grounds that lie under it, and those are dark or light."""
        found = self.page.evaluate(_CONTRASTS)
        assert any(name.startswith("mark.") for name, *_ in found)
        assert [(name, contrast) for name, _, contrast in found if contrast < 4.5] == []
        assert all((ground < 0.2) == dark for _, ground, _ in found)


@pytest.fixture(scope="session")
def shown() -> type[Shown]:
    """What reads a page's marked texts."""
    return Shown
