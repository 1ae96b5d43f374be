"""Debian's Chromium, without a window: one page after the other as a picture of its whole height."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.request import urlopen

from websocket import create_connection

_FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--force-device-scale-factor=1", "--remote-debugging-port=0",
]  # fmt: skip


class Browser:
    """A Chromium with a profile of its own, for the time of a ``with`` block."""

    def __init__(self, width: int = 760) -> None:
        self.width = width
        self._number = 0

    def __enter__(self) -> Browser:
        program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        if program is None:
            raise SystemExit("chromium is not installed: apt-get install chromium fonts-noto-cjk fonts-noto-color-emoji")
        self._profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        command = [program, *_FLAGS, f"--user-data-dir={self._profile.name}", f"--window-size={self.width},800", "about:blank"]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._page = create_connection(self._address(), suppress_origin=True, timeout=30)
        self._call("Page.enable")
        self._call(
            "Emulation.setDeviceMetricsOverride", width=self.width, height=800, deviceScaleFactor=1, mobile=False
        )  # a window is never so narrow
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._page.close()
        self._process.terminate()
        self._process.wait(10)
        self._profile.cleanup()

    def picture(self, page: Path, picture: Path) -> None:
        """Draw the HTML file ``page`` into the PNG file ``picture``."""
        self._call("Page.navigate", url=page.resolve().as_uri())
        self._until("Page.loadEventFired")
        self._evaluate("document.fonts.ready.then(() => 1)")
        height = int(self._evaluate("Math.ceil(document.body.getBoundingClientRect().height)"))
        clip = {"x": 0, "y": 0, "width": self.width, "height": height, "scale": 1}
        shot = self._call("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)
        picture.write_bytes(base64.b64decode(shot["data"]))

    def _address(self) -> str:
        told = Path(self._profile.name) / "DevToolsActivePort"
        deadline = time.monotonic() + 30
        while not told.exists() or "\n" not in told.read_text():
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise SystemExit("chromium did not start")
            time.sleep(0.05)
        port = told.read_text().split("\n")[0]
        with urlopen(f"http://127.0.0.1:{port}/json/list", timeout=10) as answer:
            targets = json.loads(answer.read())
        return str(next(target["webSocketDebuggerUrl"] for target in targets if target["type"] == "page"))

    def _evaluate(self, expression: str) -> Any:
        return self._call("Runtime.evaluate", expression=expression, awaitPromise=True)["result"].get("value")

    def _call(self, method: str, **params: Any) -> dict[str, Any]:
        self._number += 1
        self._page.send(json.dumps({"id": self._number, "method": method, "params": params}))
        while True:
            answer = json.loads(self._page.recv())
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return dict(answer["result"])

    def _until(self, event: str) -> None:
        while json.loads(self._page.recv()).get("method") != event:
            pass
