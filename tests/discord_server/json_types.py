"""The one loose type of the package: what JSON gives."""

from typing import Any

Json = dict[str, Any]
