"""Rights on a real Kafka, taken away under the pipeline's feet; for brokers with an authorizer."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ResourcePatternType,
    ResourceType,
)


@contextmanager
def forbidden(bootstrap: str, kind: ResourceType, name: str, operation: AclOperation) -> Iterator[None]:
    """Nobody may do this to the topic or group while the block lasts; all else stays allowed."""
    admin = AdminClient({"bootstrap.servers": bootstrap})  # kept: its futures end with it
    rules = [
        AclBinding(kind, name, ResourcePatternType.LITERAL, "User:*", "*", what, permission)
        for what, permission in (
            (AclOperation.ALL, AclPermissionType.ALLOW),
            (operation, AclPermissionType.DENY),
        )
    ]
    for created in admin.create_acls(rules).values():
        created.result()
    try:
        yield
    finally:
        anybody: Any = None  # its documentation allows it, its types do not
        every = AclBindingFilter(
            *(kind, name, ResourcePatternType.LITERAL, anybody, anybody),
            *(AclOperation.ANY, AclPermissionType.ANY),
        )
        for deleted in admin.delete_acls([every]).values():
            deleted.result()
