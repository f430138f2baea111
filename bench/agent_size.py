"""Size of the customer's app as pip installs it, without pip itself; prints JSON.

python bench/agent_size.py
"""

import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NOT_OURS = {"pip", "setuptools", "pkg_resources", "_distutils_hack"}


def megabytes(folder: Path) -> float:
    return round(sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1_000_000, 1)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        subprocess.run(
            [f"{folder}/bin/pip", "install", "--quiet", f"{ROOT}[agent]"], check=True, stdout=sys.stderr
        )
        packages = next(Path(folder).glob("lib/python*/site-packages"))
        sizes = {
            each.name: megabytes(each)
            for each in packages.iterdir()
            if each.is_dir() and each.name not in NOT_OURS
        }
    largest = dict(sorted(sizes.items(), key=lambda pair: -pair[1])[:6])
    print(
        json.dumps(
            {
                "figure": "size of the app's install",
                "megabytes": round(sum(sizes.values()), 1),
                "largest": largest,
            }
        )
    )


if __name__ == "__main__":
    main()
