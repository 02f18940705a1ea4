"""Fetches the design system and htmx with npm, and makes one sheet and one script of them for the pages.

`python -m services.gateway.assets.build` is run when the project is set up and when its image is built; the result is
no part of the repository. Needs the standard library only. Where npm is missing it is lent for the moment: as a Python
package, in an environment that is thrown away.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
BUILT: Final = HERE.parent / "static" / "built"
LENT_NPM: Final = HERE.parents[2] / "requirements" / "node.txt"
COMPONENTS: Final = (
    "button",
    "checkbox",
    "error-summary",
    "fieldset",
    "link",
    "notification",
    "pagination",
    "radio-button",
    "selection-group",
    "status-label",
    "table",
    "text-input",
)
"""The components that the pages use; each of the others would be weight for nothing."""
SHEET_AT_MOST: Final = 60_000
_ATTEMPTS = 3


class BuildError(RuntimeError):
    """The borrowed files could not be had or are not what they should be; the text says what to do."""


def build(into: Path, modules: Path) -> None:
    """Write sheet, script and licences into a folder, which is there wholly or not at all.

    Args:
        into: the folder to make anew.
        modules: npm's folder of installed packages.

    Raises:
        BuildError: the sheet has grown beyond what a page may weigh.
    """
    styles = modules / "hds-core" / "lib"
    sheets = [styles / "base.min.css", *(styles / "components" / one / f"{one}.min.css" for one in COMPONENTS)]
    sheet = "\n".join(path.read_text(encoding="utf-8").strip() for path in sheets)
    if len(sheet.encode()) > SHEET_AT_MOST:
        raise BuildError(f"The sheet is larger than {SHEET_AT_MOST} bytes. Take components out of COMPONENTS.")
    partial = into.with_name(f"{into.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    (partial / "hds.css").write_text(f"/* hds-core, City of Helsinki, MIT: hds-core.LICENSE */\n{sheet}\n", "utf-8")
    shutil.copyfile(modules / "htmx.org" / "dist" / "htmx.min.js", partial / "htmx.js")
    for package in ("hds-core", "htmx.org"):
        shutil.copyfile(modules / package / "LICENSE", partial / f"{package}.LICENSE")
    shutil.rmtree(into, ignore_errors=True)
    partial.rename(into)


def fetch(folder: Path) -> Path:
    """Let npm install what the lock file names, checked by its hashes; nothing of it is run.

    Raises:
        BuildError: npm could neither be found nor lent, or did not succeed.
    """
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(HERE / name, folder / name)
    npm = shutil.which("npm") or _lent(folder / "node")
    # npm's own start needs node beside it
    path = os.pathsep.join((str(Path(npm).parent), os.environ.get("PATH", os.defpath)))
    command = [npm, "ci", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund", "--loglevel=error"]
    _run(command, folder, {**os.environ, "PATH": path})
    return folder / "node_modules"


def _lent(environment: Path) -> str:
    uv = Path(sys.executable).parent / "uv"
    program = str(uv) if uv.exists() else shutil.which("uv")
    if program is None:
        raise BuildError("There is neither npm nor uv to lend it. Install Node.js with npm, then run `make setup`.")
    _run([program, "venv", "-q", "--python", sys.executable, str(environment)], environment.parent, dict(os.environ))
    lending = [program, "pip", "install", "-q", "--require-hashes", "-r", str(LENT_NPM)]
    _run(lending, environment.parent, {**os.environ, "VIRTUAL_ENV": str(environment)})
    return str(environment / "bin" / "npm")


def _run(command: list[str], folder: Path, environment: dict[str, str]) -> None:
    """Networks fail: try three times before giving up."""
    for attempt in range(1, _ATTEMPTS + 1):
        ran = subprocess.run(  # noqa: S603  # absolute paths of programs, and words of ours
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
        )
        if ran.returncode == 0:
            return
        if attempt < _ATTEMPTS:
            time.sleep(2 * attempt)
    told = "\n".join((ran.stdout + ran.stderr).strip().splitlines()[-15:])
    raise BuildError(f"`{command[0]} {command[1]}` failed {_ATTEMPTS} times. It said:\n{told}\nCheck the network.")


def main() -> int:
    """Fetch and build. Returns the exit status."""
    parser = argparse.ArgumentParser(description="Fetch the design system and htmx, and build what the pages use.")
    parser.add_argument("--into", type=Path, default=BUILT, help="folder to write (static/built)")
    wanted = parser.parse_args()
    try:
        with tempfile.TemporaryDirectory() as folder:
            build(wanted.into, fetch(Path(folder)))
    except BuildError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
