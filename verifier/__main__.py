"""`python -m verifier FOLDER [KEY…]`: exit code 0 if the export is whole and signed by such a key, else 1."""

import sys
from pathlib import Path

from verifier.export import run

sys.exit(run(Path(sys.argv[1]), sys.argv[2:]) if sys.argv[1:] else __doc__)
