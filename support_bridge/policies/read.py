"""Read a policy file."""

import hashlib
import tomllib
from pathlib import Path

from marshmallow import ValidationError

from support_bridge.errors import Refused
from support_bridge.policies.schemas import PolicyFileSchema
from support_bridge.policies.values import PolicyFile


def read(path: Path) -> PolicyFile:
    """The policies of the file. Raises Refused, naming the file and each fault."""
    try:
        text = path.read_text(encoding="utf-8")
        said = PolicyFileSchema().load(tomllib.loads(text))
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refused(f"{path} is not TOML: {error}") from error
    except ValidationError as error:
        raise Refused(f"{path}: {error.messages}") from error
    names = [policy.name for policy in said["policy"]]
    if len(set(names)) < len(names):
        raise Refused(f"{path}: two policies have one name")
    version = hashlib.sha256(text.encode()).hexdigest()[:12]
    return PolicyFile(said["fields_"], tuple(said["policy"]), version, said["tags"])
