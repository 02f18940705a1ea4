"""The published schemas and business rules of e-invoices: fetched by Maven once, then read from `.local`."""

import fcntl
import hashlib
import shutil
import subprocess
import time
import zipfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from lxml import etree
from saxonche import PySaxonProcessor

_ROOT = Path(__file__).resolve().parents[2]
_POM = _ROOT / "tests" / "schemas" / "pom.xml"
_FOLDER = _ROOT / ".local" / "schemas"
_ATTEMPTS = 3
_WANTED = (
    "external/schemas/Finvoice3.0.xsd",
    "external/schemas/ubl21/common/",
    "external/schemas/ubl21/maindoc/UBL-Invoice-2.1.xsd",
    "external/schemas/ubl21/maindoc/UBL-CreditNote-2.1.xsd",
    "external/schematron/1.3.16/ubl/",
    "schemas/",
)
_RULES = "external/schematron/1.3.16/ubl/EN16931-UBL-validation.xslt"
_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
_UBL_PARTS = {
    # UBL's own imports of the first four name no file
    "urn:un:unece:uncefact:data:specification:CoreComponentTypeSchemaModule:2": "schemas/CCTS_CCT_SchemaModule.xsd",
    "http://www.w3.org/2000/09/xmldsig#": "schemas/xmldsig-core-schema.xsd",
    "http://uri.etsi.org/01903/v1.3.2#": "schemas/XAdES01903v132-201601.xsd",
    "http://uri.etsi.org/01903/v1.4.1#": "schemas/XAdES01903v141-201601.xsd",
    f"{_UBL}Invoice-2": "external/schemas/ubl21/maindoc/UBL-Invoice-2.1.xsd",
    f"{_UBL}CreditNote-2": "external/schemas/ubl21/maindoc/UBL-CreditNote-2.1.xsd",
}
_FAILED = "{http://purl.oclc.org/dsdl/svrl}failed-assert"


@lru_cache
def finvoice_schema() -> etree.XMLSchema:
    """The schema of Finvoice 3.0."""
    return etree.XMLSchema(etree.parse(published() / "external/schemas/Finvoice3.0.xsd"))


@lru_cache
def ubl_schema() -> etree.XMLSchema:
    """The schemas of UBL 2.1's invoice and credit note."""
    folder = published()
    root = etree.Element("{http://www.w3.org/2001/XMLSchema}schema")
    for namespace, path in _UBL_PARTS.items():
        location = {"namespace": namespace, "schemaLocation": (folder / path).as_uri()}
        etree.SubElement(root, "{http://www.w3.org/2001/XMLSchema}import", location)
    return etree.XMLSchema(root)


def broken_rules(documents: list[bytes]) -> Iterator[list[str]]:
    """For each UBL document the rules of EN 16931 that it breaks: id and text, warnings too."""
    with PySaxonProcessor(license=False) as saxon:
        rules = saxon.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(published() / _RULES))
        for document in documents:
            report = rules.transform_to_string(xdm_node=saxon.parse_xml(xml_text=document.decode()))
            tree = etree.fromstring(report.encode())
            yield [f"{failed.get('id')}: {failed.findtext('{*}text')}" for failed in tree.iter(_FAILED)]


@lru_cache
def published() -> Path:
    """The folder of the unpacked files.

    Raises:
        RuntimeError: Maven is missing or could not fetch them. Nothing is skipped: without them nothing is proven.
    """
    _FOLDER.mkdir(parents=True, exist_ok=True)
    # what is unpacked depends on the pom and on the list above
    digest = hashlib.sha256(_POM.read_bytes() + repr(_WANTED).encode()).hexdigest()[:12]
    target = _FOLDER / digest
    with (_FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not target.exists():
            partial = target.with_suffix(".partial")
            shutil.rmtree(partial, ignore_errors=True)
            _fetch(partial / "jars")
            for jar in (partial / "jars").glob("*.jar"):
                with zipfile.ZipFile(jar) as archive:
                    archive.extractall(partial, [name for name in archive.namelist() if name.startswith(_WANTED)])
            shutil.rmtree(partial / "jars")
            partial.rename(target)
    return target


def _fetch(into: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise RuntimeError(
            "Maven (`mvn`) is not installed: it fetches the published schemas and rules of e-invoices. "
            "On Debian or Ubuntu: apt-get install openjdk-17-jre-headless maven"
        )
    command = [maven, "-q", "-B", "-ntp", "-f", str(_POM), "dependency:copy-dependencies", f"-DoutputDirectory={into}"]
    for attempt in range(1, _ATTEMPTS + 1):
        ran = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
        if ran.returncode == 0:
            return
        if attempt < _ATTEMPTS:
            time.sleep(attempt)
    told = "\n".join((ran.stdout + ran.stderr).strip().splitlines()[-15:])
    raise RuntimeError(f"Maven could not fetch the schemas of {_POM} in {_ATTEMPTS} attempts. It said:\n{told}")
