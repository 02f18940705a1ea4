"""Start the provider: `python -m deploy.devidp` with KELMU_DEVIDP_… set (README.md lists them)."""

import sys
from datetime import timedelta

import uvicorn
from joserfc.jwk import OKPKey
from pydantic import ValidationError

from deploy.devidp.app import create_app
from deploy.devidp.provider import Provider
from deploy.devidp.settings import DevIdpSettings
from deploy.devidp.users import load_users
from shared.clock.system import system_now
from shared.secrets import SecretMissing, Secrets


def main() -> int:
    """Check the settings, then serve until stopped. Returns the exit status."""
    try:
        settings = DevIdpSettings()
        secrets = Secrets(settings.secrets)
        provider = Provider(
            issuer=str(settings.issuer).rstrip("/"),
            client_id=settings.client_id,
            client_secret=secrets.text("oidc-client"),
            redirect_uris=frozenset(settings.redirect_uris),
            key=OKPKey.import_key(secrets.ed25519_private("oidc")),
            now=system_now,
            code_life=timedelta(seconds=settings.code_seconds),
        )
        app = create_app(provider, load_users(settings.users))
    except ValidationError as error:
        for problem in error.errors(include_url=False, include_input=False):
            name = "_".join(str(part) for part in problem["loc"]).upper()
            sys.stderr.write(f"devidp does not start: KELMU_DEVIDP_{name}: {problem['msg']}\n")
        return 2
    except (SecretMissing, ValueError) as error:
        sys.stderr.write(f"devidp does not start: {error}\n")
        return 2
    sys.stderr.write("devidp: DEVELOPMENT ONLY, anybody may sign in here as anybody\n")
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        access_log=False,
        log_level="warning",
        server_header=False,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
